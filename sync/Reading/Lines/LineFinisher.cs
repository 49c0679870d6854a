using Sak.Sync.Answering;
using Sak.Sync.Model;
using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines;

/// <summary>
/// The last look at the lines of a turn: units, doubles, the basket; then each becomes a change or a question.
/// </summary>
internal sealed class LineFinisher(Context context, List<LineEntry> entries)
{
    // "fuse 10 - 3 box / fuse 15 - 1": one line of a kind without the unit that all the others have is a doubt.
    public void AskForUnits()
    {
        foreach (var entry in entries.Where(
            e => e is { Product: not null, Unit: null, Quantity: not null, Elliptic: false,
                Op: LineOp.Plain or LineOp.Add }
                && !SaysDozen(e)))
        {
            var kin =
                entries.Where(
                    e => e != entry && e.Product is not null && e.Product != entry.Product && e.Message == entry.Message
                && SameKind(e.Product, entry.Product!)).ToList();
            if (kin.Count > 0 && kin.All(e => Units.IsBigger(e.Product!, e.Unit)) && entry.Product!.Packs.Count > 0)
                entry.AsksForUnit = true;
        }

        // What a shortened line takes from the line before is the unit too.
        for (var i = 1; i < entries.Count; i++)
            if (entries[i] is { Elliptic: true, Answer: false, Unit: null, AsksForUnit: false, Quantity: not null, Product: { } product }
                && entries[i - 1] is { Unit: { } unit, Quantity: { } count }
                && !(unit == "dozen" && count != decimal.Truncate(count))
                && entries[i - 1].Product is { } before && SameKind(before, product)
                && Units.Of(product, 1, unit) is not null)
                entries[i].Unit = unit;
    }

    // "media docena": the number's own words hold the unit.
    private static bool SaysDozen(LineEntry entry) =>
        entry.Draft is { Number: { Spelled: true } number, Text: var text }
        && Lexer.Read(text.Written[number.Start..number.End])
            .Any(t => Lexicon.Shared.SenseOf(t.Text, PhraseKind.Unit) is not null);

    private static bool SameKind(Product a, Product b)
    {
        var (x, y) = (Plain(a), Plain(b));
        var both = x.Intersect(y).Count();
        return both > 0 && both * 2 >= x.Union(y).Count();

        static HashSet<string> Plain(Product p) => [.. ProductNames.Of(p)
            .Forms[0].Words.Where(w => w is { Weight: >= 1, Same: null } && !w.Text.Any(char.IsAsciiDigit))
            .Select(w => w.Text)];
    }

    // A product that was named once without and once with a quantity is one line; the same line twice adds up in the
    // basket.
    public void Merge()
    {
        for (var i = entries.Count - 1; i >= 0; i--)
        {
            var entry = entries[i];
            // Chatter that only resembles a name, beside lines that are none.
            if (entry is { NoName: false, Unknown: false, Quantity: null, Op: LineOp.Plain or LineOp.Set,
                Draft: { } draft }
                && draft.Names.Any(n => !context.Vocabulary.Knows(n.Text))
                && LineMaker.SurelyNamed(draft, context.Vocabulary) is null
                && entries.Any(e => e != entry && e is { Product: not null, Quantity: not null }))
            {
                entries.RemoveAt(i);
                continue;
            }

            // "3 of the small and 2 of the big, cartons for small": the unit is said afterwards.
            if (entry is { Product: { } named, Unit: { } unit, Draft: { Number: null }, Op: LineOp.Plain }
                && entries.FirstOrDefault(
                    e => e != entry && e.Product == named
                        && e is { Quantity: not null, Unit: null, AsksForUnit: false, Draft.Number: not null }) is { } counted)
            {
                counted.Unit = unit;
                entries.RemoveAt(i);
                continue;
            }

            // "my bulbs burned out, bring 6 white bulbs": what is talked of is ordered in another clause by more words.
            if (entry is { Quantity: null, Op: LineOp.Plain, NoName: false, Answer: false,
                Draft: { Names.Count: > 0 } talk } && entries.Any(e => e != entry && e.Message == entry.Message
                && e is { Product: not null, Quantity: not null, Draft: { } full } && full.Clause != talk.Clause
                && talk.Names.Where(n => context.Vocabulary.Knows(n.Text)).ToList() is { Count: > 0 } topic
                && topic.All(n => full.Names.Any(f => Sound.Stem(f.Text) == Sound.Stem(n.Text)))))
            {
                entries.RemoveAt(i);
                continue;
            }

            // "forget the ducks, leave only the turkey": what stays as it is.
            if (entry is { Product: { } stays, Quantity: null, Op: LineOp.Plain or LineOp.Set }
                && context.Line(stays.Sku) is not null && entries.Any(e => e.Op == LineOp.Remove))
            {
                entries.RemoveAt(i);
                continue;
            }

            // "6 gloves... no, leave the gloves": taken back before it ever was in the basket.
            if (entry is { Op: LineOp.Remove, Quantity: null, Product: { } dropped, Draft.HasName: true }
                && context.Line(dropped.Sku) is null
                && entries.FirstOrDefault(
                    e => e != entry && e.Product == dropped && e.Op is LineOp.Plain or LineOp.Add or LineOp.Set
                        && e.Message <= entry.Message) is { } taken)
            {
                entries.Remove(entry);
                entries.Remove(taken);
                i = Math.Min(i, entries.Count);
                continue;
            }

            if (entry is { Product: { } product, Quantity: null, Op: LineOp.Plain or LineOp.Set or LineOp.Add }
                && entries.Any(
                    e => e != entry && e.Product == product && (e.Quantity is not null || e.Op != LineOp.Plain)))
                entries.RemoveAt(i);
        }
    }

