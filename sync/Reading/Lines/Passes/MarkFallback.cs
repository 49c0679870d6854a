using Sak.Sync.Reading.Message;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines.Passes;

internal static class MarkFallback
{
    public static IReadOnlyList<Stretch> Apply(Surroundings around, IReadOnlyList<Stretch> stretches) =>
        [.. stretches.Select(s => s with { Fallback = IsFallback(around.Text, s) })];

    private static bool IsFallback(MessageText text, Stretch stretch)
    {
        var last = TakeVerb.LastWord(text, stretch);
        return text.Phrases.Any(c => SaysElse(text, c) && c.Start <= last && NamesOneBefore(text.Tokens, c.Start)
            && SameSentence(text.Tokens, c.Start, stretch.First));
    }

    private static bool SaysElse(MessageText text, FoundPhrase phrase) => phrase.Kind == PhraseKind.Fallback
        || (phrase.Kind == PhraseKind.Or && text.Has(PhraseKind.Conditional));

    // What it would take the place of.
    private static bool NamesOneBefore(List<Token> tokens, int phrase) =>
        tokens.Take(phrase).Any(t => t.IsNumber || !t.IsKnown);

    private static bool SameSentence(List<Token> tokens, int phrase, int stretch)
    {
        for (var i = phrase; i < stretch; i++)
            if (tokens[i].IsMark(".?!\n")) return false;
        return true;
    }
}
