using Microsoft.Data.Sqlite;
using Sak.Agent.Catalog;
using Sak.Agent.Database;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Agent.Sync;

/// <summary>
/// Puts the cloud's rows into the tables, inside the caller's transaction. What this PC changed and has not sent stays.
/// </summary>
/// <param name="isFirstLoad">Hardly any of the rows is here yet.</param>
internal sealed class IncomingRows(SqliteConnection connection, AnswerProgress progress, bool isFirstLoad)
    : IDisposable
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

    private readonly List<(Table Table, HashSet<int> Buckets)> _differing = [];
    private Dictionary<(string Table, string Id), HashSet<string>?>? _pending;
    private WireColumns _columns;
    private RowWriter? _writer;
    private InsertTriggers? _dropped;
    private bool _isSentAgain;

    /// <summary>Rows and deletions received.</summary>
    public int Count { get; private set; }

    /// <summary>Rows that a repair found missing, not in the cloud, or of another version.</summary>
    public int Repaired { get; private set; }

    // Read only when a row comes: while a long outage is uploaded the log is long and nothing comes down.
    private Dictionary<(string Table, string Id), HashSet<string>?> Pending =>
        _pending ??= ChangeLog.Pending(connection);

    /// <summary>
    /// Applies one line. Returns it if it is for the caller: the answer to a batch, the end of a page, the mark.
    /// </summary>
    public AnswerLine? Apply(ReadOnlySpan<byte> line)
    {
        var found = AnswerReader.Read(line, _columns);
        if (found.Table is { } columns) BeginTable(columns);
        if (found.Line is AnswerLine.Mark or AnswerLine.Page) EndTable();
        Count += (int)found.Rows;
        progress.Add(found.Rows);
        foreach (var gone in found.Gone ?? [])
            if (!Pending.ContainsKey((gone.Table.Name, gone.Id))) Drop(gone.Table, gone.Id);
        switch (found.Line)
        {
            case AnswerLine.Row row:
                Put(row);
                return null;
            case AnswerLine.Differ differ:
                BeginRepair(differ);
                return null;
            case AnswerLine.Totals totals:
                progress.Begin(totals.Tables);
                return null;
            default:
                return found.Line;
        }
    }

    /// <summary>
    /// Sends again what the cloud refused because a row was missing, if that row has come or is being sent again.
    /// </summary>
    public void OfferParked(long since, DateTimeOffset now)
    {
        if (Refusals.Parked(connection).Count == 0) return;
        if (_isSentAgain || connection.Scalar<long>(ParentCame, ("$since", since)) == 1)
            ChangeLog.OfferParked(connection, now);
    }

    /// <summary>
    /// After a repair: rows of a differing bucket that the cloud has deleted are deleted; rows that it never had, or
    /// lost when it was restored from a backup, are sent again unless the log sends them anyway.
    /// </summary>
    /// <param name="version">The cloud's version; a row above it is one that it lost.</param>
    public void FinishRepair(long version)
    {
        foreach (var (table, buckets) in Enumerable.Reverse(_differing))
        {
            var rows = connection.List(
                $"SELECT id, ver FROM {table.Name} WHERE NOT EXISTS (SELECT 1 FROM temp.repaired r WHERE r.tbl = "
                    + $"'{table.Name}' AND r.id = {table.Name}.id)",
                r => (Id: r.GetString(0), Ver: r.GetInt64(1)));
            foreach (var (id, ver) in rows.Where(
                r => buckets.Contains(RowHash.Bucket(r.Id)) && !Pending.ContainsKey((table.Name, r.Id))))
            {
                if (ver == 0 && Refusals.IsParked(connection, table, id)) continue;
                Repaired++;
                if (ver > 0 && ver <= version) Drop(table, id);
                else SendAgain(table, id);
            }
        }
    }

    public void Dispose() => _writer?.Dispose();

    private bool IsRepairing(Table? table) => _differing.Count > 0 && _differing[^1].Table == table;

    private void BeginTable(WireColumns columns)
    {
        EndTable();
        _columns = columns;
        progress.BeginTable(columns.Table?.Name ?? "");
        if (columns.Table is not { } table) return;
        if (isFirstLoad) _dropped = InsertTriggers.Drop(connection, table);
        _writer = new RowWriter(connection, columns, isFirstLoad);
    }

    private void EndTable()
    {
        _writer?.Dispose();
        _writer = null;
        _dropped?.Restore();
        _dropped = null;
    }

    private void BeginRepair(AnswerLine.Differ differ)
    {
        connection.Execute(
            "CREATE TEMP TABLE IF NOT EXISTS repaired (tbl TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (tbl, id)) "
                + "WITHOUT ROWID");
        if (_differing.Count == 0) connection.Execute("DELETE FROM temp.repaired");
        _differing.Add((differ.Table, [.. differ.Buckets]));
    }

    private void Put(AnswerLine.Row row)
    {
        var id = (string)row.Values[0]!;
        if (IsRepairing(row.Table)) NoteRepaired(row.Table, id, row.Version);
        if (!Pending.TryGetValue((row.Table.Name, id), out var changed)) _writer!.Write(row);
        else if (changed is not null) PutBeside(row, id, changed);
    }

    private void NoteRepaired(Table table, string id, long version)
    {
        connection.Execute("INSERT OR IGNORE INTO temp.repaired VALUES ($table, $id)", ("$table", table.Name),
            ("$id", id));
        if (connection.Scalar<long?>($"SELECT ver FROM {table.Name} WHERE id = $id", ("$id", id)) != version)
            Repaired++;
    }

    // Columns that were changed here and not sent yet keep their local value.
    private void PutBeside(AnswerLine.Row row, string id, HashSet<string> changed)
    {
        var taken = row.Columns.Select((c, i) => (row.Table.Columns[c].Name, Value: row.Values[i])).Skip(1)
            .Where(c => !changed.Contains(c.Name)).ToList();
        (string, object?)[] values = [("$id", id), ("$ver", row.Version),
            .. taken.Select((c, i) => ($"${i}", c.Value))];
        connection.Execute(
            $"UPDATE {row.Table.Name} SET {string.Concat(taken.Select((c, i) => $"{c.Name} = ${i}, "))}ver = $ver "
                + "WHERE id = $id", values);
    }

    // A row that other rows of this PC need can't be deleted: it is sent to the cloud again, a product as no longer
    // sold. An order goes with all its rows, since half an order would be a wrong figure.
    private void Drop(Table table, string id)
    {
        if (IsNeeded(table, id))
        {
            if (table == Tables.Products) Products.StopSelling(connection, id);
            SendAgain(table, id);
            _isSentAgain = true;
            return;
        }

        if (table == Tables.Orders)
            foreach (var part in new[] { Tables.OrderLines, Tables.OrderEvents })
                connection.Execute($"DELETE FROM {part.Name} WHERE order_id = $id", ("$id", id));
        connection.Execute($"DELETE FROM {table.Name} WHERE id = $id", ("$id", id));
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

    private bool Exists(string sql, string id) => connection.Scalar<long>($"SELECT EXISTS ({sql})", ("$id", id)) == 1;

    private void SendAgain(Table table, string id)
    {
        connection.Execute($"UPDATE {table.Name} SET ver = 0 WHERE id = $id", ("$id", id));
        ChangeLog.SendWhole(connection, table, id);
    }
}
