using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Message;

/// <summary>Where "replace the tea with 2 coffee" and "coffee instead of tea" are cut into the old and the
/// new.</summary>
internal static class SwapCuts
{
    /// <summary>Places of the words that part the old from the new; none where only numbers change places.</summary>
    public static HashSet<int> Of(MessageText text, Vocabulary vocabulary)
    {
        var cuts = new HashSet<int>();
        foreach (var phrase in text.Phrases)
        {
            var named = phrase.Kind switch
            {
                PhraseKind.Swap =>
                    phrase.GapLength > 0 && Named(text, vocabulary, phrase.Gap, phrase.Gap + phrase.GapLength)
                        && (Named(text, vocabulary, phrase.End, phrase.End + 6)
                    || text.Tokens.Skip(phrase.End).TakeWhile(t => !t.EndsClause)
                        .Any(t => t.IsWord && (t.Is(PhraseKind.Of) || t.Is(PhraseKind.SizeNoun)))),
                PhraseKind.InsteadOfPrefix => Named(text, vocabulary, phrase.End, phrase.End + 2),
                PhraseKind.InsteadOfSuffix =>
                    phrase.Start > 0 && Named(text, vocabulary, phrase.Start - 1, phrase.Start),
                _ => false,
            };
            if (!named) continue;
            for (var i = phrase.Start; i < phrase.End; i++)
                if (i < phrase.Gap || i >= phrase.Gap + phrase.GapLength) cuts.Add(i);
        }

        return cuts;
    }

    private static bool Named(MessageText text, Vocabulary vocabulary, int start, int end)
    {
        for (var i = start; i < Math.Min(end, text.Tokens.Count) && !text.Tokens[i].EndsClause; i++)
            if (text.Tokens[i] is { IsWord: true, Unit: null } word
                && (!word.IsKnown || (vocabulary.Knows(word.Text) && !word.Is(PhraseKind.Filler)))) return true;
        return false;
    }
}
