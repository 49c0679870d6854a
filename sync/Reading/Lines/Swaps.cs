using Sak.Sync.Model;
using Sak.Sync.Reading.Message;
using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines;

/// <summary>
/// "Replace the tea with 2 coffee", "coffee instead of tea", "chai ki jagah coffee": one goes, the other takes its
/// place.
/// </summary>
internal static class Swaps
{
    public static void Apply(MessageText text, List<Stretch> stretches, Context context)
    {
        foreach (var phrase in text.Phrases)
        {
            var old = phrase.Kind switch
            {
                PhraseKind.Swap when phrase.GapLength > 0 =>
                    stretches.LastOrDefault(d => Within(text, d, phrase.Gap, phrase.Gap + phrase.GapLength)),
                PhraseKind.InsteadOfPrefix =>
                    stretches.FirstOrDefault(d => First(text, d) is var at && at >= phrase.End && at <= phrase.End + 1),
                PhraseKind.InsteadOfSuffix => stretches.LastOrDefault(d => Last(text, d) == phrase.Start - 1),
                _ => null,
            };
            if (old is null || !old.HasName || old.Meaning.Candidates.Count == 0) continue;
            if (Neighbour(text, stretches, old, phrase) is not { HasName: true } other || other == old) continue;
            (old.Op, other.Op) = (LineOp.Remove, LineOp.Set);
            Settle(old, context.InBasket);
            Settle(other, []);
            Inherit(old, other, context);
        }
    }

    // The new one: after "replace … with"; after the old one, or before the phrase, for "instead of".
    private static Stretch? Neighbour(MessageText text, List<Stretch> stretches, Stretch old, FoundPhrase phrase)
    {
        var at = stretches.IndexOf(old);
        if (phrase.Kind == PhraseKind.Swap) return stretches.FirstOrDefault(d => First(text, d) >= phrase.End);
        if (phrase.Kind == PhraseKind.InsteadOfPrefix && at > 0 && stretches[at - 1].HasName
            && Last(text, stretches[at - 1]) < phrase.Start
            && stretches[at - 1].Clause == old.Clause) return stretches[at - 1];
        return at + 1 < stretches.Count ? stretches[at + 1] : null;
    }

    // "red" alone is the red one of the basket; "pink" alone the only pink there is.
    private static void Settle(Stretch stretch, IReadOnlyList<Product> basket)
    {
        if (stretch.Meaning.IsClear || stretch.Meaning.Unexplained > 0) return;
        var here = stretch.Meaning.Matches.Where(m => basket.Contains(m.Product)).Select(m => m.Product).Distinct()
            .ToList();
        if (here.Count != 1 && stretch.Meaning.Candidates is [var only]) here = [only];
        if (here is [var product]) stretch.Meaning = stretch.Meaning with { Product = product };
    }

    // Without a quantity of its own it takes the old one's.
    private static void Inherit(Stretch old, Stretch other, Context context)
    {
        if (other.Quantity is not null) return;
        if (old.Quantity is not null)
            (other.Quantity, other.Unit, old.Quantity, old.Unit) = (old.Quantity, old.Unit, null, null);
        else if (old.Product is { } product && context.Line(product.Sku) is { } line)
            (other.Quantity, other.Unit) = (line.Quantity, line.Unit == product.Unit ? null : line.Unit);
    }

    private static bool Within(MessageText text, Stretch stretch, int start, int end) =>
        First(text, stretch) >= start - 2 && Last(text, stretch) < end && Last(text, stretch) >= start;

    private static int First(MessageText text, Stretch stretch) => text.Tokens.IndexOf(stretch.Tokens[0]);

    private static int Last(MessageText text, Stretch stretch) => text.Tokens.IndexOf(stretch.Tokens[^1]);
}
