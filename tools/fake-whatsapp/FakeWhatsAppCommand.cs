using System.CommandLine;

namespace Sak.Tools.FakeWhatsApp;

/// <summary><c>tools -- fake-whatsapp [--port N]</c>: the stand-in page for manual use.</summary>
public static class FakeWhatsAppCommand
{
    public static Command Create()
    {
        var port = new Option<int>("--port")
        {
            Description = "Port on loopback; 0 takes a free one.",
            DefaultValueFactory = _ => 8099,
        };
        var command = new Command("fake-whatsapp",
            "Serves a page that stands in for WhatsApp Web: log in, write as customers, see the replies.") { port };
        command.SetAction((arguments, cancel) => ServeAsync(arguments.GetValue(port), cancel));
        return command;
    }

    private static async Task<int> ServeAsync(int port, CancellationToken cancel)
    {
        try
        {
            await using var site = await FakeWhatsAppSite.StartAsync(port, cancel: cancel);
            Console.WriteLine(
                $"Stand-in WhatsApp at {site.Address} (Ctrl+C ends it). Point the agent's WhatsApp address here, or "
                    + "open it in a browser.");
            Console.WriteLine(
                "Press Enter here to scan the code of every browser that shows one, as the shop's phone would.");
            while (await Task.Run(Console.ReadLine, cancel).WaitAsync(cancel) is not null) site.Link(null);
            await Task.Delay(Timeout.Infinite, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return 0;
        }
        catch (IOException taken)
        {
            Console.Error.WriteLine(
                $"Port {port} can't be used ({taken.Message}). Give another with --port, or 0 for a free one.");
            return 1;
        }

        return 0;
    }
}
