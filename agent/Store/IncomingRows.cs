using Microsoft.Data.Sqlite;
using Sak.Sync;
using Sak.Sync.Wire;

namespace Sak.Agent.Store;

/// <summary>Puts the cloud's rows into the tables, inside the caller's transaction. What this PC changed and has not sent stays.</summary>
internal sealed class IncomingRows(SqliteConnection connection)
{
    private readonly Dictionary<(string Table, string Id), HashSet<string>?> pending = ChangeLog.Pending(connection);
    private readonly Dictionary<Table, HashSet<string>> seen = Tables.All.ToDictionary(t => t, _ => new HashSet<string>());

    public int Count { get; private set; }

    public void Apply(AnswerLine line)
    {
        if (line is AnswerLine.Row row) Put(row);
        else if (line is AnswerLine.Gone gone) Drop(gone);
    }

    /// <summary>
    /// After everything was sent anew: what the cloud once had and no longer sends goes; what it never had and nothing
    /// waits to tell it of is told again.
    /// </summary>
    public void DropTheRest()
    {
        foreach (var table in Tables.All.Reverse())
        {
            foreach (var id in Unseen(table, "ver > 0")) Delete(table, id);
            foreach (var id in Unseen(table, "ver = 0 AND id NOT IN (SELECT id FROM refusals WHERE settled_at IS NULL)")) Capture(table, id);
        }
    }

    private void Put(AnswerLine.Row row)
    {
        Count++;
        var id = (string)row.Values[0]!;
        seen[row.Table].Add(id);
        HashSet<string>? mine = null;
        if (pending.TryGetValue((row.Table.Name, id), out mine) && mine is null) return;

        var columns = row.Columns.Select(c => row.Table.Columns[c].Name).ToList();
        var updates = columns.Skip(1).Where(c => mine is null || !mine.Contains(c)).Select(c => $"{c} = excluded.{c}").Append("ver = excluded.ver");
        using var command = connection.CreateCommand();
        command.CommandText =
            $"""
            INSERT INTO {row.Table.Name} ({string.Join(", ", columns)}, ver) VALUES ({string.Join(", ", columns.Select((_, i) => $"${i}"))}, $ver)
            ON CONFLICT (id) DO UPDATE SET {string.Join(", ", updates)}
            """;
        for (var i = 0; i < columns.Count; i++) command.Parameters.AddWithValue($"${i}", row.Values[i] ?? DBNull.Value);
        command.Parameters.AddWithValue("$ver", row.Version);
        command.ExecuteNonQuery();
    }

    private void Drop(AnswerLine.Gone gone)
    {
        Count++;
        if (!pending.ContainsKey((gone.Table.Name, gone.Id))) Delete(gone.Table, gone.Id);
    }

    // A product that old orders name can't go: it is no longer sold.
    private void Delete(Table table, string id)
    {
        if (table == Tables.Products && connection.Scalar<long>("SELECT count(*) FROM order_lines WHERE product_id = $id", ("$id", id)) > 0)
            connection.Execute("UPDATE products SET active = 0 WHERE id = $id", ("$id", id));
        else
            connection.Execute($"DELETE FROM {table.Name} WHERE id = $id", ("$id", id));
    }

    private List<string> Unseen(Table table, string where) =>
        [.. connection.List($"SELECT id FROM {table.Name} WHERE {where}", r => r.GetString(0)).Where(id => !seen[table].Contains(id) && !pending.ContainsKey((table.Name, id)))];

    private void Capture(Table table, string id)
    {
        var columns = string.Join(", ", table.Columns.Select(c => c.CloudOwned ? "NULL" : c.Name));
        connection.Execute(
            $"INSERT INTO change_log (txn, tbl, op, id, body) SELECT (SELECT txn FROM replica), '{table.Name}', 'i', id, json_array({columns}) FROM {table.Name} WHERE id = $id",
            ("$id", id));
    }
}
