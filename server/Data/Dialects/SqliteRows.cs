using System.Data.Common;
using System.Text.Json;
using Sak.Sync.Replica;

namespace Sak.Server.Data.Dialects;

/// <summary>Many rows on SQLite: one prepared statement, run for each.</summary>
internal static class SqliteRows
{
    public static string Among(DbCommand command, string name, Column column, IReadOnlyCollection<string> values)
    {
        Add(command, name).Value = JsonSerializer.Serialize(values);
        return $"\"{column.Name}\" IN (SELECT value FROM json_each({name}))";
    }

    public static Task InsertAsync(ShopConnection on, Guid shop, Table table, IReadOnlyList<StoredRow> rows,
        CancellationToken cancel)
    {
        var values = string.Join(", ", table.Columns.Select((_, i) => $"@p{i}"));
        return RunAsync(on, shop, table,
            $"INSERT INTO {table.Name} ({StoredRow.Columns(table)}) VALUES (@shop, {values}, @ver, @origin)", rows,
            cancel);
    }

    public static Task UpdateAsync(ShopConnection on, Guid shop, Table table, IReadOnlyList<StoredRow> rows,
        CancellationToken cancel)
    {
        var set = string.Join(", ", table.Columns.Select((c, i) => $"\"{c.Name}\" = @p{i}").Skip(1));
        return RunAsync(on, shop, table,
            $"UPDATE {table.Name} SET {set}, ver = @ver, origin = @origin WHERE shop_id = @shop AND id = @p0", rows,
            cancel);
    }

    private static async Task RunAsync(ShopConnection on, Guid shop, Table table, string sql,
        IReadOnlyList<StoredRow> rows, CancellationToken cancel)
    {
        await using var command = on.Command(sql);
        Add(command, "@shop").Value = shop.ToString("D");
        var cells = table.Columns.Select((_, i) => Add(command, $"@p{i}")).ToArray();
        var (ver, origin) = (Add(command, "@ver"), Add(command, "@origin"));
        foreach (var row in rows)
        {
            for (var i = 0; i < cells.Length; i++) cells[i].Value = row.Values[i] ?? DBNull.Value;
            (ver.Value, origin.Value) = (row.Ver, (object?)row.Origin?.ToString("D") ?? DBNull.Value);
            await command.ExecuteNonQueryAsync(cancel);
        }
    }

    private static DbParameter Add(DbCommand command, string name)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        command.Parameters.Add(parameter);
        return parameter;
    }
}
