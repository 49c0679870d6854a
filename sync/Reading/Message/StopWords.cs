using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Message;

/// <summary>
/// Whether a customer wants messages, told from the words alone: no catalog, no waiting. The reader decides when the
/// turn is read.
/// </summary>
public static class StopWords
{
    private static readonly HashSet<string> StartWords = ["start", "resume", "empezar", "iniciar", "começar",
        "comecar", "शुरू", "shuru", "ابدأ"];

    public static bool IsStart(string text) => StartWords.Contains(text.Trim().ToLowerInvariant());

    /// <summary>Nothing but one of the tables' ways to say that no more messages are wanted.</summary>
    public static bool IsStop(string text)
    {
        var tokens = Lexer.Read(text).Where(t => t.IsWord || t.IsNumber).ToList();
        return tokens.Count > 0
            && Lexicon.Shared.At(tokens, 0).Any(p => p.Sense.Kind == PhraseKind.Stop && p.Length == tokens.Count);
    }

    /// <summary>True when the words hold such a way anywhere: more than the reader takes for one, never less.</summary>
    public static bool MayBeStop(string text)
    {
        var tokens = Lexer.Read(text);
        return Enumerable.Range(0, tokens.Count)
            .Any(i => Lexicon.Shared.At(tokens, i).Any(p => p.Sense.Kind == PhraseKind.Stop));
    }
}