    public IEnumerable<ReadLine> Finish(LineEntry entry, bool ordering, bool reordering)
    {
        if (entry.Unknown) return [Line(entry, entry.Op, AskedFor.Unknown, "no product of this name")];
        if (entry.Product is null || IsOther(entry)) PreferBasket(entry, reordering);
        // "... without the tapes": all that the words fit.
        if (entry is { Op: LineOp.Remove, Quantity: null, Product: null, NoName: false, Candidates.Count: > 1,
            Draft: { } without } && (reordering || without.Both || without.All)
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
        return reordering ? [Change(entry)] : Resolved(entry, ordering);
    }

    private IEnumerable<ReadLine> Resolved(LineEntry entry, bool ordering)
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

    // A quantity in the product's own units, or the question that stands in its way.
    private ReadLine Change(LineEntry entry)
    {
        var product = entry.Product!;
        if (entry.Quantity is not { } quantity) return entry.Op is LineOp.Remove or LineOp.Multiply
            ? Line(entry, entry.Op == LineOp.Remove ? LineOp.Remove : LineOp.Set, null, "")
            : Line(entry, OpOf(entry), AskedFor.Quantity, "no quantity was said");
        // "make it 3" keeps the unit of the line.
        var said = entry.Unit
            ?? (entry.Elliptic && entry.Op == LineOp.Set || entry.Draft is { HasName: false }
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
        if (IsAbsurd(product, units) || Basket.BaseQuantity(product, units.Quantity, units.Unit) is null)
            return Line(entry, OpOf(entry),
            AskedFor.Quantity, $"{quantity} {units.Unit} cannot be");
        return new ReadLine(OpOf(entry), product, units.Quantity, units.Unit, entry.Words, entry.MessageId, [], null,
            entry.Why) { AskedAs = entry.AskedAs };
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
            Draft: { Names.Count: > 0, Meaning: { Tier: < 4, Sizes: 0 } } }
        && context.Basket.Lines.Count > 0 && context.Line(entry.Product!.Sku) is null;

    // "take out the ruler": the one in the basket is meant.
    private void PreferBasket(LineEntry entry, bool reordering)
    {
        if (entry.Op == LineOp.Plain || entry.NoName) return;
        var here = reordering ? context.InLastOrder : context.InBasket;
        var matches = entry.Draft!.Meaning.Matches.Where(m => m.Explained > 0 && here.Contains(m.Product))
            .Select(m => m.Product).Distinct().ToList();
        if (matches.Count == 1) (entry.Product, entry.Weak) = (matches[0], false);
        else if (matches.Count > 1 && entry.Product is null) entry.Candidates = matches;
    }

    private static ReadLine Line(LineEntry entry, LineOp op, AskedFor? asks, string why)
    {
        var words = entry.Draft is { Names.Count: > 0 } draft && asks is AskedFor.Product or AskedFor.Unknown
            ? entry.Draft!.Text.Words(entry.Draft.Names) : entry.Words;
        return new ReadLine(op, entry.Product, entry.Quantity,
            asks is null && entry.Product is not null ? entry.Product.Unit : entry.Unit, words,
            entry.MessageId, [.. entry.Candidates.Take(5)], asks, why.Length > 0 ? $"{entry.Why}; {why}" : entry.Why)
            { AskedAs = entry.AskedAs };
    }
}
