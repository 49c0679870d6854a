using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;
using static Sak.Sync.Reading.Words.PhraseKind;

namespace Sak.Sync.Reading.Message;

/// <summary>
/// What a word is in its place, where the tables alone cannot say: a name, a verb, an "and", a "more".
/// </summary>
internal static class WordUses
{
    // "office" is a name beside "chair" where the shop has office chairs, and beside a number; "to our office" it is
    // none.
    public static void NameByCommonWords(List<Token> tokens, Vocabulary vocabulary)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            if (!tokens[i].IsWord || tokens[i].Senses.Count == 0 || tokens[i].Senses.Any(s => s.Kind != CommonWord)
                || !vocabulary.Has(tokens[i].Text)) continue;
            var (before, after) = (tokens.ElementAtOrDefault(i - 1), tokens.ElementAtOrDefault(i + 1));
            if (before is { IsNumber: true } || before?.Unit is not null
                || (before is { IsWord: true } && vocabulary.Neighbours(before.Text, tokens[i].Text))
                || (after is { IsWord: true } && vocabulary.Neighbours(tokens[i].Text, after.Text)))
                tokens[i].Senses.Clear();
        }
    }

    // "échame 3 kilos", "ابعتلي": whatever the verb, who says "me" behind it asks for something.
    public static void NameVerbs(List<Token> tokens, IReadOnlySet<string> languages, Vocabulary vocabulary)
    {
        for (var i = 0; i + 1 < tokens.Count; i++)
        {
            var word = tokens[i].Text;
            if (!tokens[i].IsWord || tokens[i].IsKnown || word.Length < 5 || !EndsInMe(word, languages)
                || vocabulary.Like(word, null).Count > 0
                || !(i == 0 || tokens[i - 1].EndsClause || tokens[i - 1].IsKnown)
                || !(tokens[i + 1].IsNumber || tokens[i + 1].IsKnown)) continue;
            tokens[i].Phrases.Add(Order);
        }
    }

    private static bool EndsInMe(string word, IReadOnlySet<string> languages) =>
        (languages.Contains("es")
            && (word.EndsWith("ame", StringComparison.Ordinal) || word.EndsWith("eme", StringComparison.Ordinal)
            || word.EndsWith("anos", StringComparison.Ordinal) || word.EndsWith("enos", StringComparison.Ordinal)
            || word.EndsWith("enme", StringComparison.Ordinal)))
        || (Sound.IsArabic(word[0])
            && (word.EndsWith("لي", StringComparison.Ordinal) || word.EndsWith("لنا", StringComparison.Ordinal)));

    // "3 almohadas y 2 towels": the one letter of another language between a word and a number says "and".
    public static void JoinByOneLetter(List<Token> tokens)
    {
        for (var i = 1; i + 1 < tokens.Count; i++)
            if (tokens[i] is { IsWord: true, Text.Length: 1, Senses.Count: 0 } letter && tokens[i - 1].IsWord
                && (tokens[i + 1].IsNumber || tokens[i + 1].Unit is not null)
                && Lexicon.Shared.SenseOf(letter.Text, And) is { } and) letter.Senses.Add(and);
    }

    // "ek aur charger", "2 aur": that many more, where "aur" between two names says "and".
    public static void More(List<Token> tokens, List<FoundPhrase> phrases)
    {
        for (var i = 1; i < tokens.Count; i++)
        {
            if (!tokens[i].IsWord || tokens[i].NuanceOf(And) is not Nuance.More) continue;
            var first = i > 1 && tokens[i - 1].Unit is not null ? i - 2 : i - 1;
            if (tokens[first].IsNumber && !tokens[first].Noise && (i + 1 == tokens.Count || tokens[i + 1].EndsClause))
            {
                tokens[i].Senses.RemoveAll(s => s.Kind == And);
                tokens[i].Phrases.Add(Add);
                phrases.Add(new FoundPhrase(Add, i, 1));
                continue;
            }

            if (i + 1 == tokens.Count) break;
            if (!tokens[first].IsNumber || tokens[first].Noise || !tokens[i + 1].IsWord || tokens[i + 1].Is(And))
                continue;
            if (!(first == 0 || tokens[first - 1].EndsClause || tokens[first - 1].Is(And)
                || (tokens[first - 1].Is(Filler) && tokens[first - 1].Unit is null)) || Named(tokens, first))
                continue;
            tokens[i].Senses.RemoveAll(s => s.Kind == And);
            tokens[i].Phrases.Add(Add);
            phrases.Add(new FoundPhrase(Add, i, 1));
        }
    }

    // "urea ke 30 katte aur dap": what is counted stands before, so that "aur" says "and".
    private static bool Named(List<Token> tokens, int at)
    {
        while (--at >= 0 && !tokens[at].EndsClause && !(tokens[at].IsWord && tokens[at].Is(And)))
            if (tokens[at] is { IsWord: true, IsKnown: false }) return true;
        return false;
    }
}
