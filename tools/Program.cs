using System.CommandLine;
using System.Globalization;

namespace Sak.Tools;

/// <summary>The repository's own commands: dotnet run --project tools -- COMMAND.</summary>
public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var parsed = Root().Parse(args);
        if (parsed.Errors.Count == 0) return await InvokeAsync(parsed);
        foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
        await Console.Error.WriteLineAsync("Try: dotnet run --project tools -- --help");
        return 2;
    }

    internal static RootCommand Root() => new("SAK's tools: see it work, test it, measure it.")
    {
        Demo.DemoCommand.Create(),
        TestCommand.Create(),
        SetupCommand.Create(),
        SetupCommand.CreatePlaywright(),
        FakeWhatsApp.FakeWhatsAppCommand.Create(),
        Understand.UnderstandCommand.Create(),
        Evaluate.EvaluateCommand.Create(),
        Simulate.SimulateCommand.Create(),
        Bench.BenchCommand.Create(),
    };

    /// <summary>
    /// Faults that a user can correct are printed as a sentence; anything else is a fault of these tools and
    /// shows its trace.
    /// </summary>
    private static async Task<int> InvokeAsync(ParseResult parsed)
    {
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (SetupException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
    }
}
