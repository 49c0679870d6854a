using System.CommandLine;

namespace Sak.Tools;

/// <summary>setup: only the installation that demo and test do first.</summary>
internal static class SetupCommand
{
    public const string Playwright = "playwright";

    public static Command Create()
    {
        var command = new Command("setup", "Brings in what is missing: the WhatsApp bridge by npm, a browser.");
        command.SetAction(async (_, cancel) =>
        {
            await Setup.BridgeAndBrowserAsync(Console.WriteLine, cancel);
            Console.WriteLine("Everything is here.");
            return 0;
        });
        return command;
    }

    public static Command CreatePlaywright()
    {
        var words = new Argument<string[]>("words");
        var command = new Command(Playwright, "Playwright's own command line; started by setup.") { words };
        command.Hidden = true;
        command.SetAction(line => Microsoft.Playwright.Program.Main(line.GetValue(words)!));
        return command;
    }
}
