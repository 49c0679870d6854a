using Sak.Sync.Replica;

namespace Sak.Tools.Simulate;

/// <summary>
/// The expected content of the cloud, calculated independently of the server from what the shops and the cloud's
/// editor did: plain dictionaries and the rules in their simplest form. Batches are applied in the order in which the
/// server committed them.
/// </summary>
public sealed class SimModel
{
    private static readonly int Sku = Tables.Products.IndexOf("sku");
    private static readonly int OnHand = Tables.Products.IndexOf("on_hand");
    private readonly Dictionary<(Table Table, string Id), object?[]> _rows = [];
    private readonly HashSet<(Table, string)> _graves = [];

    /// <summary>The expected rows, stock on hand included.</summary>
    public IReadOnlyDictionary<(Table Table, string Id), object?[]> Rows => _rows;

    public void Edit(Table table, string id, string column, object? value) =>
        _rows[(table, id)][table.IndexOf(column)] = value;

    public void Add(Table table, object?[] row)
    {
        _rows[(table, (string)row[0]!)] = row;
        _graves.Remove((table, (string)row[0]!));
        if (table == Tables.StockMovements) Count(Text(table, row, "product_id"), (long)table.Value(row, "quantity")!);
    }

    public void Remove(Table table, string id)
    {
        _rows.Remove((table, id));
        _graves.Add((table, id));
    }

    /// <summary>Applies a batch and returns the sequences that must have been parked.</summary>
    public IReadOnlyList<long> Push(IReadOnlyList<Change> changes)
    {
        var parked = new List<Change>();
        foreach (var table in Tables.All)
            foreach (var change in changes.Where(c => c.Table == table && c.Kind != ChangeKind.Delete))
                if (!Write(change, changes, parked)) parked.Add(change);
        foreach (var table in Tables.All.Reverse())
            foreach (var change in changes.Where(c => c.Table == table && c.Kind == ChangeKind.Delete))
                Delete(change, changes);
        return [.. parked.Select(c => c.Sequence).Order()];
    }

    private bool Write(Change change, IReadOnlyList<Change> batch, List<Change> parked)
    {
        if (_rows.TryGetValue((change.Table, change.Id), out var row)) return Merge(change, row);
        if (change.Kind == ChangeKind.Update)
            return _graves.Contains((change.Table, change.Id))
                && !parked.Any(p => p.Table == change.Table && p.Id == change.Id);
        var whole = change.Table != Tables.Orders
            || batch.Where(
                c => c.Table == Tables.OrderLines && c.Kind == ChangeKind.Insert && Text(c, "order_id") == change.Id)
                .All(HasProduct);
        if (!whole || !IsSound(change) || !HasParents(change)) return false;
        if (change.Table == Tables.StockMovements && change.Table.Value(change.Row, "order_line_id") is string line
            && parked.Any(p => p.Table == Tables.OrderLines && p.Id == line)) return false;
        var values = change.Row.ToArray();
        if (change.Table == Tables.Products) values[OnHand] = null;
        Add(change.Table, values);
        return true;
    }

    private bool Merge(Change change, object?[] row)
    {
        var after = row.ToArray();
        if (change.Kind == ChangeKind.Insert)
        {
            for (var i = 1; i < after.Length; i++)
                if (change.Table.Columns[i].Rule == MergeRule.AgentWins) after[i] = change.Row[i];
        }

        foreach (var (at, old, now) in change.Columns)
        {
            var rule = change.Table.Columns[at].Rule;
            if (rule == MergeRule.AgentWins || (rule == MergeRule.CloudWins && Equals(row[at], old))) after[at] = now;
        }

        if (change.Table == Tables.Products && !IsFree(change.Id, after)) return true;
        after.CopyTo(row, 0);
        return true;
    }

    private void Delete(Change change, IReadOnlyList<Change> batch)
    {
        if (!_rows.ContainsKey((change.Table, change.Id))) return;
        if (batch.Any(c => c.Kind == ChangeKind.Insert && c.Id == change.Id && c.Sequence > change.Sequence)) return;
        var used = _rows.Any(
            r => r.Key.Table != Tables.Products && r.Key.Table != Tables.Customers
                && r.Value.Skip(1).Any(v => Equals(v, change.Id)));
        if (!used) Remove(change.Table, change.Id);
    }

    private bool HasProduct(Change line) => _rows.ContainsKey((Tables.Products, Text(line, "product_id")));

    private bool HasParents(Change change) =>
        change.Table.Name switch
        {
            "order_lines" => HasProduct(change) && _rows.ContainsKey((Tables.Orders, Text(change, "order_id"))),
            "order_events" => _rows.ContainsKey((Tables.Orders, Text(change, "order_id"))),
            "orders" => _rows.ContainsKey((Tables.Customers, Text(change, "customer_id"))),
            "stock_movements" => HasProduct(change),
            _ => true,
        };

    private bool IsSound(Change change) =>
        change.Table != Tables.Products || (Text(change, "currency") == "INR" && IsFree(change.Id, change.Row));

    private bool IsFree(string id, IReadOnlyList<object?> row) =>
        !_rows.Any(r => r.Key.Table == Tables.Products && r.Key.Id != id && Equals(r.Value[Sku], row[Sku]));

    private void Count(string product, long quantity)
    {
        var row = _rows[(Tables.Products, product)];
        row[OnHand] = ((long?)row[OnHand] ?? 0) + quantity;
    }

    private static string Text(Change change, string column) => Text(change.Table, change.Row, column);

    private static string Text(Table table, IReadOnlyList<object?> row, string column) =>
        (string)table.Value(row, column)!;
}
