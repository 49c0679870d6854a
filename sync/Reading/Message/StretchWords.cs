using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Message;

/// <summary>Sorts the words of a stretch: names, numbers, units, and what is said beside them.</summary>
internal static class StretchWords
{
    public static void Sort(Stretch stretch, Vocabulary vocabulary)
    {
        var tokens = stretch.Tokens;
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (token.Is(PhraseKind.Each)) stretch.Each = true;
            if (token.IsNumber)
            {
                if (!token.Noise && !token.Negated) stretch.Numbers.Add(token);
                continue;
            }

            if (token.Kind == TokenKind.Mark) continue;
            if (token.Is(PhraseKind.Both)) stretch.Both = true;
            if (token.Is(PhraseKind.All)) stretch.All = true;
            if (token.Is(PhraseKind.Pronoun)) stretch.That = true;
            if (token.Unit is not null && (token.Phrases.Count == 0 || BesideNumber(tokens,
                i))) stretch.Units.Add(token);
            if (!token.Text.Any(char.IsLetter) && !vocabulary.Has(token.Text)) continue;
            // "cera de miel" in a message of another language, "PO 4471": a link within a name, the label of a number
            // that counts nothing.
            if (i > 0 && i + 1 < tokens.Count
                && (vocabulary.Joins(tokens[i - 1].Text, tokens[i + 1].Text) && !vocabulary.Has(token.Text))) continue;
            if (i + 1 < tokens.Count && tokens[i + 1] is { IsNumber: true, Noise: true }
                && token.Is(PhraseKind.NotQuantityPrefix))
                continue;
            if (!token.IsKnown || IsAdjective(token)) stretch.Names.Add(token);
            else if ((vocabulary.Has(token.Text) || (token.Unit is not null && vocabulary.Knows(token.Text)))
                && !token.Is(PhraseKind.Of) && !token.Is(PhraseKind.And) && !token.Is(PhraseKind.SizeNoun))
                stretch.Maybe.Add(token);
        }

        SetAside(stretch, tokens, vocabulary);
    }

    // "for the farm gate", "khet par", "utarwa dena": words that no product has, beside one that says where, when or
    // for whom. A word of the catalog must be left: alone they may be a product that the shop has not.
    private static void SetAside(Stretch stretch, IReadOnlyList<Token> tokens, Vocabulary vocabulary)
    {
        var named = stretch.Names.Concat(stretch.Maybe.Where(m => m.Unit is null)).Any(n => !IsForeign(n, vocabulary));
        for (var i = 0; i < tokens.Count && stretch.Names.Count > 0; i++)
        {
            if (!tokens[i].IsWord) continue;
            if (tokens[i].Is(PhraseKind.Preposition)
                && (named || (stretch.Units.Count > 0 && tokens.Take(i).Any(t => t == stretch.Units[0]))))
                Drop(stretch, tokens, vocabulary, i + 1, 1);
            if (!named) continue;
            if (tokens[i].Is(PhraseKind.Postposition) || tokens[i].Phrases.Contains(PhraseKind.Order))
                Drop(stretch, tokens, vocabulary, i - 1, -1);
            if (stretch.Names.Contains(tokens[i]) && tokens[i].Text.Length > 4
                && tokens[i].Text.StartsWith("لل", StringComparison.Ordinal) && IsForeign(tokens[i], vocabulary))
                stretch.Names.Remove(tokens[i]);
        }
    }

    private static void Drop(Stretch stretch, IReadOnlyList<Token> tokens, Vocabulary vocabulary, int at, int step)
    {
        while (step > 0 && at < tokens.Count && tokens[at].IsWord && !stretch.Names.Contains(tokens[at])
            && tokens[at].Unit is null && !tokens[at].Is(PhraseKind.Of)) at++;
        for (; at >= 0 && at < tokens.Count && stretch.Names.Contains(tokens[at]) && IsForeign(tokens[at],
            vocabulary); at += step)
            stretch.Names.Remove(tokens[at]);
    }

    private static bool IsForeign(Token token, Vocabulary vocabulary) => token.Senses.Count == 0
        && vocabulary.Like(token.Text, null).Count == 0;

    private static bool BesideNumber(IReadOnlyList<Token> tokens, int at) => (at > 0 && tokens[at - 1].IsNumber)
        || (at + 1 < tokens.Count && tokens[at + 1].IsNumber);

    // A colour or size is part of the name, unless the word is also a verb or the like.
    private static bool IsAdjective(Token token) =>
        token.Is(PhraseKind.Adjective) && token.Phrases.Count == 0
            && token.Senses.All(
                s => s.Kind is PhraseKind.Adjective or PhraseKind.Filler or PhraseKind.CommonWord or PhraseKind.Unit);
}
