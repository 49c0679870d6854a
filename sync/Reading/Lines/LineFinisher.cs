using Sak.Sync.Model;
using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines;

/// <summary>
/// The last look at the lines of a turn: units, doubles, the basket; then each becomes a change or a question.
/// </summary>
/// <param name="ordering">The turn orders: what is open is asked, and not left alone.</param>
/// <param name="reordering">The last order is changed, not the basket.</param>
internal sealed class LineFinisher(Context context, bool reordering, bool ordering)
{
    public IEnumerable<ReadLine> Finish(LineEntry entry)
    {
        if (entry.Unknown) return [Line(entry, entry.Op, AskedFor.Unknown, "no product of this name")];
        if (entry.Product is null || IsOther(entry)) entry = PreferBasket(entry);
        if (IsOne(entry)) entry = entry with { Quantity = 1, Why = $"{entry.Why}; no number is one here" };
        // "... without the tapes": all that the words fit.
        if (entry is { Op: LineOp.Remove, Quantity: null, Product: null, NoName: false, Candidates.Count: > 1,
            Stretch: { } without } && (reordering || without.Both || without.All)
            && entry.Candidates.All((reordering ? context.InLastOrder : context.InBasket).Contains))
            return [.. entry.Candidates.Select(
                p => new ReadLine(LineOp.Remove, p, null, p.Unit, entry.Words, entry.MessageId, [], null,
                    $"{entry.Why}; {p.Sku} is taken out"))];
        if (entry.Op is LineOp.Remove or LineOp.Multiply && entry.Product is null && !reordering
            && context.Basket.Lines.Count == 0) return [];
        if (entry.Product is null)
            return entry.Quantity is null && !ordering
                ? []
                : [Line(entry, OpOf(entry), AskedFor.Product, entry.NoName ? "no product was named"
                : "more than one product may be meant")];
        return reordering ? [Change(entry)] : Resolved(entry);
    }

    // "two fries and a coke, onion rings": in a café. A weight that is no number of them is still asked.
    private bool IsOne(LineEntry entry) => context.Request.QuantityMissing == QuantityMissing.One && ordering
        && entry is { Quantity: null, NoName: false, Op: LineOp.Plain or LineOp.Add, Candidates.Count: > 0 }
        && entry.Stretch.Sizes.Count == entry.Stretch.Meaning.Sizes
        && !entry.Stretch.Text.Tokens.Any(t => t is { IsNumber: true, IsDoubtful: true });

    private IEnumerable<ReadLine> Resolved(LineEntry entry)
    {
        var product = entry.Product!;
        var inBasket = context.Line(product.Sku);
        switch (entry.Op)
        {
            case LineOp.Remove
                when entry.Quantity is { } less && inBasket is not null
                    && Units.Of(product, less, entry.Unit) is { } part
                && product.BaseUnitsIn(part.Unit) * part.Quantity * 1000 is { } units && units < inBasket.BaseQuantity:
                return [new ReadLine(LineOp.Set, product, (inBasket.BaseQuantity - units) / 1000, product.Unit,
                    entry.Words,
                    entry.MessageId, [], null,
                    entry.Why + "; takes a part away")];
            case LineOp.Remove:
                return inBasket is null ? [] : [Line(entry, LineOp.Remove, null, "taken out")];
            case LineOp.Multiply:
                return inBasket is null
                    ? []
                    : [new ReadLine(LineOp.Set, product, inBasket.Quantity * entry.Factor, inBasket.Unit, entry.Words,
                    entry.MessageId, [], null, entry.Why + $"; times {entry.Factor}")];
        }

        if (entry.Quantity is null)
            return ordering ? [Line(entry, OpOf(entry), AskedFor.Quantity, "no quantity was said")] : [];
        return [Change(entry)];
    }

