using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Sync.Replica;

namespace Sak.Tools.Simulate;

/// <summary>
/// The actions of people in a shop, as changes of rows: sell, cancel, correct a price, count the stock.
/// </summary>
public sealed class SimTrade(Random random, SimClock clock)
{
    private int _number;

    /// <summary>Every confirmed order as it was confirmed to the customer: row and lines.</summary>
    public List<(object?[] Order, List<object?[]> Lines)> Told { get; } = [];

    /// <summary>One action at the PC <paramref name="series"/>; null when there is nothing to act on.</summary>
    public IReadOnlyList<Change>? Any(SqliteConnection shop, string series) =>
        random.Next(20) switch
        {
            < 8 => Sell(shop, series),
            < 10 => Edit(shop, Tables.Products, "price", (long)random.Next(1, 100_000)),
            10 => Edit(shop, Tables.Products, random.Next(2) == 0 ? "aliases" : "name", Word()),
            11 => Edit(shop, Tables.Customers, random.Next(2) == 0 ? "words" : "name", Word()),
            12 => NewProduct(random.Next(5) == 0 ? $"S-{random.Next(4)}" : $"{series}-{++_number}",
                random.Next(6) == 0 ? "EUR" : "INR"),
            13 or 14 => Cancel(shop),
            15 => Count(shop),
            16 => Drop(shop, Tables.Products,
                "NOT EXISTS (SELECT 1 FROM order_lines l WHERE l.product_id = t.id) AND NOT EXISTS (SELECT 1 FROM "
                    + "stock_movements m WHERE m.product_id = t.id)"),
            17 => Drop(shop, Tables.Customers, "NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = t.id)"),
            18 => random.Next(2) == 0
                ? [Insert(Tables.Customers, NewCustomer())]
                : [Insert(Tables.PriceRules, NewRule())],
            _ => SellTwice(shop, series),
        };

    private object?[] NewRule() =>
        Tables.PriceRules.Row(("id", Id()), ("kind", "price"), ("sku", $"S-{random.Next(4)}"),
            ("from_quantity", 12_000), ("amount", random.Next(1, 9_999)));

    public IReadOnlyList<Change> NewProduct(string sku, string currency) =>
        [Insert(Tables.Products,
            Tables.Products.Row(("id", Id()), ("sku", sku), ("name", $"Product {Word()}"), ("unit", "pcs"),
                ("packs", "ctn:12"), ("price", random.Next(100, 9_999)), ("currency", currency), ("tax_rate", 500),
                ("active", 1)))];

    /// <summary>The owner's reaction to rows that the cloud refused.</summary>
    public IReadOnlyList<Change>? Correct(SqliteConnection shop)
    {
        var wrong = shop.List(
            "SELECT id, sku, currency FROM products WHERE ver = 0 AND id IN (SELECT id FROM refusals WHERE kind = "
                + "'parked' AND settled_at IS NULL) ORDER BY sku LIMIT 1",
            r => (Id: r.GetString(0), Sku: r.GetString(1), Currency: r.GetString(2)));
        if (wrong.Count == 0) return null;
        var (id, sku, currency) = wrong[0];
        List<ColumnChange> columns = [new(Tables.Products.IndexOf("sku"), sku, $"{sku}-{++_number}")];
        if (currency != "INR") columns.Add(new(Tables.Products.IndexOf("currency"), currency, "INR"));
        return [new Change(0, Tables.Products, ChangeKind.Update, id, [], columns)];
    }

    private List<Change>? SellTwice(SqliteConnection shop, string series)
    {
        var first = Sell(shop, series);
        return first is null ? null : [.. first, .. Sell(shop, series)!];
    }

