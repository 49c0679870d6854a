using System.Globalization;
using System.Text.RegularExpressions;

namespace Sak.Sync.Reading.Words;

/// <summary>Cuts normalised text into words, numbers and marks. Knows nothing of languages or catalogs.</summary>
internal static partial class Lexer
{
    public static List<Token> Read(string text)
    {
        var mapped = Normal.Map(text);
        var tokens = new List<Token>();
        foreach (Match match in Pieces().Matches(mapped.Text))
        {
            var start = mapped.Source[match.Index];
            var last = match.Index + match.Length - 1;
            var end = last + 1 < mapped.Source.Length
                ? mapped.Source[last + 1]
                : Math.Min(text.Length, Normal.MaxLength);
            var token = Piece(match, start, Math.Max(end, start));
            if (token is { IsNumber: true, Noise: false }) ReadSigns(token, text);
            if (tokens.Count > 0 && match.Index > 0 && !char.IsWhiteSpace(mapped.Text[match.Index - 1]))
                tokens[^1].Glued = true;
            tokens.Add(token);
        }

        return tokens;
    }

    /// <summary>"1.000" and "1,20,000" are thousands, "1.5", "1,5" and "5,00" decimals.</summary>
    public static decimal Number(string text)
    {
        if (Thousands().IsMatch(text))
            text = text.Replace(".", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal);
        else if (text.LastIndexOfAny(['.', ',']) is var point and >= 0)
            text = text[..point].Replace(".", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal)
                + "." + text[(point + 1)..];
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? value
            : decimal.MaxValue;
    }

    // "٫" is a decimal point and "٬" parts thousands, in every language; "." and "," may be either.
    private static void ReadSigns(Token number, string text)
    {
        if (!OneSign().IsMatch(number.Text)) return;
        var written = text.AsSpan(number.Start, number.End - number.Start);
        var asDecimal = Number(number.Text.Replace(',', '.') + "0");
        if (written.Contains('٫')) number.Value = asDecimal;
        else if (!written.Contains('٬')) number.AsDecimal = asDecimal;
    }

    private static Token Piece(Match match, int start, int end)
    {
        var text = match.Value;
        if (match.Groups["number"].Success)
        {
            var digits = text.TrimEnd('x', '*', ' ');
            return new Token(TokenKind.Number, digits, start, end) { Value = Number(digits),
                Times = digits.Length < text.Length };
        }

        if (match.Groups["times"].Success)
        {
            var digits = text.TrimStart('x', '*', ' ');
            return new Token(TokenKind.Number, digits, start, end) { Value = Number(digits), Times = true };
        }

        if (match.Groups["fraction"].Success)
        {
            var parts = text.Split('/');
            var (above, below) = (Number(parts[0]), Number(parts[1]));
            // 60/55 is a name, 1/2 and 3/4 are sizes or parts.
            return below > 1 && below <= 64 && above < below && above > 0
                ? new Token(TokenKind.Number, text, start, end) { Value = above / below }
                : new Token(TokenKind.Word, text, start, end);
        }

        if (match.Groups["clock"].Success) return new Token(TokenKind.Number, text, start, end) { Noise = true };
        if (match.Groups["link"].Success) return new Token(TokenKind.Word, "http", start, end);
        if (match.Groups["word"].Success) return new Token(TokenKind.Word, Word(text), start, end);
        if (match.Groups["size"].Success) return new Token(TokenKind.Word, text.Replace('*', 'x'), start, end);
        if (match.Groups["code"].Success)
            return new Token(TokenKind.Word, text.Replace("-", "", StringComparison.Ordinal), start, end);
        if (match.Groups["sign"].Success) return new Token(TokenKind.Word, text, start, end);
        return new Token(TokenKind.Mark, text, start, end);
    }

    // "today's" is today, "don't" is dont.
    private static string Word(string text)
    {
        if (text.EndsWith("'s", StringComparison.Ordinal)) text = text[..^2];
        return text.Replace("'", "", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^[1-9]\d{0,2}([.,]\d{3})+$|^[1-9]\d?(,\d{2})+,\d{3}$")]
    private static partial Regex Thousands();

    [GeneratedRegex(@"^[1-9]\d{0,2}[.,]\d{3}$")]
    private static partial Regex OneSign();

    [GeneratedRegex(@"(?<link>(?:https?://|www\.)\S+)
        |(?<clock>\b\d{1,2}:\d{2}\b)
        |(?<number>\b\d+[ ]?[x*](?=\s?\d+(?:[.,]\d+)?\s?(?:kg|kgs|g|gm|gms|ml|l|lt|ltr|ltrs|litre|liter|kilo)\b))
        |(?<size>\b\d+(?:[.,]\d+)?(?:[x*]\d+(?:[.,]\d+)?)+)
        |(?<code>\b\d+[a-z]+-?\d+[a-z0-9]*\b)
        |(?<code>(?<![\d-])\d{1,3}-\d{1,3}-\d{1,3}(?![\d-]))
        |(?<fraction>\b\d+/\d+(?!\d))
        |(?<number>\d+(?:[.,]\d+)*[x*](?![\p{L}\p{M}\d]))
        |(?<number>\d+(?:[.,]\d+)*[ ][x*](?![\p{L}\p{M}\d]|\s*\d))
        |(?<number>\d+(?:[.,]\d+)*)
        |(?<times>(?<![\p{L}\p{M}\d])[x*][ ]?\d+(?:[.,]\d+)*(?![\p{L}\d]))
        |(?<code>[a-z]+\d[a-z0-9]*)
        |(?<word>[\p{L}\p{M}]+(?:'[\p{L}]+)*)
        |(?<sign>''|""|[$€£₹﷼%@&+=]|r\$|\p{Cs}\p{Cs}|\p{So})
        |(?<mark>\n|[^\s])", RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Pieces();
}
