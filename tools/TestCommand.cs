using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;

namespace Sak.Tools;

/// <summary>
/// test: installs what is missing, runs dotnet test, and prints in the last line how many tests passed and failed.
/// </summary>
internal static class TestCommand
{
    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    public static Command Create()
    {
        var filter = new Option<string?>("--filter")
        {
            Description = "Only tests that match, as dotnet test --filter takes it.",
        };
        var command = new Command("test",
            "Sets up what is missing (bridge, browser, PostgreSQL) and runs all tests.") { filter };
        command.SetAction((line, cancel) => RunAsync(line.GetValue(filter), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string? filter, CancellationToken cancel)
    {
        await Setup.BridgeAndBrowserAsync(Console.WriteLine, cancel);
        await Setup.PostgresAsync(Console.WriteLine, cancel);
        Console.WriteLine(
            filter is null ? "Tests: building, then running all" : $"Tests: building, then running {filter}");

        var results = Directory.CreateTempSubdirectory("sak-results-");
        var code = await DotnetTestAsync(results.FullName, filter, cancel);
        var trx = results.GetFiles("*.trx").SingleOrDefault();
        if (trx is null)
        {
            await Console.Error.WriteLineAsync("The tests did not run; see what dotnet said above.");
            return code == 0 ? 1 : code;
        }

        Report(XDocument.Load(trx.FullName));
        results.Delete(recursive: true);
        return code;
    }

    // The child writes directly to this console, so that its progress is visible.
    private static async Task<int> DotnetTestAsync(string results, string? filter, CancellationToken cancel)
    {
        string[] arguments =
        [
            "test", Path.Combine(House.Root, "tests", "Sak.Tests.csproj"), "--configuration", House.Configuration,
            "--logger", "trx;LogFileName=results.trx", "--logger", "console;verbosity=minimal", "--results-directory",
            results,
            "--blame-hang-timeout", "10m", .. filter is null ? Array.Empty<string>() : ["--filter", filter],
        ];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = House.Root })!;
        await process.WaitForExitAsync(cancel);
        return process.ExitCode;
    }

    private static string? Reason(XElement skipped) =>
        (skipped.Descendants(Trx + "Message").FirstOrDefault() ?? skipped.Descendants(Trx + "StdOut").FirstOrDefault())
            ?.Value;

    private static void Report(XDocument trx)
    {
        foreach (var skipped in trx.Descendants(Trx + "UnitTestResult")
            .Where(r => (string?)r.Attribute("outcome") == "NotExecuted"))
            Console.WriteLine($"skipped: {(string?)skipped.Attribute("testName")} — {Reason(skipped)}");
        var counters = trx.Descendants(Trx + "Counters").Single();
        int Count(string name) => int.Parse(counters.Attribute(name)?.Value ?? "0", CultureInfo.InvariantCulture);
        var skippedCount = Count("total") - Count("executed");
        Console.WriteLine();
        Console.WriteLine(
            skippedCount > 0
                ? $"{Count("passed")} passed, {Count("failed")} failed, {skippedCount} skipped"
                : $"{Count("passed")} passed, {Count("failed")} failed");
    }
}
