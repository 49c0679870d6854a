using Sak.Sync.Model;

namespace Sak.Sync.Reading.Lines.Passes;

/// <summary>"Both wires, one roll each": the two that the words fit, in the basket before elsewhere.</summary>
internal static class SplitBoth
{
    public static IReadOnlyList<LineEntry> Apply(Context context, IReadOnlyList<LineEntry> lines) =>
        [.. lines.SelectMany(line => Meant(line, context) is { Count: 2 } two ? two.Select(p => One(line, p))
            : [line])];

    private static List<Product> Meant(LineEntry line, Context context)
    {
        if (line is not { Product: null, NoName: false, Unknown: false, Quantity: not null,
            Stretch: { Both: true } stretch }) return [];
        var fitting = stretch.Meaning.Matches.Where(
            m => m.Explained > 0 && m.Explained >= stretch.Names.Count - stretch.Meaning.Unexplained)
            .Select(m => m.Product).Distinct().ToList();
        var inBasket = fitting.Where(context.InBasket.Contains).ToList();
        return inBasket.Count == 2 ? inBasket : fitting;
    }

    private static LineEntry One(LineEntry both, Product product) =>
        both with { Elliptic = false, Product = product, Candidates = [product],
            Why = $"{both.Why}; both: {product.Sku}" };
}
