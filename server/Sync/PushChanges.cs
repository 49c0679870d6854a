using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Sak.Server.Data;
using Sak.Sync;
using Sak.Sync.Wire;

namespace Sak.Server.Sync;

/// <summary>Applies one batch in one transaction and keeps its answer in it: a repeat changes nothing and gets the same answer.</summary>
public sealed class PushChanges(SakDb db, TimeProvider clock)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Throws <see cref="SyncRefusedException"/> for a forked replica or a skipped sequence; then nothing is written.</summary>
    public async Task<BatchAnswer> ApplyAsync(Guid shop, SyncHead head, IReadOnlyList<Change> changes, CancellationToken cancel)
    {
        await using var write = await ShopWrite.BeginAsync(db, shop, cancel);
        if (await FindAnswerAsync(shop, head, cancel) is { } known) return known;

        var currency = await db.Shops.Where(s => s.Id == shop).Select(s => s.Currency).SingleAsync(cancel);
        var rows = await BatchRows.LoadAsync(db, shop, head, changes, cancel);
        var refusals = await new BatchMerge(rows, currency).ApplyAsync(changes, cancel);
        var wrote = await rows.WriteAsync(db, shop, write.Version, clock.GetUtcNow(), cancel);
        var answer = new BatchAnswer(head.BatchId!.Value, head.BatchSequence, wrote ? write.Version : 0, refusals);
        db.SyncBatches.Add(new SyncBatchRow
        {
            ShopId = shop,
            Replica = head.Replica,
            Sequence = head.BatchSequence,
            BatchId = answer.Id,
            Answer = JsonSerializer.Serialize(answer, Json),
            At = clock.GetUtcNow().ToUnixTimeMilliseconds(),
        });
        await db.SaveChangesAsync(cancel);
        await write.CommitAsync(wrote, cancel);
        return answer;
    }

    // The shop's lock is held: no other request of this replica can be between this look and the commit.
    private async Task<BatchAnswer?> FindAnswerAsync(Guid shop, SyncHead head, CancellationToken cancel)
    {
        var ofReplica = db.SyncBatches.Where(b => b.ShopId == shop && b.Replica == head.Replica);
        var known = await ofReplica.SingleOrDefaultAsync(b => b.Sequence == head.BatchSequence, cancel);
        if (known is not null)
        {
            if (known.BatchId != head.BatchId)
                throw new SyncRefusedException(
                    SyncProblems.Forked, $"Batch {head.BatchSequence} is known with another id: the replica was copied or restored and must take a new identity.");
            return JsonSerializer.Deserialize<BatchAnswer>(known.Answer, Json);
        }

        var last = await ofReplica.MaxAsync(b => (long?)b.Sequence, cancel) ?? 0;
        if (head.BatchSequence != last + 1)
            throw new SyncRefusedException(SyncProblems.Gap, $"The replica's next batch is {last + 1}, not {head.BatchSequence}.");
        return null;
    }
}

/// <summary>A sync that is refused as a whole, with one of <see cref="SyncProblems"/>.</summary>
public sealed class SyncRefusedException(string problem, string message) : Exception(message)
{
    public string Problem { get; } = problem;
}
