using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Sync.Files;
using Sak.Sync.Model;

namespace Sak.Agent.Catalog;

/// <summary>
/// The table of products. Rows that came from the cloud are written by the sync, as those of every synced table. Runs
/// inside the caller's transaction.
/// </summary>
internal static class Products
{
    /// <summary>The first columns for <see cref="Read"/>; the stock on hand and the version follow.</summary>
    public const string Stored =
        "p.id, p.sku, p.name, p.aliases, p.unit, p.packs, p.price, p.currency, p.tax_rate";

    /// <summary>
    /// Columns for <see cref="Read"/>; $sold is the reason of a sale. Stock is what the cloud summed plus this PC's
    /// movements that the cloud has not seen; null while nobody has ever counted the product.
    /// </summary>
    private const string Columns =
        $"""
        {Stored},
        CASE WHEN EXISTS (SELECT 1 FROM stock_movements m WHERE m.product_id = p.id AND m.reason <> $sold)
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
            foreach (var product in Find(connection, "WHERE p.sku = $sku AND p.active = 1 LIMIT 1", Read,
                ("$sku", sku)))
                found[sku] = product;
        }

        return found;
    }

    /// <param name="which">The end of a query on "products p".</param>
    /// <param name="read">Reads the row, with the help of <see cref="Read"/>.</param>
    public static List<T> Find<T>(SqliteConnection connection, string which, Func<SqliteDataReader, T> read,
        params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        connection.List($"SELECT {Columns} FROM products p {which}", read,
            [("$sold", StockReason.Sold), .. parameters]);

    public static Guid? IdOf(SqliteConnection connection, string sku) =>
        connection.Scalar<string?>("SELECT id FROM products WHERE sku = $sku", ("$sku", sku)) is { } id
            ? Guid.Parse(id)
            : null;

    /// <summary>Adds a product of a catalog file. Returns how many rows that changed.</summary>
    public static int Add(SqliteConnection connection, Guid id, CatalogRow row, string currency) =>
        connection.Execute(
            """
            INSERT INTO products (id, sku, name, aliases, unit, packs, price, currency, tax_rate, active)
            VALUES ($id, $sku, $name, $aliases, $unit, $packs, $price, $currency, coalesce($tax, 0),
              coalesce($active, 1))
            """,
            [("$id", id), .. Values(row, currency)]);

    /// <summary>Gives the product with this SKU what a catalog file says. Returns how many rows that changed.</summary>
    public static int Change(SqliteConnection connection, CatalogRow row, string currency) =>
        connection.Execute(
            """
            UPDATE products
              SET name = $name, aliases = $aliases, unit = $unit, packs = $packs, price = $price,
              currency = $currency, tax_rate = coalesce($tax, tax_rate), active = coalesce($active, active)
            WHERE sku = $sku
              AND (name, aliases, unit, packs, price, currency, tax_rate, active) IS NOT ($name, $aliases,
              $unit, $packs, $price, $currency, coalesce($tax, tax_rate), coalesce($active, active))
            """,
            Values(row, currency));

    public static void StopSelling(SqliteConnection connection, string id) =>
        connection.Execute("UPDATE products SET active = 0 WHERE id = $id", ("$id", id));

    /// <summary>Nothing may need them any more.</summary>
    public static void Remove(SqliteConnection connection, IReadOnlyList<string> ids) =>
        connection.Execute("DELETE FROM products WHERE id IN (SELECT value FROM json_each($ids))", ("$ids", ids));

    private static (string, object?)[] Values(CatalogRow row, string currency) =>
    [
        ("$sku", row.Sku), ("$name", row.Name), ("$aliases", row.Aliases), ("$unit", row.Unit), ("$packs", row.Packs),
        ("$price", row.Price), ("$currency", currency), ("$tax", row.TaxRate), ("$active", row.Active),
    ];

    public static Product Read(SqliteDataReader row) =>
        new(
            row.Id(0), row.GetString(1), row.GetString(2), Product.ReadAliases(row.GetString(3)), row.GetString(4),
            Product.ReadPacks(row.GetString(5)),
            new Money(row.GetInt64(6), row.GetString(7)), row.GetInt32(8), row.IsDBNull(9) ? null : row.GetInt64(9),
            row.GetInt64(10));
}
