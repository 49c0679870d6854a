using Sak.Sync.Reading.Message;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines;

/// <summary>Which verb belongs to which stretch: "remove the oil, add 2 tea".</summary>
internal static class Verbs
{
    // Which verb belongs to which stretch: its own, else the one before ("remove oil and sugar"), else a Hindi verb at
    // the end.
    public static void Give(MessageText text, List<Stretch> stretches)
    {
        var all = text.Tokens;
        foreach (var stretch in stretches)
        {
            var first = all.IndexOf(stretch.Tokens[0]);
            var last = all.IndexOf(stretch.Tokens[^1]);
            // "ponme 3 velas más": what is added may be said last.
            if (last + 1 < all.Count && all[last + 1].IsWord && (last + 2 >= all.Count || all[last + 2].EndsClause)
                && text.Phrases.Any(c => c.Kind == PhraseKind.Add && c.Start == last + 1)) last++;
            var phrases = text.Phrases.Where(c => c.End > first - (stretch == stretches[0] ? 0 : 1) && c.Start <= last)
                .ToList();
            if (phrases.FirstOrDefault(c => c.Kind == PhraseKind.Factor) is { } times
                && (stretch.Quantity is null || IsShare(stretch, times))) (stretch.Op,
                    stretch.Factor) = (LineOp.Multiply,
                Lexer.Number(times.Value));
            else if (stretch.Quantity is not null && phrases.Any(c => c.Kind == PhraseKind.Remove && IsJustNo(text, c)))
                stretch.Op = LineOp.Set;
            else if (phrases.Any(c => c.Kind is PhraseKind.Remove or PhraseKind.Unwanted or PhraseKind.Cancel)
                && !(stretch.Names.Count == 0 && stretch.Quantity is not null)) stretch.Op = LineOp.Remove;
            else if (stretch is { Quantity: not null, HasName: true }
                && phrases.Any(c => c is { Kind: PhraseKind.Negotiate,
                    Nuance: Nuance.Less })) stretch.Op = LineOp.Remove;
            else if (stretch.Quantity is null && IsRefused(stretch)) stretch.Op = LineOp.Remove;
            else if (phrases.Any(c => c.Kind == PhraseKind.Add)) stretch.Op = LineOp.Add;
            else if (phrases.Any(c => c.Kind == PhraseKind.Set) || stretch.Tokens.Any(t => t.Negated))
                stretch.Op = LineOp.Set;
            // "otra pizza", "another one": one more.
            if (stretch is { Op: LineOp.Add, Quantity: null, HasName: true }
                && phrases.Any(c => c is { Kind: PhraseKind.Add, Nuance: Nuance.One })) stretch.Quantity = 1;
            stretch.Fallback =
                text.Phrases.Where(
                    c => c.Kind == PhraseKind.Fallback || (c.Kind == PhraseKind.Or && text.Has(PhraseKind.Conditional)))
                .Any(c => c.Start <= last && all.Take(c.Start).Any(t => t.IsNumber || !t.IsKnown)
                    && SameSentence(all, c.Start, first));
        }

        for (var i = 1; i < stretches.Count; i++)
        {
            // "glue stick 2 aur jod do": a verb alone speaks of the name before it.
            if (stretches[i] is { HasName: false, Quantity: null, Op: LineOp.Add or LineOp.Remove }
                && stretches[i - 1] is { Op: LineOp.Plain, HasName: true }
                && stretches[i].Clause == stretches[i - 1].Clause) stretches[i - 1].Op = stretches[i].Op;
            if (stretches[i] is { Op: LineOp.Plain, Quantity: null, HasName: true }
                && stretches[i - 1] is { Op: LineOp.Remove or LineOp.Multiply }
                && stretches[i].Clause == stretches[i - 1].Clause)
                (stretches[i].Op, stretches[i].Factor) = (stretches[i - 1].Op, stretches[i - 1].Factor);
        }

        for (var i = stretches.Count - 2; i >= 0; i--)
            if (stretches[i] is { Op: LineOp.Plain, Quantity: null, HasName: true }
                && stretches[i + 1].Op == LineOp.Remove
                && stretches[i].Clause == stretches[i + 1].Clause) stretches[i].Op = LineOp.Remove;
    }

    // "half the potash" is half of what was ordered.
    private static bool IsShare(Stretch stretch, FoundPhrase times) =>
        stretch is { Unit: null, Number: { Spelled: true, Value: < 1 } share }
            && share.Value == Lexer.Number(times.Value);

    // "mirchi nahi", "cebolla no": the no stands last.
    private static bool IsRefused(Stretch stretch) =>
        stretch.HasName && stretch.Tokens.Count > 1 && stretch.Meaning.Candidates.Count > 0
        && !stretch.Tokens.Any(t => t.Negated) && stretch.Tokens[^1].Phrases.Contains(PhraseKind.Decline)
        && !stretch.Tokens[0].Phrases.Contains(PhraseKind.Decline)
            && stretch.Tokens[^1].Phrases.Contains(PhraseKind.Not);

    // "no, make it 5 tea": a bare no before a quantity corrects it; "no tea" takes the tea out.
    private static bool IsJustNo(MessageText text, FoundPhrase phrase) =>
        text.Of(PhraseKind.Decline).Any(d => d.Start == phrase.Start && d.End == phrase.End);

    private static bool SameSentence(List<Token> tokens, int phrase, int stretch)
    {
        for (var i = phrase; i < stretch; i++)
            if (tokens[i].IsMark(".?!\n")) return false;
        return phrase <= stretch || stretch >= 0;
    }
}
