using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Sak.Sync.Files;

namespace Sak.Server.Catalog;

/// <summary>A catalog file that was read: products, or the faults of every line.</summary>
/// <param name="Faults">"Line 7: price …", the first hundred.</param>
/// <param name="FaultCount">All of them.</param>
public sealed record CatalogFile(IReadOnlyList<CheckedProduct> Products, IReadOnlyList<string> Faults, int FaultCount)
{
    public const int MaxProducts = 100_000;
    private const int MaxShown = 100;
    private const int MaxField = 64 * 1024;
    private static readonly IReadOnlyList<string> Wanted = CatalogRow.Required;

    /// <summary>Reads UTF-8 with a comma and a header line, with or without a byte order mark.</summary>
    public static async Task<CatalogFile> ReadAsync(Stream file, string currency, CancellationToken cancel)
    {
        var faults = new List<string>();
        var products = new List<CheckedProduct>();
        try
        {
            using var text = new StreamReader(file, new UTF8Encoding(false, throwOnInvalidBytes: true),
                detectEncodingFromByteOrderMarks: true, leaveOpen: true);
            using var csv = new CsvReader(text, Format(faults));
            if (await HeaderAsync(csv, faults) is { } header)
                await LinesAsync(csv, header, currency, products, faults, cancel);
        }
        catch (MaxFieldSizeException endless)
        {
            faults.Add(
                $"Line {endless.Context?.Parser?.RawRow}: a field is longer than {MaxField} letters; a quote before "
                    + $"it may have no end");
        }
        catch (DecoderFallbackException)
        {
            faults.Add("The file is not UTF-8; save it as \"CSV UTF-8\".");
        }

        return new CatalogFile(faults.Count == 0 ? products : [], [.. faults.Take(MaxShown)], faults.Count);
    }

    private static CsvConfiguration Format(List<string> faults) => new(CultureInfo.InvariantCulture)
    {
        PrepareHeaderForMatch = header => header.Header.Trim().ToLowerInvariant(),
        TrimOptions = TrimOptions.Trim,
        MissingFieldFound = null,
        BadDataFound = bad =>
            faults.Add(
                $"Line {bad.Context.Parser?.RawRow}: a quote stands where none may; double it (\"\") inside quotes"),
        MaxFieldSize = MaxField,
    };

    private static async Task<CsvHeader?> HeaderAsync(CsvReader csv, List<string> faults)
    {
        if (!await csv.ReadAsync() || !csv.ReadHeader())
        {
            faults.Add("Line 1: the file is empty; its first line names the columns: " + string.Join(',', Wanted));
            return null;
        }

        var header = new CsvHeader([.. csv.HeaderRecord!.Select(h => h.Trim())], CatalogRow.Known);
        var missing = Wanted.Except(header.Columns).ToList();
        if (missing.Count > 0)
            faults.Add(
                $"Line 1: missing {string.Join(", ", missing)}; the first line names the columns: "
                    + $"{string.Join(',', Wanted)}");
        if (header.Fault is { } fault) faults.Add($"Line 1: {fault}");
        return faults.Count == 0 ? header : null;
    }

    private static async Task LinesAsync(CsvReader csv, CsvHeader header, string currency,
        List<CheckedProduct> products, List<string> faults, CancellationToken cancel)
    {
        var lines = new Dictionary<string, int>();
        var found = new List<string>();
        while (await csv.ReadAsync())
        {
            cancel.ThrowIfCancellationRequested();
            var line = csv.Parser.RawRow;
            found.Clear();
            if (header.FaultOf(csv.Parser.Record!) is { } shifted) found.Add(shifted);
            var product = found.Count > 0 ? null : Line(csv).Check(currency, found);
            if (product is not null && !lines.TryAdd(product.Sku, line))
                found.Add($"sku {product.Sku} stands on line {lines[product.Sku]} too");
            faults.AddRange(found.Select(f => $"Line {line}: {f}"));
            if (product is not null && found.Count == 0) products.Add(product);
            if (lines.Count <= MaxProducts) continue;
            faults.Add($"Line {line}: the file has more than {MaxProducts} products; import it in parts");
            return;
        }
    }

    private static ProductInput Line(CsvReader csv) => new(
        Text(csv, "sku"), Text(csv, "name"), Text(csv, "aliases"), Text(csv, "unit"), Text(csv, "pack"),
        Text(csv, "price"),
        Optional(csv, "tax_rate"), Optional(csv, "stock"), Optional(csv, "active"));

    private static string Text(CsvReader csv, string name) => csv.GetField(name) ?? "";

    private static string? Optional(CsvReader csv, string name) =>
        csv.TryGetField<string>(name, out var text) ? text : null;
}
