using Sak.Sync.Replica;

namespace Sak.Sync.Wire;

/// <summary>
/// The tables that the head of a request names. First each table as this program knows it: the answer holds no others.
/// Then a table once more for each other set of columns that rows of the batch have, since an entry of the change log
/// has the columns of the program that wrote it.
/// </summary>
internal sealed class RequestTables
{
    private readonly List<WireTable> _tables = [.. Tables.All.Select(t => new WireTable(t, AllColumns(t)))];

    public RequestTables(IEnumerable<Change> changes)
    {
        foreach (var change in changes)
            if (IndexOf(change) < 0) _tables.Add(new WireTable(change.Table, Columns(change)));
    }

    public IReadOnlyList<WireTable> All => _tables;

    /// <summary>The table whose columns the change's line uses.</summary>
    public int IndexOf(Change change) => _tables.FindIndex(t => t.Table == change.Table && Fits(t, change));

    private static bool Fits(WireTable table, Change change) =>
        change.Kind == ChangeKind.Insert
            ? Columns(change).SequenceEqual(table.Columns)
            : change.Columns.All(c => table.Columns.Contains(c.Column));

    private static int[] Columns(Change change) =>
        change.Kind == ChangeKind.Insert
            ? [.. AllColumns(change.Table).Where(c => change.Row[c] is not Absent)]
            : AllColumns(change.Table);

    private static int[] AllColumns(Table table) => [.. Enumerable.Range(0, table.Columns.Count)];
}
