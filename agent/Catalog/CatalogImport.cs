using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Sync.Files;
using Sak.Sync.Model;

namespace Sak.Agent.Catalog;

/// <summary>Reads a catalog file into the replica: new SKUs are added, known ones changed; all or nothing.</summary>
internal static class CatalogImport
{
    private const int MostFaultsShown = 20;

    // Products stand alone, so the cloud may get them in several batches: one of a hundred thousand would be larger
    // than a body may be.
    private const int InOneBatch = 2_000;

    /// <summary>Throws <see cref="ImportException"/> that lists what is wrong with the file, by line.</summary>
    public static async Task<(int Added, int Changed)> RunAsync(ReplicaDb db, TextReader text, string currency,
        TimeProvider clock, CancellationToken cancel)
    {
        var rows = Read(text, currency);
        return await db.WriteAsync(connection => Write(connection, rows, currency, clock), cancel);
    }

    private static List<CatalogRow> Read(TextReader text, string currency)
    {
        using var csv = new CsvReader(text, Format());
        var header = ReadHeader(csv);

        var rows = new List<CatalogRow>();
        var faults = new List<string>();
        var seen = new HashSet<string>();
        while (csv.Read())
        {
            var wrong = new List<string>();
            if (header.FaultOf(csv.Parser.Record!) is { } shifted) wrong.Add(shifted);
            var row = CatalogRow.Read(name => csv.TryGetField<string>(name, out var value) ? value : null, currency,
                wrong);
            if (row is not null && !seen.Add(row.Sku)) wrong.Add($"sku {row.Sku} stands in the file twice");
            faults.AddRange(wrong.Select(w => $"line {csv.Parser.RawRow}: {w}"));
            if (row is not null) rows.Add(row);
        }

        if (faults.Count == 0) return rows;
        var more = faults.Count > MostFaultsShown ? $"\n… and {faults.Count - MostFaultsShown} more" : "";
        throw new ImportException(
            $"Nothing was imported; the file has {faults.Count} "
                + $"fault(s):\n{string.Join('\n', faults.Take(MostFaultsShown))}{more}");
    }

    private static CsvConfiguration Format() => new(CultureInfo.InvariantCulture)
    {
        PrepareHeaderForMatch = name => CsvHeader.Name(name.Header),
        TrimOptions = TrimOptions.Trim,
        MissingFieldFound = null,
        // What a quote without an end swallows would be missing in silence.
        BadDataFound = bad =>
            throw new ImportException(
                $"Nothing was imported; line {bad.Context.Parser?.RawRow}: a quote stands where none may, or has no "
                    + $"end. Double it (\"\") inside quotes."),
    };

    private static CsvHeader ReadHeader(CsvReader csv)
    {
        if (!csv.Read() || !csv.ReadHeader())
            throw new ImportException(
                $"The file is empty. Its first line names the columns: {string.Join(',', CatalogRow.Required)}.");
        var header = new CsvHeader(csv.HeaderRecord!, CatalogRow.Known);
        if (header.Fault is { } fault) throw new ImportException($"The file's first line {fault}.");
        var missing = CatalogRow.Required.Except(header.Columns).ToList();
        return missing.Count == 0 ? header : throw new ImportException(
            $"The file lacks the column {string.Join(", ", missing)}. Its first line must name "
                + $"{string.Join(',', CatalogRow.Required)}, and may name {string.Join(',', CatalogRow.Optional)}.");
    }

    private static (int Added, int Changed) Write(SqliteConnection connection, List<CatalogRow> rows, string currency,
        TimeProvider clock)
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
        Stock.Move(connection, Guid.Parse(productId), stock.Value - now, "counted", null, clock);
    }
}
