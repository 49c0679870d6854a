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
            if (number > 0 && number % InOneBatch == 0) ReplicaRow.NextTransaction(connection);
            var known = Products.IdOf(connection, row.Sku);
            var id = known ?? Ids.New(clock);
            if (known is null) added += Products.Add(connection, id, row, currency);
            else changed += Products.Change(connection, row, currency);
            Count(connection, id, row.Stock, clock);
        }

        return (added, changed);
    }

    // Stock is the sum of its movements: a count in the file becomes the movement that makes the sum right.
    private static void Count(SqliteConnection connection, Guid productId, long? stock, TimeProvider clock)
    {
        if (stock is null) return;
        var now = connection.Scalar<long>(
            "SELECT coalesce(on_hand, 0) + coalesce((SELECT sum(quantity) FROM stock_movements WHERE product_id = $id "
                + "AND ver = 0), 0) FROM products WHERE id = $id", ("$id", productId));
        if (now == stock) return;
        Stock.Move(connection, productId, stock.Value - now, StockReason.Counted, null, clock);
    }
}
