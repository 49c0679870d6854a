namespace Sak.Sync.Replica;

/// <summary>What happened to a row.</summary>
public enum ChangeKind { Insert, Update, Delete }

/// <summary>One column of an update, with the value that the writer saw before (for the three-way merge).</summary>
/// <param name="Column">Index into the table's columns.</param>
public readonly record struct ColumnChange(int Column, object? Old, object? New);

/// <summary>
/// One captured change of one row. Values are <see cref="string"/>, <see cref="long"/> or null; ids are lower-case
/// "D" text, times are Unix milliseconds.
/// </summary>
/// <param name="Sequence">Position in the replica's log; rises within a batch, gaps are allowed.</param>
/// <param name="Row">All columns, for an insert; otherwise empty.</param>
/// <param name="Columns">Changed columns, for an update; otherwise empty.</param>
public sealed record Change(
    long Sequence,
    Table Table,
    ChangeKind Kind,
    string Id,
    IReadOnlyList<object?> Row,
    IReadOnlyList<ColumnChange> Columns);

/// <summary>
/// Changes that travel together and are applied in one transaction. Its identity is made and stored before it is first
/// sent, so that a repeat is the same batch with the same content.
/// </summary>
/// <param name="Sequence">1, 2, 3 … for each replica, without gaps.</param>
public sealed record Batch(Guid Id, long Sequence, IReadOnlyList<Change> Changes);

/// <summary>What became of a change that was not simply taken.</summary>
/// <param name="Sequence">The change's own <see cref="Change.Sequence"/>.</param>
/// <param name="Kind">"conflict": both sides changed a row or column and one value was lost, mostly the agent's (the
/// cloud's comes back); "parked": a row that the cloud does not have was refused.</param>
/// <param name="Column">The column in conflict, or null.</param>
/// <param name="Reason">One sentence for the owner.</param>
public sealed record Refusal(long Sequence, string Kind, string? Column, string Reason)
{
    public const string Conflict = "conflict";
    public const string Parked = "parked";
}

/// <summary>The server's answer to one batch; stored with it, so that a repeat gets the same.</summary>
/// <param name="Version">The shop's version that the batch's rows were stamped with; 0 when nothing was
/// written.</param>
public sealed record BatchAnswer(Guid Id, long Sequence, long Version, IReadOnlyList<Refusal> Refusals);
