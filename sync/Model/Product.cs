using System.Globalization;

namespace Sak.Sync.Model;

/// <summary>A bigger unit of a product: a carton ("ctn") of 12 bottles is (ctn, 12).</summary>
public readonly record struct Pack(string Name, long BaseUnits);

/// <summary>A thing the shop sells, as both sides know it.</summary>
/// <param name="Sku">The shop's own key, unique in the shop.</param>
/// <param name="Aliases">Other names that customers use.</param>
/// <param name="Unit">The base unit: stock, price and order quantities are counted in it (pcs, bottle, kg, …).</param>
/// <param name="Packs">Bigger units and how many base units each holds.</param>
/// <param name="Price">Price of one base unit.</param>
/// <param name="TaxRate">Hundredths of a percent: 1800 is 18 %.</param>
/// <param name="OnHand">Stock in thousandths of the base unit; null when the shop does not count
/// this product's stock.</param>
/// <param name="Version">The shop's version at which the price was last seen (see Order.PriceVersion).</param>
public sealed record Product(
    Guid Id,
    string Sku,
    string Name,
    IReadOnlyList<string> Aliases,
    string Unit,
    IReadOnlyList<Pack> Packs,
    Money Price,
    int TaxRate,
    long? OnHand = null,
    long Version = 0)
{
    /// <summary>The most of one product in one line of a basket.</summary>
    public const decimal MaxBaseUnits = 1_000_000m;

    /// <summary>Base units in one of <paramref name="unit"/>, or null when the product is not sold so.</summary>
    public decimal? BaseUnitsIn(string unit)
    {
        if (unit == Unit) return 1;
        foreach (var pack in Packs)
            if (pack.Name == unit) return pack.BaseUnits;
        if (Unit == "kg") return null;
        return unit switch { "pcs" => 1, "dozen" => 12, _ => null };
    }

    /// <summary>
    /// A quantity in thousandths of the base unit; null when the product can't be sold so: in an unknown unit, by half
    /// a bottle, or by the million.
    /// </summary>
    public long? BaseQuantity(decimal quantity, string unit)
    {
        if (BaseUnitsIn(unit) is not { } size || quantity is <= 0 or > MaxBaseUnits) return null;
        var units = quantity * size;
        if (units > MaxBaseUnits) return null;
        // Half a bottle is no bottle; half a kilo is.
        if (Unit is not ("kg" or "l" or "m") && units != decimal.Truncate(units)) return null;
        return (long)decimal.Round(units * 1000m);
    }

    /// <summary>Writes packs as the catalog file has them: "box:10;ctn:100".</summary>
    public static string WritePacks(IEnumerable<Pack> packs) =>
        string.Join(';', packs.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Name}:{p.BaseUnits}")));

    /// <summary>Reads "box:10;ctn:100"; throws <see cref="FormatException"/> with what is wrong.</summary>
    public static IReadOnlyList<Pack> ReadPacks(string text)
    {
        var packs = new List<Pack>();
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var colon = part.LastIndexOf(':');
            if (colon < 1
                || !long.TryParse(part.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture,
                    out var size) || size is < 1 or > 1_000_000)
                throw new FormatException($"pack \"{part}\" is not of the form name:number, for example ctn:12");
            packs.Add(new Pack(part[..colon].Trim().ToLowerInvariant(), size));
        }

        return packs;
    }

    /// <summary>
    /// What makes packs ambiguous, or null: each name has one size, and none is the base unit's. Asked of packs
    /// that are being written; stored rows are read as they are.
    /// </summary>
    public static string? PackFault(IReadOnlyList<Pack> packs, string unit)
    {
        if (packs.Any(p => p.Name == unit)) return $"pack \"{unit}\" has the name of the unit itself";
        return packs.CountBy(p => p.Name).FirstOrDefault(n => n.Value > 1) is { Key: { } twice }
            ? $"pack \"{twice}\" stands twice, with two sizes"
            : null;
    }

    /// <summary>Splits "safed bread|double roti" into its names.</summary>
    public static IReadOnlyList<string> ReadAliases(string text) =>
        text.Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
