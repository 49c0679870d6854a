using System.CommandLine;
using Sak.Agent.Chats;
using Sak.Agent.Settings;
using Sak.Agent.Sync;
using Sak.Sync.Wire;

namespace Sak.Agent.Commands;

/// <summary>
/// take-over: makes this PC the one that answers the shop's customers, whichever PC did so before. Also works while the
/// shop is open here.
/// </summary>
internal static class TakeOverCommand
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(15);

    public static Command Create()
    {
        var command = new Command("take-over",
            "Answers from this PC from now on; the shop's other PCs stop answering.");
        command.Run((_, settings, cancel) => RunAsync(settings, cancel));
        return command;
    }

    private static async Task<int> RunAsync(AgentSettings settings, CancellationToken cancel)
    {
        if (settings.Cloud.Address is null)
            throw new CommandException(
                "Without a cloud no other PC can be told. Close SAK there, and set Cloud:Address on both.");
        await using var db = OpenReplica.At(settings.DatabaseFile, TimeProvider.System);
        var known = await LeaseState.ReadAsync(db, cancel);
        using var http = CloudClient.Connect(settings.Cloud.Address, settings.Cloud.Key);
        using var time = new CancellationTokenSource(Within, TimeProvider.System);
        using var most = CancellationTokenSource.CreateLinkedTokenSource(cancel, time.Token);
        try
        {
            await new CloudClient(http, Within)
                .HoldNumberAsync(new LeaseRequest(known.Number, known.Device, TakeOver: true), most.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new CommandException("The cloud did not answer. Close SAK on the other PC instead.");
        }

        await Console.Out.WriteLineAsync(
            "This PC answers now. If SAK is closed here, start it within a minute: sak-agent run");
        return 0;
    }
}
