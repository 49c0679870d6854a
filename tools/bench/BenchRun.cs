using System.Text.Json;
using Sak.Agent.Commands;
using Sak.Server.Data;
using Sak.Server.Settings;

namespace Sak.Tools.Bench;

/// <summary>
/// A measurement from start to end: start both systems, let each do the same work in turn, check the results, print.
/// </summary>
internal sealed class BenchRun(BenchPlan plan, ServerSettings settings, string folder) : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new()
        { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private readonly BenchShop _cloud = new(settings);
    private readonly List<Measured> _systems = [];
    private readonly Dictionary<(string System, string Workload), List<Sample>> _samples = [];
    private readonly Dictionary<(string System, string Workload), double> _cold = [];

    // The floor has no search index, so SAK's client skips it too; a separate process builds and measures it.
    private sealed record Measured(string Name, Guid Shop, Child Server, BenchProcess Client, BenchProcess? Indexer);

    private sealed record Sample(double Ms, long Bytes, double ClientMb, double ServerMb, long ClientCpu,
        long ServerCpu);

    public async Task RunAsync(CancellationToken cancel)
    {
        await StartAsync(cancel);
        for (var run = 0; run < plan.Warmup + plan.Runs; run++)
            foreach (var system in _systems) await RoundAsync(system, run, cancel);
        if (plan.Big > 0) await BigAsync(cancel);
        Print();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var system in _systems)
        {
            await system.Client.DisposeAsync();
            if (system.Indexer is { } indexer) await indexer.DisposeAsync();
            await system.Server.DisposeAsync();
        }
    }

    private async Task StartAsync(CancellationToken cancel)
    {
        await OpenDatabase.MigrateAsync(settings, cancel);
        if (settings.Engine == ServerSettings.Postgres) await StartOneAsync("floor", cancel);
        await StartOneAsync("sak", cancel);
        var other = await _cloud.AddAsync("other", cancel);
        await _cloud.FillAsync(other.Shop, plan.Products, plan.Customers, cancel);
        await _cloud.SellAsync(other.Shop, 5_000, plan.Products, plan.Customers, cancel);
        foreach (var system in _systems) await _cloud.FillAsync(system.Shop, plan.Products, plan.Customers, cancel);
        foreach (var system in _systems) await _cloud.EmptyOrdersAsync(system.Shop, cancel);
    }

    private async Task StartOneAsync(string name, CancellationToken cancel)
    {
        var key = await _cloud.AddAsync(name, cancel);
        var tools = Path.Combine(AppContext.BaseDirectory, "sak-tools.dll");
        var (server, address) = name == "floor"
            ? await ListenAsync(
                Child.Start("dotnet", [tools, "bench", "floor", settings.Connection, key.Shop.ToString()], folder),
                cancel)
            : await StartServerAsync(settings, folder, cancel);
        BenchProcess Client() => BenchProcess.Start(tools, name, address, key.Key);
        _systems.Add(new Measured(name, key.Shop, server, Client(), name == "floor" ? null : Client()));
    }

    public static Task<(Child Server, string Address)> StartServerAsync(ServerSettings settings, string folder,
        CancellationToken cancel) =>
        ListenAsync(
            Child.Start("dotnet", [House.ServerProgram], folder, new Dictionary<string, string?>
            {
                ["SAK_Server__Address"] = "http://127.0.0.1:0", ["SAK_Database__Engine"] = settings.Engine,
                ["SAK_Database__Connection"] = settings.Connection,
                // As the operator's page has it.
                [InstallEntry.ReturnFreedMemory.Name] = InstallEntry.ReturnFreedMemory.Value,
            }),
            cancel);

    internal static async Task<(Child Server, string Address)> ListenAsync(Child server, CancellationToken cancel)
    {
        while (!server.Output.Contains("listens on ", StringComparison.Ordinal))
        {
            if (server.HasExited) throw new SetupException($"The measured server ended at once:\n{server.Output}");
            await Task.Delay(50, cancel);
        }

        return (server, server.Output.Split("listens on ")[1].Split(' ', '\n', ',')[0].Trim());
    }

    private async Task RoundAsync(Measured system, int run, CancellationToken cancel)
    {
        var keep = run >= plan.Warmup;
        var file = await OpenAsync(system, $"{system.Name}-{run}.db");
        await MeasureAsync(system, "first_sync", plan.Products + plan.Customers, keep);
        await IndexAsync(system, file, "catalog_index", keep);
        for (var part = 0; part < 50; part++)
            await system.Client.AskAsync($"orders\t{plan.Orders / 50}\t{plan.Lines}\t{run * 50 + part}");
        await MeasureAsync(system, "upload_orders", plan.Orders * (1L + plan.Lines), keep);
        for (var i = 0; i < 5; i++) await MeasureAsync(system, "nothing_new", 0, keep);
        for (var i = 0; i < 3; i++)
        {
            await _cloud.ChangeAsync(system.Shop, plan.Changed, i, cancel);
            await MeasureAsync(system, "changes_down", plan.Changed, keep);
        }

        await CheckAsync(system, cancel);
        await system.Client.AskAsync("close");
        await _cloud.EmptyOrdersAsync(system.Shop, cancel);
    }

    private async Task BigAsync(CancellationToken cancel)
    {
        foreach (var system in _systems)
        {
            await _cloud.EmptyAsync(system.Shop, cancel);
            await _cloud.FillAsync(system.Shop, plan.Big, plan.Customers, cancel);
            await _cloud.EmptyOrdersAsync(system.Shop, cancel);
        }

        for (var run = 0; run < plan.Runs / 2 + 2; run++)
        {
            foreach (var system in _systems)
            {
                var file = await OpenAsync(system, $"{system.Name}-big-{run}.db");
                await MeasureAsync(system, "big_first_sync", plan.Big + plan.Customers, run > 0);
                await IndexAsync(system, file, "big_catalog_index", run > 0);
                await system.Client.AskAsync("close");
            }
        }
    }

    private async Task<string> OpenAsync(Measured system, string name)
    {
        foreach (var old in Directory.EnumerateFiles(folder, $"{system.Name}-*")) File.Delete(old);
        var file = Path.Combine(folder, name);
        await system.Client.AskAsync($"open\t{file}");
        return file;
    }

    private async Task IndexAsync(Measured system, string file, string workload, bool keep)
    {
        if (system.Indexer is not { } indexer) return;
        await indexer.AskAsync($"open\t{file}");
        await MeasureAsync(system with { Client = indexer }, workload, 0, keep, "index");
        await indexer.AskAsync("close");
    }

    private async Task MeasureAsync(Measured system, string workload, long rows, bool keep, string command = "sync")
    {
        var (client, server) = (system.Client.Id, system.Server.Id);
        Meter.ResetPeak(client);
        Meter.ResetPeak(server);
        var (clientCpu, serverCpu) = (Meter.CpuMs(client), Meter.CpuMs(server));
        var answer = await system.Client.AskAsync(command);
        if (answer.Value != rows)
            throw new SetupException($"{system.Name}, {workload}: {answer.Value} rows moved instead of {rows}.");
        _cold.TryAdd((system.Name, workload), answer.Ms);
        if (!keep) return;
        if (!_samples.TryGetValue((system.Name, workload), out var list)) _samples[(system.Name, workload)] = list = [];
        list.Add(new Sample(
            answer.Ms, answer.BytesIn + answer.BytesOut, Meter.PeakMb(client), Meter.PeakMb(server),
            Meter.CpuMs(client) - clientCpu, Meter.CpuMs(server) - serverCpu));
    }

    // A fast but wrong result must not count.
    private async Task CheckAsync(Measured system, CancellationToken cancel)
    {
        var (orders, quantity, price) = await _cloud.SumsAsync(system.Shop, cancel);
        async Task SameAsync(string sql, long cloud)
        {
            var here = (await system.Client.AskAsync($"scalar\t{sql}")).Value;
            if (here != cloud)
                throw new SetupException($"{system.Name}: {sql} is {here} on the PC and {cloud} in the cloud.");
        }

        await SameAsync("SELECT count(*) FROM orders", orders);
        await SameAsync("SELECT sum(quantity) FROM order_lines", quantity);
        await SameAsync("SELECT sum(price) FROM products", price);
    }

    private void Print()
    {
        foreach (var ((system, workload), list) in _samples.OrderBy(s => s.Key.Workload).ThenBy(s => s.Key.System))
        {
            var floor = _samples.GetValueOrDefault(("floor", workload));
            Console.WriteLine(JsonSerializer.Serialize(
                new
                {
                    workload, system, n = list.Count, Ms = Median(list, s => s.Ms),
                    Min = Math.Round(list.Min(s => s.Ms), 2), Max = Math.Round(list.Max(s => s.Ms), 2),
                    Cold = Math.Round(_cold[(system, workload)], 1),
                    Ratio = floor is null ? 0 : Math.Round(Median(list, s => s.Ms) / Median(floor, s => s.Ms), 2),
                    Bytes = Median(list, s => s.Bytes),
                    BytesRatio = floor is null
                        ? 0
                        : Math.Round(Median(list, s => s.Bytes) / Median(floor, s => s.Bytes), 2),
                    ClientPeakMb = Math.Round(list.Max(s => s.ClientMb), 1),
                    ServerPeakMb = Math.Round(list.Max(s => s.ServerMb), 1),
                    ClientCpuMs = Median(list, s => s.ClientCpu), ServerCpuMs = Median(list, s => s.ServerCpu),
                },
                Json));
        }
    }

    private static double Median(List<Sample> list, Func<Sample, double> of)
    {
        var values = list.Select(of).Order().ToArray();
        return Math.Round((values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2, 2);
    }
}
