using Sak.Sync.Replica;

namespace Sak.Server.Sync;

/// <summary>
/// Applies the changes of one batch to the rows in memory, and notes what is refused. Parents come before children; an
/// order is taken whole or not at all, since half an order would be a wrong figure in the books.
/// </summary>
public sealed class BatchMerge(BatchRows rows, string currency)
{
    private readonly Dictionary<(Table, string), string> _refused = [];
    private readonly Dictionary<string, string> _brokenOrders = [];
    private readonly List<Refusal> _refusals = [];
    private readonly HashSet<long> _validInserts = [];

    public async Task<IReadOnlyList<Refusal>> ApplyAsync(IReadOnlyList<Change> changes, CancellationToken cancel)
    {
        foreach (var change in changes.Where(c => !Tables.All.Contains(c.Table)))
            Refuse(change, null,
                $"This server does not know the table \"{change.Table.Name}\" yet: update sak-server, then change the "
                    + $"row here and it is sent again.");
        var byTable = changes.ToLookup(c => c.Table);
        foreach (var table in Tables.All)
        {
            if (table == Tables.Orders) FindBrokenOrders(byTable[Tables.OrderLines]);
            foreach (var change in byTable[table].Where(c => c.Kind != ChangeKind.Delete)) Write(change);
        }

        foreach (var table in Tables.All.Reverse())
        {
            foreach (var change in Deletions(byTable[table])) await DeleteAsync(change, cancel);
        }

        return [.. _refusals.OrderBy(r => r.Sequence)];
    }

    // Except deletions of rows that the same batch inserts again later.
    private static IEnumerable<Change> Deletions(IEnumerable<Change> changes)
    {
        var deleted = changes.Where(c => c.Kind == ChangeKind.Delete).ToList();
        if (deleted.Count == 0) return [];
        var inserted = changes.Where(c => c.Kind == ChangeKind.Insert).ToLookup(c => c.Id, c => c.Sequence);
        return deleted.Where(c => !inserted[c.Id].Any(later => later > c.Sequence));
    }

    private void Write(Change change)
    {
        if (rows.Find(change.Table, change.Id) is not { } row)
            Refuse(change, null, $"\"{change.Id}\" is not an id.");
        else if (row.Values is null && change.Kind == ChangeKind.Insert)
            Insert(change, row);
        else if (row.Values is null)
            UpdateMissing(change, row);
        else if (change.Kind == ChangeKind.Update)
            MergeInto(change, row, Merge.Update(change.Table, row.Values, change.Columns));
        else
            InsertAgain(change, row, row.Values);
    }

    // The PC skipped the cloud's row while its insert waited, so the merged row must go to the PC again.
    private void InsertAgain(Change change, BatchRow row, object?[] values)
    {
        row.GoesBack |= row.InCloud;
        MergeInto(change, row, Merge.Insert(change.Table, values, change.Row));
    }

    private void Insert(Change change, BatchRow row)
    {
        var values = Merge.New(change.Table, change.Row);
        if (Fault(row, values, _validInserts.Contains(change.Sequence)) is { } fault)
        {
            Refuse(change, row, fault);
            return;
        }

        rows.Put(row, values);
        if (row.Table == Tables.StockMovements) AddToStock(row);
    }

    // Deleted in the cloud and edited on the PC: the deletion wins and is sent to the PC again.
    private void UpdateMissing(Change change, BatchRow row)
    {
        if (_refused.TryGetValue((row.Table, row.Id), out var reason))
        {
            Refuse(change, row, reason);
        }
        else if (row.Tombstoned)
        {
            row.Written = row.GoesBack = true;
            _refusals.Add(
                new Refusal(change.Sequence, RefusalKind.Conflict, null,
                    $"The row of {row.Table.Name} was deleted in the cloud; the deletion stands."));
        }
        else
        {
            Refuse(change, row, $"The cloud has no such row of {row.Table.Name}; it was refused or never sent.");
        }
    }

    private void MergeInto(Change change, BatchRow row, MergedRow merged)
    {
        if (Fault(row, merged.Values) is { } fault)
        {
            Refuse(change, row, fault);
            return;
        }

        rows.Put(row, merged.Values);
        foreach (var lost in merged.Overruled)
            _refusals.Add(
                new Refusal(change.Sequence, RefusalKind.Conflict, row.Table.Columns[lost.Column].Name,
                    Merge.Overruled(row.Table, lost)));
        foreach (var conflict in merged.Conflicts)
        {
            row.GoesBack = true;
            _refusals.Add(
                new Refusal(change.Sequence, RefusalKind.Conflict, row.Table.Columns[conflict.Column].Name,
                    Merge.Reason(row.Table, conflict)));
        }
    }

