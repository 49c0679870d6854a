using Sak.Sync.Reading.Words;
using static Sak.Sync.Reading.Words.PhraseKind;

namespace Sak.Sync.Reading.Message;

/// <summary>"a couple of", "one and a half": one number of several words.</summary>
internal static class NumberPhrases
{
    public static List<Token> Join(List<Token> tokens, IReadOnlySet<string> languages)
    {
        var joined = new List<Token>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            var phrase = Lexicon.Shared.At(tokens, i).Where(p => p.Length > 1 && p.Sense.Kind is Number or PlusFraction
                && languages.Contains(p.Sense.Language)).OrderByDescending(p => p.Length).FirstOrDefault();
            if (phrase.Sense is null || phrase.Length < 2
                || (phrase.Sense.Kind == PlusFraction && !AfterQuantity(tokens, i, phrase.Length)))
            {
                joined.Add(tokens[i]);
                continue;
            }

            var token = new Token(TokenKind.Word, tokens[i].Text, tokens[i].Start, tokens[i + phrase.Length - 1].End);
            token.Senses.Add(phrase.Sense);
            joined.Add(token);
            i += phrase.Length - 1;
        }

        return joined;
    }

    // "2 quilos e meio", not "4 bandejas de ovos e meia dúzia".
    private static bool AfterQuantity(List<Token> tokens, int at, int length) =>
        at > 0 && (tokens[at - 1].IsNumber || tokens[at - 1].Is(Number) || tokens[at - 1].Is(Measure)
            || tokens[at - 1].Unit is not null || Numbers.DualMeasure(tokens[at - 1]) is not null)
            && !(at + length < tokens.Count && tokens[at + length].Unit is not null);
}
