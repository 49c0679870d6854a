using System.Globalization;
using Microsoft.Data.Sqlite;
using Sak.Agent.Catalog;
using Sak.Agent.Chats;
using Sak.Agent.Database;
using Sak.Sync.Model;
using Sak.Sync.Pricing;
using Sak.Sync.Wire;

namespace Sak.Agent.Orders;

/// <summary>
/// The tables of orders, their lines and their events. Runs inside the caller's transaction.
/// </summary>
internal static class OrderBook
{
    public const long FirstNumber = 1001;

    /// <summary>
    /// Writes the order that a turn confirmed: its number, its lines, what left the stock, and the event. A turn makes
    /// at most one order, whatever happens twice.
    /// </summary>
    public static Order Place(SqliteConnection connection, PricedBasket basket, Turn turn, string series,
        long priceVersion, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        var id = Ids.New(clock);
        var lines = basket.Lines.Select((line, i) => Line(line, id, i + 1, clock)).ToList();
        var order = new Order(id, NextNumber(connection, series), turn.CustomerId, turn.Id, OrderStatus.Confirmed,
            basket.Currency, basket.Net, basket.Tax, basket.Gross, priceVersion, now, lines);
        Insert(connection, order);
        foreach (var line in lines) Insert(connection, line, clock);
        connection.Execute(
            "INSERT INTO order_events (id, order_id, kind, detail, at) VALUES ($id, $order, 'confirmed', $rules, $at)",
            ("$rules", RulesOf(basket)), ("$id", Ids.New(clock)), ("$order", id),
            ("$at", now));
        return order;
    }

    /// <summary>Two customers are one person: the orders move to the one that stays.</summary>
    public static void MoveCustomer(SqliteConnection connection, Guid from, Guid to) =>
        connection.Execute("UPDATE orders SET customer_id = $to WHERE customer_id = $from",
            ("$from", from), ("$to", to));

    // Which rules made the prices: "BIS-1=0198…; discount=0198…", empty where the catalog's own held.
    private static string RulesOf(PricedBasket basket) =>
        string.Join("; ", basket.Lines.Where(l => l.Rule.Length > 0).Select(l => $"{l.Product.Sku}={l.Rule}")
            .Concat(basket.DiscountRule.Length > 0 ? [$"discount={basket.DiscountRule}"] : []));

    /// <summary>The customer's latest order with its lines, or null.</summary>
    public static Order? Latest(SqliteConnection connection, Guid customerId) =>
        connection.List(
            "SELECT id, number, customer_id, turn_id, status, currency, net, tax, gross, price_version, placed_at "
                + "FROM orders WHERE customer_id = $customer ORDER BY placed_at DESC, number DESC LIMIT 1",
            row => new Order(row.Id(0), row.GetString(1), row.Id(2), row.Id(3), Status(row.GetString(4)),
                row.GetString(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8), row.GetInt64(9), row.Time(10),
                Lines(connection, row.GetString(0))),
            ("$customer", customerId)).SingleOrDefault();

    // A state that only a newer program knows comes after confirmed.
    private static OrderStatus Status(string word) => EnumText.Read<OrderStatus>(word) ?? OrderStatus.Confirmed;

    /// <summary>
    /// What the customer has bought in the latest fifty orders, by SKU: how often, and the most at once.
    /// </summary>
    public static IReadOnlyDictionary<string, Bought> Habits(SqliteConnection connection, Guid customerId) =>
        connection.List(
            """
            SELECT sku, count(DISTINCT order_id) AS times, max(quantity) FROM order_lines WHERE order_id IN
              (SELECT id FROM orders WHERE customer_id = $customer AND status <> 'cancelled' ORDER BY placed_at DESC
                LIMIT 50)
            GROUP BY sku ORDER BY times DESC LIMIT 100
            """,
            row => (Sku: row.GetString(0), Bought: new Bought(row.GetInt32(1), row.GetInt64(2))),
            ("$customer", customerId)).ToDictionary(b => b.Sku, b => b.Bought);

