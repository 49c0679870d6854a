using System.Globalization;
using Sak.Sync.Model;
using Sak.Sync.Replica;

namespace Sak.Sync.Files;

/// <summary>
/// A product as someone wrote it, in a line of a catalog file or in a form, read and judged the same on both sides.
/// Whatever is taken here the cloud's rows take too (<see cref="RowRules"/>).
/// </summary>
/// <param name="TaxRate">Hundredths of a percent, or null when the file does not say: a known product keeps its own, a
/// new one has none.</param>
/// <param name="Active">Null when the file does not say: a known product stays as it is, a new one is for sale.</param>
/// <param name="Stock">Thousandths of the base unit to set the count to, or null when the file does not say.</param>
public sealed record CatalogRow(string Sku, string Name, string Aliases, string Unit, string Packs, long Price,
    int? TaxRate, bool? Active, long? Stock)
{
    /// <summary>Columns that a catalog file must have.</summary>
    public static readonly IReadOnlyList<string> Required = ["sku", "name", "aliases", "unit", "pack", "price"];

    /// <summary>Columns that it may have: tax_rate in percent, stock in base units, active yes or no.</summary>
    public static readonly IReadOnlyList<string> Optional = ["tax_rate", "stock", "active"];

    private const int MaxName = 200;
    private const int MaxAliases = 4_000;
    private const int MaxUnit = 32;
    private const int MaxPacks = 400;
    private const decimal MaxStock = 1_000_000_000;

    /// <summary>
    /// Reads a row; null when something is wrong, each fault a sentence in <paramref name="faults"/>.
    /// </summary>
    /// <param name="cell">The text of a column; empty or null when nothing was said.</param>
    public static CatalogRow? Read(Func<string, string?> cell, string currency, ICollection<string> faults)
    {
        var read = new Fields(cell, faults);
        var before = faults.Count;
        var sku = read.Text("sku", RowRules.MaxSku, "sku is empty");
        var name = read.Text("name", MaxName, "name is empty");
        var aliases = string.Join('|', Product.ReadAliases(read.Text("aliases", MaxAliases)));
        var unit = read.Text("unit", MaxUnit,
            "unit is empty; write the unit that the price is for, such as pcs or kg").ToLowerInvariant();
        var row = new CatalogRow(sku, name, aliases, unit, read.Packs(unit), read.Price(currency),
            (int?)read.Number("tax_rate", 100, 100,
                "a percentage from 0 to 100 with at most two decimals, such as 18 or 5.5"),
            read.YesNo("active"),
            read.Number("stock", MaxStock, 1000,
                "a number of base units with at most three decimals, such as 40 or 2.5"));
        return faults.Count == before ? row : null;
    }

    private readonly struct Fields(Func<string, string?> cell, ICollection<string> faults)
    {
        public string Text(string column, int most, string? whenEmpty = null)
        {
            var text = cell(column)?.Trim() ?? "";
            if (text.Length == 0 && whenEmpty is not null) faults.Add(whenEmpty);
            if (CsvHeader.TextFault(column, text) is { } fault) faults.Add(fault);
            if (text.Length > most) faults.Add($"{column} is longer than {most} characters");
            return text;
        }

        public string Packs(string unit)
        {
            try
            {
                var packs = Product.ReadPacks(Text("pack", MaxPacks));
                if (Product.PackFault(packs, unit) is { } fault) faults.Add(fault);
                return Product.WritePacks(packs);
            }
            catch (FormatException error)
            {
                faults.Add(error.Message);
                return "";
            }
        }

        public long Price(string currency)
        {
            var text = cell("price") ?? "";
            if (Money.TryParse(text, currency, out var price)) return price.Minor;
            var example = new Money((long)(12.5m * Currencies.Scale(currency)), currency).Plain;
            faults.Add($"price \"{text}\" is not an amount in {currency}; write it with a dot and at most "
                + $"{Currencies.Decimals(currency)} decimals, such as {example}");
            return 0;
        }

        /// <summary>Parts of a number that is not negative; null when nothing was said. A sign is a fault: "+5"
        /// may be meant as five more.</summary>
        public long? Number(string column, decimal most, int parts, string form)
        {
            var text = cell(column)?.Trim() ?? "";
            if (text.Length == 0) return null;
            if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number <= most && number * parts == decimal.Truncate(number * parts)) return (long)(number * parts);
            faults.Add($"{column} \"{text}\" is not {form}");
            return null;
        }

        public bool? YesNo(string column)
        {
            switch (cell(column)?.Trim().ToLowerInvariant())
            {
                case null or "":
                    return null;
                case "1" or "yes" or "true":
                    return true;
                case "0" or "no" or "false":
                    return false;
                case var other:
                    faults.Add($"{column} \"{other}\" is neither yes nor no");
                    return null;
            }
        }
    }
}
