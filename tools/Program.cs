using System.CommandLine;
using System.Globalization;

namespace Sak.Tools;

/// <summary>The house's own commands: dotnet run --project tools -- COMMAND.</summary>
public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var root = new RootCommand("SAK's tools: see it work, test it, measure it.")
        {
            Demo.DemoCommand.Create(),
            TestCommand.Create(),
            SetupCommand.Create(),
            FakeWhatsApp.FakeWhatsAppCommand.Create(),
            Understand.UnderstandCommand.Create(),
            BenchCommand(),
            Simulate.SimulateCommand.Create(),
            Bench.BenchCommand.Create(),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count == 0) return await parsed.InvokeAsync();
        foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
        await Console.Error.WriteLineAsync("Try: dotnet run --project tools -- --help");
        return 2;
    }

    private static Command BenchCommand()
    {
        var understanding = new Command("understanding", "Reading a message and building the index, beside one FTS5 query on the same database.") { TreatUnmatchedTokensAsErrors = false };
        understanding.SetAction((line, cancel) => Understand.BenchUnderstanding.RunAsync([.. line.UnmatchedTokens], cancel));
        return new Command("bench", "Speed and memory, one JSON line a workload, each beside a floor in the same run.") { understanding };
    }
}
