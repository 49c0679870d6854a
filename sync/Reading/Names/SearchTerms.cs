using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Names;

/// <summary>
/// The words under which a product is found, and under which a written word looks for it. One rule for every index: as
/// written, without its ending, and as it sounds. A word that is still not found is misspelled, and goes by its
/// neighbours.
/// </summary>
public static class SearchTerms
{
    /// <summary>All terms of a product's SKU, name and aliases, each once.</summary>
    public static IReadOnlyCollection<string> OfProduct(string sku, string name, IEnumerable<string> aliases)
    {
        var terms = new HashSet<string> { SkuForm.Of(sku) };
        foreach (var text in aliases.Prepend(name))
            foreach (var token in Lexer.Read(text))
            {
                if (token.Kind == TokenKind.Mark) continue;
                AddAll(terms, token.Text);
                if (Sound.IsArabic(token.Text[0])) AddSketch(terms, token.Text);
            }

        terms.Remove("");
        return terms;
    }

    /// <summary>The terms of one written word.</summary>
    public static IReadOnlyCollection<string> OfWord(string word)
    {
        var terms = new HashSet<string>();
        AddAll(terms, word);
        if (word.Length > 0
            && (char.IsAsciiLetterLower(word[0])
                || (word.Length > 3 && "235679".Contains(word[0]) && char.IsAsciiLetterLower(word[1]))))
            AddSketch(terms, word);
        if (Lexicon.Shared.SenseOf(word, PhraseKind.Adjective)?.Value is { } same) terms.Add($"same{same}");
        return terms;
    }

    /// <summary>
    /// A word of some language's own, such as a verb or a unit: it names a product only where it stands so in the name.
    /// </summary>
    public static bool IsOfLanguage(string word) => Lexicon.Shared.Knows(word);

    /// <summary>
    /// The normalised words of a text, as a search takes them; a word with a mark inside, such as a SKU, also in one
    /// piece.
    /// </summary>
    public static IReadOnlyList<string> Words(string text)
    {
        var pieces = Normal.Text(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var words = pieces.SelectMany(
            p => string.Concat(p.Select(c => Normal.IsWordCharacter(c) ? c : ' '))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return [.. words.Concat(pieces.Select(Normal.Compact)).Where(w => w.Length > 0).Distinct()];
    }

    /// <summary>Words as they are written in names, for a list of what can be misspelled.</summary>
    public static IEnumerable<string> Spellable(IEnumerable<string> terms) =>
        terms.Where(t => t.Length >= 4 && t[0] != '~' && !t.Any(char.IsAsciiDigit));

    // With the vowels that are letters, and without: a short vowel may be written ("sha7en" is شاحن).
    private static void AddSketch(HashSet<string> terms, string word)
    {
        // "marwa7et" is مروحة before another word.
        if (word.Length > 5 && word[0] < 0x80 && word[^1] == 't' && word[^2] is 'e' or 'a')
            AddSketch(terms, word[..^2]);
        var sketch = Arabizi.Sketch(word);
        if (sketch.Length >= 2) terms.Add("~~" + sketch);
        var bones = sketch.Replace("w", "", StringComparison.Ordinal).Replace("y", "", StringComparison.Ordinal);
        if (bones.Length >= 2) terms.Add("~-" + bones);
    }

    private static void AddAll(HashSet<string> terms, string word)
    {
        terms.Add(word);
        if (word.Any(char.IsAsciiDigit)) return;
        terms.Add(Sound.Stem(word));
        if (Sound.OtherStem(word) is { } other) terms.Add(other);
        if (Sound.Key(word) is { Length: >= 2 } key) terms.Add("~" + key);
        if (Lexicon.Shared.SenseOf(word, PhraseKind.Adjective)?.Value is { } same) terms.Add($"same{same}");
    }
}
