using static Sak.Sync.Reading.Words.PhraseKind;

namespace Sak.Sync.Reading.Words;

/// <summary>Numbers with the measures beside them, and the Arabic words that say "two of".</summary>
internal static class MeasureWords
{
    /// <summary>In a message: "5 kg", "3/4 de kilo" and "kilo" become one number of that measure.</summary>
    public static List<Token> Join(List<Token> tokens, bool metres, bool commaIsDecimal)
    {
        var folded = new List<Token>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (i + 1 < tokens.Count && token is { IsNumber: true, Noise: false }
                && MeasureOf(token, tokens[i + 1], metres) is { } measure)
            {
                var number = DecimalSign.Settle(token, measure, commaIsDecimal);
                folded.Add(
                    new Token(TokenKind.Number, token.Text, token.Start, tokens[i + 1].End) { Value = number.Value,
                        Measure = measure, IsDoubtful = number.IsDoubtful, AsDecimal = number.AsDecimal,
                    Spelled = token.Spelled, Negated = token.Negated, Glued = tokens[i + 1].Glued });
                i++;
            }
            // "3/4 de kilo"
            else if (folded.Count > 1 && folded[^1].IsWord && folded[^1].Is(Of)
                && folded[^2] is { IsNumber: true, Measure: null, Value: < 1 } share
                && token is { IsWord: true, Unit: null } && token.ValueOf(Measure) is "kg" or "l")
            {
                folded.RemoveRange(folded.Count - 2, 2);
                folded.Add(
                    new Token(TokenKind.Number, share.Text, share.Start, token.End) { Value = share.Value,
                        Measure = token.ValueOf(Measure), Spelled = share.Spelled });
            }
            // "champú de litro", "kilo de tomate": one.
            else if (token is { IsWord: true, Text.Length: > 2, Unit: null } && token.ValueOf(Measure) is "kg" or "l"
                && (folded.Count == 0 || !(folded[^1].IsNumber || folded[^1].Is(Money) || folded[^1].Noise)))
                folded.Add(
                    new Token(TokenKind.Number, "1", token.Start, token.End) { Value = 1,
                        Measure = token.ValueOf(Measure), Spelled = true, Glued = token.Glued });
            else folded.Add(token);
        }

        return folded;
    }

    private static string? MeasureOf(Token number, Token next, bool metres)
    {
        if (next.Is(Adjective)) return null;
        if (next.Kind == TokenKind.Mark) return next.Text == "\"" && number.Glued ? "in" : null;
        if (next.Text.Length == 1 && next.Text[0] < 0x80)
            return number.Glued ? Measures.Letter(next.Text)
                : next.Text is "l" or "g" || (metres && next.Text == "m") ? next.Text : null;
        return next.ValueOf(Measure);
    }

    // كيلوين, لترين
    public static string? DualMeasure(Token token) =>
        token.Text.Length > 4 && token.Text.EndsWith("ين", StringComparison.Ordinal)
        ? Lexicon.Shared.SenseOf(token.Text[..^2], Measure)?.Value : null;

    // كرتونين, درزنين, حبتين: the unit word with the ending of two.
    public static Sense? Dual(Token token)
    {
        var word = token.Text;
        if (word.Length < 5 || !Sound.IsArabic(word[0]) || !word.EndsWith("ين", StringComparison.Ordinal)
            || token.Is(Unit)
            || token.Is(Number)) return null;
        var stem = word[..^2];
        var unit = Lexicon.Shared.SenseOf(stem, Unit) ?? Lexicon.Shared.SenseOf(stem + "ه", Unit);
        if (unit is null && stem[^1] == 'ت')
            unit = Lexicon.Shared.SenseOf(stem[..^1] + "ه", Unit) ?? Lexicon.Shared.SenseOf(stem[..^1], Unit);
        return unit;
    }
}
