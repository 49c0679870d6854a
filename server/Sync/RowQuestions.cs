using System.Data.Common;
using System.Text;
using Sak.Server.Data;
using Sak.Sync.Replica;

namespace Sak.Server.Sync;

/// <summary>
/// Questions about many rows of a shop, collected first and then sent in one round trip.
/// </summary>
public sealed class RowQuestions(ShopConnection db, Guid shop)
{
    private readonly DbCommand _command = db.Command("", ("@shop", db.IdValue(shop)));
    private readonly StringBuilder _sql = new();
    private readonly List<Action<DbDataReader>> _answers = [];

    /// <summary>The rows with these ids, or with these values of another column.</summary>
    public void FindRows(Table table, string column, IReadOnlyCollection<string> values, Action<StoredRow> found) =>
        Ask($"ver, origin, {string.Join(", ", table.Columns.Select(c => $"\"{c.Name}\""))} FROM {table.Name}", table,
            column, values, row => found(Stored(row, table)));

    /// <summary>Which of these rows exist.</summary>
    public void FindExisting(Table table, IReadOnlyCollection<string> ids, Action<string> found) =>
        Ask($"id FROM {table.Name}", table, "id", ids, row => found((string)Value(row, 0)!));

    /// <summary>Which of these rows were deleted before.</summary>
    public void FindDeleted(Table table, IReadOnlyCollection<string> ids, Action<string> found) =>
        Ask("id FROM tombstones", table, "id", ids, row => found((string)Value(row, 0)!),
            $"table_name = '{table.Name}' AND ");

    /// <summary>Sends all questions, in their order, in the open transaction. To be called once.</summary>
    public async Task AskAsync(CancellationToken cancel)
    {
        await using var command = _command;
        if (_answers.Count == 0) return;
        command.CommandText = _sql.ToString();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        foreach (var read in _answers)
        {
            while (await reader.ReadAsync(cancel)) read(reader);
            await reader.NextResultAsync(cancel);
        }
    }

    private void Ask(string what, Table table, string column, IReadOnlyCollection<string> values,
        Action<DbDataReader> read, string where = "")
    {
        if (values.Count == 0) return;
        var among = db.Dialect.Among(_command, table.Columns[table.IndexOf(column)], values);
        _sql.Append($"SELECT {what} WHERE shop_id = @shop AND {where}{among}; ");
        _answers.Add(read);
    }

    private static StoredRow Stored(DbDataReader reader, Table table)
    {
        var values = new object?[table.Columns.Count];
        for (var i = 0; i < values.Length; i++) values[i] = Value(reader, i + 2);
        return new StoredRow((string)values[0]!, values, reader.GetInt64(0),
            Value(reader, 1) is string origin ? Guid.Parse(origin) : null);
    }

    private static object? Value(DbDataReader reader, int at) =>
        reader.GetValue(at) switch { DBNull => null, Guid id => id.ToString("D"), int number => (long)number,
            var value => value };
}
