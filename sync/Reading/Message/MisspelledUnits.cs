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
        for (var i = 1; i < tokens.Count; i++)
            if (tokens[i] is { IsWord: true, IsKnown: false, Text.Length: >= ShortestWord } word
                && (tokens[i - 1].IsNumber || tokens[i - 1].Is(PhraseKind.Number))
                && NamesSomething(tokens, i, vocabulary) && !IsOfCatalog(word, vocabulary)
                && MeasureWords.Dual(word) is null && MeasureWords.DualMeasure(word) is null
                && Lexicon.Shared.UnitLike(word.Text) is { } unit) word.Senses.Add(unit);
    }

    // Misspelled too, unless all that it may be are units themselves.
    private static bool IsOfCatalog(Token word, Vocabulary vocabulary) => vocabulary.Knows(word.Text)
        || vocabulary.Like(word.Text, null).Any(l => Lexicon.Shared.SenseOf(l.Word, PhraseKind.Unit) is null);

    // "oil 5 cartns" and "5 cartns of oil": the name stands before the number or behind the unit.
    private static bool NamesSomething(List<Token> tokens, int at, Vocabulary vocabulary)
    {
        var next = at + 1;
        while (next < tokens.Count && tokens[next].IsWord
            && (tokens[next].Is(PhraseKind.Of) || tokens[next].Is(PhraseKind.Filler))) next++;
        return IsName(tokens.ElementAtOrDefault(next), vocabulary)
            || IsName(tokens.ElementAtOrDefault(at - 2), vocabulary)
            || (at > 2 && tokens[at - 2].IsMark("-:") && IsName(tokens[at - 3], vocabulary));
    }

    private static bool IsName(Token? token, Vocabulary vocabulary) => token is { IsWord: true, Text.Length: > 2 }
        && (vocabulary.Knows(token.Text)
            || vocabulary.Like(token.Text, null).Any(l => l.Likeness >= Spelling.Sure));
}