    private List<Change>? Sell(SqliteConnection shop, string series)
    {
        var products = shop.List(
            "SELECT id, sku, name, price FROM products WHERE active = 1 AND currency = 'INR' ORDER BY sku, id",
            r => (r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt64(3)));
        if (products.Count == 0) return null;
        var changes = new List<Change>();
        var customer = Pick(shop, Tables.Customers, "1");
        if (customer is null || random.Next(8) == 0)
        {
            changes.Add(Insert(Tables.Customers, NewCustomer()));
            customer = changes[0].Id;
        }

        var lines = new List<object?[]>();
        var order = Id();
        for (var i = 0L; i < random.Next(1, 4); i++)
        {
            var (product, sku, name, price) = products[random.Next(products.Count)];
            var quantity = random.Next(1, 20);
            lines.Add(Tables.OrderLines.Row(
                ("id", Id()), ("order_id", order), ("position", i), ("product_id", product), ("sku", sku),
                ("name", name), ("quantity", quantity * 1000L), ("unit", "pcs"), ("asked_quantity", quantity * 1000L),
                ("asked_unit", "pcs"), ("unit_price", price), ("net", price * quantity), ("gross", price * quantity),
                ("message_id", "false_91_" + i), ("words", "words")));
        }

        var net = lines.Sum(l => (long)Tables.OrderLines.Value(l, "net")!);
        var head = Tables.Orders.Row(("id", order), ("number", $"{series}-{++_number}"), ("customer_id", customer),
            ("turn_id", Id()), ("status", "confirmed"), ("currency", "INR"), ("net", net), ("gross", net),
            ("placed_at", Now));
        changes.Add(Insert(Tables.Orders, head));
        changes.AddRange(lines.Select(l => Insert(Tables.OrderLines, l)));
        changes.AddRange(lines.Select(
            l => Movement((string)Tables.OrderLines.Value(l, "product_id")!,
                -(long)Tables.OrderLines.Value(l, "quantity")!, "sold", (string)l[0]!)));
        changes.Add(Event(order, "confirmed"));
        Told.Add((head, lines));
        return changes;
    }

    private List<Change>? Cancel(SqliteConnection shop)
    {
        // The cloud's order may refer to a product that was just deleted here, until the cloud has
        // refused the deletion.
        const string WithProducts =
            "NOT EXISTS (SELECT 1 FROM order_lines l "
                + "WHERE l.order_id = t.id AND l.product_id NOT IN (SELECT id FROM products))";
        if (Pick(shop, Tables.Orders, $"t.status = 'confirmed' AND {WithProducts}") is not { } order) return null;
        var lines = shop.List(
            "SELECT id, product_id, quantity FROM order_lines WHERE order_id = $id ORDER BY position",
            r => (r.GetString(0), r.GetString(1), r.GetInt64(2)), ("$id", order));
        return
        [
            new Change(0, Tables.Orders, ChangeKind.Update, order, [],
                [new(Tables.Orders.IndexOf("status"), "confirmed", "cancelled")]),
            .. lines.Select(l => Movement(l.Item2, l.Item3, "cancelled", l.Item1)),
            Event(order, "cancelled"),
        ];
    }

    private List<Change>? Count(SqliteConnection shop) =>
        Pick(shop, Tables.Products, "t.currency = 'INR'") is { } product
            ? [Movement(product, random.Next(-5_000, 50_000), "counted", null)]
            : null;

    private List<Change>? Edit(SqliteConnection shop, Table table, string column, object value)
    {
        if (Pick(shop, table, "1") is not { } id) return null;
        var old = shop.List($"SELECT {column} FROM {table.Name} WHERE id = $id", r => r.GetValue(0), ("$id", id))
            .Single();
        return Equals(old, value)
            ? null
            : [new Change(0, table, ChangeKind.Update, id, [], [new(table.IndexOf(column), old, value)])];
    }

    private List<Change>? Drop(SqliteConnection shop, Table table, string where) =>
        Pick(shop, table, where) is { } id ? [new Change(0, table, ChangeKind.Delete, id, [], [])] : null;

    private string? Pick(SqliteConnection shop, Table table, string where)
    {
        var ids = shop.List($"SELECT t.id FROM {table.Name} t WHERE {where} ORDER BY t.{table.Columns[1].Name}, t.id",
            r => r.GetString(0));
        return ids.Count == 0 ? null : ids[random.Next(ids.Count)];
    }

    private object?[] NewCustomer() =>
        Tables.Customers.Row(("id", Id()), ("phone", $"9198{random.Next(10_000_000):00000000}"),
            ("chat_id", $"{++_number}@c.us"), ("name", Word()), ("language", "en"), ("words", "{}"));

    private Change Movement(string product, long quantity, string reason, string? line) =>
        Insert(Tables.StockMovements,
            Tables.StockMovements.Row(("id", Id()), ("product_id", product), ("quantity", quantity),
                ("reason", reason), ("order_line_id", line), ("at", Now)));

    private Change Event(string order, string kind) =>
        Insert(Tables.OrderEvents,
            Tables.OrderEvents.Row(("id", Id()), ("order_id", order), ("kind", kind), ("at", Now)));

    private static Change Insert(Table table, object?[] row) =>
        new(0, table, ChangeKind.Insert, (string)row[0]!, row, []);

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private string Word() => $"दूध \"{random.Next(1_000)}\" حليب";

    private string Id()
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes).ToString("D");
    }
}
