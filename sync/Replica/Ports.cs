namespace Sak.Sync.Replica;

/// <summary>The replica on the PC, as the story of a sync sees it.</summary>
public interface IReplica
{
    /// <summary>Identity, watermark, whether something waits for the cloud, and whether checksums are due.</summary>
    Task<SyncPosition> PositionAsync(CancellationToken cancel);

    /// <summary>
    /// The batch that waits for its answer, or else the next one, its identity stored before it is returned; null when
    /// nothing waits. The same batch until it is settled, with the same content.
    /// </summary>
    Task<Batch?> NextBatchAsync(CancellationToken cancel);

    /// <summary>
    /// Settles the batch and applies the rows of an answer (lines as <c>AnswerWriter</c> writes them) with the
    /// watermark in one transaction; a first load page by page, each with its place. What comes after the last mark
    /// that was seen changes nothing.
    /// </summary>
    Task<AppliedAnswer> ApplyAsync(Stream answer, Action<SyncProgress>? progress, CancellationToken cancel);

    /// <summary>
    /// Takes a new identity (the server knows this one with other batches) and will compare all rows.
    /// </summary>
    Task TakeNewIdentityAsync(CancellationToken cancel);

    /// <summary>The next exchange compares all rows with the cloud's; pending changes are kept.</summary>
    Task StartRepairAsync(string reason, CancellationToken cancel);
}

/// <param name="Since">The shop's version that the replica has everything up to.</param>
/// <param name="Waits">True when changes wait for the cloud.</param>
/// <param name="CheckDue">True when checksums should be compared (each hour).</param>
/// <param name="Page">How far a first load has come; null when it is done.</param>
/// <param name="Sums">While the replica repairs itself: what it has.</param>
public sealed record SyncPosition(Guid Replica, long Since, bool Waits, bool CheckDue, PageMark? Page = null,
    IReadOnlyList<TableSums>? Sums = null);

/// <param name="Mismatch">Tables whose checksum differs while nothing was pending; empty when all agree or none
/// was asked for.</param>
/// <param name="Outdated">The cloud no longer knows what was deleted since this replica's last contact.</param>
/// <param name="Repaired">Rows that a repair put right.</param>
public sealed record AppliedAnswer(int RowsIn, int Refused, IReadOnlyList<string> Mismatch, bool Outdated = false,
    int Repaired = 0);

/// <summary>The server, as the story of a sync sees it.</summary>
public interface ICloud
{
    /// <summary>
    /// One exchange: pushes the batch, if any, and gives what is new to read; null when nothing is. Throws, also while
    /// it is read, <see cref="CloudUnavailableException"/> or <see cref="CloudRefusedException"/>.
    /// </summary>
    Task<Stream?> ExchangeAsync(SyncHead head, Batch? batch, CancellationToken cancel);
}

/// <summary>The cloud can't be reached, hung, answered 5xx, or was cut off: try later.</summary>
public sealed class CloudUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The cloud said no and will say no again until someone acts.</summary>
/// <param name="problem">One of <see cref="SyncProblems"/>, or the HTTP status.</param>
public sealed class CloudRefusedException(string problem, string message) : Exception(message)
{
    public string Problem { get; } = problem;
}
