using System.CommandLine;
using System.Diagnostics;

namespace Sak.Tools.Simulate;

/// <summary>
/// simulate sync: many worlds, each from one seed; prints the command that repeats the first one that fails.
/// </summary>
public static class SimulateCommand
{
    public static Command Create()
    {
        var seeds = Seeds("How many worlds.", 200);
        var first = new Option<int>("--first") { Description = "The first seed.", DefaultValueFactory = _ => 1 };
        var sync = new Command("sync", "Real sessions, replicas and server in simulated weather.") { seeds, first };
        sync.SetAction((line, cancel) => RunAsync(line.GetValue(first), line.GetValue(seeds), Console.Out, cancel));
        return new Command("simulate", "Runs the real code in simulated worlds.") { sync,
            WhatsApp.SimulateWhatsAppCommand.Create() };
    }

    /// <summary>No seeds would pass without proving anything.</summary>
    internal static Option<int> Seeds(string description, int standard)
    {
        var seeds = new Option<int>("--seeds") { Description = description, DefaultValueFactory = _ => standard };
        seeds.Validators.Add(given =>
        {
            if (given.Tokens is [var text] && int.TryParse(text.Value, out var number) && number < 1)
                given.AddError("--seeds is at least 1.");
        });
        return seeds;
    }

    /// <summary>Returns the exit code: 0 when every world held.</summary>
    public static async Task<int> RunAsync(int first, int seeds, TextWriter output, CancellationToken cancel)
    {
        var faults = new SimFaults();
        var failed = new List<(int Seed, string Why)>();
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(first, first + seeds,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancel },
            async (seed, token) =>
        {
            try
            {
                await SyncSimulation.RunAsync(seed, faults, token);
            }
            catch (SimFailedException error)
            {
                lock (failed) failed.Add((seed, error.Message));
            }
        });

        foreach (var (seed, why) in failed.OrderBy(f => f.Seed).Take(5))
            await output.WriteLineAsync(
                $"seed {seed}: {why}\n  again: dotnet run --project tools -- simulate sync --first {seed} --seeds 1");
        var never = seeds >= 100 ? faults.Never.ToList() : [];
        if (never.Count > 0) await output.WriteLineAsync($"Faults that never struck: {string.Join(", ", never)}.");
        await output.WriteLineAsync(
            $"{seeds - failed.Count} of {seeds} worlds held (seeds {first} to {first + seeds - 1}, "
                + $"{Stopwatch.GetElapsedTime(began).TotalSeconds:0} s). Faults: {faults}.");
        return failed.Count + never.Count == 0 ? 0 : 1;
    }
}