    // A quantity in the product's own units, or the question that must be answered first.
    private ReadLine Change(LineEntry entry)
    {
        var product = entry.Product!;
        if (entry.Quantity is not { } quantity) return entry.Op is LineOp.Remove or LineOp.Multiply
            ? Line(entry, entry.Op == LineOp.Remove ? LineOp.Remove : LineOp.Set, null, "")
            : Line(entry, OpOf(entry), AskedFor.Quantity, "no quantity was said");
        if (Weighed(entry, product) is { } number)
        {
            if (number.IsDoubtful)
                return Line(entry with { Quantity = null }, OpOf(entry), AskedFor.Quantity,
                    $"{number.Text} may be {number.AsDecimal:0.###} or a thousand times as much");
            quantity = number.Value;
        }

        // "make it 3" keeps the unit of the line.
        var said = entry.Unit
            ?? (entry.Elliptic && entry.Op == LineOp.Set || entry.Stretch is { HasName: false }
                ? context.Line(product.Sku)?.Unit
                : null);
        if (entry.AsksForUnit)
            return Line(entry, OpOf(entry), AskedFor.Unit, "its neighbours have a unit, this one has none");
        if (Units.Of(product, quantity, said) is not { } units)
            return Measures.In(said!, "kg") is not null || Measures.In(said!, "l") is not null
                || Measures.In(said!, "m") is not null
                ? Line(entry, OpOf(entry), AskedFor.Quantity,
                    $"{quantity}{said} is a size, not a number of {product.Unit}")
                : Line(entry, OpOf(entry), AskedFor.Unit, $"{product.Sku} is not sold by {said}");
        if (IsAbsurd(product, units) || product.BaseQuantity(units.Quantity, units.Unit) is null)
            return Line(entry, OpOf(entry),
            AskedFor.Quantity, $"{quantity} {units.Unit} cannot be");
        return new ReadLine(OpOf(entry), product, units.Quantity, units.Unit, entry.Words, entry.MessageId, [], null,
            entry.Why) { AskedAs = entry.AskedAs };
    }

    // "1.500" of what is sold by weight or volume: the number, settled, where its sign may mean two things.
    private static Token? Weighed(LineEntry entry, Product product)
    {
        if (entry.Stretch.Number is not { } number) return null;
        if (number.IsDoubtful) return number;
        return number.AsDecimal is not null && entry.Unit is null
            ? DecimalSign.Settle(number, product.Unit, entry.Stretch.Text.CommaIsDecimal, isSaid: false)
            : null;
    }

    private static bool IsAbsurd(Product product, (decimal Quantity, string Unit) units) =>
        product.BaseUnitsIn(units.Unit) * units.Quantity > Math.Max(10_000m,
            1_000m * product.Packs.Select(p => p.BaseUnits).DefaultIfEmpty(1).Max());

    // Said again without "more", a product that is in the basket gets the new quantity; it does not add up silently.
    private LineOp OpOf(LineEntry entry) => entry.Op switch
    {
        LineOp.Add => LineOp.Add,
        LineOp.Set => LineOp.Set,
        LineOp.Remove => LineOp.Remove,
        _ => entry.Product is { } product && context.Line(product.Sku) is not null ? LineOp.Set : LineOp.Add,
    };

    // "make the bulbs 8": a part of a name is the one in the basket, where there is one.
    private bool IsOther(LineEntry entry) =>
        entry is { Op: LineOp.Set, NoName: false, Answer: false,
            Stretch: { Names.Count: > 0, Meaning: { Tier: < 4, Sizes: 0 } } }
        && context.Basket.Lines.Count > 0 && context.Line(entry.Product!.Sku) is null;

    // "take out the ruler": the one in the basket is meant.
    private LineEntry PreferBasket(LineEntry entry)
    {
        if (entry.Op == LineOp.Plain || entry.NoName) return entry;
        var here = reordering ? context.InLastOrder : context.InBasket;
        var matches = entry.Stretch.Meaning.Matches.Where(m => m.Explained > 0 && here.Contains(m.Product))
            .Select(m => m.Product).Distinct().ToList();
        if (matches.Count == 1) return entry with { Product = matches[0] };
        return matches.Count > 1 && entry.Product is null ? entry with { Candidates = matches } : entry;
    }

    private static ReadLine Line(LineEntry entry, LineOp op, AskedFor? asks, string why)
    {
        var words = entry.Stretch is { Names.Count: > 0 } stretch && asks is AskedFor.Product or AskedFor.Unknown
            ? entry.Stretch.Text.Words(entry.Stretch.Names) : entry.Words;
        return new ReadLine(op, entry.Product, entry.Quantity,
            asks is null && entry.Product is not null ? entry.Product.Unit : entry.Unit, words,
            entry.MessageId, [.. entry.Candidates.Take(5)], asks, why.Length > 0 ? $"{entry.Why}; {why}" : entry.Why)
            { AskedAs = entry.AskedAs };
    }
}