    private static List<OrderLine> Lines(SqliteConnection connection, string orderId) =>
        connection.List(
            """
            SELECT id, order_id, position, product_id, sku, name, quantity, unit, asked_quantity, asked_unit,
              unit_price, tax_rate, net, tax, gross, message_id, words
            FROM order_lines WHERE order_id = $order ORDER BY position
            """,
            row => new OrderLine(
                row.Id(0), row.Id(1), row.GetInt32(2), row.Id(3), row.GetString(4), row.GetString(5), row.GetInt64(6),
                row.GetString(7), row.GetInt64(8),
                row.GetString(9), row.GetInt64(10), row.GetInt32(11), row.GetInt64(12), row.GetInt64(13),
                row.GetInt64(14), row.GetString(15), row.GetString(16)),
            ("$order", orderId));

    // The next number of the series, without gaps: taken in the transaction that writes the order. On a new PC it goes
    // on after the highest that came from the cloud.
    private static string NextNumber(SqliteConnection connection, string series)
    {
        var prefix = series + "-";
        var highest = connection.Scalar<long?>(
            "SELECT max(CAST(substr(number, length($prefix) + 1) AS INTEGER)) FROM orders WHERE substr(number, 1, "
                + "length($prefix)) = $prefix", ("$prefix", prefix)) ?? 0;
        var counter = "orders " + series;
        var next = Math.Max(FirstNumber, Math.Max(highest, Counters.Value(connection, counter)) + 1);
        Counters.Set(connection, counter, next);
        return prefix + next.ToString(CultureInfo.InvariantCulture);
    }

    private static OrderLine Line(PricedLine priced, Guid orderId, int position, TimeProvider clock) =>
        new(
            Ids.New(clock), orderId, position, priced.Product.Id, priced.Product.Sku, priced.Product.Name,
            priced.Line.BaseQuantity, priced.Product.Unit,
            (long)decimal.Round(priced.Line.Quantity * 1000m), priced.Line.Unit, priced.UnitPrice,
            priced.Product.TaxRate, priced.Net, priced.Tax, priced.Gross,
            priced.Line.MessageId, priced.Line.Words);

    private static void Insert(SqliteConnection connection, Order order) =>
        connection.Execute(
            """
            INSERT INTO orders (id, number, customer_id, turn_id, status, currency, net, tax, gross, price_version,
              placed_at)
            VALUES ($id, $number, $customer, $turn, $status, $currency, $net, $tax, $gross, $version, $placed)
            """,
            ("$id", order.Id), ("$number", order.Number), ("$customer", order.CustomerId),
            ("$turn", order.TurnId),
            ("$status", order.Status.Text()), ("$currency", order.Currency), ("$net", order.Net), ("$tax", order.Tax),
            ("$gross", order.Gross),
            ("$version", order.PriceVersion), ("$placed", order.PlacedAt));

    private static void Insert(SqliteConnection connection, OrderLine line, TimeProvider clock)
    {
        connection.Execute(
            """
            INSERT INTO order_lines (id, order_id, position, product_id, sku, name, quantity, unit, asked_quantity,
              asked_unit, unit_price, tax_rate, net, tax, gross, message_id, words)
            VALUES ($id, $order, $position, $product, $sku, $name, $quantity, $unit, $asked, $askedUnit, $price, $rate,
              $net, $tax, $gross, $message, $words)
            """,
            ("$id", line.Id), ("$order", line.OrderId), ("$position", line.Position),
            ("$product", line.ProductId),
            ("$sku", line.Sku), ("$name", line.Name), ("$quantity", line.Quantity), ("$unit", line.Unit),
            ("$asked", line.AskedQuantity),
            ("$askedUnit", line.AskedUnit), ("$price", line.UnitPrice), ("$rate", line.TaxRate), ("$net", line.Net),
            ("$tax", line.Tax),
            ("$gross", line.Gross), ("$message", line.MessageId), ("$words", line.Words));
        Stock.Move(connection, line.ProductId, -line.Quantity, StockReason.Sold, line.Id, clock);
    }
}
