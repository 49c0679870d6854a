using System.Data.Common;
using Sak.Server.Data;
using Sak.Sync;

namespace Sak.Server.Sync;

/// <summary>Finds, writes and deletes many synced rows at once, by shop, in the transaction that the context has open.</summary>
public sealed class RowSql(ShopConnection db, Guid shop)
{
    private static readonly Table Tombstones = new("tombstones", Direction.Down, [new("id", ColumnKind.Id), new("table_name", ColumnKind.Text), new("at", ColumnKind.Time)]);

    /// <summary>The rows with these ids, or with these values of another column.</summary>
    public async Task<List<StoredRow>> FindAsync(Table table, string column, IReadOnlyCollection<string> values, CancellationToken cancel)
    {
        var rows = new List<StoredRow>();
        if (values.Count == 0) return rows;
        await using var command = Command();
        var names = string.Join(", ", table.Columns.Select(c => $"\"{c.Name}\""));
        command.CommandText = $"SELECT ver, origin, {names} FROM {table.Name} WHERE shop_id = @shop AND {db.Dialect.Among(command, table.Columns[table.IndexOf(column)], values)}";
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) rows.Add(ReadStored(reader, table));
        return rows;
    }

    /// <summary>Which of these rows there are.</summary>
    public Task<HashSet<string>> ThereAsync(Table table, IReadOnlyCollection<string> ids, CancellationToken cancel) => IdsAsync(table, table.Name, "", ids, cancel);

    /// <summary>Which of these rows were deleted before.</summary>
    public Task<HashSet<string>> DeletedAsync(Table table, IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        IdsAsync(table, "tombstones", $"table_name = '{table.Name}' AND ", ids, cancel);

    public async Task InsertAsync(Table table, IReadOnlyList<StoredRow> rows, CancellationToken cancel)
    {
        if (rows.Count > 0) await db.Dialect.InsertAsync(db, shop, table, rows, cancel);
    }

    public async Task UpdateAsync(Table table, IReadOnlyList<StoredRow> rows, CancellationToken cancel)
    {
        if (rows.Count > 0) await db.Dialect.UpdateAsync(db, shop, table, rows, cancel);
    }

    /// <summary>Gives rows a value of a unique column that nobody else can have, until their update. The version shows the triggers who writes.</summary>
    public async Task GiveUpAsync(Table table, string column, IReadOnlyCollection<string> ids, CancellationToken cancel)
    {
        if (ids.Count == 0) return;
        await using var command = Command();
        command.CommandText = $"UPDATE {table.Name} SET {column} = CONCAT('~', id), ver = -1 - ver WHERE shop_id = @shop AND {db.Dialect.Among(command, table.Columns[0], ids)}";
        await command.ExecuteNonQueryAsync(cancel);
    }

    public Task DeleteAsync(Table table, IReadOnlyCollection<string> ids, CancellationToken cancel) => DeleteAsync(table, table.Name, "", ids, cancel);

    /// <summary>Remembers that rows were deleted.</summary>
    public Task BuryAsync(Table table, IReadOnlyList<(string Id, Guid? Origin)> gone, long version, DateTimeOffset now, CancellationToken cancel) =>
        InsertAsync(Tombstones, [.. gone.Select(g => new StoredRow(g.Id, [g.Id, table.Name, now.ToUnixTimeMilliseconds()], version, g.Origin))], cancel);

    /// <summary>Takes back that rows were deleted.</summary>
    public Task RemoveTombstonesAsync(Table table, IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        DeleteAsync(table, "tombstones", $"table_name = '{table.Name}' AND ", ids, cancel);

    private async Task DeleteAsync(Table table, string from, string where, IReadOnlyCollection<string> ids, CancellationToken cancel)
    {
        if (ids.Count == 0) return;
        await using var command = Command();
        command.CommandText = $"DELETE FROM {from} WHERE shop_id = @shop AND {where}{db.Dialect.Among(command, table.Columns[0], ids)}";
        await command.ExecuteNonQueryAsync(cancel);
    }

    private async Task<HashSet<string>> IdsAsync(Table table, string from, string where, IReadOnlyCollection<string> ids, CancellationToken cancel)
    {
        var found = new HashSet<string>();
        if (ids.Count == 0) return found;
        await using var command = Command();
        command.CommandText = $"SELECT id FROM {from} WHERE shop_id = @shop AND {where}{db.Dialect.Among(command, table.Columns[0], ids)}";
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) found.Add((string)Value(reader, 0)!);
        return found;
    }

    private DbCommand Command() => db.Command("", ("@shop", db.IdValue(shop)));

    private static StoredRow ReadStored(DbDataReader reader, Table table)
    {
        var values = new object?[table.Columns.Count];
        for (var i = 0; i < values.Length; i++) values[i] = Value(reader, i + 2);
        return new StoredRow((string)values[0]!, values, reader.GetInt64(0), Value(reader, 1) is string origin ? Guid.Parse(origin) : null);
    }

    private static object? Value(DbDataReader reader, int at) =>
        reader.GetValue(at) switch { DBNull => null, Guid id => id.ToString("D"), int number => (long)number, var value => value };
}
