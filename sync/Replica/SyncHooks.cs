namespace Sak.Sync.Replica;

/// <summary>
/// What whoever owns a replica may want to see while it syncs. Plain delegates, all optional; one that is null costs
/// nothing. They are called in the sync's own course, so a slow one slows it, and what one throws ends the run as a
/// fault would.
/// </summary>
/// <param name="Outgoing">Before a batch is sent, and again when it is repeated.</param>
/// <param name="Incoming">After an answer was applied.</param>
/// <param name="Failed">When the cloud is away or refuses; the exception goes on to the caller.</param>
/// <param name="RowOutgoing">Each change of a batch before it is sent.</param>
/// <param name="RowIncoming">Each row and deletion as it comes off the line, before it is stored; of an answer that was
/// cut, it comes again.</param>
/// <param name="Conflict">Each change that the cloud did not simply take, after its answer was stored.</param>
/// <param name="Progress">While an answer comes, each 500 rows and when it was stored; a first load has true
/// totals.</param>
public sealed record SyncHooks(
    Action<Batch>? Outgoing = null,
    Action<AppliedAnswer>? Incoming = null,
    Action<Exception>? Failed = null,
    Action<Change>? RowOutgoing = null,
    Action<AnswerLine>? RowIncoming = null,
    Action<RefusedChange>? Conflict = null,
    Action<SyncProgress>? Progress = null)
{
    internal bool WatchesAnswers => RowIncoming is not null || Conflict is not null || Progress is not null;
}

/// <summary>A change and what became of it.</summary>
public sealed record RefusedChange(Change Change, Refusal Refusal);

/// <param name="Table">The table whose rows are coming; empty before the first.</param>
/// <param name="Rows">Rows that came; of a first load, those of earlier exchanges too.</param>
/// <param name="Total">Of a first load: all rows that the cloud has. 0 when nobody said: no first load, or an older
/// server.</param>
/// <param name="Done">The answer was stored.</param>
public sealed record SyncProgress(string Table, long Rows, long Total, bool Done);
