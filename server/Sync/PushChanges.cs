using System.Data.Common;
using System.Text.Json;
using Sak.Server.Api;
using Sak.Server.Data;
using Sak.Sync.Replica;

namespace Sak.Server.Sync;

/// <summary>
/// Applies one batch in one transaction and keeps its answer in it: a repeat changes nothing and gets the same answer.
/// </summary>
public sealed class PushChanges(ShopConnection db, TimeProvider clock)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>
    /// Throws <see cref="SyncRefusedException"/> for a forked replica or a skipped sequence; then nothing is written.
    /// </summary>
    public async Task<BatchAnswer> ApplyAsync(Guid shop, SyncHead head, IReadOnlyList<Change> changes,
        CancellationToken cancel)
    {
        // Holds the shop's lock: no other request of this replica can run between this check and the commit.
        await using var write = await ShopWrite.BeginAsync(db, shop, cancel);
        var (answered, currency, anyDeleted) = await FindAnswerAsync(shop, head, cancel);
        if (answered is not null) return answered;

        var rows = await BatchRows.LoadAsync(db, shop, head, changes, anyDeleted, cancel);
        var refusals = await new BatchMerge(rows, currency).ApplyAsync(changes, cancel);
        var wrote = await rows.WriteAsync(write.Version, clock.GetUtcNow(), cancel);
        // Version 0: nothing changed.
        var answer = new BatchAnswer(head.BatchId!.Value, head.BatchSequence, wrote ? write.Version : 0, refusals);
        await KeepAsync(db, shop, head.Replica, answer, clock.GetUtcNow(), cancel);
        await write.CommitAsync(wrote, cancel);
        return answer;
    }

    private async Task<(BatchAnswer? Answered, string Currency, bool AnyDeleted)> FindAnswerAsync(Guid shop,
        SyncHead head, CancellationToken cancel)
    {
        await using var command = StateOfReplica(db, shop, head.Replica, head.BatchSequence);
        await using var row = await command.ExecuteReaderAsync(cancel);
        if (!await row.ReadAsync(cancel)) throw new InvalidOperationException($"There is no shop {shop}.");
        if (!row.IsDBNull(3))
        {
            var answer = JsonSerializer.Deserialize<BatchAnswer>(row.GetString(3), Json)!;
            if (answer.Id == head.BatchId) return (answer, "", false);
            throw new SyncRefusedException(
                SyncProblems.Forked,
                $"Batch {head.BatchSequence} is known with another id: the replica was copied or restored and must "
                    + $"take a new identity.");
        }

        var last = row.IsDBNull(2) ? 0 : row.GetInt64(2);
        return head.BatchSequence == last + 1
            ? (null, row.GetString(0), row.GetInt32(1) == 1)
            : throw new SyncRefusedException(SyncProblems.Gap,
                $"The replica's next batch is {last + 1}, not {head.BatchSequence}.");
    }

    /// <summary>
    /// One row: the shop's currency, whether anything of it was ever deleted, the replica's last batch, and the answer
    /// to this one if it has one.
    /// </summary>
    internal static DbCommand StateOfReplica(ShopConnection db, Guid shop, Guid replica, long sequence) =>
        db.Command(
            """
            SELECT s.currency, CASE WHEN EXISTS (SELECT 1 FROM tombstones t WHERE t.shop_id = s.id) THEN 1 ELSE 0 END,
                   (SELECT MAX(l.sequence) FROM sync_batches l WHERE l.shop_id = s.id AND l.replica = @replica),
                     b.answer
            FROM shops s LEFT
              JOIN sync_batches b ON b.shop_id = s.id AND b.replica = @replica AND b.sequence = @sequence
            WHERE s.id = @shop
            """,
            ("@shop", db.IdValue(shop)), ("@replica", db.IdValue(replica)), ("@sequence", sequence));

    /// <summary>Keeps the answer, for a repeat of its batch.</summary>
    internal static Task KeepAsync(ShopConnection db, Guid shop, Guid replica, BatchAnswer answer, DateTimeOffset now,
        CancellationToken cancel) =>
        db.ExecuteAsync(
            "INSERT INTO sync_batches (shop_id, replica, sequence, batch_id, answer, at) VALUES (@shop, @replica, "
                + "@sequence, @id, @answer, @at)",
            [
                ("@shop", db.IdValue(shop)), ("@replica", db.IdValue(replica)), ("@sequence", answer.Sequence),
                ("@id", db.IdValue(answer.Id)), ("@answer", JsonSerializer.Serialize(answer, Json)),
                ("@at", now.ToUnixTimeMilliseconds()),
            ],
            cancel);
}
