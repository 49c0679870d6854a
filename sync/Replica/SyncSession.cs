
namespace Sak.Sync.Replica;

/// <summary>What one run of the session did.</summary>
/// <param name="Mismatch">Tables that differed from the cloud and were repaired.</param>
/// <param name="Repaired">Rows that were put right.</param>
public sealed record SyncResult(int Exchanges, int ChangesOut, int RowsIn, int Refused, IReadOnlyList<string> Mismatch,
    int Repaired = 0);

/// <summary>
/// The story of a sync: take the waiting batch, exchange it for what is new, apply the answer in one transaction; again
/// until nothing waits. Crash or lose anything at any step and run it again: the batch keeps its identity until its
/// answer was applied, and the server answers a repeat from its memory.
/// </summary>
public sealed class SyncSession(IReplica replica, ICloud cloud, Action<SyncProgress>? progress = null)
{
    private const int MostRepairs = 2;
    private static readonly AppliedAnswer NothingNew = new(0, 0, []);

    public async Task<SyncResult> RunAsync(CancellationToken cancel)
    {
        var result = new SyncResult(0, 0, 0, 0, []);
        var (more, repairs) = (true, 0);
        while (more)
        {
            var position = await replica.PositionAsync(cancel);
            var batch = position.Waits ? await replica.NextBatchAsync(cancel) : null;
            var applied = await ExchangeAsync(position, batch, cancel);
            result = new SyncResult(
                result.Exchanges + 1, result.ChangesOut + (batch?.Changes.Count ?? 0), result.RowsIn + applied.RowsIn,
                result.Refused + applied.Refused,
                applied.Mismatch.Count > 0 ? applied.Mismatch : result.Mismatch, result.Repaired + applied.Repaired);
            var repair = await StartRepairAsync(applied, cancel) && repairs++ < MostRepairs;
            // A first load that was cut and continued is as of its start: ask for later changes at once.
            more = batch is not null || repair || position.Page is { Table.Length: > 0 };
        }

        return result;
    }

    private async Task<AppliedAnswer> ExchangeAsync(SyncPosition position, Batch? batch, CancellationToken cancel)
    {
        var head = new SyncHead(
            SyncHead.CurrentProtocol, Tables.SchemaVersion, position.Replica, position.Since, position.CheckDue,
            batch?.Id, batch?.Sequence ?? 0, position.Page, position.Sums,
            Totals: position.Page is not null && progress is not null);
        try
        {
            await using var answer = await cloud.ExchangeAsync(head, batch, cancel);
            return answer is null ? NothingNew : await replica.ApplyAsync(answer, progress, cancel);
        }
        catch (CloudRefusedException refused) when (refused.Problem is SyncProblems.Forked or SyncProblems.Gap)
        {
            // The server knows this identity with other batches: this database is a copy or an old backup, or the
            // server's is. It goes on under a new name, with its log, and the exchange is made by the next run.
            await replica.TakeNewIdentityAsync(cancel);
            throw new CloudUnavailableException(
                "This database was copied or restored; it has taken a new identity and will sync again.", refused);
        }
    }

    private async Task<bool> StartRepairAsync(AppliedAnswer applied, CancellationToken cancel)
    {
        if (applied.Mismatch.Count == 0 && !applied.Outdated) return false;
        var reason = applied.Outdated
            ? "the last contact was too long ago"
            : $"{string.Join(", ", applied.Mismatch)} differed from the cloud";
        await replica.StartRepairAsync(reason, cancel);
        return true;
    }
}
