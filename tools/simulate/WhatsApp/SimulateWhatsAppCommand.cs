using System.CommandLine;
using System.Diagnostics;

namespace Sak.Tools.Simulate.WhatsApp;

/// <summary><c>simulate whatsapp --seeds N</c>: the agent against a WhatsApp that fails in every way, audited, seed by seed.</summary>
public static class SimulateWhatsAppCommand
{
    /// <summary>Every kind of fault; a campaign in which one never struck has proved too little.</summary>
    internal static readonly IReadOnlyList<string> Faults =
    [
        "ack event dropped", "ack event late", "ack event twice", "acknowledgement late", "acknowledgement lost", "browser did not start", "burst", "download failed", "download hung", "draft confirmed", "draft corrected", "draft dropped", "edit",
        "edit event dropped", "edit event late", "edit event twice", "group post", "linked anew", "memory over the limit", "message event dropped", "message event late",
        "message event twice", "no sign of life", "out of order", "own message event dropped", "own message event late", "own message event twice", "owner typed", "page crashed",
        "revoke", "revoke event dropped", "revoke event late", "revoke event twice", "scan failed", "sealed first", "sealed for ever", "sealed for long",
        "send failed", "send hung", "send refused", "stop", "went deaf",
    ];

    public static Command Create()
    {
        var seeds = new Option<int>("--seeds") { Description = "How many seeds.", DefaultValueFactory = _ => 100 };
        var first = new Option<int>("--first") { Description = "The first seed.", DefaultValueFactory = _ => 1 };
        var browser = new Option<bool>("--browser") { Description = "With the agent as a process, Chromium and the real wa-js: some seconds a seed." };
        var backlog = new Option<int>("--backlog") { Description = "Instead: so many messages of a twentieth as many chats wait when the agent starts, for example 10000." };
        var command = new Command("whatsapp", "Plays hours of customers, faults and kills against the real agent (all but its browser) and audits that nothing is lost or doubled.") { seeds, first, browser, backlog };
        command.SetAction((line, cancel) =>
            line.GetValue(backlog) > 0 ? BacklogAsync(line.GetValue(backlog), Console.Out, cancel)
            : line.GetValue(browser) ? BrowserAsync(line.GetValue(first), line.GetValue(seeds), Console.Out, cancel)
            : RunAsync(line.GetValue(first), line.GetValue(seeds), Console.Out, cancel));
        return command;
    }

    /// <summary>The same with the agent as a process, Chromium and the real bundle.</summary>
    internal static async Task<int> BrowserAsync(int first, int count, TextWriter output, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        var folder = Directory.CreateTempSubdirectory("sak-sim-browser-").FullName;
        try
        {
            await using var campaign = await BrowserCampaign.OpenAsync(folder, cancel);
            for (var seed = first; seed < first + count && campaign.Found.Count == 0; seed++) await campaign.PlayAsync(seed, cancel);
            if (campaign.Found.Count == 0) await campaign.EndAsync(cancel);
            foreach (var fault in campaign.Found) await output.WriteLineAsync($"  {fault}");
            await output.WriteLineAsync($"Faults: {string.Join(", ", campaign.Fired.Select(f => $"{f.Key} {f.Value}"))}");
            await output.WriteLineAsync($"{count} seeds through Chromium in {watch.Elapsed.TotalSeconds:0} s: {campaign.Written} messages, {campaign.Orders} orders; {campaign.Found.Count} things lost, doubled or untrue");
            return campaign.Found.Count == 0 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> BacklogAsync(int messages, TextWriter output, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("sak-sim-backlog-").FullName;
        try
        {
            var result = await Backlog.RunAsync(folder, messages, Math.Max(1, messages / 20), TimeSpan.FromMinutes(8), cancel);
            await output.WriteLineAsync(
                $"{result.Messages} messages of {result.Chats} chats captured through Chromium in {result.Captured.TotalSeconds:0.0} s after the start: {result.Lost} lost, {result.Doubled} doubled; "
                + $"the agent took {result.AgentMb:0} MB at most, its browser {result.BrowserMb:0} MB at the end");
            return result.Lost + result.Doubled == 0 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Runs the seeds, two side by side per core at most; says what it found, and how to see it again.</summary>
    /// <returns>0 when every invariant held.</returns>
    internal static async Task<int> RunAsync(int first, int count, TextWriter output, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        var results = await PlayAsync(first, count, cancel);
        foreach (var bad in results.Where(r => r.Violations.Count > 0))
        {
            await output.WriteLineAsync($"Seed {bad.Seed}: see it again with  dotnet run --project tools -- simulate whatsapp --seeds 1 --first {bad.Seed}");
            foreach (var violation in bad.Violations.Take(10)) await output.WriteLineAsync($"  {violation}");
        }

        var fired = Fired(results);
        await output.WriteLineAsync($"Faults: {string.Join(", ", fired.Select(f => $"{f.Key} {f.Value}"))}");
        await output.WriteLineAsync(
            $"{count} seeds in {watch.Elapsed.TotalSeconds:0} s: {results.Sum(r => r.Written)} messages, {results.Sum(r => r.Replies)} replies, {results.Sum(r => r.Orders)} orders, "
            + $"{results.Sum(r => r.Kills)} kills; {results.Count(r => r.Violations.Count > 0)} seeds with something lost, doubled or untrue");
        return results.Any(r => r.Violations.Count > 0) ? 1 : 0;
    }

    internal static async Task<IReadOnlyList<CampaignResult>> PlayAsync(int first, int count, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("sak-sim-template-").FullName;
        try
        {
            var template = await Campaign.MakeTemplateAsync(folder, cancel);
            var results = new CampaignResult[count];
            await Parallel.ForAsync(0, count, cancel, async (i, stop) => results[i] = await Campaign.RunAsync(first + i, template, stop));
            return results;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    internal static SortedDictionary<string, int> Fired(IEnumerable<CampaignResult> results)
    {
        var all = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, times) in results.SelectMany(r => r.Fired)) all[name] = all.GetValueOrDefault(name) + times;
        return all;
    }
}
