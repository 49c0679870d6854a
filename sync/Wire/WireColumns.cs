using System.Text.Json;
using Sak.Sync.Replica;

namespace Sak.Sync.Wire;

/// <summary>
/// The columns of one table as the sender lists them; an unknown column is −1, an unknown table is null.
/// </summary>
/// <param name="Unknown">The table's name and nothing else, when it is not known here.</param>
public readonly record struct WireColumns(Table? Table, int[] Indexes, int[] Known, Table? Unknown = null)
{
    private const int LongestName = 40;

    internal static WireColumns Read(JsonElement node, IReadOnlyList<Table> tables)
    {
        if (node.ValueKind != JsonValueKind.Object || !node.TryGetProperty("columns", out var columns)
            || columns.ValueKind != JsonValueKind.Array)
            throw new InvalidDataException("a table has no columns");
        var name = node.TryGetProperty("name", out var given) || node.TryGetProperty("table", out given)
            ? given
            : default;
        if (name.ValueKind != JsonValueKind.String) throw new InvalidDataException("a table has no name");
        var table = tables.FirstOrDefault(t => t.Name == name.GetString());
        var indexes = columns.EnumerateArray().Select(c => c.ValueKind == JsonValueKind.String
            ? table?.IndexOf(c.GetString()!) ?? -1
            : throw new InvalidDataException("a column's name is not text")).ToArray();
        if (table is not null && (indexes.Length == 0 || indexes[0] != 0))
            throw new InvalidDataException($"the first column of {table.Name} is not \"id\"");
        if (indexes.Where(i => i >= 0).Distinct().Count() != indexes.Count(i => i >= 0))
            throw new InvalidDataException($"a column of {name} stands twice");
        return new WireColumns(table, indexes, [.. indexes.Where(i => i >= 0)],
            table is null ? Named(name.GetString()!) : null);
    }

    private static Table Named(string name) =>
        new(name.Length <= LongestName ? name : name[..LongestName], Direction.Both, []);
}
