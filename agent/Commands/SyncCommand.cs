using System.CommandLine;
using Sak.Agent.OrderTaking;
using Sak.Agent.Store;
using Sak.Sync;

namespace Sak.Agent.Commands;

/// <summary>sync: one run by hand, and what waits.</summary>
internal static class SyncCommand
{
    public static Command Create()
    {
        var status = new Option<bool>("--status") { Description = "Only show what waits and what the cloud refused." };
        var repair = new Option<bool>("--repair") { Description = "Pull everything again and compare it with what is here. Nothing that waits is lost." };
        var command = new Command("sync", "Syncs with the cloud once.") { status, repair };
        command.Run(async (line, settings, cancel) =>
        {
            await using var db = ReplicaDb.Open(settings.DatabaseFile, TimeProvider.System);
            if (!line.GetValue(status)) await SyncAsync(db, settings, line.GetValue(repair), cancel);
            await ShowAsync(db, cancel);
            return 0;
        });
        return command;
    }

    private static async Task SyncAsync(ReplicaDb db, AgentSettings settings, bool repair, CancellationToken cancel)
    {
        if (settings.Cloud.Address is null) throw new CommandException("No cloud is set. Put its address and this shop's device key into Cloud:Address and Cloud:Key.");
        using var http = CloudClient.Connect(settings.Cloud.Address, settings.Cloud.Key);
        var replica = new SqliteReplica(db, TimeProvider.System);
        if (repair) await replica.StartRepairAsync("asked for by hand", cancel);
        var result = await new SyncSession(replica, new CloudClient(http, settings.Cloud.Patience)).RunAsync(cancel);
        await Console.Out.WriteLineAsync($"{result.ChangesOut} changes sent, {result.RowsIn} rows received, {result.Refused} refused or in conflict.");
    }

    private static async Task ShowAsync(ReplicaDb db, CancellationToken cancel)
    {
        var ((unsynced, parked), refusals) = await db.ReadAsync(
            connection => (StatusQuery.Pending(connection), connection.List("SELECT kind, tbl, id, coalesce(column_name, ''), reason FROM refusals WHERE settled_at IS NULL ORDER BY at", r => $"{r.GetString(0)}  {r.GetString(1)} {r.GetString(2)} {r.GetString(3)}  {r.GetString(4)}")),
            cancel);
        await Console.Out.WriteLineAsync($"{unsynced} changes wait for the cloud, {parked} rows were refused by it.");
        foreach (var refusal in refusals) await Console.Out.WriteLineAsync("  " + refusal);
    }
}
