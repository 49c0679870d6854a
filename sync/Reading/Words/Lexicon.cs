using System.Reflection;

namespace Sak.Sync.Reading.Words;

/// <summary>
/// What the languages' own words mean: numbers, units, measures, verbs, questions. Read once from Languages/*.tsv. It
/// knows no product: those come from the catalog alone.
/// </summary>
internal sealed class Lexicon
{
    public const string Neutral = "any";

    private const double UnitLikeness = 0.855;
    private const int MostRemembered = 5000;

    public static readonly Lexicon Shared = Load();

    private readonly Dictionary<string, List<Phrase>> _byFirst = [];
    private readonly Dictionary<string, List<Phrase>> _byStart = [];
    private readonly Dictionary<string, List<Sense>> _single = [];
    private readonly Dictionary<string, HashSet<string>> _languagesOf = [];
    private readonly HashSet<string> _neutral = [];
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, Sense?> _unitLike = [];
    private List<(Spelling.Heard Word, Sense Sense)>? _units;

    /// <summary>A word or phrase of a table; words end with ~ for any ending, * matches up to eight words.</summary>
    internal sealed record Phrase(string[] Words, Sense Sense);

    /// <summary>The languages that know this word, without the neutral one.</summary>
    public IReadOnlyCollection<string> LanguagesOf(string word) =>
        _neutral.Contains(word) ? [] : _languagesOf.GetValueOrDefault(word) ?? [];

    public bool Knows(string word) => _single.ContainsKey(word);

    /// <summary>A sense of a single word in any language, for the catalog's own names.</summary>
    public Sense? SenseOf(string word, PhraseKind kind)
    {
        if (!_single.TryGetValue(word, out var senses)) return null;
        foreach (var sense in senses)
            if (sense.Kind == kind) return sense;
        return null;
    }

    /// <summary>The unit or measure of any language that a misspelled word is nearest to, or null.</summary>
    public Sense? UnitLike(string written)
    {
        if (_unitLike.TryGetValue(written, out var known)) return known;
        var heard = new Spelling.Heard(written);
        var (best, likeness) = ((Sense?)null, UnitLikeness);
        foreach (var (word, sense) in _units ??= [.. UnitWords()])
            if (Spelling.Likeness(heard, word) is var near && near > likeness) (best, likeness) = (sense, near);
        if (_unitLike.Count < MostRemembered) _unitLike[written] = best;
        return best;
    }

    private IEnumerable<(Spelling.Heard, Sense)> UnitWords() =>
        from pair in _single
        where pair.Key.Length > 3 && (pair.Key.Length > 4 || pair.Key[0] >= 0x0600)
        let unit = pair.Value.FirstOrDefault(s => s.Kind is PhraseKind.Unit or PhraseKind.Measure)
        where unit is not null
        select (new Spelling.Heard(pair.Key), unit);

    /// <summary>True where one of these languages has the word in this sense.</summary>
    public bool Has(string word, PhraseKind kind, IReadOnlySet<string> languages)
    {
        if (!_single.TryGetValue(word, out var senses)) return false;
        foreach (var sense in senses)
            if (sense.Kind == kind && (sense.Language == Neutral || languages.Contains(sense.Language))) return true;
        return false;
    }

    /// <summary>All senses of a single word, those of words with any ending included.</summary>
    public void AddSenses(string word, Func<Sense, bool> counts, List<Sense> into)
    {
        if (_single.TryGetValue(word, out var senses))
            foreach (var sense in senses)
                if (counts(sense) && !into.Contains(sense)) into.Add(sense);
        if (word.Length < 2 || !_byStart.TryGetValue(word[..2], out var starts)) return;
        foreach (var phrase in starts)
            if (phrase.Words.Length == 1 && counts(phrase.Sense) && Fits(phrase.Words[0], word)
                && !into.Contains(phrase.Sense)) into.Add(phrase.Sense);
    }

    /// <summary>Phrases that start at a token, longest first is not promised; the length is in tokens.</summary>
    /// <remarks>Gap and GapLength are the tokens that a * matched.</remarks>
    public IEnumerable<(Sense Sense, int Length, int Gap, int GapLength)> At(IReadOnlyList<Token> tokens, int at)
    {
        var word = tokens[at].Text;
        if (_byFirst.TryGetValue(word, out var exact))
            foreach (var phrase in exact)
                if (Length(phrase.Words, tokens, at) is { Length: > 0 } fit)
                    yield return (phrase.Sense, fit.Length, fit.Gap, fit.GapLength);
        if (word.Length < 2 || !_byStart.TryGetValue(word[..2], out var starts)) yield break;
        foreach (var phrase in starts)
            if (Length(phrase.Words, tokens, at) is { Length: > 0 } fit)
                yield return (phrase.Sense, fit.Length, fit.Gap, fit.GapLength);
    }

