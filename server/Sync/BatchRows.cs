using System.Collections.Immutable;
using Sak.Server.Data;
using Sak.Sync.Replica;

namespace Sak.Server.Sync;

/// <summary>A row that a batch touches or refers to, as it is while the batch is applied in memory.</summary>
public sealed class BatchRow(Table table, string id)
{
    public Table Table { get; } = table;
    public string Id { get; } = id;

    /// <summary>Null when there is no such row (yet, or any more).</summary>
    public object?[]? Values { get; set; }

    public bool InCloud { get; init; }

    /// <summary>As the cloud has it before this batch.</summary>
    public IReadOnlyList<object?> Before { get; init; } = [];

    /// <summary>
    /// Someone else wrote it since the replica's watermark: it must be sent back even when the replica's
    /// change is accepted.
    /// </summary>
    public bool Unseen { get; init; }

    /// <summary>It was deleted in the cloud before.</summary>
    public bool Tombstoned { get; init; }

    public bool Written { get; set; }

    /// <summary>The cloud's row is not what the replica has, so it is sent back.</summary>
    public bool GoesBack { get; set; }

    public object? this[string column] => Values![Table.IndexOf(column)];
}

/// <summary>
/// Every row that a batch can touch, read at once and written at once; for rows that it only refers to,
/// whether they exist.
/// </summary>
public sealed class BatchRows
{
    /// <summary>Which column refers to which table; a row whose parent does not exist is refused.</summary>
    public static readonly ImmutableArray<(Table Child, string Column, Table Parent)> Parents =
    [
        (Tables.Orders, "customer_id", Tables.Customers),
        (Tables.OrderLines, "order_id", Tables.Orders),
        (Tables.OrderLines, "product_id", Tables.Products),
        (Tables.OrderEvents, "order_id", Tables.Orders),
        (Tables.StockMovements, "product_id", Tables.Products),
    ];

    private static readonly ImmutableArray<(Table Table, string Column)> Unique = [(Tables.Products, "sku"),
        (Tables.Orders, "number")];

    private readonly Dictionary<Table, Dictionary<string, BatchRow>> _rows = Tables.All.ToDictionary(t => t,
        _ => new Dictionary<string, BatchRow>());
    private readonly Dictionary<Table, HashSet<string>> _existing = [];
    private readonly Dictionary<(Table, string), string> _taken = [];
    private readonly RowSql _sql;
    private readonly SyncHead _head;

    private BatchRows(RowSql sql, SyncHead head) => (_sql, _head) = (sql, head);

    public static async Task<BatchRows> LoadAsync(ShopConnection db, Guid shop, SyncHead head,
        IReadOnlyList<Change> changes, bool anyDeleted, CancellationToken cancel)
    {
        var rows = new BatchRows(new RowSql(db, shop), head);
        await rows.LoadAsync(changes.ToLookup(c => c.Table), anyDeleted, cancel);
        return rows;
    }

    private async Task LoadAsync(ILookup<Table, Change> changes, bool anyDeleted, CancellationToken cancel)
    {
        var questions = _sql.Questions();
        var touched = Tables.All.ToDictionary(t => t,
            t => changes[t].Select(c => c.Id).Concat(Counted(t, changes)).Where(Sak.Sync.Model.Ids.IsText).ToHashSet());
        var deleted = new HashSet<(Table, string)>();
        foreach (var (table, ids) in touched)
        {
            questions.FindRows(table, "id", ids, row => AddStored(table, row));
            if (anyDeleted) questions.FindDeleted(table, ids, id => deleted.Add((table, id)));
            var existing = _existing[table] = [];
            var parents = Parents.Where(p => p.Parent == table)
                .SelectMany(p => Texts(changes[p.Child], p.Child.IndexOf(p.Column)));
            questions.FindExisting(table,
                parents.Where(id => !ids.Contains(id) && Sak.Sync.Model.Ids.IsText(id)).ToHashSet(),
                id => existing.Add(id));
        }

        foreach (var (table, column) in Unique)
            questions.FindRows(table, column, Texts(changes[table], table.IndexOf(column)).ToHashSet(),
                row => AddStored(table, row));
        await questions.AskAsync(cancel);
        foreach (var (table, ids) in touched)
            foreach (var id in ids)
                _rows[table].TryAdd(id, new BatchRow(table, id) { Tombstoned = deleted.Contains((table, id)) });
    }

    /// <summary>True when the row will exist in the cloud after this batch.</summary>
    public bool Has(Table table, string id) =>
        Find(table, id) is { } row ? row.Values is not null : _existing[table].Contains(id);

    /// <summary>A row that the batch changes or counts; null for others, and for a text that is no id.</summary>
    public BatchRow? Find(Table table, string id) => _rows[table].GetValueOrDefault(id);

    /// <summary>The unique column whose value in this row belongs to another row, or null.</summary>
    public string? TakenColumn(Table table, string id, IReadOnlyList<object?> values)
    {
        foreach (var (of, column) in Unique)
            if (of == table && _taken.TryGetValue((table, (string)values[table.IndexOf(column)]!), out var owner)
                && owner != id) return column;
        return null;
    }

