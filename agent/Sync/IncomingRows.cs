using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Agent.Sync;

/// <summary>
/// Puts the cloud's rows into the tables, inside the caller's transaction. What this PC changed and has not sent stays.
/// </summary>
/// <param name="isFirstLoad">Hardly any of the rows will be here.</param>
internal sealed class IncomingRows(Receiver receiver, bool isFirstLoad)
{
    private const string ParentCame =
        """
        SELECT EXISTS (SELECT 1 FROM order_lines l JOIN products p ON p.id = l.product_id
          WHERE l.ver = 0 AND p.ver > $since
             UNION ALL SELECT 1 FROM stock_movements m JOIN products p ON p.id = m.product_id
               WHERE m.ver = 0 AND p.ver > $since
             UNION ALL SELECT 1 FROM orders o JOIN customers c ON c.id = o.customer_id
               WHERE o.ver = 0 AND c.ver > $since
             UNION ALL SELECT 1 FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE l.ver = 0 AND o.ver > $since
             UNION ALL SELECT 1 FROM order_events e JOIN orders o ON o.id = e.order_id
               WHERE e.ver = 0 AND o.ver > $since)
        """;

    private readonly SqliteConnection _connection = receiver.Connection;
    private readonly List<(Table Table, HashSet<int> Buckets)> _differing = [];
    private Dictionary<(string Table, string Id), HashSet<string>?>? _pending;
    private WireColumns _columns;
    private RowWriter? _writer;
    private bool _toldAgain;

    /// <summary>Rows and deletions that came.</summary>
    public int Count { get; private set; }

    /// <summary>Rows that a repair found missing, too much or of another version.</summary>
    public int Repaired { get; private set; }

    // Read only when a row comes: while a long outage goes up, the log is long and nothing comes down.
    private Dictionary<(string Table, string Id), HashSet<string>?> Pending =>
        _pending ??= receiver.Ask("SELECT EXISTS (SELECT 1 FROM change_log)") == 0
            ? []
            : ChangeLog.Pending(_connection);

    /// <summary>Every line but the mark. Gives what ends a page, or an answer to a batch; otherwise null.</summary>
    public AnswerLine? Apply(ReadOnlySpan<byte> line)
    {
        if (line.Length > 0 && line[0] == (byte)'[')
        {
            Put(line);
            return null;
        }

        var found = AnswerReader.Read(line, _columns);
        if (found.Table is { } named) Begin(named);
        if (found.Mark is not null) return found.Mark;
        foreach (var read in found.Lines)
        {
            if (read is AnswerLine.Gone gone) Drop(gone);
            else if (read is AnswerLine.Differ differ) BeginRepair(differ);
            else return read;
        }

        return null;
    }

    /// <summary>
    /// What the cloud refused for want of a row may now be taken: the row came, or the cloud is told of it again.
    /// </summary>
    public void OfferParked(long since, DateTimeOffset now)
    {
        if (receiver.Ask("SELECT EXISTS (SELECT 1 FROM refusals WHERE settled_at IS NULL AND kind = 'parked')") == 0)
            return;
        if (_toldAgain || _connection.Scalar<long>(ParentCame, ("$since", since)) == 1)
            ChangeLog.OfferParked(_connection, now);
    }

    /// <summary>
    /// After a repair: what the cloud no longer has of a differing bucket goes; what it never had, or lost because it
    /// was restored from a backup, and nothing waits to tell it of, is told again.
    /// </summary>
    /// <param name="version">Where the cloud stands; a row above it is one that it lost.</param>
    public void FinishRepair(long version)
    {
        foreach (var (table, buckets) in Enumerable.Reverse(_differing))
        {
            var rows = _connection.List(
                $"SELECT id, ver FROM {table.Name} WHERE NOT EXISTS (SELECT 1 FROM temp.repaired r WHERE r.tbl = "
                    + $"'{table.Name}' AND r.id = {table.Name}.id)",
                r => (Id: r.GetString(0), Ver: r.GetInt64(1)));
            foreach (var (id, ver) in rows.Where(
                r => buckets.Contains(RowHash.Bucket(r.Id)) && !Pending.ContainsKey((table.Name, r.Id))))
            {
                if (ver == 0 && IsParked(table, id)) continue;
                Repaired++;
                if (ver > 0 && ver <= version) Drop(table, id);
                else Tell(table, id);
            }
        }
    }

