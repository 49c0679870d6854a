using System.CommandLine;
using System.Diagnostics;

namespace Sak.Tools.Simulate.WhatsApp;

/// <summary>
/// <c>simulate whatsapp --seeds N</c>: runs the agent against a WhatsApp that fails in every way, and audits each seed.
/// </summary>
public static class SimulateWhatsAppCommand
{
    /// <summary>Every kind of fault; a campaign in which one of them never struck proves too little.</summary>
    internal static readonly IReadOnlyList<string> Faults =
    [
        "ack event dropped", "ack event late", "ack event twice", "acknowledgement late", "acknowledgement lost",
        "browser did not start", "burst", "download failed", "download hung", "draft confirmed", "draft corrected",
        "draft dropped", "edit",
        "edit event dropped", "edit event late", "edit event twice", "group post", "linked anew",
        "memory over the limit", "message event dropped", "message event late",
        "message event twice", "no sign of life", "out of order", "own message event dropped",
        "own message event late", "own message event twice", "owner typed", "page crashed",
        "revoke", "revoke event dropped", "revoke event late", "revoke event twice", "scan failed", "sealed first",
        "sealed for ever", "sealed for long",
        "send failed", "send hung", "send refused", "stop", "went deaf",
    ];

    public static Command Create()
    {
        var seeds = SimulateCommand.Seeds("How many seeds.", 100);
        var first = new Option<int>("--first") { Description = "The first seed.", DefaultValueFactory = _ => 1 };
        var most = new Option<double>("--most")
        {
            Description = "Minutes after which no new seed begins.",
            DefaultValueFactory = _ => 600,
        };
        var browser = new Option<bool>("--browser")
        {
            Description = "With the agent as a process, Chromium and the real wa-js: some seconds a seed.",
        };
        var backlog = new Option<int>("--backlog")
        {
            Description =
                "Instead: so many messages of a twentieth as many chats wait when the agent starts, for example 10000.",
        };
        var command = new Command("whatsapp",
            "Plays hours of customers, faults and kills against the real agent (all but its browser) and audits that "
                + "nothing is lost or doubled.") { seeds, first, most, browser, backlog };
        command.SetAction((line, cancel) =>
            line.GetValue(backlog) > 0 ? BacklogAsync(line.GetValue(backlog), Console.Out, cancel)
            : line.GetValue(browser) ? BrowserAsync(line.GetValue(first), line.GetValue(seeds), Console.Out, cancel)
            : RunAsync(line.GetValue(first), line.GetValue(seeds), TimeSpan.FromMinutes(line.GetValue(most)),
                Console.Out, cancel));
        return command;
    }

    /// <summary>The same with the agent as a process, Chromium and the real bundle.</summary>
    internal static async Task<int> BrowserAsync(int first, int count, TextWriter output, CancellationToken cancel)
    {
        await Setup.BridgeAndBrowserAsync(output.WriteLine, cancel);
        var watch = Stopwatch.StartNew();
        var folder = Directory.CreateTempSubdirectory("sak-sim-browser-").FullName;
        try
        {
            await using var campaign = await BrowserCampaign.OpenAsync(folder, cancel);
            for (var seed = first; seed < first + count && campaign.Found.Count == 0; seed++)
                await campaign.PlayAsync(seed, cancel);
            if (campaign.Found.Count == 0) await campaign.EndAsync(cancel);
            foreach (var fault in campaign.Found) await output.WriteLineAsync($"  {fault}");
            await output.WriteLineAsync(
                $"Faults: {string.Join(", ", campaign.Fired.Select(f => $"{f.Key} {f.Value}"))}");
            await output.WriteLineAsync(
                $"{count} seeds through Chromium in {watch.Elapsed.TotalSeconds:0} s: {campaign.Written} messages, "
                    + $"{campaign.Orders} orders; {campaign.Found.Count} things lost, doubled or untrue");
            return campaign.Found.Count == 0 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> BacklogAsync(int messages, TextWriter output, CancellationToken cancel)
    {
        await Setup.BridgeAndBrowserAsync(output.WriteLine, cancel);
        var folder = Directory.CreateTempSubdirectory("sak-sim-backlog-").FullName;
        try
        {
            var result = await Backlog.RunAsync(folder, messages, Math.Max(1, messages / 20), TimeSpan.FromMinutes(8),
                cancel);
            await output.WriteLineAsync(
                $"{result.Messages} messages of {result.Chats} chats captured through Chromium in "
                    + $"{result.Captured.TotalSeconds:0.0} s after the start: {result.Lost} lost, "
                        + $"{result.Doubled} doubled; "
                + $"the agent took {result.AgentMb:0} MB at most, its browser {result.BrowserMb:0} MB at the end");
            return result.Lost + result.Doubled == 0 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>
    /// Runs the seeds in parallel. Prints each failed one at once with the command that repeats it, and the
    /// progress every hundred.
    /// </summary>
    /// <param name="most">No new seed begins after this time.</param>
    /// <returns>0 when every invariant held.</returns>
    internal static async Task<int> RunAsync(int first, int count, TimeSpan most, TextWriter output,
        CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        var done = 0;
        var results = await PlayAsync(
            first, count, cancel,
            result =>
            {
                if (result.Violations.Count > 0) output.WriteLine(Tell(result));
                if (Interlocked.Increment(ref done) % 100 == 0)
                    output.WriteLine($"{done} seeds in {watch.Elapsed.TotalSeconds:0} s");
                return watch.Elapsed < most;
            });
        await output.WriteLineAsync($"Faults: {string.Join(", ", Fired(results).Select(f => $"{f.Key} {f.Value}"))}");
        await output.WriteLineAsync(
            $"{results.Count} seeds in {watch.Elapsed.TotalSeconds:0} s: {results.Sum(r => r.Written)} messages, "
                + $"{results.Sum(r => r.Replies)} replies, {results.Sum(r => r.Orders)} orders, "
            + $"{results.Sum(r => r.Kills)} kills; {results.Count(r => r.Violations.Count > 0)} seeds with something "
                + "lost, doubled or untrue");
        return results.Any(r => r.Violations.Count > 0) ? 1 : 0;
    }

    /// <param name="played">Receives each result; returns false when no further seed shall begin.</param>
    internal static async Task<IReadOnlyList<CampaignResult>> PlayAsync(int first, int count, CancellationToken cancel,
        Func<CampaignResult, bool>? played = null)
    {
        var folder = Directory.CreateTempSubdirectory("sak-sim-template-").FullName;
        try
        {
            var template = await Campaign.MakeTemplateAsync(folder, cancel);
            var (results, goes) = (new CampaignResult?[count], true);
            await Parallel.ForAsync(0, count, cancel, async (i, stop) =>
            {
                if (!Volatile.Read(ref goes)) return;
                var result = results[i] = await Campaign.RunAsync(first + i, template, stop);
                if (played?.Invoke(result) == false) Volatile.Write(ref goes, false);
            });
            return [.. results.OfType<CampaignResult>()];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Tell(CampaignResult bad) =>
        $"Seed {bad.Seed}: see it again with  dotnet run --project tools -- simulate whatsapp --seeds 1 --first "
            + $"{bad.Seed}\n  {string.Join("\n  ", bad.Violations.Take(10))}";

    internal static SortedDictionary<string, int> Fired(IEnumerable<CampaignResult> results)
    {
        var all = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, times) in results.SelectMany(r => r.Fired)) all[name] = all.GetValueOrDefault(name) + times;
        return all;
    }
}
