using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Sync.Model;

namespace Sak.Agent.Catalog;

/// <summary>
/// The table of stock movements. Stock is their sum, so a movement is only added, but for a
/// count that gives way to the cloud's. Runs inside the caller's
/// transaction.
/// </summary>
internal static class Stock
{
    /// <param name="quantity">Thousandths of the base unit; negative for goods that leave.</param>
    /// <param name="orderLineId">The line of an order that took it; null for a count.</param>
    public static void Move(SqliteConnection connection, Guid productId, long quantity, StockReason reason,
        Guid? orderLineId, TimeProvider clock) =>
        connection.Execute(
            "INSERT INTO stock_movements (id, product_id, quantity, reason, order_line_id, at) "
                + "VALUES ($id, $product, $quantity, $reason, $line, $at)",
            ("$id", Ids.New(clock)), ("$product", productId), ("$quantity", quantity), ("$reason", reason),
            ("$line", orderLineId), ("$at", clock.GetUtcNow()));

    /// <summary>
    /// Takes back the counts of these products that the cloud does not have. Returns the ids of these movements.
    /// </summary>
    public static List<string> DropCounts(SqliteConnection connection, IReadOnlyList<string> productIds) =>
        connection.List(
            """
            DELETE FROM stock_movements WHERE ver = 0 AND reason = $counted
              AND product_id IN (SELECT value FROM json_each($products)) RETURNING id
            """,
            row => row.GetString(0), ("$counted", StockReason.Counted), ("$products", productIds));
}