    public void Put(BatchRow row, object?[] values)
    {
        Free(row);
        row.Values = values;
        row.Written = true;
        Claim(row);
    }

    public void Delete(BatchRow row)
    {
        Free(row);
        row.Values = null;
        row.Written = true;
    }

    /// <summary>True when a row that will stay refers to this one.</summary>
    public async Task<bool> HasChildrenAsync(BatchRow row, CancellationToken cancel)
    {
        foreach (var (child, column, _) in Parents.Where(p => p.Parent == row.Table))
        {
            if (_rows[child].Values.Any(r => r.Values is not null && Equals(r[column], row.Id))) return true;
            var stored = new List<StoredRow>();
            var questions = _sql.Questions();
            questions.FindRows(child, column, [row.Id], stored.Add);
            await questions.AskAsync(cancel);
            if (stored.Any(s => Find(child, s.Id) is null or { Values: not null })) return true;
        }

        return false;
    }

    /// <summary>
    /// Writes what was touched: parents before children, then deletes, children before parents. False when nothing was.
    /// </summary>
    public async Task<bool> WriteAsync(long version, DateTimeOffset now, CancellationToken cancel)
    {
        var touched = _rows.Values.SelectMany(r => r.Values).Where(r => r.Written).ToLookup(r => r.Table);
        foreach (var table in Tables.All)
        {
            // Updates first: a new product may take the SKU that another product had.
            var changed = touched[table].Where(r => r.Values is not null && r.InCloud).ToList();
            await ReleaseUniqueAsync(table, changed, cancel);
            await _sql.UpdateAsync(table, [.. changed.Select(r => Stored(r, version))], cancel);
            await _sql.InsertAsync(table,
                [.. touched[table].Where(r => r.Values is not null && !r.InCloud).Select(r => Stored(r, version))],
                cancel);
            await _sql.RemoveTombstonesAsync(table, [.. touched[table].Where(r => r.Tombstoned).Select(r => r.Id)],
                cancel);
        }

        foreach (var table in Tables.All.Reverse())
        {
            var gone = touched[table].Where(r => r.Values is null && (r.InCloud || r.Tombstoned)).ToList();
            await _sql.AddTombstonesAsync(table, [.. gone.Select(r => (r.Id, Origin(r)))], version, now, cancel);
            await _sql.DeleteAsync(table, [.. gone.Where(r => r.InCloud).Select(r => r.Id)], cancel);
        }

        return touched.Count > 0;
    }

    // Databases check a unique index row by row, also within a statement: a SKU that another row of this batch takes
    // over is released first.
    private async Task ReleaseUniqueAsync(Table table, IReadOnlyList<BatchRow> changed, CancellationToken cancel)
    {
        foreach (var (_, column) in Unique.Where(u => u.Table == table))
        {
            var at = table.IndexOf(column);
            var moved = changed.Where(r => !Equals(r.Before[at], r.Values![at])).ToList();
            var wanted = moved.Select(r => r.Values![at]).ToHashSet();
            await _sql.ReleaseUniqueAsync(table, column,
                [.. moved.Where(r => wanted.Contains(r.Before[at])).Select(r => r.Id)], cancel);
        }
    }

    private StoredRow Stored(BatchRow row, long version) => new(row.Id, row.Values!, version, Origin(row));

    private Guid? Origin(BatchRow row) => row.GoesBack || row.Unseen ? null : _head.Replica;

    private void AddStored(Table table, StoredRow row)
    {
        var unseen = row.Ver > _head.Since && row.Origin != _head.Replica;
        var kept = new BatchRow(table, row.Id) { Values = row.Values, Before = row.Values, InCloud = true,
            Unseen = unseen };
        if (_rows[table].TryAdd(row.Id, kept)) Claim(kept);
    }

    private void Claim(BatchRow row)
    {
        foreach (var (table, column) in Unique)
            if (table == row.Table) _taken[(table, (string)row[column]!)] = row.Id;
    }

    private void Free(BatchRow row)
    {
        foreach (var (table, column) in Unique)
            if (table == row.Table && row.Values is not null) _taken.Remove((table, (string)row[column]!));
    }

    // Stock on hand is kept in the product's own row.
    private static IEnumerable<string> Counted(Table table, ILookup<Table, Change> changes) =>
        table == Tables.Products
            ? Texts(changes[Tables.StockMovements], Tables.StockMovements.IndexOf("product_id"))
            : [];

    private static IEnumerable<string> Texts(IEnumerable<Change> changes, int column) =>
        changes.Where(c => c.Kind == ChangeKind.Insert).Select(c => c.Row[column])
            .Concat(changes.Where(c => c.Kind == ChangeKind.Update)
                .SelectMany(c => c.Columns.Where(u => u.Column == column).Select(u => u.New)))
            .OfType<string>()
            .Where(text => !text.Contains('\0'));
}
