using System.Collections.Frozen;

namespace Sak.Sync.Replica;

/// <summary>
/// How a value is kept. Every engine has the same four: Guid as lower-case text in SQLite, 64-bit integers, UTC time
/// as Unix milliseconds.
/// </summary>
public enum ColumnKind { Id, Text, Integer, Time }

/// <summary>Which way rows of a table travel.</summary>
public enum Direction { Both, Down }

/// <summary>Who wins when agent and cloud changed the same column of the same row since they last met.</summary>
public enum MergeRule { CloudWins, AgentWins, NeverChanges }

/// <param name="CloudOwned">Only the cloud computes it (stock on hand): pulled, never captured or pushed.</param>
/// <param name="Since">The schema version that it came with. Columns are added at the end and never taken away.</param>
public sealed record Column(string Name, ColumnKind Kind, MergeRule Rule = MergeRule.CloudWins, bool Nullable = false,
    bool CloudOwned = false, int Since = 1)
{
    /// <summary>
    /// The value in a row whose writer does not know the column. An upgrade of the agent's file gives it to the rows
    /// that are there.
    /// </summary>
    public object? Empty => Nullable || Kind == ColumnKind.Id ? null : Kind == ColumnKind.Text ? "" : 0L;
}

/// <summary>One synced table. The first column is always "id".</summary>
/// <param name="Since">The schema version that it came with.</param>
public sealed record Table(string Name, Direction Direction, IReadOnlyList<Column> Columns, int Since = 1)
{
    private readonly FrozenDictionary<string, int> _places = Columns.Select((c, i) => KeyValuePair.Create(c.Name, i))
        .ToFrozenDictionary();

    /// <summary>True when the cloud computes a column of it.</summary>
    public bool HasCloudOwned { get; } = Columns.Any(c => c.CloudOwned);

    /// <summary>Compared by reference, which is fast: a table is a key of every dictionary of rows.</summary>
    public bool Equals(Table? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    /// <summary>The column's place in a row; −1 for one that the table does not have.</summary>
    public int IndexOf(string column) => _places.GetValueOrDefault(column, -1);

    /// <summary>A row by the names of its columns; a column that is not named is empty.</summary>
    public object?[] Row(params ReadOnlySpan<(string Column, object? Value)> values)
    {
        var row = Columns.Select(c => c.Empty).ToArray();
        foreach (var (column, value) in values) row[Place(column)] = value is int number ? (long)number : value;
        return row;
    }

    /// <summary>A value of a row by the name of its column.</summary>
    public object? Value(IReadOnlyList<object?> row, string column) => row[Place(column)];

    private int Place(string column) =>
        _places.TryGetValue(column, out var at)
            ? at
            : throw new ArgumentException($"{Name} has no column \"{column}\".", nameof(column));
}

/// <summary>
/// The synced tables, declared once: the replica's schema, its capture triggers, the wire and the server's model follow
/// this, and a drift test compares them. Parents stand before children, so that rows can be applied in this order.
/// </summary>
public static class Tables
{
    /// <summary>
    /// Raised by one with each change of a declaration below. It goes to the cloud, which sends an older agent only the
    /// columns that it knows. The form of the agent's own file has a number of its own.
    /// </summary>
    public const int SchemaVersion = 2;

    public static readonly Table Products = new("products", Direction.Both,
    [
        new("id", ColumnKind.Id, MergeRule.NeverChanges),
        new("sku", ColumnKind.Text),
        new("name", ColumnKind.Text),
        new("aliases", ColumnKind.Text),
        new("unit", ColumnKind.Text),
        new("packs", ColumnKind.Text),
        new("price", ColumnKind.Integer),
        new("currency", ColumnKind.Text),
        new("tax_rate", ColumnKind.Integer),
        new("active", ColumnKind.Integer),
        new("on_hand", ColumnKind.Integer, Nullable: true, CloudOwned: true),
    ]);

    public static readonly Table Customers = new("customers", Direction.Both,
    [
        new("id", ColumnKind.Id, MergeRule.NeverChanges),
        new("phone", ColumnKind.Text, MergeRule.AgentWins),
        new("chat_id", ColumnKind.Text, MergeRule.AgentWins),
        new("name", ColumnKind.Text),
        new("language", ColumnKind.Text, MergeRule.AgentWins),
        new("words", ColumnKind.Text, MergeRule.AgentWins),
    ]);

