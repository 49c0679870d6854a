using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Microsoft.EntityFrameworkCore;
using Sak.Server.Data;
using Sak.Sync.Files;
using Sak.Sync.Model;
using Sak.Sync.Replica;

namespace Sak.Server.Catalog;

/// <summary>
/// Reads a shop's file of price rules; what its lines mean stands in <see cref="RuleFile"/>, as on the PC.
/// </summary>
internal static class PriceRuleFile
{
    private const int MaxLines = 100_000;
    private const int InQuery = 1_000;

    /// <param name="body">UTF-8 with a comma and a header line, with or without a byte order mark.</param>
    public static async Task<RuleFile> ReadAsync(Stream body, SakDb db, Guid shop, string currency, TimeZoneInfo zone,
        CancellationToken cancel)
    {
        var (lines, fault) = await LinesAsync(body, cancel);
        if (fault is not null) return new RuleFile([], [fault]);
        var file = RuleFile.Read(lines, await NamesAsync(db, shop, lines, cancel), currency, zone);
        var beyond = file.Rules.Select(r => RowRules.Fault(Tables.PriceRules, ShopRules.Values(r), currency))
            .OfType<string>().Distinct();
        return file with { Faults = [.. file.Faults, .. beyond] };
    }

    private static async Task<(List<RuleLine> Lines, string? Fault)> LinesAsync(Stream body, CancellationToken cancel)
    {
        var lines = new List<RuleLine>();
        try
        {
            using var text = new StreamReader(body, new UTF8Encoding(false, throwOnInvalidBytes: true),
                detectEncodingFromByteOrderMarks: true, leaveOpen: true);
            var bad = 0;
            using var csv = new CsvReader(text, new CsvConfiguration(CultureInfo.InvariantCulture)
            {
                MissingFieldFound = null, BadDataFound = found => bad = found.Context.Parser!.RawRow,
                TrimOptions = TrimOptions.Trim,
                PrepareHeaderForMatch = name => CsvHeader.Name(name.Header),
            });
            var header = new CsvHeader(await csv.ReadAsync() && csv.ReadHeader() ? csv.HeaderRecord! : [],
                RuleFile.Columns);
            if (RuleFile.FaultOf(header) is { } fault) return (lines, fault);
            while (await csv.ReadAsync())
            {
                cancel.ThrowIfCancellationRequested();
                if (lines.Count == MaxLines) return (lines, $"The file has more than {MaxLines} lines.");
                var shifted = header.FaultOf(csv.Parser.Record!);
                var fields = header.Columns.ToDictionary(name => name, name => csv.GetField(name) ?? "");
                // It is the whole list: what a quote without an end swallows would end.
                if (bad > 0)
                    return (lines,
                        $"line {bad}: a quote stands where none may, or has no end; double it (\"\") inside quotes");
                if (fields.Values.Any(f => f.Contains('\0')))
                    return (lines, $"line {csv.Parser.RawRow}: holds a NUL letter");
                lines.Add(new RuleLine(csv.Parser.RawRow, name => fields.GetValueOrDefault(name, ""), shifted));
            }

            return (lines, null);
        }
        catch (DecoderFallbackException)
        {
            return (lines, "The file is not UTF-8; save it as \"CSV UTF-8\".");
        }
    }

    // Only the products and customers that the file names.
    private static async Task<RuleNames> NamesAsync(SakDb db, Guid shop, List<RuleLine> lines, CancellationToken cancel)
    {
        var products = new Dictionary<string, Product>();
        foreach (var skus in lines.Select(l => l.Field("sku")).Distinct().Chunk(InQuery))
            foreach (var row in await db.Products.AsNoTracking().Where(p => p.ShopId == shop && skus.Contains(p.Sku))
                .ToListAsync(cancel))
                products[row.Sku] = ShopCatalog.Read(row);
        var customers = new HashSet<(Guid Id, string Name, string Phone)>();
        foreach (var named in lines.Select(l => l.Field("customer")).Where(n => n.Length > 0).Distinct().Chunk(InQuery))
        {
            var phones = named.Select(Digits).Where(d => d.Length > 0).ToList();
            foreach (var row in await db.Customers.AsNoTracking()
                .Where(c => c.ShopId == shop && (named.Contains(c.Name) || phones.Contains(c.Phone)))
                .ToListAsync(cancel))
                customers.Add((row.Id, row.Name, row.Phone));
        }

        var byName = customers.ToLookup(c => c.Name);
        var byPhone = customers.ToLookup(c => c.Phone);
        return new RuleNames(products.GetValueOrDefault, name => Digits(name) is var digits
            && byName[name].Concat(digits.Length > 0 ? byPhone[digits] : []).Distinct().ToList() is [var one]
            ? one.Id
            : null);
    }

    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));
}
