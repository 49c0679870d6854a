using System.CommandLine;
using Sak.Agent.Dashboard;
using Sak.Agent.Store;
using Sak.Agent.WhatsApp;

namespace Sak.Agent.Commands;

/// <summary>pair: shows the login code and waits until the phone has scanned it; answers nobody.</summary>
internal static class PairCommand
{
    public static Command Create()
    {
        var command = new Command("pair", "Links this PC with the shop's WhatsApp and does nothing else.");
        command.Run((_, settings, cancel) => RunAsync(settings, cancel));
        return command;
    }

    private static async Task<int> RunAsync(AgentSettings settings, CancellationToken cancel)
    {
        using var one = DataLock.Take(settings.DataFolder);
        await using var page = RunCommand.OpenWhatsApp(settings, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance)();
        await page.OpenAsync(cancel);
        await foreach (var what in page.Events.ReadAllAsync(cancel))
        {
            switch (what)
            {
                case WhatsAppEvent.LoginCode { Code.Length: > 0 } login:
                    await ShowAsync(login.Code);
                    break;
                case WhatsAppEvent.StateChanged { State: WhatsAppState.Ready }:
                    await Console.Out.WriteLineAsync("Linked. Start the shop with: sak-agent run");
                    return 0;
                case WhatsAppEvent.StateChanged { Reason.Length: > 0 } changed:
                    await Console.Out.WriteLineAsync(changed.Reason);
                    break;
            }
        }

        throw new WhatsAppException("The browser closed before the phone was linked. Run it again.");
    }

    private static async Task ShowAsync(string code)
    {
        await Console.Out.WriteLineAsync("WhatsApp on the phone → Linked devices → Link a device, and scan:");
        foreach (var line in new LoginCode(code).Lines()) await Console.Out.WriteLineAsync("  " + line);
    }
}
