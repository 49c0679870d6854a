using System.Globalization;
using Sak.Sync.Model;

namespace Sak.Sync.Files;

/// <summary>One row of a catalog file, read and judged the same on both sides.</summary>
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

    /// <summary>All columns that it may have.</summary>
    public static readonly IReadOnlyList<string> Known = [.. Required, .. Optional];

    /// <summary>
    /// Reads a row; null when something is wrong, each fault a sentence in <paramref name="faults"/>.
    /// </summary>
    public static CatalogRow? Read(Func<string, string?> field, string currency, ICollection<string> faults)
    {
        var before = faults.Count;
        string Text(string name, int most, bool needed)
        {
            var text = field(name)?.Trim() ?? "";
            if (needed && text.Length == 0) faults.Add($"{name} is empty");
            if (text.Any(char.IsControl)) faults.Add($"{name} holds a control letter or a line break");
            if (text.Length > most) faults.Add($"{name} is longer than {most} characters");
            return text;
        }

        var sku = Text("sku", 64, true);
        var name = Text("name", 200, true);
        var aliases = Text("aliases", 4000, false);
        var unit = Text("unit", 32, true).ToLowerInvariant();
        var packs = ReadPacks(Text("pack", 400, false), unit, faults);
        if (!Money.TryParse(field("price") ?? "", currency, out var price))
            faults.Add($"price \"{field("price")}\" is not an amount in {currency}, for example 12.50");
        var tax = ReadPercent(field("tax_rate"), faults);
        var active = ReadYes(field("active"), faults);
        var stock = ReadStock(field("stock"), faults);
        return faults.Count == before
            ? new CatalogRow(sku, name, aliases, unit, packs, price.Minor, tax, active, stock)
            : null;
    }

    private static string ReadPacks(string text, string unit, ICollection<string> faults)
    {
        try
        {
            var packs = Product.ReadPacks(text);
            if (Product.PackFault(packs, unit) is { } fault) faults.Add(fault);
            return Product.WritePacks(packs);
        }
        catch (FormatException error)
        {
            faults.Add(error.Message);
            return "";
        }
    }

    private static int? ReadPercent(string? text, ICollection<string> faults)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (Number(text) is { } percent and >= 0 and <= 100 && percent * 100 == decimal.Truncate(percent * 100))
            return (int)(percent * 100);
        faults.Add($"tax_rate \"{text}\" is not a percentage, for example 18 or 5.5");
        return null;
    }

    private static bool? ReadYes(string? text, ICollection<string> faults)
    {
        switch (text?.Trim().ToLowerInvariant())
        {
            case null or "":
                return null;
            case "1" or "yes" or "true":
                return true;
            case "0" or "no" or "false":
                return false;
            default:
                faults.Add($"active \"{text}\" is neither yes nor no");
                return null;
        }
    }

    private static long? ReadStock(string? text, ICollection<string> faults)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (Number(text) is { } stock and >= 0 and <= 1_000_000_000 && stock * 1000 == decimal.Truncate(stock * 1000))
            return (long)(stock * 1000);
        faults.Add(
            $"stock \"{text}\" is not a number of base units with at most three decimals, for example 40 or 2.5");
        return null;
    }

    private static decimal? Number(string text) =>
        decimal.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture, out var number) ? number : null;
}
