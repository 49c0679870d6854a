using Sak.Sync.Wire;

namespace Sak.Sync;

/// <summary>The replica on the PC, as the story of a sync sees it.</summary>
public interface IReplica
{
    /// <summary>Identity, watermark, and whether checksums are due.</summary>
    Task<SyncPosition> PositionAsync(CancellationToken cancel);

    /// <summary>
    /// The batch that waits for its answer, or else the next one, its identity stored before it is returned; null when
    /// nothing waits. The same batch until it is settled, with the same content.
    /// </summary>
    Task<Batch?> NextBatchAsync(CancellationToken cancel);

    /// <summary>
    /// Settles the batch and applies rows and watermark in one transaction; does nothing at all when the answer ends
    /// before its mark.
    /// </summary>
    Task<AppliedAnswer> ApplyAsync(IAsyncEnumerable<AnswerLine> answer, CancellationToken cancel);

    /// <summary>Takes a new identity (the server knows this one with other batches) and will pull everything again.</summary>
    Task TakeNewIdentityAsync(CancellationToken cancel);

    /// <summary>Will pull everything again and compare; pending changes are kept.</summary>
    Task StartRepairAsync(string reason, CancellationToken cancel);
}

/// <param name="Since">The shop's version that the replica has everything up to.</param>
/// <param name="CheckDue">True when checksums should be compared (first contact, then each hour).</param>
public sealed record SyncPosition(Guid Replica, long Since, bool CheckDue);

/// <param name="Mismatch">Tables whose checksum differs while nothing was pending; empty when all agree or none was asked for.</param>
public sealed record AppliedAnswer(int RowsIn, int Refused, IReadOnlyList<string> Mismatch);

/// <summary>The server, as the story of a sync sees it.</summary>
public interface ICloud
{
    /// <summary>
    /// One exchange: pushes the batch, if any, and streams what is new. An empty stream means nothing is new.
    /// Throws <see cref="CloudUnavailableException"/> or <see cref="CloudRefusedException"/>.
    /// </summary>
    IAsyncEnumerable<AnswerLine> ExchangeAsync(SyncHead head, Batch? batch, CancellationToken cancel);
}

/// <summary>The cloud can't be reached, hung, answered 5xx, or was cut off: try later.</summary>
public sealed class CloudUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The cloud said no and will say no again until someone acts.</summary>
/// <param name="problem">One of <see cref="SyncProblems"/>, or the HTTP status.</param>
public sealed class CloudRefusedException(string problem, string message) : Exception(message)
{
    public string Problem { get; } = problem;
}
