using System.Text.Json;
using Microsoft.Data.Sqlite;
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

    public Task<SyncPosition> PositionAsync(CancellationToken cancel) => db.ReadAsync(Position, cancel);

    public Task<Batch?> NextBatchAsync(CancellationToken cancel) =>
        db.WriteAsync(
            connection => ChangeLog.Waiting(connection)
                ?? ChangeLog.Close(connection, Ids.New(clock), clock.GetUtcNow(), full), cancel);

    public async Task<AppliedAnswer> ApplyAsync(Stream answer, Action<SyncProgress>? progress,
        CancellationToken cancel)
    {
        using var spool = new AnswerSpool(answer, Path.GetDirectoryName(Path.GetFullPath(db.Path))!);
        var (total, counted) = (new AppliedAnswer(0, 0, []), new AnswerProgress(progress));
        var next = spool.NextAsync(cancel);
        while (true)
        {
            var page = await next
                ?? throw new CloudUnavailableException(
                    "The cloud's answer ended before its mark; what came after the last mark was not used.");
            // The next page is received while this one is written.
            if (!page.IsLast) next = spool.NextAsync(cancel);
            try
            {
                total = await ApplyAsync(page, total, counted, cancel);
            }
            catch
            {
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw;
            }

            if (!page.IsLast) continue;
            counted.End();
            return total;
        }
    }

    public Task TakeNewIdentityAsync(CancellationToken cancel) =>
        db.WriteAsync(
            connection =>
            {
                ReplicaRow.TakeIdentity(connection, Ids.New(clock));
                ChangeLog.ForgetBatch(connection);
            },
            cancel);

    public Task StartRepairAsync(string reason, CancellationToken cancel) =>
        db.WriteAsync(connection => ReplicaRow.StartRepair(connection, reason), cancel);

    private SyncPosition Position(SqliteConnection connection)
    {
        using var command = connection.Command(
            """
            SELECT id, since, checked_at, page, repairing, (SELECT coalesce(max(seq), 0) FROM change_log),
              coalesce((SELECT last_seq FROM push_batch), 0) FROM replica
            """);
        using var row = command.ExecuteReader();
        row.Read();
        var (since, page, isRepairing) = (row.GetInt64(1), row.GetString(3), row.GetString(4).Length > 0);
        var isLoading = since == 0 && !isRepairing;
        var (last, sent) = (row.GetInt64(5), row.GetInt64(6));
        // While more waits than this exchange sends there is nothing to compare, and the cloud would sum up all tables
        // each time.
        var isCheckDue = !isLoading && !isRepairing && last <= sent
            && (clock.GetUtcNow() - row.Time(2)).Duration() >= CheckEvery;
        return new SyncPosition(row.Id(0), since, last > 0, isCheckDue,
            !isLoading ? null : page.Length == 0 ? PageMark.Start : PageMark.Parse(page),
            isRepairing ? Checksums.ByBucket(connection) : null);
    }

    private async Task<AppliedAnswer> ApplyAsync(AnswerPage page, AppliedAnswer before, AnswerProgress progress,
        CancellationToken cancel)
    {
        try
        {
            return await db.WriteCloudRowsAsync(
                connection => new ApplyAnswer(connection, clock, progress).Apply(page, before), cancel);
        }
        catch (Exception error) when (error is InvalidDataException or JsonException)
        {
            throw new CloudUnavailableException(
                $"The cloud's answer was not of the agreed form ({error.Message.TrimEnd('.')}).", error);
        }
    }
}
