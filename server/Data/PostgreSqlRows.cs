using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Sak.Sync;

namespace Sak.Server.Data;

/// <summary>Many rows on PostgreSQL: binary COPY into a temporary table, and from there in one statement.</summary>
internal static class PostgreSqlRows
{
    public static string Among(DbCommand command, Column column, IReadOnlyCollection<string> values)
    {
        command.Parameters.Add(column.Kind == ColumnKind.Id
            ? new NpgsqlParameter("@among", NpgsqlDbType.Array | NpgsqlDbType.Uuid) { Value = values.Select(Guid.Parse).ToArray() }
            : new NpgsqlParameter("@among", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = values.ToArray() });
        return $"\"{column.Name}\" = ANY(@among)";
    }

    // Not straight into the table: PostgreSQL has no COPY into one behind row-level security. 4,000 order lines took 58 ms
    // either way, since their keys and indexes are what costs.
    public static async Task InsertAsync(SakDb db, Guid shop, Table table, IReadOnlyList<StoredRow> rows, CancellationToken cancel)
    {
        var incoming = await StageAsync(Connection(db), "new", shop, table, rows, cancel);
        await ExecuteAsync(Connection(db), $"INSERT INTO {table.Name} ({StoredRow.Columns(table)}) SELECT {StoredRow.Columns(table)} FROM {incoming}", cancel);
    }

    public static async Task UpdateAsync(SakDb db, Guid shop, Table table, IReadOnlyList<StoredRow> rows, CancellationToken cancel)
    {
        var connection = Connection(db);
        var incoming = await StageAsync(connection, "changed", shop, table, rows, cancel);
        var set = string.Join(", ", table.Columns.Skip(1).Select(c => $"\"{c.Name}\" = i.\"{c.Name}\""));
        await ExecuteAsync(connection, $"UPDATE {table.Name} t SET {set}, ver = i.ver, origin = i.origin FROM {incoming} i WHERE t.shop_id = i.shop_id AND t.id = i.id", cancel);
    }

    // Bench and import insert more than once in a transaction: the table of the time before goes first.
    private static async Task<string> StageAsync(NpgsqlConnection connection, string kind, Guid shop, Table table, IReadOnlyList<StoredRow> rows, CancellationToken cancel)
    {
        var incoming = $"{kind}_{table.Name}";
        await ExecuteAsync(connection, $"DROP TABLE IF EXISTS pg_temp.{incoming}; CREATE TEMP TABLE {incoming} (LIKE {table.Name}) ON COMMIT DROP", cancel);
        await CopyAsync(connection, shop, table, incoming, rows, cancel);
        return incoming;
    }

    private static async Task CopyAsync(NpgsqlConnection connection, Guid shop, Table table, string to, IReadOnlyList<StoredRow> rows, CancellationToken cancel)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"COPY {to} ({StoredRow.Columns(table)}) FROM STDIN (FORMAT BINARY)", cancel);
        // Into the driver's buffer: to await each value would cost more than the value.
        foreach (var row in rows)
        {
            copy.StartRow();
            copy.Write(shop, NpgsqlDbType.Uuid);
            for (var i = 0; i < row.Values.Length; i++) Write(copy, table.Columns[i].Kind, row.Values[i]);
            copy.Write(row.Ver, NpgsqlDbType.Bigint);
            if (row.Origin is { } origin) copy.Write(origin, NpgsqlDbType.Uuid);
            else copy.WriteNull();
        }

        await copy.CompleteAsync(cancel);
    }

    private static void Write(NpgsqlBinaryImporter copy, ColumnKind kind, object? value)
    {
        if (value is null) copy.WriteNull();
        else if (kind == ColumnKind.Id) copy.Write(Guid.Parse((string)value), NpgsqlDbType.Uuid);
        else if (kind == ColumnKind.Text) copy.Write((string)value, NpgsqlDbType.Text);
        else copy.Write((long)value, NpgsqlDbType.Bigint);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static NpgsqlConnection Connection(SakDb db) => (NpgsqlConnection)db.Database.GetDbConnection();
}
