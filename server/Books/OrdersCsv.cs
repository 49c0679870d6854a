using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Sak.Sync.Model;

namespace Sak.Server.Books;

/// <summary>Writes the ledger as CSV for spreadsheets: UTF-8 with byte order mark, dot decimals, no formulas.</summary>
public static class OrdersCsv
{
    private const int FlushEvery = 200;
    private const string FormulaStarts = "=+-@\t\r\n＝＋－＠";

    private static readonly string[] Columns =
    [
        "order_number", "placed_at", "customer", "phone", "sku", "product", "quantity", "unit", "unit_price", "net",
        "tax", "gross", "currency", "status",
    ];

    public static async Task WriteAsync(Stream to, IAsyncEnumerable<LedgerRow> rows, CancellationToken cancel)
    {
        await using var text = new StreamWriter(to, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true),
            bufferSize: 16 * 1024, leaveOpen: true);
        await using var csv = new CsvWriter(text,
            new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\r\n" });
        foreach (var column in Columns) csv.WriteField(column);
        await csv.NextRecordAsync();
        var written = 0;
        await foreach (var row in rows.WithCancellation(cancel))
        {
            Write(csv, row);
            await csv.NextRecordAsync();
            if (++written % FlushEvery == 0) await csv.FlushAsync();
        }

        await csv.FlushAsync();
    }

    private static void Write(CsvWriter csv, LedgerRow row)
    {
        string Amount(long minor) => new Money(minor, row.Currency).Plain;
        csv.WriteField(Safe(row.Number));
        csv.WriteField(
            DateTimeOffset.FromUnixTimeMilliseconds(row.PlacedAt)
                .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        csv.WriteField(Safe(row.Customer));
        csv.WriteField(Safe(row.Phone));
        csv.WriteField(Safe(row.Sku));
        csv.WriteField(Safe(row.Product));
        csv.WriteField(new Quantity(row.Quantity, row.Unit).Number);
        csv.WriteField(Safe(row.Unit));
        csv.WriteField(Amount(row.UnitPrice));
        csv.WriteField(Amount(row.Net));
        csv.WriteField(Amount(row.Tax));
        csv.WriteField(Amount(row.Gross));
        csv.WriteField(row.Currency);
        csv.WriteField(Safe(row.Status));
    }

    /// <summary>
    /// Puts an apostrophe before text that a spreadsheet would run as a formula, since names come from customers.
    /// </summary>
    internal static string Safe(string text) => text.Length > 0 && FormulaStarts.Contains(text[0]) ? "'" + text : text;
}
