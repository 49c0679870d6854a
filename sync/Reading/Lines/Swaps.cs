using Sak.Sync.Model;
using Sak.Sync.Reading.Message;
using Sak.Sync.Reading.Names;

namespace Sak.Sync.Reading.Lines;

/// <summary>
/// "Replace the tea with 2 coffee", "coffee instead of tea", "chai ki jagah coffee": one goes, the other takes its
/// place.
/// </summary>
internal static class Swaps
{
    public static void Apply(Speech speech, List<Draft> drafts, Context context)
    {
        foreach (var cue in speech.Cues)
        {
            var old = cue.Sort switch
            {
                "swap" when cue.GapLength > 0 =>
                    drafts.LastOrDefault(d => Within(speech, d, cue.Gap, cue.Gap + cue.GapLength)),
                "swapbefore" =>
                    drafts.FirstOrDefault(d => First(speech, d) is var at && at >= cue.End && at <= cue.End + 1),
                "swapafter" => drafts.LastOrDefault(d => Last(speech, d) == cue.Start - 1),
                _ => null,
            };
            if (old is null || !old.HasName || old.Meaning.Candidates.Count == 0) continue;
            if (Neighbour(speech, drafts, old, cue) is not { HasName: true } other || other == old) continue;
            (old.Op, other.Op) = (LineOp.Remove, LineOp.Set);
            Settle(old, context.InBasket);
            Settle(other, []);
            Inherit(old, other, context);
        }
    }

    /// <summary>Places of the words that part the old from the new; none where only numbers change places.</summary>
    public static HashSet<int> Cuts(Speech speech, Vocabulary vocabulary)
    {
        var cuts = new HashSet<int>();
        foreach (var cue in speech.Cues)
        {
            var named = cue.Sort switch
            {
                "swap" =>
                    cue.GapLength > 0 && Named(speech, vocabulary, cue.Gap, cue.Gap + cue.GapLength)
                        && (Named(speech, vocabulary, cue.End, cue.End + 6)
                    || speech.Tokens.Skip(cue.End).TakeWhile(t => !t.EndsClause)
                        .Any(t => t.IsWord && (t.Is("of") || t.Is("mark")))),
                "swapbefore" => Named(speech, vocabulary, cue.End, cue.End + 2),
                "swapafter" => cue.Start > 0 && Named(speech, vocabulary, cue.Start - 1, cue.Start),
                _ => false,
            };
            if (!named) continue;
            for (var i = cue.Start; i < cue.End; i++)
                if (i < cue.Gap || i >= cue.Gap + cue.GapLength) cuts.Add(i);
        }

        return cuts;
    }

    private static bool Named(Speech speech, Vocabulary vocabulary, int start, int end)
    {
        for (var i = start; i < Math.Min(end, speech.Tokens.Count) && !speech.Tokens[i].EndsClause; i++)
            if (speech.Tokens[i] is { IsWord: true, Unit: null } word
                && (!word.IsKnown || (vocabulary.Knows(word.Text) && !word.Is("filler")))) return true;
        return false;
    }

    // The new one: after "replace … with"; after the old one, or before the phrase, for "instead of".
    private static Draft? Neighbour(Speech speech, List<Draft> drafts, Draft old, Cue cue)
    {
        var at = drafts.IndexOf(old);
        if (cue.Sort == "swap") return drafts.FirstOrDefault(d => First(speech, d) >= cue.End);
        if (cue.Sort == "swapbefore" && at > 0 && drafts[at - 1].HasName && Last(speech, drafts[at - 1]) < cue.Start
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

    private static bool Within(Speech speech, Draft draft, int start, int end) =>
        First(speech, draft) >= start - 2 && Last(speech, draft) < end && Last(speech, draft) >= start;

    private static int First(Speech speech, Draft draft) => speech.Tokens.IndexOf(draft.Tokens[0]);

    private static int Last(Speech speech, Draft draft) => speech.Tokens.IndexOf(draft.Tokens[^1]);
}
