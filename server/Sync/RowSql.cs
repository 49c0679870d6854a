using System.Data.Common;
using Sak.Server.Data;
using Sak.Sync.Replica;

namespace Sak.Server.Sync;

/// <summary>Writes and deletes many synced rows at once, by shop, in the transaction that is open.</summary>
public sealed class RowSql(ShopConnection db, Guid shop)
{
    private static readonly Table Tombstones = new("tombstones", Direction.Down,
        [new("id", ColumnKind.Id), new("table_name", ColumnKind.Text), new("at", ColumnKind.Time)]);

    public RowQuestions Questions() => new(db, shop);

    public async Task InsertAsync(Table table, IReadOnlyList<StoredRow> rows, CancellationToken cancel)
    {
        if (rows.Count > 0) await db.Dialect.InsertAsync(db, shop, table, rows, cancel);
    }

    public async Task UpdateAsync(Table table, IReadOnlyList<StoredRow> rows, CancellationToken cancel)
    {
        if (rows.Count > 0) await db.Dialect.UpdateAsync(db, shop, table, rows, cancel);
    }

    /// <summary>
    /// Sets a unique column of rows to a temporary value that no other row can have, until their update. The negative
    /// version shows the triggers that SAK writes.
    /// </summary>
    public async Task ReleaseUniqueAsync(Table table, string column, IReadOnlyCollection<string> ids,
        CancellationToken cancel)
    {
        if (ids.Count == 0) return;
        await using var command = Command();
        command.CommandText =
            $"UPDATE {table.Name} SET {column} = CONCAT('~', id), ver = -1 - ver WHERE shop_id = @shop AND "
                + db.Dialect.Among(command, table.Columns[0], ids);
        await command.ExecuteNonQueryAsync(cancel);
    }

    public Task DeleteAsync(Table table, IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        DeleteAsync(table, table.Name, "", ids, cancel);

    /// <summary>Records that rows were deleted.</summary>
    public Task AddTombstonesAsync(Table table, IReadOnlyList<(string Id, Guid? Origin)> gone, long version,
        DateTimeOffset now, CancellationToken cancel)
    {
        StoredRow Tombstone(string id, Guid? origin) =>
            new(id, [id, table.Name, now.ToUnixTimeMilliseconds()], version, origin);
        return InsertAsync(Tombstones, [.. gone.Select(g => Tombstone(g.Id, g.Origin))], cancel);
    }

    /// <summary>Removes the records of deletion of rows that exist again.</summary>
    public Task RemoveTombstonesAsync(Table table, IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        DeleteAsync(table, "tombstones", $"table_name = '{table.Name}' AND ", ids, cancel);

    private async Task DeleteAsync(Table table, string from, string where, IReadOnlyCollection<string> ids,
        CancellationToken cancel)
    {
        if (ids.Count == 0) return;
        await using var command = Command();
        command.CommandText =
            $"DELETE FROM {from} WHERE shop_id = @shop AND {where}{db.Dialect.Among(command, table.Columns[0], ids)}";
        await command.ExecuteNonQueryAsync(cancel);
    }

    private DbCommand Command() => db.Command("", ("@shop", db.IdValue(shop)));
}
