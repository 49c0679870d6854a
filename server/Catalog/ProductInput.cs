using System.Globalization;
using Sak.Sync.Model;
using Sak.Sync.Replica;

namespace Sak.Server.Catalog;

/// <summary>
/// A product as someone wrote it, in a file or a form: all text, in the catalog file's form. Null leaves a value alone.
/// </summary>
/// <param name="Pack">"box:10;ctn:100".</param>
/// <param name="Price">Decimal text with a dot.</param>
/// <param name="TaxRate">Percent, "18" or "5.5".</param>
/// <param name="Stock">Counted stock in base units.</param>
/// <param name="Active">"1", "0", "true", "false", "yes", "no".</param>
public sealed record ProductInput(
    string Sku, string Name, string Aliases, string Unit, string Pack, string Price, string? TaxRate = null,
    string? Stock = null, string? Active = null)
{
    private const decimal MostStock = 1_000_000_000m;

    /// <summary>The product, or null with every fault added to <paramref name="faults"/>.</summary>
    public CheckedProduct? Check(string currency, ICollection<string> faults)
    {
        var before = faults.Count;
        if (Sku.Trim().Length == 0) faults.Add("sku is empty");
        if (Name.Trim().Length == 0) faults.Add("name is empty");
        if (Unit.Trim().Length == 0)
            faults.Add("unit is empty; write the unit that the price is for, such as pcs or kg");
        if (!Money.TryParse(Price, currency, out var price) || price.Minor < 0)
            faults.Add(
                $"price \"{Price}\" is not an amount in {currency}; write it with a dot and at most "
                    + $"{Currencies.Decimals(currency)} decimals, such as 12.50");
        var packs = ReadPacks(faults);
        if (Product.PackFault(packs, Unit.Trim().ToLowerInvariant()) is { } twice) faults.Add(twice);
        var tax = Number("tax_rate", TaxRate, 100m, 0.01m, "percent from 0 to 100, such as 18 or 5.5", faults);
        var stock = Number("stock", Stock, MostStock, 0.001m, "a number of base units, such as 40", faults);
        var active = ReadActive(faults);
        if (faults.Count > before) return null;
        var product = new CheckedProduct(
            Sku.Trim(), Name.Trim(), string.Join('|', Product.ReadAliases(Aliases)), Unit.Trim().ToLowerInvariant(),
            Product.WritePacks(packs),
            price.Minor, currency, (long?)(tax * 100m), (long?)(stock * 1000m), active);
        if (RowRules.Fault(Tables.Products, product.Values, currency) is not { } fault) return product;
        faults.Add(fault.TrimEnd('.'));
        return null;
    }

    private IReadOnlyList<Pack> ReadPacks(ICollection<string> faults)
    {
        try
        {
            return Product.ReadPacks(Pack);
        }
        catch (FormatException e)
        {
            faults.Add(e.Message);
            return [];
        }
    }

    private bool? ReadActive(ICollection<string> faults)
    {
        switch (Active?.Trim().ToLowerInvariant())
        {
            case null or "":
                return null;
            case "1" or "true" or "yes":
                return true;
            case "0" or "false" or "no":
                return false;
            default:
                faults.Add($"active \"{Active}\" is neither yes nor no");
                return null;
        }
    }

    private static decimal? Number(string name, string? text, decimal most, decimal step, string form,
        ICollection<string> faults)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var isNumber = decimal.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out var number);
        if (isNumber && number <= most && number % step == 0) return number;
        faults.Add($"{name} \"{text}\" is not {form}");
        return null;
    }
}

/// <summary>
/// A product that keeps every rule, in the database's units. Null leaves a value alone, or is the default of a new one.
/// </summary>
public sealed record CheckedProduct(
    string Sku, string Name, string Aliases, string Unit, string Packs, long Price, string Currency, long? TaxRate,
    long? Stock, bool? Active)
{
    internal IReadOnlyList<object?> Values =>
        [Guid.Empty.ToString("D"), Sku, Name, Aliases, Unit, Packs, Price, Currency, TaxRate ?? 0L,
            Active == false ? 0L : 1L, null];
}
