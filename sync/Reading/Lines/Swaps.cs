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
    public static void Apply(MessageText text, List<Draft> drafts, Context context)
    {
        foreach (var phrase in text.Phrases)
        {
            var old = phrase.Kind switch
            {
                PhraseKind.Swap when phrase.GapLength > 0 =>
                    drafts.LastOrDefault(d => Within(text, d, phrase.Gap, phrase.Gap + phrase.GapLength)),
                PhraseKind.InsteadOfPrefix =>
                    drafts.FirstOrDefault(d => First(text, d) is var at && at >= phrase.End && at <= phrase.End + 1),
                PhraseKind.InsteadOfSuffix => drafts.LastOrDefault(d => Last(text, d) == phrase.Start - 1),
                _ => null,
            };
            if (old is null || !old.HasName || old.Meaning.Candidates.Count == 0) continue;
            if (Neighbour(text, drafts, old, phrase) is not { HasName: true } other || other == old) continue;
            (old.Op, other.Op) = (LineOp.Remove, LineOp.Set);
            Settle(old, context.InBasket);
            Settle(other, []);
            Inherit(old, other, context);
        }
    }

    /// <summary>Places of the words that part the old from the new; none where only numbers change places.</summary>
    public static HashSet<int> Cuts(MessageText text, Vocabulary vocabulary)
    {
        var cuts = new HashSet<int>();
        foreach (var phrase in text.Phrases)
        {
            var named = phrase.Kind switch
            {
                PhraseKind.Swap =>
                    phrase.GapLength > 0 && Named(text, vocabulary, phrase.Gap, phrase.Gap + phrase.GapLength)
                        && (Named(text, vocabulary, phrase.End, phrase.End + 6)
                    || text.Tokens.Skip(phrase.End).TakeWhile(t => !t.EndsClause)
                        .Any(t => t.IsWord && (t.Is(PhraseKind.Of) || t.Is(PhraseKind.SizeNoun)))),
                PhraseKind.InsteadOfPrefix => Named(text, vocabulary, phrase.End, phrase.End + 2),
                PhraseKind.InsteadOfSuffix =>
                    phrase.Start > 0 && Named(text, vocabulary, phrase.Start - 1, phrase.Start),
                _ => false,
            };
            if (!named) continue;
            for (var i = phrase.Start; i < phrase.End; i++)
                if (i < phrase.Gap || i >= phrase.Gap + phrase.GapLength) cuts.Add(i);
        }

        return cuts;
    }

    private static bool Named(MessageText text, Vocabulary vocabulary, int start, int end)
    {
        for (var i = start; i < Math.Min(end, text.Tokens.Count) && !text.Tokens[i].EndsClause; i++)
            if (text.Tokens[i] is { IsWord: true, Unit: null } word
                && (!word.IsKnown || (vocabulary.Knows(word.Text) && !word.Is(PhraseKind.Filler)))) return true;
        return false;
    }

    // The new one: after "replace … with"; after the old one, or before the phrase, for "instead of".
    private static Draft? Neighbour(MessageText text, List<Draft> drafts, Draft old, FoundPhrase phrase)
    {
        var at = drafts.IndexOf(old);
        if (phrase.Kind == PhraseKind.Swap) return drafts.FirstOrDefault(d => First(text, d) >= phrase.End);
        if (phrase.Kind == PhraseKind.InsteadOfPrefix && at > 0 && drafts[at - 1].HasName
            && Last(text, drafts[at - 1]) < phrase.Start
            && drafts[at - 1].Clause == old.Clause) return drafts[at - 1];
        return at + 1 < drafts.Count ? drafts[at + 1] : null;
    }

    // "red" alone is the red one of the basket; "pink" alone the only pink there is.
    private static void Settle(Draft draft, IReadOnlyList<Product> basket)
    {
        if (draft.Meaning.IsClear || draft.Meaning.Unexplained > 0) return;
        var here = draft.Meaning.Matches.Where(m => basket.Contains(m.Product)).Select(m => m.Product).Distinct()
            .ToList();
        if (here.Count != 1 && draft.Meaning.Candidates is [var only]) here = [only];
        if (here is [var product]) draft.Meaning = draft.Meaning with { Product = product };
    }

    // Without a quantity of its own it takes the old one's.
    private static void Inherit(Draft old, Draft other, Context context)
    {
        if (other.Quantity is not null) return;
        if (old.Quantity is not null)
            (other.Quantity, other.Unit, old.Quantity, old.Unit) = (old.Quantity, old.Unit, null, null);
        else if (old.Product is { } product && context.Line(product.Sku) is { } line)
            (other.Quantity, other.Unit) = (line.Quantity, line.Unit == product.Unit ? null : line.Unit);
    }

    private static bool Within(MessageText text, Draft draft, int start, int end) =>
        First(text, draft) >= start - 2 && Last(text, draft) < end && Last(text, draft) >= start;

    private static int First(MessageText text, Draft draft) => text.Tokens.IndexOf(draft.Tokens[0]);

    private static int Last(MessageText text, Draft draft) => text.Tokens.IndexOf(draft.Tokens[^1]);
}
