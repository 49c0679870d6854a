using Microsoft.Data.Sqlite;
using Sak.Agent.Database;

namespace Sak.Tools.Bench;

/// <summary>Orders on the PC, the same for SAK and the floor.</summary>
internal static class BenchOrders
{
    public static void Write(SqliteConnection connection, int orders, int lines, int salt)
    {
        var customers = connection.List("SELECT id FROM customers ORDER BY id LIMIT 500", r => r.GetString(0));
        var products = connection.List("SELECT id FROM products ORDER BY id LIMIT 2000", r => r.GetString(0));
        using var order = connection.Command(
            "INSERT INTO orders (id, number, customer_id, turn_id, status, currency, net, tax, gross, price_version, "
                + "placed_at) VALUES ($id, $number, $customer, $turn, 'confirmed', 'INR', 3000, 0, 3000, 1, "
                    + "1800000000000)",
            ("$id", ""), ("$number", ""), ("$customer", ""), ("$turn", ""));
        using var line = connection.Command(
            """
            INSERT INTO order_lines (id, order_id, position, product_id, sku, name, quantity, unit, asked_quantity,
              asked_unit, unit_price, tax_rate, net, tax, gross, message_id, words)
            VALUES ($id, $order, $position, $product, 'SKU-000001', 'steel pipe 40x20 mm', $quantity, 'pcs', $quantity,
              'pcs', 1000, 0, 1000, 0, 1000, 'false_919800000001@c.us_3EB0C767D26A', '2 steel pipe')
            """,
            ("$id", ""), ("$order", ""), ("$position", 0L), ("$product", ""), ("$quantity", 0L));
        var random = new Random(salt);
        for (var i = 0; i < orders; i++)
        {
            var id = BenchShop.Id(3, salt * 10_000 + i);
            (order.Parameters[0].Value, order.Parameters[1].Value, order.Parameters[2].Value,
                order.Parameters[3].Value) =
                (id, $"B{salt}-{i}", customers[random.Next(customers.Count)], BenchShop.Id(4, salt * 10_000 + i));
            order.ExecuteNonQuery();
            for (var j = 0; j < lines; j++)
            {
                (line.Parameters[0].Value, line.Parameters[1].Value, line.Parameters[2].Value,
                    line.Parameters[3].Value, line.Parameters[4].Value) =
                    (BenchShop.Id(5 + j, salt * 10_000 + i), id, (long)j, products[random.Next(products.Count)],
                        random.Next(1, 20) * 1000L);
                line.ExecuteNonQuery();
            }
        }
    }
}
