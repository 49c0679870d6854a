using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Message;

/// <summary>
/// "5 cartns oil", "3 botelas de aceite": a word that nobody knows, between a number and a name of the catalog, is the
/// unit that it is nearly spelled like. A word that a product has is never one.
/// </summary>
internal static class MisspelledUnits
{
    private const int ShortestWord = 4;

    public static void Mark(List<Token> tokens, Vocabulary vocabulary)
    {
        for (var i = 0; i < tokens.Count; i++)
            if (tokens[i] is { IsWord: true, IsKnown: false, Text.Length: >= ShortestWord } word
                && BesideNumber(tokens, i) && NamesSomething(tokens, i, vocabulary)
                && !vocabulary.Knows(word.Text) && MeasureWords.Dual(word) is null
                && MeasureWords.DualMeasure(word) is null
                && vocabulary.Like(word.Text, null).All(l => Lexicon.Shared.SenseOf(l.Word, PhraseKind.Unit) is not null)
                && Lexicon.Shared.UnitLike(word.Text) is { } unit) word.Senses.Add(unit);
    }

    private static bool BesideNumber(List<Token> tokens, int at) => at > 0
        && (tokens[at - 1] is { IsNumber: true } or { IsWord: true, Text.Length: > 0 } && IsCount(tokens[at - 1]));

    private static bool IsCount(Token token) => token.IsNumber || token.Is(PhraseKind.Number);

    // "oil 5 cartns" and "5 cartns of oil": the name stands before the number or behind the unit.
    private static bool NamesSomething(List<Token> tokens, int at, Vocabulary vocabulary)
    {
        var next = at + 1;
        while (next < tokens.Count && tokens[next].IsWord && (tokens[next].Is(PhraseKind.Of) || tokens[next].Is(PhraseKind.Filler)))
            next++;
        return IsName(tokens.ElementAtOrDefault(next), vocabulary) || IsName(tokens.ElementAtOrDefault(at - 2), vocabulary)
            || (at > 2 && tokens[at - 2].IsMark("-:") && IsName(tokens[at - 3], vocabulary));
    }

    private static bool IsName(Token? token, Vocabulary vocabulary) => token is { IsWord: true, Text.Length: > 2 }
        && (vocabulary.Knows(token.Text) || vocabulary.Like(token.Text, null).Any(l => l.Likeness >= Spelling.Sure));
}
