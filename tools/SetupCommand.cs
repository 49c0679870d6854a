using System.CommandLine;

namespace Sak.Tools;

/// <summary>setup: only what demo and test do first.</summary>
internal static class SetupCommand
{
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
}
