using System.Data;
using System.Data.Common;
using System.Text.Json;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Sak.Sync;

namespace Sak.Server.Data;

/// <summary>Many rows on SQL Server: SqlBulkCopy, into the table itself or into a #temp one that updates it. No MERGE, no table-valued parameter.</summary>
internal static class SqlServerRows
{
    public static string Among(DbCommand command, Column column, IReadOnlyCollection<string> values)
    {
        command.Parameters.Add(new SqlParameter("@among", SqlDbType.NVarChar, -1) { Value = JsonSerializer.Serialize(values) });
        // Named, since the column's byte order and the database's own collation would be a conflict.
        var value = column.Kind == ColumnKind.Id ? "CONVERT(uniqueidentifier, [value])" : $"[value] COLLATE {SqlServerDb.ByteOrder}";
        return $"[{column.Name}] IN (SELECT {value} FROM OPENJSON(@among))";
    }

    public static Task InsertAsync(SakDb db, Guid shop, Table table, IReadOnlyList<StoredRow> rows, CancellationToken cancel) =>
        CopyAsync(db, shop, table, table.Name, rows, cancel);

    public static async Task UpdateAsync(SakDb db, Guid shop, Table table, IReadOnlyList<StoredRow> rows, CancellationToken cancel)
    {
        await ExecuteAsync(db, Stage(table), cancel);
        await CopyAsync(db, shop, table, Staged(table), rows, cancel);
        await ExecuteAsync(db, UpdateFromStage(table), cancel);
    }

    internal static string Stage(Table table) => $"SELECT TOP 0 {StoredRow.Columns(table)} INTO {Staged(table)} FROM {table.Name}";

    internal static string UpdateFromStage(Table table)
    {
        var set = string.Join(", ", table.Columns.Skip(1).Select(c => $"[{c.Name}] = i.[{c.Name}]"));
        return $"UPDATE t SET {set}, ver = i.ver, origin = i.origin FROM {table.Name} t JOIN {Staged(table)} i ON t.shop_id = i.shop_id AND t.id = i.id; DROP TABLE {Staged(table)}";
    }

    private static string Staged(Table table) => $"#incoming_{table.Name}";

    private static async Task CopyAsync(SakDb db, Guid shop, Table table, string to, IReadOnlyList<StoredRow> rows, CancellationToken cancel)
    {
        using var copy = new SqlBulkCopy((SqlConnection)db.Database.GetDbConnection(), SqlBulkCopyOptions.CheckConstraints, Transaction(db)) { DestinationTableName = to };
        using var data = new DataTable();
        data.Columns.Add("shop_id", typeof(Guid));
        foreach (var column in table.Columns) data.Columns.Add(column.Name, column.Kind switch { ColumnKind.Id => typeof(Guid), ColumnKind.Text => typeof(string), _ => typeof(long) });
        data.Columns.Add("ver", typeof(long));
        data.Columns.Add("origin", typeof(Guid));
        foreach (DataColumn column in data.Columns) copy.ColumnMappings.Add(column.ColumnName, column.ColumnName);
        foreach (var row in rows)
            data.Rows.Add([shop, .. row.Values.Select((v, i) => v is null ? DBNull.Value : table.Columns[i].Kind == ColumnKind.Id ? Guid.Parse((string)v) : v), row.Ver, (object?)row.Origin ?? DBNull.Value]);
        await copy.WriteToServerAsync(data, cancel);
    }

    private static async Task ExecuteAsync(SakDb db, string sql, CancellationToken cancel)
    {
        await using var command = new SqlCommand(sql, (SqlConnection)db.Database.GetDbConnection(), Transaction(db));
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static SqlTransaction? Transaction(SakDb db) => (SqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction();
}
