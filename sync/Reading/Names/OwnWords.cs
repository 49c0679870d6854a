using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Names;

/// <summary>
/// A customer's own words for products: normalised phrase → SKU. What had to be asked once ("soap": which one?) is
/// known the next time, and said in the confirmation so that a wrong one is seen. Pure.
/// </summary>
public static class OwnWords
{
    /// <summary>
    /// Stands in a line's words between what was written first and the answer that said which product it is.
    /// </summary>
    internal const string Answered = " → ";

    /// <summary>
    /// Ends a line's words where the customer's habit said which product it is; the confirmation shows it.
    /// </summary>
    internal const string Supposed = Answered + "?";

    private const int MaxPhrase = 60;
    private const int MaxWords = 200;

    /// <summary>
    /// What the lines of a confirmed order teach, beside what was known; the same object when that is nothing.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Learn(IReadOnlyDictionary<string, string> known,
        IEnumerable<(string Sku, string Words)> lines)
    {
        var learned = lines.SelectMany(l => Taught(l.Words).Select(phrase => (phrase, l.Sku)))
            .Where(l => known.GetValueOrDefault(l.phrase) != l.Sku).ToList();
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

    private static IEnumerable<string> Taught(string words)
    {
        foreach (var part in words.Split(" + "))
        {
            if (part.IndexOf(Answered, StringComparison.Ordinal) is not (> 0 and var at)) continue;
            var asked = part[..at];
            // "red or blue" left it open: it is no name for the one that was chosen.
            if (Lexer.Read(asked).Any(t => Lexicon.Shared.SenseOf(t.Text, PhraseKind.Or) is not null)) continue;
            var phrase = Phrase(asked);
            if (phrase.Length is >= 2 and <= MaxPhrase && phrase.Any(char.IsLetter)) yield return phrase;
        }
    }

    // As the reader takes the names of a stretch: no numbers, no links.
    private static string Phrase(string words) =>
        string.Join(' ', Lexer.Read(words).Where(t => t.IsWord && Lexicon.Shared.SenseOf(t.Text, PhraseKind.Of) is null
            && Lexicon.Shared.SenseOf(t.Text, PhraseKind.And) is null
            && Lexicon.Shared.SenseOf(t.Text, PhraseKind.SizeNoun) is null)
            .Select(t => t.Text));
}