    public static readonly Table Orders = new("orders", Direction.Both,
    [
        new("id", ColumnKind.Id, MergeRule.NeverChanges),
        new("number", ColumnKind.Text, MergeRule.NeverChanges),
        new("customer_id", ColumnKind.Id, MergeRule.AgentWins),
        new("turn_id", ColumnKind.Id, MergeRule.NeverChanges),
        new("status", ColumnKind.Text),
        new("currency", ColumnKind.Text, MergeRule.NeverChanges),
        new("net", ColumnKind.Integer, MergeRule.AgentWins),
        new("tax", ColumnKind.Integer, MergeRule.AgentWins),
        new("gross", ColumnKind.Integer, MergeRule.AgentWins),
        new("price_version", ColumnKind.Integer, MergeRule.AgentWins),
        new("placed_at", ColumnKind.Time, MergeRule.NeverChanges),
    ]);

    public static readonly Table OrderLines = new("order_lines", Direction.Both,
    [
        new("id", ColumnKind.Id, MergeRule.NeverChanges),
        new("order_id", ColumnKind.Id, MergeRule.NeverChanges),
        new("position", ColumnKind.Integer, MergeRule.AgentWins),
        new("product_id", ColumnKind.Id, MergeRule.AgentWins),
        new("sku", ColumnKind.Text, MergeRule.AgentWins),
        new("name", ColumnKind.Text, MergeRule.AgentWins),
        new("quantity", ColumnKind.Integer, MergeRule.AgentWins),
        new("unit", ColumnKind.Text, MergeRule.AgentWins),
        new("asked_quantity", ColumnKind.Integer, MergeRule.AgentWins),
        new("asked_unit", ColumnKind.Text, MergeRule.AgentWins),
        new("unit_price", ColumnKind.Integer, MergeRule.AgentWins),
        new("tax_rate", ColumnKind.Integer, MergeRule.AgentWins),
        new("net", ColumnKind.Integer, MergeRule.AgentWins),
        new("tax", ColumnKind.Integer, MergeRule.AgentWins),
        new("gross", ColumnKind.Integer, MergeRule.AgentWins),
        new("message_id", ColumnKind.Text, MergeRule.NeverChanges),
        new("words", ColumnKind.Text, MergeRule.NeverChanges),
    ]);

    public static readonly Table OrderEvents = new("order_events", Direction.Both,
    [
        new("id", ColumnKind.Id, MergeRule.NeverChanges),
        new("order_id", ColumnKind.Id, MergeRule.NeverChanges),
        new("kind", ColumnKind.Text, MergeRule.NeverChanges),
        new("detail", ColumnKind.Text, MergeRule.NeverChanges),
        new("at", ColumnKind.Time, MergeRule.NeverChanges),
    ]);

    public static readonly Table StockMovements = new("stock_movements", Direction.Both,
    [
        new("id", ColumnKind.Id, MergeRule.NeverChanges),
        new("product_id", ColumnKind.Id, MergeRule.NeverChanges),
        new("quantity", ColumnKind.Integer, MergeRule.NeverChanges),
        new("reason", ColumnKind.Text, MergeRule.NeverChanges),
        new("order_line_id", ColumnKind.Id, MergeRule.NeverChanges, Nullable: true),
        new("at", ColumnKind.Time, MergeRule.NeverChanges),
    ]);

    /// <summary>
    /// Prices beside the catalog's, discounts of an order, and products whose tax differs from the shop's. A rule names
    /// its product by SKU and is never changed in meaning: it ends, and another begins. It has no parents, so it can
    /// always be taken.
    /// </summary>
    public static readonly Table PriceRules = new("price_rules", Direction.Both,
    [
        new("id", ColumnKind.Id, MergeRule.NeverChanges, Since: 2),
        new("kind", ColumnKind.Text, MergeRule.NeverChanges, Since: 2),
        new("sku", ColumnKind.Text, MergeRule.NeverChanges, Since: 2),
        new("pack", ColumnKind.Text, MergeRule.NeverChanges, Since: 2),
        new("customer_id", ColumnKind.Id, MergeRule.NeverChanges, Nullable: true, Since: 2),
        new("from_quantity", ColumnKind.Integer, MergeRule.NeverChanges, Since: 2),
        new("amount", ColumnKind.Integer, MergeRule.NeverChanges, Since: 2),
        new("rate", ColumnKind.Integer, MergeRule.NeverChanges, Since: 2),
        new("cap", ColumnKind.Integer, MergeRule.NeverChanges, Nullable: true, Since: 2),
        new("from_amount", ColumnKind.Integer, MergeRule.NeverChanges, Since: 2),
        new("starts", ColumnKind.Time, MergeRule.NeverChanges, Nullable: true, Since: 2),
        new("ends", ColumnKind.Time, MergeRule.CloudWins, Nullable: true, Since: 2),
    ], Since: 2);

    public static readonly IReadOnlyList<Table> All = [Products, Customers, Orders, OrderLines, OrderEvents,
        StockMovements, PriceRules];

    public static Table? Find(string name) => All.FirstOrDefault(t => t.Name == name);
}
