using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Message;

/// <summary>
/// "kurta XL 3, L 5": where the thing spoken of comes in letters, an "L" beside a number is no litre.
/// </summary>
internal static class LetterSizes
{
    public static void Mark(List<Token> tokens, Vocabulary vocabulary)
    {
        // "a foot long sub": beside its neighbour of a name it measures nothing.
        for (var i = 0; i + 1 < tokens.Count; i++)
            if (tokens[i].IsWord && tokens[i].Is(PhraseKind.Measure)
                && vocabulary.Neighbours(tokens[i].Text, tokens[i + 1].Text))
                tokens[i].Senses.RemoveAll(s => s.Kind == PhraseKind.Measure);
        for (var i = 0; i < tokens.Count; i++)
            if (tokens[i] is { IsWord: true, Text: "s" or "m" or "l" or "xs" or "xl" or "xxl" or "xxxl" } letter
                && (Near(tokens, i, -1, vocabulary) ?? Near(tokens, i, 1, vocabulary)) is { } name
                && vocabulary.ShareName(name.Text, letter.Text))
            {
                letter.Senses.Clear();
                letter.Senses.Add(new Sense(PhraseKind.Adjective, letter.Text, Lexicon.Neutral));
            }
    }

    // The nearest word before it, or behind it, that a name has.
    private static Token? Near(List<Token> tokens, int at, int step, Vocabulary vocabulary)
    {
        for (var i = at + step; i >= 0 && i < tokens.Count; i += step)
            if (tokens[i] is { IsWord: true, Text.Length: > 2 } word && !word.Text.StartsWith('x')
                && vocabulary.Knows(word.Text)) return word;
        return null;
    }
}