    private async Task DeleteAsync(Change change, CancellationToken cancel)
    {
        if (rows.Find(change.Table, change.Id) is not { Values: not null } row) return;
        if (row.Table == Tables.StockMovements)
        {
            Refuse(change, row, "Stock movements are never deleted; write one the other way instead.");
        }
        else if (row.Unseen && IsOrder(row.Table))
        {
            row.Written = row.GoesBack = true;
            _refusals.Add(
                new Refusal(change.Sequence, RefusalKind.Conflict, null,
                    "The order was changed in the cloud meanwhile; an edited order stays."));
        }
        else if (await rows.HasChildrenAsync(row, cancel))
        {
            Refuse(change, row,
                $"The row of {row.Table.Name} is in use by others; a product can be made inactive instead.");
        }
        else
        {
            rows.Delete(row);
        }
    }

    private static bool IsOrder(Table table) =>
        table == Tables.Orders || table == Tables.OrderLines || table == Tables.OrderEvents;

    // Runs before the orders themselves: a new order with one refused line is refused with all its rows.
    private void FindBrokenOrders(IEnumerable<Change> lines)
    {
        foreach (var change in lines.Where(c => c.Kind == ChangeKind.Insert))
        {
            var values = Merge.New(change.Table, change.Row);
            if (values[Tables.OrderLines.IndexOf("order_id")] is not string order
                || rows.Find(Tables.Orders, order) is not { InCloud: false }) continue;
            if ((RowRules.Fault(change.Table, values, currency)
                ?? MissingParent(Tables.OrderLines, values, before: null, except: Tables.Orders)) is { } fault)
                _brokenOrders.TryAdd(order, $"One of its lines was refused: {fault}");
            else
                _validInserts.Add(change.Sequence);
        }
    }

    private string? Fault(BatchRow row, object?[] values, bool isValid = false)
    {
        if (row.Table == Tables.Orders && !row.InCloud && _brokenOrders.TryGetValue(row.Id, out var broken))
            return broken;
        if (((isValid ? null : RowRules.Fault(row.Table, values, currency))
            ?? MissingParent(row.Table, values, row.Values, except: null)) is { } fault) return fault;
        if (rows.TakenColumn(row.Table, row.Id, values) is { } column)
            return $"The {column} \"{values[row.Table.IndexOf(column)]}\" is taken by another row.";
        if (row.Table != Tables.StockMovements || values[row.Table.IndexOf("order_line_id")] is not string line)
            return null;
        return _refused.TryGetValue((Tables.OrderLines, line), out var reason)
            ? $"Its order line was refused: {reason}"
            : null;
    }

    // A parent that the row had before was checked when it was written.
    private string? MissingParent(Table table, object?[] values, object?[]? before, Table? except)
    {
        foreach (var (child, column, parent) in BatchRows.Parents)
        {
            if (child != table || parent == except) continue;
            var at = table.IndexOf(column);
            var id = (string)values[at]!;
            if (rows.Has(parent, id) || (before is not null && Equals(before[at], id))) continue;
            return _refused.TryGetValue((parent, id), out var reason)
                ? $"Its {column[..^3]} was refused: {reason}"
                : $"Its {column[..^3]} {id} is not in the cloud.";
        }

        return null;
    }

    // Stock on hand is the sum of the movements, updated in the same transaction; the product goes to every replica.
    private void AddToStock(BatchRow movement)
    {
        var product = rows.Find(Tables.Products, (string)movement["product_id"]!)!;
        var values = (object?[])product.Values!.Clone();
        values[Tables.Products.IndexOf("on_hand")] = ((long?)product["on_hand"] ?? 0) + (long)movement["quantity"]!;
        rows.Put(product, values);
        product.GoesBack = true;
    }

    // If the cloud has the row, it is sent back unchanged, so that both sides agree and the next edit starts from it;
    // the refused values are kept with the refusal. If it does not, the row waits on the PC until its owner acts.
    private void Refuse(Change change, BatchRow? row, string reason)
    {
        var isInCloud = row?.Values is not null;
        var kind = isInCloud ? RefusalKind.Conflict : RefusalKind.Parked;
        _refusals.Add(new Refusal(change.Sequence, kind, null, reason));
        if (isInCloud) row!.Written = row.GoesBack = true;
        else _refused.TryAdd((change.Table, change.Id), reason);
    }
}
