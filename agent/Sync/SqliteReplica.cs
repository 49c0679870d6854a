using System.Text.Json;
using Microsoft.Data.Sqlite;
using Sak.Agent.Catalog;
using Sak.Agent.Database;
using Sak.Sync.Model;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Agent.Sync;

/// <summary>The replica as the sync session sees it: batches out of the change log, answers into the tables.</summary>
/// <param name="full">Changes after which a batch is closed, at the end of their local transaction.</param>
public sealed class SqliteReplica(ReplicaDb db, TimeProvider clock, int full = Protocol.BatchChanges)
    : IReplica
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromHours(1);
    private const string Standing =
        "SELECT id, since, checked_at, page, repairing, (SELECT coalesce(max(seq), 0) FROM change_log), "
            + "coalesce((SELECT last_seq FROM push_batch), 0) FROM replica";

    public async Task<SyncPosition> PositionAsync(CancellationToken cancel)
    {
        var (position, isRepairing) = await db.LookAsync(Look, cancel);
        return isRepairing
            ? position with { Sums = await db.ReadAsync(Sums, cancel) }
            : position;
    }

    public Task<Batch?> NextBatchAsync(CancellationToken cancel) =>
        db.WriteAsync(
            connection => ChangeLog.Waiting(connection)
                ?? ChangeLog.Close(connection, Ids.New(clock), clock.GetUtcNow(), full), cancel);

    public async Task<AppliedAnswer> ApplyAsync(Stream answer, CancellationToken cancel)
    {
        using var spool = new AnswerSpool(answer, Path.GetDirectoryName(Path.GetFullPath(db.Path))!);
        var total = new AppliedAnswer(0, 0, []);
        var next = spool.NextAsync(cancel);
        while (true)
        {
            using var piece = await next
                ?? throw new CloudUnavailableException(
                    "The cloud's answer ended before its mark; what came after the last mark was not used.");
            // The next page comes off the line while this one is written.
            var following = piece.IsLast ? Task.FromResult<AnswerPiece?>(null) : spool.NextAsync(cancel);
            try
            {
                total = await ApplyAsync(piece, total, cancel);
            }
            catch
            {
                await ((Task)following).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (following.IsCompletedSuccessfully) (await following)?.Dispose();
                throw;
            }

            if (piece.IsLast) return total;
            next = following;
        }
    }

    public Task TakeNewIdentityAsync(CancellationToken cancel) =>
        db.WriteAsync(
            connection =>
            {
                connection.Execute("UPDATE replica SET id = $id, batches = 0, repairing = 'a new identity'",
                    ("$id", Ids.New(clock)));
                connection.Execute("DELETE FROM push_batch");
            },
            cancel);

    public Task StartRepairAsync(string reason, CancellationToken cancel) =>
        db.WriteAsync(
            connection => { connection.Execute("UPDATE replica SET repairing = $reason", ("$reason", reason)); },
            cancel);

    private (SyncPosition Position, bool IsRepairing) Look(Receiver receiver)
    {
        using var row = receiver.Statement(Standing).ExecuteReader();
        row.Read();
        var (since, page, repairing) = (row.GetInt64(1), row.GetString(3), row.GetString(4).Length > 0);
        var loading = since == 0 && !repairing;
        var (last, sent) = (row.GetInt64(5), row.GetInt64(6));
        // While more waits than goes with this exchange there is nothing to compare, and the cloud would sum up all
        // tables each time.
        var isCheckDue = !loading && !repairing && last <= sent
            && (clock.GetUtcNow() - row.Time(2)).Duration() >= CheckEvery;
        return (new SyncPosition(row.Id(0), since, last > 0, isCheckDue,
            !loading ? null : page.Length == 0 ? PageMark.Start : PageMark.Parse(page)), repairing);
    }

    private async Task<AppliedAnswer> ApplyAsync(AnswerPiece piece, AppliedAnswer sofar, CancellationToken cancel)
    {
        try
        {
            return await db.ReceiveAsync(receiver => Apply(receiver, piece, sofar), cancel);
        }
        catch (Exception error) when (error is InvalidDataException or JsonException)
        {
            throw new CloudUnavailableException(
                $"The cloud's answer was not of the agreed form ({error.Message.TrimEnd('.')}).", error);
        }
    }

    private AppliedAnswer Apply(Receiver receiver, AnswerPiece piece, AppliedAnswer sofar)
    {
        var connection = receiver.Connection;
        var since = receiver.Ask("UPDATE replica SET txn = txn + 1, applying = 1 RETURNING since");
        if (since > 0) return Apply(receiver, piece, sofar, since);
        CatalogNotes.Stop(connection);
        var applied = Apply(receiver, piece, sofar, since);
        CatalogNotes.Start(connection);
        CatalogIndex.NoteMany(connection);
        return applied;
    }

    private AppliedAnswer Apply(Receiver receiver, AnswerPiece piece, AppliedAnswer sofar, long since)
    {
        var connection = receiver.Connection;
        var rows = new IncomingRows(receiver, since == 0);
        var refused = sofar.Refused;
        piece.Begin();
        while (piece.TryRead(out var line))
        {
            switch (rows.Apply(line))
            {
                case AnswerLine.Batch batch:
                    refused += ChangeLog.Settle(connection, batch.Answer, clock.GetUtcNow());
                    break;
                case AnswerLine.Page page:
                    connection.Execute("UPDATE replica SET applying = 0, page = $page", ("$page", page.At.ToText()));
                    return new AppliedAnswer(sofar.RowsIn + rows.Count, refused, []);
                case AnswerLine.Mark mark:
                    if (mark.Rows != sofar.RowsIn + rows.Count)
                        throw new InvalidDataException(
                            $"its mark counts {mark.Rows} rows, {sofar.RowsIn + rows.Count} came");
                    return Finish(receiver, rows, mark, since,
                        new AppliedAnswer(sofar.RowsIn + rows.Count, refused, []));
            }
        }

        throw new InvalidDataException("it ended before its mark");
    }

    private AppliedAnswer Finish(Receiver receiver, IncomingRows rows, AnswerLine.Mark mark, long since,
        AppliedAnswer applied)
    {
        var connection = receiver.Connection;
        rows.FinishRepair(mark.Version);
        if (since > 0 || !Adoption.Run(connection, clock.GetUtcNow())) rows.OfferParked(since, clock.GetUtcNow());
        // A first load has just read everything: there is nothing to compare yet.
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        receiver.Execute(
            """
            UPDATE replica SET applying = 0, repairing = '', page = '', schema = $schema, since = $since,
              checked_at = CASE WHEN since = 0 THEN $now ELSE checked_at END
            """,
            ("$schema", Tables.SchemaVersion), ("$since", mark.Version), ("$now", now));
        return applied with { Mismatch = Compare(connection, mark, now), Outdated = mark.Outdated,
            Repaired = rows.Repaired };
    }

    private static List<string> Compare(SqliteConnection connection, AnswerLine.Mark mark, long now)
    {
        if (mark.Checksums is null || connection.Scalar<long>("SELECT count(*) FROM change_log") > 0) return [];
        connection.Execute("UPDATE replica SET checked_at = $now", ("$now", now));
        return [.. mark.Checksums.Where(
            theirs => Tables.Find(theirs.Table) is { } table && Checksum(connection, table) != theirs)
            .Select(c => c.Table)];
    }

    /// <summary>Rows that the cloud has never had (version 0: refused ones) do not count.</summary>
    internal static TableChecksum Checksum(SqliteConnection connection, Table table)
    {
        long count = 0, xor = 0;
        foreach (var (id, ver) in Versions(connection, table))
        {
            count++;
            xor ^= RowHash.Of(id, ver);
        }

        return new TableChecksum(table.Name, count, xor);
    }

    private static List<TableSums> Sums(SqliteConnection connection)
    {
        var schema = connection.Scalar<int>("SELECT schema FROM replica");
        return [.. Tables.All.Select(t => Sums(connection, t, t.Columns.Any(c => c.Since > schema)))];
    }

    // The sums are made of versions, which do not show that a row lacks the values of a column that is new here: of
    // such a table the opposite of each sum is sent, so that the cloud's differs and all rows come.
    private static TableSums Sums(SqliteConnection connection, Table table, bool hasNewColumn)
    {
        var sums = new long[RowHash.Buckets];
        foreach (var (id, ver) in Versions(connection, table)) sums[RowHash.Bucket(id)] ^= RowHash.Of(id, ver);
        return new TableSums(table.Name, hasNewColumn ? [.. sums.Select(sum => ~sum)] : sums);
    }

    private static IEnumerable<(string Id, long Ver)> Versions(SqliteConnection connection, Table table)
    {
        using var command = connection.Command($"SELECT id, ver FROM {table.Name} WHERE ver > 0");
        using var rows = command.ExecuteReader();
        while (rows.Read()) yield return (rows.GetString(0), rows.GetInt64(1));
    }
}
