using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Sak.Server.Data;
using Sak.Server.Settings;

namespace Sak.Tools.Bench;

/// <summary>
/// bench sync --agents N: a server and N shops that take orders at a steady pace for a limited time; measures the
/// server's resources and how long an order takes to reach the cloud.
/// </summary>
internal static class FleetRun
{
    private const int Products = 200;
    private const int Customers = 50;

    public static async Task<bool> RunAsync(ServerSettings settings, string folder, int agents, int seconds,
        double ordersASecond, CancellationToken cancel)
    {
        var cloud = new BenchShop(settings);
        await OpenDatabase.MigrateAsync(settings, cancel);
        var keys = new List<string>();
        for (var i = 0; i < agents; i++)
        {
            var key = await cloud.AddAsync($"shop {i}", cancel);
            await cloud.FillAsync(key.Shop, Products, Customers, cancel);
            keys.Add(key.Key);
        }

        var (server, address) = await BenchRun.StartServerAsync(settings, folder, cancel);
        await using (server)
        {
            var cpu = Meter.CpuMs(server.Id);
            var result = await SellAsync(address, folder, keys, seconds, ordersASecond, cancel);
            var stored = 0L;
            await using (var db = cloud.Database()) stored = await db.Orders.LongCountAsync(cancel);
            Print(settings, agents, ordersASecond, result, stored, Meter.PeakMb(server.Id),
                Meter.CpuMs(server.Id) - cpu);
            return result.Errors == 0 && stored == result.Taken && result.Arrived == result.Taken;
        }
    }

    private static async Task<FleetResult> SellAsync(string address, string folder, List<string> keys, int seconds,
        double ordersASecond, CancellationToken cancel)
    {
        var tools = Path.Combine(AppContext.BaseDirectory, "sak-tools.dll");
        var pace = ordersASecond.ToString(System.Globalization.CultureInfo.InvariantCulture);
        using var fleet = Process.Start(
            new ProcessStartInfo("dotnet",
                [tools, "bench", "fleet", address, folder, $"{seconds}", pace])
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                })!;
        await fleet.StandardInput.WriteAsync(string.Join('\n', keys));
        fleet.StandardInput.Close();
        var line = await fleet.StandardOutput.ReadLineAsync(cancel)
            ?? throw new SetupException("The agents ended without a word; what they said stands above.");
        await fleet.WaitForExitAsync(cancel);
        return JsonSerializer.Deserialize<FleetResult>(line)!;
    }

    private static void Print(ServerSettings settings, int agents, double ordersASecond, FleetResult result,
        long stored, double peak, long cpu) =>
        Console.WriteLine(JsonSerializer.Serialize(
            new
            {
                workload = "agents", system = "sak", database = settings.Engine, agents,
                orders_a_second_each = ordersASecond, seconds = result.Seconds, orders = result.Taken,
                arrived = result.Arrived, stored, errors = result.Errors, latency_ms_p50 = result.P50,
                latency_ms_p95 = result.P95, latency_ms_p99 = result.P99, latency_ms_max = result.Max,
                server_peak_mb = Math.Round(peak, 1), server_cpu_ms = cpu,
                server_cpu_cores = Math.Round(cpu / 1000.0 / result.Seconds, 2),
            }));
}
