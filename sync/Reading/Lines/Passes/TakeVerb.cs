using Sak.Sync.Reading.Message;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines.Passes;

internal static class TakeVerb
{
    public static IReadOnlyList<Stretch> Apply(Surroundings around, IReadOnlyList<Stretch> stretches) =>
        [.. stretches.Select(
            (s, i) => Take(s, PhrasesOf(around.Text, s, isFirst: i == 0),
                s.Meaning.Candidates.Any(around.Context.IsAtHand)))];

    /// <summary>The place of the last word of a stretch, or of the "more" behind it: "ponme 3 velas más".</summary>
    public static int LastWord(MessageText text, Stretch stretch)
    {
        var (all, next) = (text.Tokens, stretch.Last + 1);
        var more = next < all.Count && all[next].IsWord && (next + 1 >= all.Count || all[next + 1].EndsClause)
            && text.Of(PhraseKind.Add).Any(c => c.Start == next);
        return more ? next : stretch.Last;
    }

    // The phrases within a stretch; of a later one also what stands right before it.
    private static List<FoundPhrase> PhrasesOf(MessageText text, Stretch stretch, bool isFirst)
    {
        var (first, last) = (stretch.First - (isFirst ? 0 : 1), LastWord(text, stretch));
        return [.. text.Phrases.Where(c => c.End > first && c.Start <= last)];
    }

    private static Stretch Take(Stretch stretch, List<FoundPhrase> phrases, bool atHand)
    {
        if (phrases.FirstOrDefault(c => c.Kind == PhraseKind.Factor) is { } times
            && (stretch.Quantity is null || IsShare(stretch, times)))
            return stretch with { Op = LineOp.Multiply, Factor = Lexer.Number(times.Value) };
        // "3 trays fewer of the eggs": so much less than there was.
        if (atHand && stretch is { Quantity: not null, Each: false } && phrases.Any(c => c.Kind == PhraseKind.Fewer))
            return stretch with { Op = LineOp.Remove };
        var op = OpOf(stretch, phrases);
        return stretch with { Op = op, Quantity = stretch.Quantity ?? (IsOneMore(stretch, op, phrases) ? 1 : null) };
    }

    private static LineOp OpOf(Stretch stretch, List<FoundPhrase> phrases)
    {
        if (Corrects(stretch, phrases)) return LineOp.Set;
        if (TakesOut(stretch, phrases)) return LineOp.Remove;
        if (phrases.Any(c => c.Kind == PhraseKind.Add)) return LineOp.Add;
        return phrases.Any(c => c.Kind == PhraseKind.Set) || stretch.Tokens.Any(t => t.Negated)
            ? LineOp.Set
            : stretch.Op;
    }

    // "half the potash" is half of what was ordered.
    private static bool IsShare(Stretch stretch, FoundPhrase times) =>
        stretch is { Unit: null, Number: { Spelled: true, Value: < 1 } share }
            && share.Value == Lexer.Number(times.Value);

    // "no, make it 5 tea": a bare no before a quantity corrects it; "no tea" takes the tea out.
    private static bool Corrects(Stretch stretch, List<FoundPhrase> phrases) => stretch.Quantity is not null
        && phrases.Any(c => c.Kind == PhraseKind.Remove
            && stretch.Text.Of(PhraseKind.Decline).Any(d => d.Start == c.Start && d.End == c.End));

    private static bool TakesOut(Stretch stretch, List<FoundPhrase> phrases)
    {
        if (stretch.Quantity is null) return phrases.Any(SaysRemove) || IsRefused(stretch);
        return (stretch.Names.Count > 0 && phrases.Any(SaysRemove))
            || (stretch.HasName && phrases.Any(c => c is { Kind: PhraseKind.Negotiate, Nuance: Nuance.Less }));
    }

    private static bool SaysRemove(FoundPhrase phrase) =>
        phrase.Kind is PhraseKind.Remove or PhraseKind.Unwanted or PhraseKind.Cancel;

    // "mirchi nahi", "cebolla no": the no stands last.
    private static bool IsRefused(Stretch stretch) =>
        stretch.HasName && stretch.Tokens.Count > 1 && stretch.Meaning.Candidates.Count > 0
        && !stretch.Tokens.Any(t => t.Negated) && stretch.Tokens[^1].Phrases.Contains(PhraseKind.Decline)
        && !stretch.Tokens[0].Phrases.Contains(PhraseKind.Decline)
            && stretch.Tokens[^1].Phrases.Contains(PhraseKind.Not);

    // "otra pizza", "another one".
    private static bool IsOneMore(Stretch stretch, LineOp op, List<FoundPhrase> phrases) =>
        op == LineOp.Add && stretch.HasName
            && phrases.Any(c => c is { Kind: PhraseKind.Add, Nuance: Nuance.One });
}
