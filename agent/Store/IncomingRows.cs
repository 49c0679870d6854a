using Microsoft.Data.Sqlite;
using Sak.Sync;
using Sak.Sync.Wire;

namespace Sak.Agent.Store;

/// <summary>Puts the cloud's rows into the tables, inside the caller's transaction. What this PC changed and has not sent stays.</summary>
internal sealed class IncomingRows(SqliteConnection connection)
{
    private const string ParentCame =
        """
        SELECT EXISTS (SELECT 1 FROM order_lines l JOIN products p ON p.id = l.product_id WHERE l.ver = 0 AND p.ver > $since
             UNION ALL SELECT 1 FROM stock_movements m JOIN products p ON p.id = m.product_id WHERE m.ver = 0 AND p.ver > $since
             UNION ALL SELECT 1 FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.ver = 0 AND c.ver > $since)
        """;

    private readonly Dictionary<(string Table, string Id), HashSet<string>?> pending = ChangeLog.Pending(connection);
    private readonly Dictionary<Table, HashSet<string>> seen = Tables.All.ToDictionary(t => t, _ => new HashSet<string>());

    private bool toldAgain;

    public int Count { get; private set; }

    public void Apply(AnswerLine line)
    {
        if (line is AnswerLine.Row row) Put(row);
        else if (line is AnswerLine.Gone gone) Drop(gone);
    }

    /// <summary>What the cloud refused for want of a row may now be taken: the row came, or the cloud is told of it again.</summary>
    public void OfferParked(long since, DateTimeOffset now)
    {
        if (connection.Scalar<long>("SELECT EXISTS (SELECT 1 FROM refusals WHERE settled_at IS NULL AND kind = 'parked')") == 0) return;
        if (toldAgain || connection.Scalar<long>(ParentCame, ("$since", since)) == 1) ChangeLog.OfferParked(connection, now);
    }

    /// <summary>
    /// After everything was sent anew: what the cloud once had and no longer sends goes; what it never had and nothing
    /// waits to tell it of is told again.
    /// </summary>
    public void DropTheRest()
    {
        foreach (var table in Tables.All.Reverse())
        {
            foreach (var id in Unseen(table, "ver > 0")) Drop(table, id);
            foreach (var id in Unseen(table, "ver = 0 AND id NOT IN (SELECT id FROM refusals WHERE settled_at IS NULL)")) ChangeLog.TellWhole(connection, table, id);
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
        if (!pending.ContainsKey((gone.Table.Name, gone.Id))) Drop(gone.Table, gone.Id);
    }

    // What rows of this PC need can't go: the cloud is told of it again, a product as no longer sold. Of an order that is
    // gone nothing stays, since half an order is a wrong figure.
    private void Drop(Table table, string id)
    {
        if (IsNeeded(table, id))
        {
            connection.Execute($"UPDATE {table.Name} SET ver = 0{(table == Tables.Products ? ", active = 0" : "")} WHERE id = $id", ("$id", id));
            ChangeLog.TellWhole(connection, table, id);
            toldAgain = true;
            return;
        }

        if (table == Tables.Orders)
            foreach (var part in new[] { Tables.OrderLines, Tables.OrderEvents }) connection.Execute($"DELETE FROM {part.Name} WHERE order_id = $id", ("$id", id));
        connection.Execute($"DELETE FROM {table.Name} WHERE id = $id", ("$id", id));
    }

    private bool IsNeeded(Table table, string id) =>
        table.Name switch
        {
            "products" => Exists("SELECT 1 FROM order_lines WHERE product_id = $id UNION ALL SELECT 1 FROM stock_movements WHERE product_id = $id", id),
            "customers" => Exists("SELECT 1 FROM orders WHERE customer_id = $id UNION ALL SELECT 1 FROM chats WHERE customer_id = $id", id),
            _ => false,
        };

    private bool Exists(string sql, string id) => connection.Scalar<long>($"SELECT EXISTS ({sql})", ("$id", id)) == 1;

    private List<string> Unseen(Table table, string where) =>
        [.. connection.List($"SELECT id FROM {table.Name} WHERE {where}", r => r.GetString(0)).Where(id => !seen[table].Contains(id) && !pending.ContainsKey((table.Name, id)))];
}