    private static (int Length, int Gap, int GapLength) Length(string[] words, IReadOnlyList<Token> tokens, int at)
    {
        var (position, gap, gapLength) = (at, 0, 0);
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i] != "*")
            {
                if (position >= tokens.Count || !Fits(words[i], tokens[position])) return default;
                position++;
                continue;
            }

            var most = position + 7;
            gap = position;
            while (position < tokens.Count && position <= most && !Fits(words[i + 1], tokens[position]))
            {
                if (tokens[position].EndsClause) return default;
                position++;
            }

            gapLength = position - gap;
        }

        return (position - at, gap, gapLength);
    }

    private static bool Fits(string word, Token token)
    {
        if (token.Kind == TokenKind.Number && !token.Spelled) return false;
        return Fits(word, token.Text);
    }

    private static bool Fits(string word, string text)
    {
        if (word[^1] != '~') return text == word;
        return text.AsSpan().StartsWith(word.AsSpan(0, word.Length - 1), StringComparison.Ordinal)
            && IsEnding(text.AsSpan(word.Length - 1));
    }

    // An Arabic verb takes pronouns ("خليها", "ارسلوا لي"); with any other letter it is another word: "خلاط" is no
    // "خل".
    private static bool IsEnding(ReadOnlySpan<char> rest) =>
        rest.Length == 0 || !Sound.IsArabic(rest[0]) || rest.IndexOfAnyExcept("اويهنكملت") < 0;

    private static Lexicon Load()
    {
        var lexicon = new Lexicon();
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames()
            .Where(n => n.EndsWith(".tsv", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            lexicon.Add(name[..^4], reader);
        }

        return lexicon;
    }

    /// <summary>
    /// Adds a table. Throws <see cref="InvalidDataException"/> with the line and what is wrong with it.
    /// </summary>
    internal void Add(string language, TextReader table)
    {
        for (var number = 1; table.ReadLine() is { } line; number++)
            if (line.Length > 0 && line[0] != '#' && AddLine(language, line.Split('\t')) is { Length: > 0 } fault)
                throw new InvalidDataException($"Languages/{language}.tsv, line {number}: {fault}.");
    }

    // What is wrong with the line, or nothing.
    private string AddLine(string language, string[] columns)
    {
        if (columns.Length != 3)
            return $"{columns.Length} columns; write three with tabs between them: kind, value, words";
        var (sense, fault) = SenseColumns.Read(columns[0], columns[1], language);
        if (sense is null) return fault;
        foreach (var entry in columns[2].Split('|', StringSplitOptions.RemoveEmptyEntries))
            Add(new Phrase(Words(entry), sense));
        return "";
    }

    private void Add(Phrase phrase)
    {
        var first = phrase.Words[0];
        var (index, key) = first[^1] == '~' ? (_byStart, first[..2]) : (_byFirst, first);
        if (!index.TryGetValue(key, out var list)) index[key] = list = [];
        list.Add(phrase);
        if (phrase.Words.Length == 1 && first[^1] != '~')
        {
            if (!_single.TryGetValue(first, out var senses)) _single[first] = senses = [];
            senses.Add(phrase.Sense);
        }

        if (phrase.Sense.Language == Neutral)
        {
            if (phrase.Sense.Kind is PhraseKind.Unit or PhraseKind.Measure or PhraseKind.Money)
                _neutral.UnionWith(phrase.Words);
            return;
        }

        foreach (var word in phrase.Words.Where(w => w != "*" && w[^1] != '~'))
        {
            if (!_languagesOf.TryGetValue(word, out var languages)) _languagesOf[word] = languages = [];
            languages.Add(phrase.Sense.Language);
        }
    }

    private static string[] Words(string entry) =>
        [.. entry.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(Word)];

    private static IEnumerable<string> Word(string word)
    {
        if (word == "*") return ["*"];
        // "3ayez" writes a letter as a digit: one word.
        if (char.IsAsciiDigit(word[0]) && word.Any(char.IsAsciiLetter)) return [word];
        var open = word.Length >= 2 && word[^1] == '~';
        var tokens = Lexer.Read(open ? word[..^1] : word).Select(t => t.Text).ToList();
        if (tokens.Count == 0)
            throw new InvalidDataException($"A language table has \"{word}\", in which nothing can be read.");
        if (open) tokens[^1] += "~";
        return tokens;
    }
}
