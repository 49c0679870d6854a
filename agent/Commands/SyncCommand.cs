using System.CommandLine;
using Sak.Agent.Database;
using Sak.Agent.Settings;
using Sak.Agent.Status;
using Sak.Agent.Sync;
using Sak.Sync.Replica;
using Spectre.Console;

namespace Sak.Agent.Commands;

/// <summary>sync: runs one sync, or shows what waits.</summary>
internal static class SyncCommand
{
    public static Command Create()
    {
        var status = new Option<bool>("--status") { Description = "Only show where sync stands and what waits." };
        var repair = new Option<bool>("--repair")
        {
            Description = "Compare every row with the cloud's and repair the differences. Waiting changes are kept.",
        };
        var conflicts = new Option<bool>("--conflicts")
        {
            Description = "Only list what the cloud refused or kept otherwise, with what was sent.",
        };
        var watch = new Option<bool>("--watch")
        {
            Description = "Run until Ctrl+C: sync whenever the cloud or this PC has changes.",
        };
        var command = new Command("sync", "Syncs with the cloud once.") { status, repair, conflicts, watch };
        command.Run(async (line, settings, cancel) =>
        {
            await using var db = OpenReplica.At(settings.DatabaseFile, TimeProvider.System);
            if (line.GetValue(conflicts))
            {
                await ConflictsAsync(db, cancel);
                return 0;
            }

            if (!line.GetValue(status))
                await SyncAsync(db, settings, line.GetValue(repair), line.GetValue(watch), cancel);
            await ShowAsync(db, cancel);
            return 0;
        });
        return command;
    }

    private static async Task SyncAsync(ReplicaDb db, AgentSettings settings, bool repair, bool watch,
        CancellationToken cancel)
    {
        if (settings.Cloud.Address is null)
            throw new CommandException(
                "No cloud is set. Put its address and this shop's device key into Cloud:Address and Cloud:Key.");
        using var http = CloudClient.Connect(settings.Cloud.Address, settings.Cloud.Key);
        var cloud = new CloudClient(http, settings.Cloud.Patience);
        var replica = new SqliteReplica(db, TimeProvider.System);
        if (repair) await replica.StartRepairAsync("asked for by hand", cancel);
        var loading = (await replica.PositionAsync(cancel)).Page is not null;
        var progress = new LoadProgress(AnsiConsole.Console, Console.Out, !Console.IsOutputRedirected);
        var session = new SyncSession(replica, cloud, progress.Show);
        var first = true;
        Task<SyncResult> OnceAsync() =>
            loading && first ? progress.RunAsync(() => session.RunAsync(cancel)) : session.RunAsync(cancel);
        if (!watch)
        {
            await Console.Out.WriteLineAsync(Describe(await OnceAsync()));
            return;
        }

        await WatchAsync(
            async () =>
            {
                var result = await OnceAsync();
                first = false;
                if (result.ChangesOut + result.RowsIn > 0) await Console.Out.WriteLineAsync(Describe(result));
                await cloud.WatchAsync((await replica.PositionAsync(cancel)).Since, cancel);
            },
            Console.Error, settings.Cloud.SyncTime, TimeProvider.System, cancel);
    }

    /// <summary>
    /// Syncs until it is cancelled. A cloud that can't be reached is reported once and tried again every
    /// <paramref name="pause"/>; a refusal ends the loop.
    /// </summary>
    internal static async Task WatchAsync(Func<Task> sync, TextWriter errors, TimeSpan pause, TimeProvider clock,
        CancellationToken cancel)
    {
        var told = "";
        while (true)
        {
            try
            {
                await sync();
                told = "";
            }
            catch (CloudUnavailableException away)
            {
                if (told != away.Message)
                    await errors.WriteLineAsync(
                        $"{away.Message} SAK tries again every {pause.TotalSeconds:0} seconds.");
                told = away.Message;
                await Task.Delay(pause, clock, cancel);
            }
        }
    }

    private static string Describe(SyncResult result)
    {
        var repaired = result.Mismatch.Count > 0 || result.Repaired > 0
            ? $" {result.Repaired} rows differed from the cloud and were repaired."
            : "";
        return $"{result.ChangesOut} changes sent, {result.RowsIn} rows received, {result.Refused} refused or in "
            + $"conflict.{repaired}";
    }

    private static async Task ConflictsAsync(ReplicaDb db, CancellationToken cancel)
    {
        var found = await db.ReadAsync(SyncQuery.Refusals, cancel);
        await Console.Out.WriteLineAsync(
            found.Count == 0
                ? "Nothing was refused and nothing was in conflict."
                : TerminalText.Lines(string.Join('\n', found)));
    }

    private static async Task ShowAsync(ReplicaDb db, CancellationToken cancel)
    {
        var ((unsynced, parked), refusals) = await db.ReadAsync(
            connection => (StatusQuery.Pending(connection), SyncQuery.OpenRefusals(connection)), cancel);
        var position = await new SqliteReplica(db, TimeProvider.System).PositionAsync(cancel);
        await Console.Out.WriteLineAsync(
            $"This PC is replica {position.Replica}, at the cloud's version {position.Since}.");
        if (position.Page is { Table.Length: > 0 } page)
            await Console.Out.WriteLineAsync(
                $"The first load has come to {page.Table}; it goes on with the next sync.");
        await Console.Out.WriteLineAsync($"{unsynced} changes wait for the cloud, {parked} rows were refused by it.");
        foreach (var refusal in refusals) await Console.Out.WriteLineAsync("  " + TerminalText.Lines(refusal));
    }
}
