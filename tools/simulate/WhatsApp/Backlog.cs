using System.Diagnostics;
using Sak.Tools.Bench;
using Sak.Tools.Demo;

namespace Sak.Tools.Simulate.WhatsApp;

/// <param name="Captured">Time from the agent's start to the last message in its database.</param>
/// <param name="AgentMb">Peak memory of the agent without its browser.</param>
/// <param name="BrowserMb">Memory of the browser's processes and its driver, at the end.</param>
public sealed record BacklogResult(int Messages, int Chats, TimeSpan Captured, long Lost, long Doubled, double AgentMb,
    double BrowserMb);

/// <summary>
/// The backlog when the PC is switched on after a long time: messages of many chats, delivered at once
/// into real Chromium.
/// </summary>
public static class Backlog
{
    private const string Shop = "Backlog Stores";

    public static async Task<BacklogResult> RunAsync(string folder, int messages, int chats, TimeSpan most,
        CancellationToken cancel)
    {
        await using var world = await DemoWorld.OpenAsync(folder, "sqlite", "", cancel);
        await world.ImportOnPcAsync(Shop, "INR", DemoCommand.Catalog, cancel);
        world.StartAgent(Shop, "INR");
        await world.LinkPhoneAsync(cancel);
        await world.SaysAsync("WhatsApp: connected", cancel);
        await world.EndAgentAsync();

        var ids = new HashSet<string>();
        for (var i = 0; i < messages; i++)
            ids.Add(await world.Site.CustomerWritesAsync($"9198{i % chats:00000000}", $"Customer {i % chats}",
                $"{1 + (i % 9)} sugar", cancel: cancel));

        var watch = Stopwatch.StartNew();
        world.StartAgent(Shop, "INR");
        while (world.Count("SELECT count(*) FROM messages WHERE from_me = 0") < messages && watch.Elapsed < most)
            await Task.Delay(100, cancel);
        var took = watch.Elapsed;
        var captured = world.Rows("SELECT id FROM messages WHERE from_me = 0", r => r.GetString(0));
        return new BacklogResult(
            messages, chats, took, ids.Except(captured).Count(),
            captured.Count - captured.Distinct().Count() + captured.Except(ids).Count(),
            Meter.PeakMb(world.Agent!.Id), Meter.Children(world.Agent.Id).Sum(Meter.NowMb));
    }
}
