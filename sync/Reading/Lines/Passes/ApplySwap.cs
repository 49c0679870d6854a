using Sak.Sync.Model;
using Sak.Sync.Reading.Message;
using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines.Passes;

internal static class ApplySwap
{
    public static IReadOnlyList<Stretch> Apply(Surroundings around, IReadOnlyList<Stretch> stretches)
    {
        var swapped = stretches.ToList();
        foreach (var phrase in around.Text.Phrases)
        {
            var at = PlaceOfOld(swapped, phrase);
            if (at < 0 || swapped[at] is not { HasName: true, Meaning.Candidates.Count: > 0 } old) continue;
            var beside = PlaceOfNew(swapped, at, phrase);
            if (beside < 0 || beside == at || !swapped[beside].HasName) continue;
            (swapped[at], swapped[beside]) = Inherit(
                Settle(old with { Op = LineOp.Remove }, around.Context.InBasket),
                Settle(swapped[beside] with { Op = LineOp.Set }, []), around.Context);
        }

        return swapped;
    }

    private static int PlaceOfOld(List<Stretch> stretches, FoundPhrase phrase) => phrase.Kind switch
    {
        PhraseKind.Swap when phrase.GapLength > 0 =>
            stretches.FindLastIndex(d => Within(d, phrase.Gap, phrase.Gap + phrase.GapLength)),
        PhraseKind.InsteadOfPrefix =>
            stretches.FindIndex(d => d.First >= phrase.End && d.First <= phrase.End + 1),
        PhraseKind.InsteadOfSuffix => stretches.FindLastIndex(d => d.Last == phrase.Start - 1),
        _ => -1,
    };

    // After "replace … with"; after the old one, or before the phrase, for "instead of". Negative for none.
    private static int PlaceOfNew(List<Stretch> stretches, int old, FoundPhrase phrase)
    {
        if (phrase.Kind == PhraseKind.Swap) return stretches.FindIndex(d => d.First >= phrase.End);
        if (phrase.Kind == PhraseKind.InsteadOfPrefix && old > 0 && stretches[old - 1].HasName
            && stretches[old - 1].Last < phrase.Start && stretches[old - 1].Clause == stretches[old].Clause)
            return old - 1;
        return old + 1 < stretches.Count ? old + 1 : -1;
    }

    // "red" alone is the red one of the basket; "pink" alone the only pink there is.
    private static Stretch Settle(Stretch stretch, IReadOnlyList<Product> basket)
    {
        if (stretch.Meaning.IsClear || stretch.Meaning.Unexplained > 0) return stretch;
        var here = stretch.Meaning.Matches.Select(m => m.Product).Where(basket.Contains).Distinct().ToList();
        if (here.Count != 1 && stretch.Meaning.Candidates is [var only]) here = [only];
        return here is [var product] ? stretch with { Meaning = stretch.Meaning with { Product = product } } : stretch;
    }

    // Without a quantity of its own the new one takes that of the old one.
    private static (Stretch Old, Stretch New) Inherit(Stretch old, Stretch other, Context context)
    {
        if (other.Quantity is not null) return (old, other);
        if (old.Quantity is not null)
            return (old with { Quantity = null, Unit = null },
                other with { Quantity = old.Quantity, Unit = old.Unit });
        return old.Product is { } product && context.Line(product.Sku) is { } line
            ? (old, other with { Quantity = line.Quantity, Unit = line.Unit == product.Unit ? null : line.Unit })
            : (old, other);
    }

    private static bool Within(Stretch stretch, int start, int end) =>
        stretch.First >= start - 2 && stretch.Last < end && stretch.Last >= start;
}
