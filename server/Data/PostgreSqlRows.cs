using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Sak.Sync;

namespace Sak.Server.Data;

/// <summary>Many rows on PostgreSQL: binary COPY, into the table itself or into a temporary one that updates it.</summary>
internal static class PostgreSqlRows
{
    public static string Among(DbCommand command, Column column, IReadOnlyCollection<string> values)
    {
        command.Parameters.Add(column.Kind == ColumnKind.Id
            ? new NpgsqlParameter("@among", NpgsqlDbType.Array | NpgsqlDbType.Uuid) { Value = values.Select(Guid.Parse).ToArray() }
            : new NpgsqlParameter("@among", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = values.ToArray() });
        return $"\"{column.Name}\" = ANY(@among)";
    }

    public static Task InsertAsync(SakDb db, Guid shop, Table table, IReadOnlyList<StoredRow> rows, CancellationToken cancel) =>
        CopyAsync(Connection(db), shop, table, table.Name, rows, cancel);

    public static async Task UpdateAsync(SakDb db, Guid shop, Table table, IReadOnlyList<StoredRow> rows, CancellationToken cancel)
    {
        var connection = Connection(db);
        var incoming = $"incoming_{table.Name}";
        await ExecuteAsync(connection, $"CREATE TEMP TABLE {incoming} (LIKE {table.Name}) ON COMMIT DROP", cancel);
        await CopyAsync(connection, shop, table, incoming, rows, cancel);
        var set = string.Join(", ", table.Columns.Skip(1).Select(c => $"\"{c.Name}\" = i.\"{c.Name}\""));
        await ExecuteAsync(connection, $"UPDATE {table.Name} t SET {set}, ver = i.ver, origin = i.origin FROM {incoming} i WHERE t.shop_id = i.shop_id AND t.id = i.id", cancel);
    }

    private static async Task CopyAsync(NpgsqlConnection connection, Guid shop, Table table, string to, IReadOnlyList<StoredRow> rows, CancellationToken cancel)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"COPY {to} ({StoredRow.Columns(table)}) FROM STDIN (FORMAT BINARY)", cancel);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(cancel);
            await copy.WriteAsync(shop, NpgsqlDbType.Uuid, cancel);
            for (var i = 0; i < row.Values.Length; i++) await WriteAsync(copy, table.Columns[i].Kind, row.Values[i], cancel);
            await copy.WriteAsync(row.Ver, NpgsqlDbType.Bigint, cancel);
            if (row.Origin is { } origin) await copy.WriteAsync(origin, NpgsqlDbType.Uuid, cancel);
            else await copy.WriteNullAsync(cancel);
        }

        await copy.CompleteAsync(cancel);
    }

    private static Task WriteAsync(NpgsqlBinaryImporter copy, ColumnKind kind, object? value, CancellationToken cancel) =>
        (kind, value) switch
        {
            (_, null) => copy.WriteNullAsync(cancel),
            (ColumnKind.Id, string id) => copy.WriteAsync(Guid.Parse(id), NpgsqlDbType.Uuid, cancel),
            (_, string text) => copy.WriteAsync(text, NpgsqlDbType.Text, cancel),
            _ => copy.WriteAsync((long)value, NpgsqlDbType.Bigint, cancel),
        };

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static NpgsqlConnection Connection(SakDb db) => (NpgsqlConnection)db.Database.GetDbConnection();
}
