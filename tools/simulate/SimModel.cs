using Sak.Sync.Replica;

namespace Sak.Tools.Simulate;

/// <summary>
/// The expected content of the cloud, calculated independently of the server from what the shops and the cloud's editor
/// did: plain dictionaries and the rules in their simplest form. Batches are applied in the order in which the server
/// committed them.
/// </summary>
public sealed class SimModel
{
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
        if (table == Tables.StockMovements) Count((string)row[1]!, (long)row[2]!);
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
                c => c.Table == Tables.OrderLines && c.Kind == ChangeKind.Insert && Equals(c.Row[1], change.Id))
                .All(HasProduct);
        if (!whole || !IsSound(change) || !HasParents(change)) return false;
        if (change.Table == Tables.StockMovements
            && parked.Any(p => p.Table == Tables.OrderLines && Equals(p.Id, change.Row[4]))) return false;
        var values = change.Row.ToArray();
        if (change.Table == Tables.Products) values[^1] = null;
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

    private bool HasProduct(Change line) => _rows.ContainsKey((Tables.Products, (string)line.Row[3]!));

    private bool HasParents(Change change) =>
        change.Table.Name switch
        {
            "order_lines" => HasProduct(change) && _rows.ContainsKey((Tables.Orders, (string)change.Row[1]!)),
            "order_events" => _rows.ContainsKey((Tables.Orders, (string)change.Row[1]!)),
            "orders" => _rows.ContainsKey((Tables.Customers, (string)change.Row[2]!)),
            "stock_movements" => _rows.ContainsKey((Tables.Products, (string)change.Row[1]!)),
            _ => true,
        };

    private bool IsSound(Change change) =>
        change.Table != Tables.Products || (Equals(change.Row[7], "INR") && IsFree(change.Id, change.Row));

    private bool IsFree(string id, IReadOnlyList<object?> row) =>
        !_rows.Any(r => r.Key.Table == Tables.Products && r.Key.Id != id && Equals(r.Value[1], row[1]));

    private void Count(string product, long quantity)
    {
        var row = _rows[(Tables.Products, product)];
        row[^1] = ((long?)row[^1] ?? 0) + quantity;
    }
}
