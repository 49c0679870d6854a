using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Sync.Files;
using Sak.Sync.Linked;
using Sak.Sync.Model;

namespace Sak.Agent.Catalog;

/// <summary>Reads a catalog file into the replica: new SKUs are added, known ones changed; all or nothing.</summary>
internal static class CatalogImport
{
    private const int MostFaultsShown = 20;

    // No product needs another, so the cloud may get them in several batches: a batch of a hundred thousand would be
    // larger than a request may be.
    private const int InOneBatch = 2_000;

    /// <summary>Throws <see cref="ImportException"/> that lists what is wrong with the file, by line.</summary>
    public static async Task<(int Added, int Changed)> RunAsync(ReplicaDb db, TextReader text, string currency,
        TimeProvider clock, CancellationToken cancel)
    {
        var file = await CatalogFile.ReadAsync(CsvSplitter.SplitAsync(text, cancel), currency);
        if (file.Faults.Count > 0)
            throw new ImportException($"Nothing was imported; {file.Faults}:\n{file.Faults.List(MostFaultsShown)}");
        return await db.WriteAsync(connection => Write(connection, file.Rows, currency, clock), cancel);
    }

    private static (int Added, int Changed) Write(SqliteConnection connection, IReadOnlyList<CatalogRow> rows,
        string currency, TimeProvider clock)
    {
        int added = 0, changed = 0;
        foreach (var (number, row) in rows.Index())
        {
            if (number > 0 && number % InOneBatch == 0) connection.Execute("UPDATE replica SET txn = txn + 1");
            (string, object?)[] values =
            [
                ("$sku", row.Sku), ("$name", row.Name), ("$aliases", row.Aliases), ("$unit", row.Unit),
                ("$packs", row.Packs),
                ("$price", row.Price), ("$currency", currency), ("$tax", row.TaxRate),
                ("$active", row.Active is { } active ? active ? 1 : 0 : null),
            ];
            var known = connection.Scalar<string?>("SELECT id FROM products WHERE sku = $sku", ("$sku", row.Sku));
            var id = known ?? Ids.New(clock).ToString();
            if (known is null)
            {
                added += connection.Execute(
                    "INSERT INTO products (id, sku, name, aliases, unit, packs, price, currency, tax_rate, active) "
                        + "VALUES ($id, $sku, $name, $aliases, $unit, $packs, $price, $currency, coalesce($tax, 0), "
                            + "coalesce($active, 1))",
                    [("$id", id), .. values]);
            }
            else
            {
                changed += connection.Execute(
                    """
                    UPDATE products
                      SET name = $name, aliases = $aliases, unit = $unit, packs = $packs, price = $price,
                      currency = $currency, tax_rate = coalesce($tax, tax_rate), active = coalesce($active, active)
                    WHERE sku = $sku
                      AND (name, aliases, unit, packs, price, currency, tax_rate, active) IS NOT ($name, $aliases,
                      $unit, $packs, $price, $currency, coalesce($tax, tax_rate), coalesce($active, active))
                    """,
                    values);
            }

            Count(connection, id, row.Stock, clock);
        }

        return (added, changed);
    }

    // Stock is the sum of its movements: a count in the file becomes the movement that makes the sum right.
    private static void Count(SqliteConnection connection, string productId, long? stock, TimeProvider clock)
    {
        if (stock is null) return;
        var now = connection.Scalar<long>(
            "SELECT coalesce(on_hand, 0) + coalesce((SELECT sum(quantity) FROM stock_movements WHERE product_id = $id "
                + "AND ver = 0), 0) FROM products WHERE id = $id", ("$id", productId));
        if (now == stock) return;
        connection.Execute(
            "INSERT INTO stock_movements (id, product_id, quantity, reason, at) VALUES ($id, $product, $quantity, "
                + "$reason, $at)",
            ("$reason", StockReason.Counted.Text()),
            ("$id", Ids.New(clock)), ("$product", productId), ("$quantity", stock - now),
            ("$at", clock.GetUtcNow()));
    }
}
