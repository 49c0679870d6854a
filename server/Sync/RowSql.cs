using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Sak.Server.Data;
using Sak.Sync;

namespace Sak.Server.Sync;

/// <summary>A row as the database holds it: values in the table's column order, ids as lower-case text.</summary>
public sealed record StoredRow(string Id, object?[] Values, long Ver, Guid? Origin);

/// <summary>
/// The SQL of synced rows, made from <see cref="Tables"/> and the same on every engine: plain SELECT, INSERT, UPDATE and
/// DELETE, every one by shop. Runs in the transaction that the context has open.
/// </summary>
public sealed class RowSql(SakDb db, Guid shop)
{
    // SQL Server takes 2,100 parameters and 1,000 rows a statement; the others more.
    private const int MaxParameters = 2_000;

    /// <summary>The rows with these ids, or with these values of another column.</summary>
    public async Task<List<StoredRow>> FindAsync(Table table, string column, IEnumerable<string> values, CancellationToken cancel)
    {
        var rows = new List<StoredRow>();
        foreach (var chunk in values.Distinct().Chunk(MaxParameters / 2))
        {
            await using var command = Command();
            var kind = table.Columns[table.IndexOf(column)].Kind;
            var wanted = chunk.Select((value, i) => Add(command, $"@p{i}", kind, value)).ToList();
            var among = $"{Quote(column)} IN ({string.Join(',', wanted)})";
            command.CommandText = $"SELECT ver, origin, {Names(table.Columns)} FROM {table.Name} WHERE shop_id = @shop AND {among}";
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel)) rows.Add(ReadStored(reader, table));
        }

        return rows;
    }

    /// <summary>Rows above a version, lowest first: version and the wanted columns. Without the replica's own, when one is given.</summary>
    public async IAsyncEnumerable<(long Ver, object?[] Values)> NewsAsync(
        Table table, IReadOnlyList<int> columns, long since, Guid? without, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var command = Command();
        Add(command, "@since", ColumnKind.Integer, since);
        var echo = without is { } replica ? $" AND (origin IS NULL OR origin <> {Add(command, "@origin", ColumnKind.Id, replica.ToString("D"))})" : "";
        var names = Names(columns.Select(c => table.Columns[c]));
        command.CommandText = $"SELECT ver, {names} FROM {table.Name} WHERE shop_id = @shop AND ver > @since{echo} ORDER BY ver";
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var values = new object?[columns.Count];
            for (var i = 0; i < values.Length; i++) values[i] = Value(reader, i + 1);
            yield return (reader.GetInt64(0), values);
        }
    }

    public async Task InsertAsync(Table table, IReadOnlyList<StoredRow> rows, CancellationToken cancel)
    {
        var width = table.Columns.Count + 2;
        foreach (var chunk in rows.Chunk(Math.Min(MaxParameters / width, 500)))
        {
            await using var command = Command();
            var n = 0;
            var lines = chunk.Select(row =>
            {
                var cells = table.Columns.Select((c, i) => Add(command, $"@p{n++}", c.Kind, row.Values[i])).ToList();
                cells.Add(Add(command, $"@p{n++}", ColumnKind.Integer, row.Ver));
                cells.Add(Add(command, $"@p{n++}", ColumnKind.Id, row.Origin?.ToString("D")));
                return $"(@shop,{string.Join(',', cells)})";
            }).ToList();
            command.CommandText = $"INSERT INTO {table.Name} (shop_id, {Names(table.Columns)}, ver, origin) VALUES {string.Join(',', lines)}";
            await command.ExecuteNonQueryAsync(cancel);
        }
    }

    public async Task UpdateAsync(Table table, StoredRow row, CancellationToken cancel)
    {
        await using var command = Command();
        var set = table.Columns.Skip(1).Select((c, i) => $"{Quote(c.Name)} = {Add(command, $"@p{i}", c.Kind, row.Values[i + 1])}").ToList();
        set.Add($"ver = {Add(command, "@ver", ColumnKind.Integer, row.Ver)}");
        set.Add($"origin = {Add(command, "@origin", ColumnKind.Id, row.Origin?.ToString("D"))}");
        command.CommandText = $"UPDATE {table.Name} SET {string.Join(", ", set)} WHERE shop_id = @shop AND id = {Add(command, "@id", ColumnKind.Id, row.Id)}";
        await command.ExecuteNonQueryAsync(cancel);
    }

    public async Task DeleteAsync(Table table, string id, CancellationToken cancel)
    {
        await using var command = Command();
        command.CommandText = $"DELETE FROM {table.Name} WHERE shop_id = @shop AND id = {Add(command, "@id", ColumnKind.Id, id)}";
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Ids and versions of a whole table, for checksums.</summary>
    public async IAsyncEnumerable<(string Id, long Ver)> VersionsAsync(Table table, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var command = Command();
        command.CommandText = $"SELECT id, ver FROM {table.Name} WHERE shop_id = @shop";
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) yield return ((string)Value(reader, 0)!, reader.GetInt64(1));
    }

    private DbCommand Command()
    {
        var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        Add(command, "@shop", ColumnKind.Id, shop.ToString("D"));
        return command;
    }

    private string Add(DbCommand command, string name, ColumnKind kind, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value is null ? DBNull.Value : kind == ColumnKind.Id ? db.IdValue(Guid.Parse((string)value)) : value;
        // Without a value the driver has nothing to infer the type from.
        if (value is null) parameter.DbType = kind switch { ColumnKind.Id => DbType.Guid, ColumnKind.Text => DbType.String, _ => DbType.Int64 };
        command.Parameters.Add(parameter);
        return name;
    }

    private static StoredRow ReadStored(DbDataReader reader, Table table)
    {
        var values = new object?[table.Columns.Count];
        for (var i = 0; i < values.Length; i++) values[i] = Value(reader, i + 2);
        return new StoredRow((string)values[0]!, values, reader.GetInt64(0), Value(reader, 1) is string origin ? Guid.Parse(origin) : null);
    }

    private static object? Value(DbDataReader reader, int at) =>
        reader.GetValue(at) switch { DBNull => null, Guid id => id.ToString("D"), int number => (long)number, var value => value };

    private static string Names(IEnumerable<Column> columns) => string.Join(", ", columns.Select(c => Quote(c.Name)));

    private static string Quote(string name) => $"\"{name}\"";
}