    private bool IsParked(Table table, string id) =>
        _connection.Scalar<long>(
            "SELECT EXISTS (SELECT 1 FROM refusals WHERE tbl = $table AND id = $id AND settled_at IS NULL AND kind = "
                + "'parked')", ("$table", table.Name), ("$id", id)) == 1;

    private bool IsRepairing(Table? table) => _differing.Count > 0 && _differing[^1].Table == table;

    private void Begin(WireColumns named)
    {
        _columns = named;
        _writer = named.Table is null ? null : receiver.Writer(named, isFirstLoad);
    }

    private void BeginRepair(AnswerLine.Differ differ)
    {
        _connection.Execute(
            "CREATE TEMP TABLE IF NOT EXISTS repaired (tbl TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (tbl, id)) "
                + "WITHOUT ROWID");
        if (_differing.Count == 0) _connection.Execute("DELETE FROM temp.repaired");
        _differing.Add((differ.Table, [.. differ.Buckets]));
    }

    private void Put(ReadOnlySpan<byte> line)
    {
        Count++;
        if (_writer is null)
        {
            if (_columns.Indexes is null) throw new InvalidDataException("A row stands before its table.");
            return;
        }

        if (!IsRepairing(_columns.Table) && Pending.Count == 0) _writer.Put(line);
        else PutBeside((AnswerLine.Row)AnswerReader.Read(line, _columns).Lines[0], line);
    }

    // The row may have been changed here: then only the other columns are the cloud's.
    private void PutBeside(AnswerLine.Row row, ReadOnlySpan<byte> line)
    {
        var (table, id) = (row.Table, (string)row.Values[0]!);
        if (IsRepairing(table))
        {
            _connection.Execute("INSERT OR IGNORE INTO temp.repaired VALUES ($table, $id)", ("$table", table.Name),
                ("$id", id));
            if (_connection.Scalar<long?>($"SELECT ver FROM {table.Name} WHERE id = $id", ("$id", id)) != row.Version)
                Repaired++;
        }

        if (!Pending.TryGetValue((table.Name, id), out var mine))
        {
            _writer!.Put(line);
            return;
        }

        if (mine is null) return;
        var taken = row.Columns.Select((c, i) => (table.Columns[c].Name, Value: row.Values[i])).Skip(1)
            .Where(c => !mine.Contains(c.Name)).ToList();
        (string, object?)[] values = [("$id", id), ("$ver", row.Version),
            .. taken.Select((c, i) => ($"${i}", c.Value))];
        _connection.Execute(
            $"UPDATE {table.Name} SET {string.Concat(taken.Select((c, i) => $"{c.Name} = ${i}, "))}ver = $ver WHERE "
                + $"id = $id", values);
    }

    private void Drop(AnswerLine.Gone gone)
    {
        Count++;
        if (!Pending.ContainsKey((gone.Table.Name, gone.Id))) Drop(gone.Table, gone.Id);
    }

    // What rows of this PC need can't go: the cloud is told of it again, a product as no longer sold. Of an order that
    // is gone nothing stays, since half an order is a wrong figure.
    private void Drop(Table table, string id)
    {
        if (IsNeeded(table, id))
        {
            if (table == Tables.Products)
                _connection.Execute("UPDATE products SET active = 0 WHERE id = $id", ("$id", id));
            Tell(table, id);
            _toldAgain = true;
            return;
        }

        if (table == Tables.Orders)
            foreach (var part in new[] { Tables.OrderLines, Tables.OrderEvents })
                _connection.Execute($"DELETE FROM {part.Name} WHERE order_id = $id", ("$id", id));
        _connection.Execute($"DELETE FROM {table.Name} WHERE id = $id", ("$id", id));
    }

    private bool IsNeeded(Table table, string id) =>
        table.Name switch
        {
            "products" =>
                Exists("SELECT 1 FROM order_lines WHERE product_id = $id UNION ALL SELECT 1 FROM stock_movements "
                    + "WHERE product_id = $id", id),
            "customers" =>
                Exists("SELECT 1 FROM orders WHERE customer_id = $id UNION ALL SELECT 1 FROM chats WHERE customer_id "
                    + "= $id", id),
            _ => false,
        };

    private bool Exists(string sql, string id) => _connection.Scalar<long>($"SELECT EXISTS ({sql})", ("$id", id)) == 1;

    private void Tell(Table table, string id)
    {
        _connection.Execute($"UPDATE {table.Name} SET ver = 0 WHERE id = $id", ("$id", id));
        ChangeLog.TellWhole(_connection, table, id);
    }
}
