using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;
using static Sak.Sync.Reading.Words.PhraseKind;

namespace Sak.Sync.Reading.Message;

/// <summary>Gives each word the senses that it has in the message's languages and in this shop.</summary>
internal static class WordSenses
{
    public static void Give(List<Token> tokens, IReadOnlySet<string> languages, Vocabulary vocabulary)
    {
        foreach (var token in tokens) FromTables(token, languages);
        // "the 1100s": the plural of a number.
        tokens.RemoveAll(
            t => t is { IsWord: true, Text: "s" } && tokens.IndexOf(t) is > 0 and var at
                && tokens[at - 1] is { IsNumber: true, Glued: true });
        WordUses.JoinByOneLetter(tokens);
        WordUses.NameByCommonWords(tokens, vocabulary);
        foreach (var token in tokens.Where(t => t.IsWord)) FromShop(token, vocabulary);
        WordUses.NameVerbs(tokens, languages, vocabulary);
        BracketedCounts.Open(tokens);
        MisspelledUnits.Mark(tokens, vocabulary);
        LetterSizes.Mark(tokens, vocabulary);
    }

    private static void FromShop(Token token, Vocabulary vocabulary)
    {
        if (token.Unit is null
            && vocabulary.Units.FirstOrDefault(u => u == token.Text || u == Sound.Stem(token.Text)) is { } unit)
            token.Senses.Add(new Sense(Unit, unit, Lexicon.Neutral));
        // "plato" is a unit where the shop sells by the plate, and a plate where it sells plates.
        var own = token.Senses.FirstOrDefault(s => s.Kind == ShopUnit && vocabulary.Units.Contains(s.Value));
        token.Senses.RemoveAll(s => s.Kind == ShopUnit);
        if (own is not null) token.Senses.Insert(0, own with { Kind = Unit });
    }

    private static void FromTables(Token token, IReadOnlySet<string> languages)
    {
        if (token.Kind != TokenKind.Number || token.Spelled)
            Lexicon.Shared.AddSenses(token.Text,
                s => PhraseFinder.WordKinds.Contains(s.Kind)
                    && (s.Language == Lexicon.Neutral || languages.Contains(s.Language)),
                token.Senses);
        // A unit is a unit in any language ("pct", "caja") where the message's own has no other use for the word.
        if (token.IsWord && token.Senses.Count == 0 && Lexicon.Shared.SenseOf(token.Text, Unit) is { } unit)
            token.Senses.Add(unit);
    }

    // Arabic writes "and" onto the next word: "وفلتر" is "و فلتر", "ورق" is paper.
    public static List<Token> SplitConjunctions(List<Token> tokens, IReadOnlySet<string> languages,
        Vocabulary vocabulary)
    {
        var split = new List<Token>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (!token.IsWord || token.Text[0] != 'و' || token.Text.Length < 2 || token.IsKnown
                || vocabulary.Knows(token.Text) || Lexicon.Shared.At(tokens, i).Any())
            {
                split.Add(token);
                continue;
            }

            var and = new Token(TokenKind.Word, "و", token.Start, token.Start + 1);
            var rest = new Token(TokenKind.Word, token.Text[1..], token.Start + 1, token.End) { Glued = token.Glued };
            FromTables(and, languages);
            FromTables(rest, languages);
            split.Add(and);
            split.Add(rest);
        }

        return split;
    }
}
