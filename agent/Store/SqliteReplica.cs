using Microsoft.Data.Sqlite;
using Sak.Sync;
using Sak.Sync.Model;
using Sak.Sync.Wire;

namespace Sak.Agent.Store;

/// <summary>The replica as the sync session sees it: batches out of the change log, answers into the tables.</summary>
public sealed class SqliteReplica(ReplicaDb db, TimeProvider clock) : IReplica
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromHours(1);

    public Task<SyncPosition> PositionAsync(CancellationToken cancel) =>
        db.ReadAsync(
            connection => connection.List(
                "SELECT id, since, checked_at FROM replica",
                row => new SyncPosition(row.Id(0), row.GetInt64(1), clock.GetUtcNow() - row.Time(2) >= CheckEvery)).Single(),
            cancel);

    public async Task<Batch?> NextBatchAsync(CancellationToken cancel)
    {
        var pending = await db.ReadAsync(connection => connection.Scalar<long>("SELECT count(*) FROM (SELECT 1 FROM change_log LIMIT 1)"), cancel);
        if (pending == 0) return null;
        return await db.WriteAsync(connection => ChangeLog.Waiting(connection) ?? ChangeLog.Close(connection, Ids.New(clock), clock.GetUtcNow()), cancel);
    }

    public async Task<AppliedAnswer> ApplyAsync(IAsyncEnumerable<AnswerLine> answer, CancellationToken cancel)
    {
        // Taken in whole before the write transaction opens: a slow line must not hold up the capture of messages.
        var lines = new List<AnswerLine>();
        await foreach (var line in answer.WithCancellation(cancel)) lines.Add(line);
        if (lines.Count == 0) return new AppliedAnswer(0, 0, []);
        if (lines[^1] is not AnswerLine.Mark mark)
            throw new CloudUnavailableException("The cloud's answer was cut off before its end; nothing of it was used.");
        return await db.ReceiveAsync(connection => Apply(connection, lines, mark), cancel);
    }

    public Task TakeNewIdentityAsync(CancellationToken cancel) =>
        db.WriteAsync(
            connection =>
            {
                connection.Execute("UPDATE replica SET id = $id, since = 0, batches = 0", ("$id", Ids.New(clock).ToString()));
                connection.Execute("DELETE FROM push_batch");
            },
            cancel);

    public Task StartRepairAsync(string reason, CancellationToken cancel) =>
        db.WriteAsync(connection => { connection.Execute("UPDATE replica SET since = 0, repairing = $reason", ("$reason", reason)); }, cancel);

    private AppliedAnswer Apply(SqliteConnection connection, List<AnswerLine> lines, AnswerLine.Mark mark)
    {
        connection.Execute("UPDATE replica SET applying = 1");
        var refused = lines[0] is AnswerLine.Batch batch ? ChangeLog.Settle(connection, batch.Answer, clock.GetUtcNow()) : 0;

        var rows = new IncomingRows(connection);
        foreach (var line in lines) rows.Apply(line);
        if (connection.Scalar<string>("SELECT repairing FROM replica") is { Length: > 0 }) rows.DropTheRest();
        rows.OfferParked(connection.Scalar<long>("SELECT since FROM replica"), clock.GetUtcNow());

        connection.Execute("UPDATE replica SET applying = 0, repairing = '', since = $since", ("$since", mark.Version));
        return new AppliedAnswer(rows.Count, refused, Compare(connection, mark));
    }

    private List<string> Compare(SqliteConnection connection, AnswerLine.Mark mark)
    {
        if (mark.Checksums is null || connection.Scalar<long>("SELECT count(*) FROM change_log") > 0) return [];
        connection.Execute("UPDATE replica SET checked_at = $now", ("$now", clock.GetUtcNow().ToUnixTimeMilliseconds()));
        return [.. mark.Checksums.Where(theirs => Tables.Find(theirs.Table) is { } table && Checksum(connection, table) != theirs).Select(c => c.Table)];
    }

    /// <summary>Rows that the cloud has never had (version 0: refused ones) do not count.</summary>
    internal static TableChecksum Checksum(SqliteConnection connection, Table table)
    {
        long count = 0, xor = 0;
        using var command = connection.Command($"SELECT id, ver FROM {table.Name} WHERE ver > 0");
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            count++;
            xor ^= RowHash.Of(rows.GetString(0), rows.GetInt64(1));
        }

        return new TableChecksum(table.Name, count, xor);
    }
}
