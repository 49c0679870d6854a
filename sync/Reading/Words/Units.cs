using Sak.Sync.Model;

namespace Sak.Sync.Reading.Words;

/// <summary>
/// What a unit that the customer said means for one product: pack words mean different things by product.
/// </summary>
internal static class Units
{
    private static readonly HashSet<string> Containers =
        ["sack", "bag", "bottle", "can", "jar", "tub", "tin", "roll", "ream", "set", "strip", "bucket", "drum", "coil",
            "sheet", "length", "bar",
            "pkt", "pack", "tube"];

    /// <summary>The quantity and the product's own unit, or null when the product is not sold so.</summary>
    /// <param name="said">Canonical ("ctn"), a measure ("kg"), the shop's own word, or null: then the base
    /// unit.</param>
    public static (decimal Quantity, string Unit)? Of(Product product, decimal quantity, string? said)
    {
        if (said is not null && said.Contains('|', StringComparison.Ordinal))
            return OfSeveral(product, quantity, said.Split('|'));
        if (said is null || said == product.Unit || Canonical(product.Unit) == said) return (quantity, product.Unit);
        if (Measures.In(said, product.Unit) is { } size) return (quantity * size, product.Unit);
        if (Pack(product, said) is { } pack) return (quantity, pack);
        if (product.Unit == "kg") return null;
        return said switch
        {
            "pair" => (quantity * 2, "pcs"),
            "pcs" or "dozen" => (quantity, said),
            "box" when Pack(product, "ctn") is { } carton => (quantity, carton),
            _ => Containers.Contains(said) ? (quantity, product.Unit) : null,
        };
    }

    // "bulto" is a sack or a carton: what the product has.
    private static (decimal Quantity, string Unit)? OfSeveral(Product product, decimal quantity, string[] said)
    {
        foreach (var one in said)
            if (one == product.Unit || Canonical(product.Unit) == one) return (quantity, product.Unit);
        foreach (var one in said)
            if (Pack(product, one) is { } pack) return (quantity, pack);
        foreach (var one in said)
            if (Of(product, quantity, one) is { } units) return units;
        return null;
    }

    /// <summary>True for a unit of the product that holds more than one base unit.</summary>
    public static bool IsBigger(Product product, string? said) =>
        said is not null and not "dozen" && Of(product, 1, said) is { } one && product.BaseUnitsIn(one.Unit) is > 1;

    private static string? Pack(Product product, string said)
    {
        foreach (var pack in product.Packs)
            if (pack.Name == said || Canonical(pack.Name) == said) return pack.Name;
        return null;
    }

    private static string Canonical(string name) =>
        Lexicon.Shared.SenseOf(Normal.Text(name), PhraseKind.Unit)?.Value ?? name;
}
