using Sak.Tools.Demo;

namespace Sak.Tools.Bench.Agent;

/// <summary>The installed form of sak-agent: a process with Chromium on the stand-in page, open and idle.</summary>
internal sealed class IdleAgent(string folder, TimeSpan watched)
{
    private const string Shop = "Bench Stores";
    private const double MostPercent = 2;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    public async Task RunAsync(CancellationToken cancel)
    {
        await using var world = await DemoWorld.OpenAsync(folder, "sqlite", "", cancel);
        await world.ImportOnPcAsync(Shop, "INR", DemoCommand.Catalog, cancel);
        world.StartAgent(Shop, "INR");
        await world.LinkPhoneAsync(cancel);
        for (var i = 0; i < 10; i++)
            await world.CapturedAsync(
                await world.Site.CustomerWritesAsync($"91980000{i:0000}", "Asha", "2 sugar and 3 salt",
                    cancel: cancel), cancel);
        await world.AnsweredAsync(cancel);
        await Task.Delay(Settling, cancel);

        var process = world.Agent!.Id;
        var tree = Meter.Children(process);
        var (before, browser) = (Meter.CpuMs(process), tree.Sum(Meter.CpuMs));
        await Task.Delay(watched, cancel);
        var percent = (Meter.CpuMs(process) - before) / watched.TotalMilliseconds * 100;
        Figure.Line(new
        {
            workload = "idle", system = "sak-agent, dashboard off", page = "stand-in in Chromium",
            seconds = watched.TotalSeconds, cpu_percent = Math.Round(percent, 2),
            browser_cpu_percent = Math.Round((tree.Sum(Meter.CpuMs) - browser) / watched.TotalMilliseconds * 100, 2),
            peak_mb = Math.Round(Meter.PeakMb(process), 1),
            floor = MostPercent, ratio = Math.Round(percent / MostPercent, 2),
            floor_is = "the most that is allowed, of one core",
        });
    }
}
