using Sak.Sync.Reading.Words;

namespace Sak.Sync.Answering;

/// <summary>
/// Prices without a digit: "two hundred and fifty rupees", "fifty percent off", "half price", "gratis", "मुफ़्त".
/// </summary>
internal static class SpelledPrices
{
    /// <summary>
    /// Number words beside a currency or a percent sign whose sum is none of the amounts or rates. The text is
    /// normalised.
    /// </summary>
    public static IEnumerable<string> Foreign(string text, IReadOnlySet<decimal> amounts, IReadOnlySet<decimal> rates)
    {
        var tokens = Lexer.Read(text);
        for (var i = 0; i < tokens.Count; i++)
        {
            var rate = tokens[i].IsWord && PriceLock.IsPercent(tokens[i].Text);
            if (!rate && !(tokens[i].IsWord && PriceLock.IsMoney(tokens[i].Text))) continue;
            var before = Sum(tokens, First(tokens, i), i);
            if (before is { } value && !(rate ? rates : amounts).Contains(value))
                yield return $"{value:0.##} {tokens[i].Text}";
            if (before is null && !rate && After(tokens, i + 1) is var end && Sum(tokens, i + 1, end) is { } after
                && !amounts.Contains(after))
                yield return $"{tokens[i].Text} {after:0.##}";
        }
    }

    /// <summary>What gives something away, in any language. Names and quotations are to be taken out first.</summary>
    public static IEnumerable<string> Promises(string text)
    {
        var tokens = Lexer.Read(text);
        for (var i = 0; i < tokens.Count; i++)
            foreach (var (sense, length, _, _) in Lexicon.Shared.At(tokens, i))
                if (sense is { Kind: PhraseKind.PriceWord, Nuance: Nuance.Promise }
                    && !(i > 0 && tokens[i - 1].Text == "feel"))
                    yield return string.Join(' ', tokens.Skip(i).Take(length));
    }

    private static int First(List<Token> tokens, int at)
    {
        while (at > 0 && IsNumeral(tokens[at - 1])) at--;
        return at;
    }

    private static int After(List<Token> tokens, int at)
    {
        while (at < tokens.Count && IsNumeral(tokens[at])) at++;
        return at;
    }

    private static bool IsNumeral(Token token) =>
        token.IsWord
            && (Word(token, PhraseKind.Number) is not null || Word(token, PhraseKind.Multiplier) is not null
                || (token.Text.Length <= 3 && Word(token, PhraseKind.And) is not null));

    // Arabic writes "and" onto the number: "وعشرين".
    private static string? Word(Token token, PhraseKind kind) => Lexicon.Shared.SenseOf(token.Text, kind)?.Value
        ?? (token.Text.Length > 3 && token.Text[0] == 'و'
            ? Lexicon.Shared.SenseOf(token.Text[1..], kind)?.Value
            : null);

    // "two hundred and fifty": hundreds multiply, the rest adds up; null where no word is a number.
    private static decimal? Sum(List<Token> tokens, int from, int to)
    {
        decimal total = 0, part = 0;
        var any = false;
        for (var i = from; i < to; i++)
        {
            if (Word(tokens[i], PhraseKind.Multiplier) is { } times)
            {
                (part, any) = (Math.Max(part, 1) * Lexer.Number(times), true);
                if (Lexer.Number(times) >= 1000) (total, part) = (total + part, 0);
            }
            else if (Word(tokens[i], PhraseKind.Number) is { } number && tokens[i].Text.Length > 1)
                (part, any) = (part + Lexer.Number(number), true);
        }

        return any ? total + part : null;
    }
}
