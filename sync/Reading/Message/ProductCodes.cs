using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Message;

/// <summary>
/// "BD-001", "h 4" and "dot4" are one word where the catalog has it so; "oil5" is two where it has not.
/// </summary>
internal static class ProductCodes
{
    public static List<Token> Join(List<Token> lexed, Vocabulary vocabulary)
    {
        var tokens = new List<Token>(lexed.Count);
        for (var i = 0; i < lexed.Count; i++)
        {
            var (length, code) = CodeAt(lexed, i, vocabulary);
            if (length > 1)
            {
                tokens.Add(new Token(TokenKind.Word, code, lexed[i].Start, lexed[i + length - 1].End));
                i += length - 1;
            }
            else if (lexed[i].IsWord && code.Length == 0 && Split(lexed[i]) is { } parts) tokens.AddRange(parts);
            else tokens.Add(Fresh(lexed[i]));
        }

        return tokens;

        static Token Fresh(Token t) =>
            new(t.Kind, t.Text, t.Start, t.End) { Value = t.Value, Times = t.Times, Glued = t.Glued, Noise = t.Noise,
                AsDecimal = t.AsDecimal };
    }

    private static (int Length, string Code) CodeAt(List<Token> lexed, int at, Vocabulary vocabulary)
    {
        var text = "";
        var best = (1, lexed[at].IsWord && (vocabulary.Has(lexed[at].Text) || Lexicon.Shared.Knows(lexed[at].Text))
            ? lexed[at].Text
            : "");
        for (var i = at; i < lexed.Count && i < at + 5; i++)
        {
            if (i > at && lexed[i].Kind == TokenKind.Mark
                && !(lexed[i].IsMark("-/._") && lexed[i].Glued && lexed[i - 1].Glued)) break;
            if (lexed[i].Kind != TokenKind.Mark) text += lexed[i].Text;
            var mixed = text.Any(char.IsAsciiDigit) && (text.Any(char.IsLetter) || text.Length >= 4);
            if (i > at && mixed && lexed[at].Kind != TokenKind.Mark && vocabulary.Has(text)) best = (i - at + 1, text);
            else if (i == at + 1 && lexed[at] is { IsNumber: true, Glued: true, Text.Length: 1 } && text.Length >= 4
                && !Lexicon.Shared.Knows(lexed[i].Text)
                && !vocabulary.Knows(lexed[i].Text) && vocabulary.IsArabizi(text)) best = (2, text);
            else if (i > at && lexed[i - 1].Glued && lexed[i - 1].IsNumber
                && Lexicon.Shared.LanguagesOf(text).Contains("ar-Latn")) best = (i - at + 1, text);
            else if (i == at && mixed && lexed[at].IsNumber && text.Length >= 5 && vocabulary.Has(text))
                best = (2, text);
        }

        return best is (2, { } code) && code == lexed[at].Text && lexed[at].IsNumber ? (1, code) : best;
    }

    private static List<Token>? Split(Token token)
    {
        var digit = token.Text.AsSpan().IndexOfAnyInRange('0', '9');
        if (digit < 3 || token.Text.Length != token.End - token.Start
            || token.Text[digit..].Any(c => !char.IsAsciiDigit(c))) return null;
        var number = token.Text[digit..];
        return
        [
            new Token(TokenKind.Word, token.Text[..digit], token.Start, token.Start + digit) { Glued = true },
            new Token(TokenKind.Number, number, token.Start + digit, token.End) { Value = Lexer.Number(number),
                Glued = token.Glued },
        ];
    }
}
