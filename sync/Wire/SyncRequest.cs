using Sak.Sync.Replica;

namespace Sak.Sync.Wire;

/// <summary>
/// A table as the sender knows it. Columns that this side does not know are left out of <paramref name="Columns"/>.
/// </summary>
/// <param name="Columns">Indexes into the table's columns, in the sender's order.</param>
public sealed record WireTable(Table Table, IReadOnlyList<int> Columns)
{
    /// <summary>The tables and columns that an agent of this schema version has.</summary>
    public static IReadOnlyList<WireTable> Of(int schema) =>
        [.. Tables.All.Where(t => t.Since <= schema)
            .Select(t =>
                new WireTable(t, [.. Enumerable.Range(0, t.Columns.Count).Where(c => t.Columns[c].Since <= schema)]))];
}

/// <summary>A sync request: head first, so that it can be refused before the changes are read.</summary>
/// <param name="Tables">What the head names. The first of each table is what the replica knows: the answer
/// holds nothing else.</param>
/// <param name="Changes">To be read once. Throws <see cref="InvalidDataException"/> at a bad line, or when the
/// end is missing.</param>
public sealed record SyncRequest(SyncHead Head, IReadOnlyList<WireTable> Tables, IAsyncEnumerable<Change> Changes);
