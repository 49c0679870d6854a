namespace Sak.Sync.Replica;

/// <summary>
/// How far an answer has been applied: reported every few hundred rows and once when it was stored. It is called in the
/// course of the sync, inside a write transaction, so it must return at once.
/// </summary>
/// <param name="Table">The table whose rows are coming; empty before the first.</param>
/// <param name="Rows">Rows received; for a first load, including those of earlier exchanges.</param>
/// <param name="Total">For a first load: all rows that the cloud has. 0 for other exchanges, and for an older server,
/// which does not count them.</param>
/// <param name="Done">The answer was stored.</param>
public sealed record SyncProgress(string Table, long Rows, long Total, bool Done);
