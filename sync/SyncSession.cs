using Sak.Sync.Wire;

namespace Sak.Sync;

/// <summary>What one run of the session did.</summary>
/// <param name="Mismatch">Tables that differed from the cloud and are being repaired.</param>
public sealed record SyncResult(int Exchanges, int ChangesOut, int RowsIn, int Refused, IReadOnlyList<string> Mismatch);

/// <summary>What the owner of a replica may want to see while it syncs. Plain delegates; all optional.</summary>
public sealed record SyncHooks(Action<Batch>? Outgoing = null, Action<AppliedAnswer>? Incoming = null);

/// <summary>
/// The story of a sync: take the waiting batch, exchange it for what is new, apply the answer in one transaction; again
/// until nothing waits. Crash or lose anything at any step and run it again: the batch keeps its identity until its
/// answer was applied, and the server answers a repeat from its memory.
/// </summary>
public sealed class SyncSession(IReplica replica, ICloud cloud, SyncHooks? hooks = null)
{
    private static readonly SyncResult Nothing = new(0, 0, 0, 0, []);

    public async Task<SyncResult> RunAsync(CancellationToken cancel)
    {
        var result = Nothing;
        Batch? batch;
        do
        {
            batch = await replica.NextBatchAsync(cancel);
            result = await ExchangeAsync(batch, result, cancel);
        }
        while (batch is not null || result.Mismatch.Count > 0 && result.Exchanges < 2);
        return result;
    }

    private async Task<SyncResult> ExchangeAsync(Batch? batch, SyncResult sofar, CancellationToken cancel)
    {
        var position = await replica.PositionAsync(cancel);
        var head = new SyncHead(Protocol.Version, Tables.SchemaVersion, position.Replica, position.Since, position.CheckDue, batch?.Id, batch?.Sequence ?? 0);
        if (batch is not null) hooks?.Outgoing?.Invoke(batch);

        var applied = await ApplyOrForkAsync(head, batch, cancel);
        hooks?.Incoming?.Invoke(applied);
        if (applied.Mismatch.Count > 0)
            await replica.StartRepairAsync($"{string.Join(", ", applied.Mismatch)} differed from the cloud", cancel);

        return new SyncResult(
            sofar.Exchanges + 1,
            sofar.ChangesOut + (batch?.Changes.Count ?? 0),
            sofar.RowsIn + applied.RowsIn,
            sofar.Refused + applied.Refused,
            applied.Mismatch.Count > 0 ? applied.Mismatch : sofar.Mismatch);
    }

    // The server knows this identity with other batches: this database is a copy or an old backup. It goes on under a new
    // name, with its log, and the exchange is made by the next run.
    private async Task<AppliedAnswer> ApplyOrForkAsync(SyncHead head, Batch? batch, CancellationToken cancel)
    {
        try
        {
            return await replica.ApplyAsync(cloud.ExchangeAsync(head, batch, cancel), cancel);
        }
        catch (CloudRefusedException refused) when (refused.Problem is SyncProblems.Forked or SyncProblems.Gap)
        {
            await replica.TakeNewIdentityAsync(cancel);
            throw new CloudUnavailableException("This database was copied or restored; it has taken a new identity and will sync again.", refused);
        }
    }
}
