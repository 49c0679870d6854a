using Sak.Sync.Replica;

namespace Sak.Server.Data;

/// <summary>A row as stored: values in the table's column order, ids as lower-case text.</summary>
public sealed record StoredRow(string Id, object?[] Values, long Ver, Guid? Origin)
{
    /// <summary>The columns of a synced table in the cloud, in the order in which rows are written.</summary>
    public static string Columns(Table table) =>
        $"shop_id, {string.Join(", ", table.Columns.Select(c => $"\"{c.Name}\""))}, ver, origin";
}
