using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Message;

/// <summary>How well a stretch explains its stretch: names first, then sizes and what is plainly a quantity.</summary>
internal static class StretchScore
{
    public static double Of(Stretch stretch)
    {
        var meaning = stretch.Meaning;
        double score = 0;
        if (stretch.Names.Count > 0)
            score += 4.0 * (stretch.Names.Count - meaning.Unexplained) - 0.7 * meaning.Unexplained;
        if (stretch.Names.Count > 0 || meaning.Candidates.Count > 0)
            score += 0.2 * meaning.Tier + (meaning.IsClear ? 0.4 : 0);
        score += 0.8 * meaning.Sizes - 2 * meaning.SizesMissed + (meaning.Adjacent ? 0.7 : 0);
        if (stretch.Number is { } number) score += QuantityScore(stretch, number);
        foreach (var size in stretch.Sizes)
        {
            if (SurelyQuantity(stretch, size)) score -= 3;
            // "30 rulers" are thirty, whatever length a ruler has.
            if (size.Measure is null && !meaning.Adjacent && Index(stretch.Tokens,
                size) < FirstName(stretch)) score -= 1;
        }

        return score;
    }

    private static double QuantityScore(Stretch stretch, Token number)
    {
        var tokens = stretch.Tokens;
        var at = Index(tokens, number);
        if (number.Measure is { } measure)
        {
            var unit = stretch.Meaning.Product?.Unit
                ?? stretch.Meaning.Candidates.FirstOrDefault(p => Measures.In(measure, p.Unit) is not null)?.Unit;
            if (stretch.Names.Count + stretch.Maybe.Count == 0 || stretch.Meaning.Candidates.Count == 0) return 1;
            return unit is not null && Measures.In(measure, unit) is not null ? 2 : -3;
        }

        double score = SurelyQuantity(stretch, number) ? 2 : 0;
        // "1/2 tee 15": a part of a thing without a unit is a size.
        if (number is { Value: < 1, Spelled: false } && stretch.Unit is null) score -= 2;
        var firstName = FirstName(stretch);
        if (at < firstName) score += 1;
        else if (at == tokens.Count - 1 || tokens.Skip(at + 1).All(t => !stretch.Names.Contains(t) && !t.IsNumber))
            score += 0.5;
        // "the one of 24" says a size; the Hindi "of" stands behind its name: "chawal ke 5".
        var marked = (at > 0 && tokens[at - 1].IsWord
            && tokens[at - 1].Senses.Any(
                s => s.Kind == PhraseKind.Of && !s.Language.StartsWith("hi", StringComparison.Ordinal))
            && tokens[at - 1].Unit is null)
            || (at + 1 < tokens.Count && tokens[at + 1].Is(PhraseKind.SizeNoun));
        if (marked) score -= 1.5;
        return score;
    }

    private static int FirstName(Stretch stretch)
    {
        for (var i = 0; i < stretch.Tokens.Count; i++)
            if (stretch.Names.Contains(stretch.Tokens[i]) || stretch.Maybe.Contains(stretch.Tokens[i])) return i;
        return stretch.Tokens.Count;
    }

    // "5 ctn", "x10", "putty - 3".
    private static bool SurelyQuantity(Stretch stretch, Token number)
    {
        if (number.Measure is not null) return false;
        var at = Index(stretch.Tokens, number);
        if (number.Times
            || (at + 1 < stretch.Tokens.Count && stretch.Tokens[at + 1] is { Unit: not null } unit
                && !unit.Is(PhraseKind.Measure)
            && !(stretch.Tokens.ElementAtOrDefault(at + 2) is { IsNumber: true, Measure: null }
                && at > FirstName(stretch)
                && at + 3 == stretch.Tokens.Count))) return true;
        var all = stretch.Text.Tokens;
        var place = number.At;
        return place > 1 && all[place - 1].IsMark("-:=") && stretch.Tokens.Contains(all[place - 2]);
    }

    public static int Index(IReadOnlyList<Token> tokens, Token token)
    {
        for (var i = 0; i < tokens.Count; i++)
            if (tokens[i] == token) return i;
        return -1;
    }
}
