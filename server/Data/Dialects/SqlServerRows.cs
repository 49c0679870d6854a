using System.Data;
using System.Data.Common;
using System.Text.Json;
using Microsoft.Data.SqlClient;
using Sak.Sync.Replica;

namespace Sak.Server.Data.Dialects;

/// <summary>
/// Many rows on SQL Server: inserts by SqlBulkCopy, updates by a multi-row UPDATE. No MERGE, no table-valued parameter,
/// no #temp table.
/// </summary>
internal static class SqlServerRows
{
    // SQL Server's limit is 2,100 parameters for a statement.
    private const int MostParameters = 2_000;

    // Compares bytes: "bd-001" and "BD-001" are different SKUs on every engine.
    internal const string ByteOrder = "Latin1_General_BIN2";

    public static string Among(DbCommand command, string name, Column column, IReadOnlyCollection<string> values)
    {
        command.Parameters.Add(
            new SqlParameter(name, SqlDbType.NVarChar, -1) { Value = JsonSerializer.Serialize(values) });
        // The collation is named, because the column's and the database's own would conflict.
        var value = column.Kind == ColumnKind.Id
            ? "CONVERT(uniqueidentifier, [value])"
            : $"[value] COLLATE {ByteOrder}";
        return $"[{column.Name}] IN (SELECT {value} FROM OPENJSON({name}))";
    }

    public static async Task InsertAsync(ShopConnection on, Guid shop, Table table, IReadOnlyList<StoredRow> rows,
        CancellationToken cancel)
    {
        using var copy = new SqlBulkCopy((SqlConnection)on.Driver, SqlBulkCopyOptions.CheckConstraints,
            (SqlTransaction?)on.Transaction) { DestinationTableName = table.Name };
        using var data = new DataTable();
        data.Columns.Add("shop_id", typeof(Guid));
        foreach (var column in table.Columns)
            data.Columns.Add(column.Name,
                column.Kind switch { ColumnKind.Id => typeof(Guid), ColumnKind.Text => typeof(string),
                    _ => typeof(long) });
        data.Columns.Add("ver", typeof(long));
        data.Columns.Add("origin", typeof(Guid));
        foreach (DataColumn column in data.Columns) copy.ColumnMappings.Add(column.ColumnName, column.ColumnName);
        foreach (var row in rows)
            data.Rows.Add(
                [shop, .. row.Values.Select((v, i) => Value(table.Columns[i], v)), row.Ver,
                    (object?)row.Origin ?? DBNull.Value]);
        await copy.WriteToServerAsync(data, cancel);
    }

    /// <summary>
    /// Many rows in one statement, their values as parameters. Not by a #temp table: other servers that speak TDS
    /// accept SqlBulkCopy into ordinary tables but not into those.
    /// </summary>
    public static async Task UpdateAsync(ShopConnection on, Guid shop, Table table, IReadOnlyList<StoredRow> rows,
        CancellationToken cancel)
    {
        foreach (var some in rows.Chunk(RowsAtOnce(table)))
        {
            await using var command = Update(shop, table, some);
            (command.Connection, command.Transaction) = ((SqlConnection)on.Driver, (SqlTransaction?)on.Transaction);
            await command.ExecuteNonQueryAsync(cancel);
        }
    }

    internal static int RowsAtOnce(Table table) => MostParameters / (table.Columns.Count + 2);

    internal static SqlCommand Update(Guid shop, Table table, IReadOnlyList<StoredRow> rows)
    {
        var command = new SqlCommand();
        var values = rows.Select(row =>
        {
            var names = table.Columns.Select((c, i) => Add(command, TypeOf(c), Value(c, row.Values[i]))).ToList();
            return $"({string.Join(", ", names)}, {Add(command, SqlDbType.BigInt, row.Ver)}, "
                + $"{Add(command, SqlDbType.UniqueIdentifier, (object?)row.Origin ?? DBNull.Value)})";
        }).ToList();
        var columns = string.Join(", ", table.Columns.Select(c => $"[{c.Name}]"));
        var set = string.Join(", ", table.Columns.Skip(1).Select(c => $"[{c.Name}] = i.[{c.Name}]"));
        command.CommandText = $"UPDATE t SET {set}, ver = i.ver, origin = i.origin FROM {table.Name} t "
            + $"JOIN (VALUES {string.Join(", ", values)}) AS i ({columns}, ver, origin) ON t.id = i.id WHERE "
                + $"t.shop_id = {Add(command, SqlDbType.UniqueIdentifier, shop)}";
        return command;
    }

    private static string Add(SqlCommand command, SqlDbType type, object value)
    {
        var name = $"@p{command.Parameters.Count}";
        command.Parameters.Add(new SqlParameter(name, type, type == SqlDbType.NVarChar ? -1 : 0) { Value = value });
        return name;
    }

    private static SqlDbType TypeOf(Column column) =>
        column.Kind switch { ColumnKind.Id => SqlDbType.UniqueIdentifier, ColumnKind.Text => SqlDbType.NVarChar,
            _ => SqlDbType.BigInt };

    private static object Value(Column column, object? value) =>
        value is null ? DBNull.Value : column.Kind == ColumnKind.Id ? Guid.Parse((string)value) : value;
}
