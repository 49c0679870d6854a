using System.CommandLine;
using System.Globalization;
using Sak.Agent.Commands;
using Sak.Agent.Settings;

namespace Sak.Agent;

/// <summary>
/// The command line of sak-agent. Exit codes: 0 done, 1 failed (one sentence on stderr), 2 settings or
/// arguments are wrong.
/// </summary>
public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        // Numbers are printed the same on every PC, with a decimal point, whatever the system's language.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var root = Root();
        var (words, settings) = AgentSettingsOption.Split(args);
        string[] command = [.. IsOpening(words) ? ["run"] : Array.Empty<string>(), .. words];
        var parsed = root.Parse(command);
        if (parsed.Errors.Count == 0) parsed = root.Parse([.. command, .. settings]);
        if (parsed.Errors.Count > 0) return await FailAsync(parsed);
        // By default a command gets two seconds to end. Closing the browser takes longer, and after a new login up
        // to a minute.
        return await parsed.InvokeAsync(
            new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(90) });
    }

    internal static RootCommand Root() => new(
        "SAK on the shop's PC: answers customers on WhatsApp and records every order once, also while the cloud "
            + "can't be reached.")
    {
        RunCommand.Create(),
        PairCommand.Create(),
        TakeOverCommand.Create(),
        VerifyCommand.Create(),
        BridgeCommand.Create(),
        CatalogCommand.Create(),
        PricesCommand.Create(),
        WordsCommand.Create(),
        OrdersCommand.Create(),
        SyncCommand.Create(),
        DoctorCommand.Create(RunCommand.FindBrowserAsync, RunCommand.FindBundle),
        InstallCommand.Create(),
    };

    // "sak-agent" and "sak-agent --Cloud:Address=…" open the shop.
    private static bool IsOpening(IReadOnlyList<string> words) =>
        words.Count == 0
            || (words[0].StartsWith("--", StringComparison.Ordinal) && words[0] is not ("--help" or "--version"));

    private static async Task<int> FailAsync(ParseResult parsed)
    {
        foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
        await Console.Error.WriteLineAsync("Try: sak-agent --help");
        return LoadedSettings.FaultExitCode;
    }
}
