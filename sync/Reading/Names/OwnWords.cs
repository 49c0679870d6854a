using Sak.Sync.Model;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Names;

/// <summary>
/// A customer's own words for products: normalised phrase → SKU. What had to be asked once ("soap": which one?) is
/// known the next time, and said in the confirmation so that a wrong one is seen. What the customer or a model writes
/// teaches nothing: only the reader says of a line that it was asked about. Pure.
/// </summary>
public static class OwnWords
{
    private const int MaxPhrase = 60;
    private const int MaxWords = 200;

    /// <summary>
    /// What the lines of a confirmed order teach, beside what was known; the same object when that is nothing.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Learn(IReadOnlyDictionary<string, string> known,
        IEnumerable<BasketLine> lines)
    {
        var learned = lines.Select(l => (phrase: Taught(l), l.Sku))
            .Where(l => l.phrase.Length > 0 && known.GetValueOrDefault(l.phrase) != l.Sku).ToList();
        if (learned.Count == 0) return known;
        var all = new Dictionary<string, string>(known);
        foreach (var (phrase, sku) in learned)
            if (all.Count < MaxWords || all.ContainsKey(phrase)) all[phrase] = sku;
        return all;
    }

    /// <summary>The phrase of the customer's own that these words of a line hold for this product, or null.</summary>
    public static string? Used(IReadOnlyDictionary<string, string> known, string sku, string words)
    {
        if (known.Count == 0) return null;
        var phrase = $" {Phrase(words)} ";
        return known.Where(k => k.Value == sku && phrase.Contains($" {k.Key} ", StringComparison.Ordinal))
            .OrderByDescending(k => k.Key.Length)
            .ThenBy(k => k.Key, StringComparer.Ordinal).Select(k => k.Key).FirstOrDefault();
    }

    /// <summary>
    /// The form in which a phrase is kept: without the words that name nothing ("the soap"), unless they are all there
    /// is.
    /// </summary>
    public static string Key(string phrase)
    {
        var named = string.Join(' ',
            Phrase(phrase).Split(' ').Where(w => Lexicon.Shared.SenseOf(w, PhraseKind.Filler) is null));
        return named.Length > 0 ? named : Phrase(phrase);
    }

    // The phrase that a line teaches; empty for none. "red or blue" left it open: it is no name for the one that was
    // chosen.
    private static string Taught(BasketLine line)
    {
        if (line.AskedAs is not { } asked
            || Lexer.Read(asked).Any(t => Lexicon.Shared.SenseOf(t.Text, PhraseKind.Or) is not null)) return "";
        var phrase = Phrase(asked);
        return phrase.Length is >= 2 and <= MaxPhrase && phrase.Any(char.IsLetter) ? phrase : "";
    }

    // As the reader takes the names of a stretch: no numbers, no links.
    private static string Phrase(string words) =>
        string.Join(' ', Lexer.Read(words).Where(t => t.IsWord && Lexicon.Shared.SenseOf(t.Text, PhraseKind.Of) is null
            && Lexicon.Shared.SenseOf(t.Text, PhraseKind.And) is null
            && Lexicon.Shared.SenseOf(t.Text, PhraseKind.SizeNoun) is null)
            .Select(t => t.Text));
}
