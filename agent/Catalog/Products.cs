using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Sync.Model;

namespace Sak.Agent.Catalog;

/// <summary>Reads products from the replica.</summary>
internal static class Products
{
    /// <summary>The first columns for <see cref="Read"/>; the stock on hand and the version follow.</summary>
    public const string Stored =
        "p.id, p.sku, p.name, p.aliases, p.unit, p.packs, p.price, p.currency, p.tax_rate";

    /// <summary>
    /// Columns for <see cref="Read"/>. Stock is what the cloud summed plus this PC's movements that it has not seen;
    /// null while nobody has ever counted the product.
    /// </summary>
    public const string Columns =
        $"""
        {Stored},
        CASE WHEN EXISTS (SELECT 1 FROM stock_movements m WHERE m.product_id = p.id AND m.reason <> 'sold')
             THEN coalesce(p.on_hand, 0) + coalesce((SELECT sum(m.quantity) FROM stock_movements m
               WHERE m.product_id = p.id AND m.ver = 0), 0) END,
        p.ver
        """;

    /// <summary>The products with these SKUs that are for sale, by SKU.</summary>
    public static Dictionary<string, Product> BySku(SqliteConnection connection, IEnumerable<string> skus)
    {
        var found = new Dictionary<string, Product>();
        foreach (var sku in skus.Distinct())
        {
            foreach (var product in connection.List(
                $"SELECT {Columns} FROM products p WHERE p.sku = $sku AND p.active = 1 LIMIT 1", Read, ("$sku", sku)))
                found[sku] = product;
        }

        return found;
    }

    public static Product Read(SqliteDataReader row) =>
        new(
            row.Id(0), row.GetString(1), row.GetString(2), Product.ReadAliases(row.GetString(3)), row.GetString(4),
            Product.ReadPacks(row.GetString(5)),
            new Money(row.GetInt64(6), row.GetString(7)), row.GetInt32(8), row.IsDBNull(9) ? null : row.GetInt64(9),
            row.GetInt64(10));
}
