using System.Data.Common;
using Npgsql;
using NpgsqlTypes;
using Sak.Sync.Replica;

namespace Sak.Server.Data.Dialects;

/// <summary>
/// Many rows on PostgreSQL in few statements: one array for each column. That takes a third of COPY's time and needs
/// no temporary table.
/// </summary>
internal static class PostgreSqlRows
{
    private const int Piece = 1_000;

    public static string Among(DbCommand command, string name, Column column, IReadOnlyCollection<string> values)
    {
        command.Parameters.Add(column.Kind == ColumnKind.Id
            ? new NpgsqlParameter(name,
                NpgsqlDbType.Array | NpgsqlDbType.Uuid) { Value = values.Select(Guid.Parse).ToArray() }
            : new NpgsqlParameter(name, NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = values.ToArray() });
        // Not = ANY(…): a generic plan for arrays of any length may search the whole array for each row of the shop (68
        // ms for 2,000 of 20,000 products; 4 ms this way).
        return $"\"{column.Name}\" IN (SELECT * FROM unnest({name}))";
    }

    // Not by COPY, which PostgreSQL does not allow on a table with row-level security.
    public static Task InsertAsync(ShopConnection on, Guid shop, Table table, IReadOnlyList<StoredRow> rows,
        CancellationToken cancel) =>
        ExecuteAsync(on, shop, table, rows,
            $"INSERT INTO {table.Name} ({StoredRow.Columns(table)}) SELECT @shop, {Given(table)}", cancel);

    public static Task UpdateAsync(ShopConnection on, Guid shop, Table table, IReadOnlyList<StoredRow> rows,
        CancellationToken cancel)
    {
        var set = string.Join(", ", table.Columns.Skip(1).Select(c => $"\"{c.Name}\" = i.\"{c.Name}\""));
        return ExecuteAsync(on, shop, table, rows,
            $"UPDATE {table.Name} t SET {set}, ver = i.ver, origin = i.origin FROM (SELECT "
                + $"{Given(table)}) i WHERE t.shop_id = @shop AND t.id = i.id", cancel);
    }

    // unnest in the SELECT list instead of in FROM, where each array would first be materialised as a table.
    private static string Given(Table table) =>
        string.Concat(table.Columns.Select(c => $"unnest(@{c.Name}) AS \"{c.Name}\", "))
            + "unnest(@ver) AS ver, unnest(@origin) AS origin";

    // In pieces, so that the database processes one while the next is sent.
    private static async Task ExecuteAsync(ShopConnection on, Guid shop, Table table, IReadOnlyList<StoredRow> rows,
        string sql, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch((NpgsqlConnection)on.Driver);
        foreach (var piece in rows.Chunk(Piece)) batch.BatchCommands.Add(Command(sql, shop, table, piece));
        await batch.ExecuteNonQueryAsync(cancel);
    }

    private static NpgsqlBatchCommand Command(string sql, Guid shop, Table table, StoredRow[] rows)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.Add(new NpgsqlParameter("@shop", NpgsqlDbType.Uuid) { Value = shop });
        for (var i = 0; i < table.Columns.Count; i++) command.Parameters.Add(Values(table.Columns[i], i, rows));
        command.Parameters.Add(
            new NpgsqlParameter("@ver", NpgsqlDbType.Array | NpgsqlDbType.Bigint) { Value = Array(rows, r => r.Ver) });
        command.Parameters.Add(
            new NpgsqlParameter("@origin",
                NpgsqlDbType.Array | NpgsqlDbType.Uuid) { Value = Array(rows, r => r.Origin) });
        return command;
    }

    private static NpgsqlParameter Values(Column column, int at, StoredRow[] rows) =>
        column.Kind switch
        {
            ColumnKind.Id =>
                new($"@{column.Name}",
                    NpgsqlDbType.Array
                        | NpgsqlDbType.Uuid)
                            { Value = Array(rows, r => r.Values[at] is string id ? Guid.Parse(id) : (Guid?)null) },
            ColumnKind.Text =>
                new($"@{column.Name}",
                    NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = Array(rows, r => (string?)r.Values[at]) },
            _ => new($"@{column.Name}",
                NpgsqlDbType.Array | NpgsqlDbType.Bigint) { Value = Array(rows, r => (long?)r.Values[at]) },
        };

    private static T[] Array<T>(StoredRow[] rows, Func<StoredRow, T> value)
    {
        var values = new T[rows.Length];
        for (var i = 0; i < values.Length; i++) values[i] = value(rows[i]);
        return values;
    }
}
