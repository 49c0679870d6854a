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
            try
            {
                await Setup.BundleAsync(Console.WriteLine, cancel);
                await Setup.BrowserAsync(Console.WriteLine, cancel);
                Console.WriteLine("Everything is here.");
                return 0;
            }
            catch (SetupException error)
            {
                await Console.Error.WriteLineAsync(error.Message);
                return 1;
            }
        });
        return command;
    }
}
