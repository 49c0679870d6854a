using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Answering;

/// <summary>What a word of ModelWords.tsv is; the file writes the names in snake_case.</summary>
internal enum WordKind
{
    /// <summary>Taken out before anything else is looked at: "feel free".</summary>
    Harmless,

    /// <summary>"pay", "rupees", "account".</summary>
    Money,

    /// <summary>"free", "guarantee", "tomorrow".</summary>
    Promise,

    /// <summary>"zero", "percent", "dozen": figures beside those of the reader's tables.</summary>
    Figure,

    /// <summary>A number word of one language that is another word in this one: "a", "do".</summary>
    NotFigure,

    /// <summary>"website", "dot".</summary>
    Link,

    /// <summary>"password", "PIN".</summary>
    Account,

    // Words of a fact: only in a sentence that holds the fact's slot.
    Price,
    Total,
    Balance,
    Delivery,
    Hours,
    Order,
    Phone,

    /// <summary>"off", "less": never in a sentence with a sum.</summary>
    Turn,

    /// <summary>"Everything": in a sentence with a sum only beside the total's slot.</summary>
    Whole,

    /// <summary>A frequent word, by which a language is known.</summary>
    Common,

    /// <summary>A word that honest answers use.</summary>
    Known,

    /// <summary>The only words beside a sum or the stock.</summary>
    Sum,
}

/// <summary>The words of ModelWords.tsv, read once.</summary>
internal sealed partial class ModelWordsTable
{
    private static readonly Dictionary<string, WordKind> Kinds = Enum.GetValues<WordKind>()
        .ToDictionary(k => JsonNamingPolicy.SnakeCaseLower.ConvertName(k.ToString()));

    public static readonly ModelWordsTable Shared = Load();

    // Texts in these mix English in.
    private static readonly string[] Latin = ["hi-Latn", "ar-Latn"];

    private readonly Dictionary<string, List<Entry>> _byFirst = [];
    private readonly Dictionary<string, List<Entry>> _byStart = [];
    private readonly List<Entry> _byPart = [];
    private readonly Dictionary<(WordKind Kind, string Language), HashSet<string>> _sets = [];

    /// <param name="Words">In the reader's one form; "~" at either end stands for any letters.</param>
    private sealed record Entry(WordKind Kind, string Language, string[] Words);

    public bool Speaks(string language) => _sets.ContainsKey((WordKind.Common, language));

    public bool IsCommon(string word, string language) =>
        _sets.TryGetValue((WordKind.Common, language), out var words) && Forms(word).Any(words.Contains);

    public bool IsNoFigure(string word, string language) =>
        _sets.TryGetValue((WordKind.NotFigure, language), out var words) && words.Contains(word);

    /// <summary>True for a word that honest answers in this language use.</summary>
    public bool Knows(string word, string language) => Holds(WordKind.Known, word, language);

    /// <summary>True for a word that may be beside a sum.</summary>
    public bool GoesWithSum(string word, string language) => Holds(WordKind.Sum, word, language);

    /// <summary>What begins at this word, with its length in words.</summary>
    /// <param name="language">The text's; another language's word that is a frequent one in it does not count.</param>
    public IEnumerable<(WordKind Kind, int Length)> At(IReadOnlyList<string> words, int at, string language)
    {
        foreach (var form in Forms(words[at]))
            foreach (var entry in MayFit(form))
                if (Counts(entry, form, language) && Fits(entry, words, at, form))
                    yield return (entry.Kind, entry.Words.Length);
    }

    private IEnumerable<Entry> MayFit(string form) =>
        [.. _byFirst.GetValueOrDefault(form) ?? [], .. _byStart.GetValueOrDefault(Start(form)) ?? [], .. _byPart];

    private bool Holds(WordKind kind, string word, string language) =>
        Forms(word).Any(form => IsIn(kind, form, language) || (Latin.Contains(language) && IsIn(kind, form, "en")));

    private bool IsIn(WordKind kind, string word, string language)
    {
        if (!_sets.TryGetValue((kind, language), out var words)) return false;
        if (words.Contains(word)) return true;
        for (var length = 2; length <= word.Length; length++)
            if (words.Contains(word[..length] + "~")) return true;
        // "we're", "owner's"
        return word.IndexOf('\'') is > 0 and var at && words.Contains(word[..at]);
    }

    private bool Counts(Entry entry, string word, string language) =>
        entry.Kind == WordKind.Turn ? entry.Language == language
            || (entry.Language == "en" && !IsCommon(word, language))
        : entry.Language.Length == 0 || entry.Language == language || entry.Words.Length > 1
            || !(IsCommon(word, language) || IsNoFigure(word, language));

    private static bool Fits(Entry entry, IReadOnlyList<string> words, int at, string form)
    {
        if (at + entry.Words.Length > words.Count) return false;
        for (var i = 0; i < entry.Words.Length; i++)
            if (!Fits(entry.Words[i], i == 0 ? form : words[at + i])) return false;
        return true;
    }

    private static bool Fits(string pattern, string word)
    {
        var (start, end) = (pattern[0] == '~', pattern[^1] == '~');
        var letters = pattern.AsSpan().Trim('~');
        return start && end ? word.AsSpan().Contains(letters, StringComparison.Ordinal)
            : start ? word.AsSpan().EndsWith(letters, StringComparison.Ordinal)
            : end ? word.AsSpan().StartsWith(letters, StringComparison.Ordinal)
            : letters.SequenceEqual(word);
    }

    // The word, with letters written many times written once ("freeee"), and without what Arabic writes before a word.
    private static IEnumerable<string> Forms(string word)
    {
        yield return word;
        if (Repeated().IsMatch(word))
        {
            yield return Repeated().Replace(word, "$1$1");
            yield return Repeated().Replace(word, "$1");
        }

        if (!Sound.IsArabic(word[0])) yield break;
        foreach (var before in (string[])["ال", "و", "ب", "ل", "ف", "ك", "لل", "وال", "بال", "فال", "س"])
            if (word.Length > before.Length + 1 && word.StartsWith(before, StringComparison.Ordinal))
                yield return word[before.Length..];
    }

    private static ModelWordsTable Load()
    {
        var table = new ModelWordsTable();
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("model-words")!);
        for (var number = 1; reader.ReadLine() is { } line; number++)
            if (line.Length > 0 && line[0] != '#' && !table.Add(line.Split('\t')))
                throw new InvalidDataException(
                    $"ModelWords.tsv, line {number}: write three columns with tabs: kind, language, words.");
        return table;
    }

    private bool Add(string[] columns)
    {
        if (columns.Length != 3 || !Kinds.TryGetValue(columns[0], out var kind)) return false;
        var language = columns[1] is "-" or "other" ? "" : columns[1];
        foreach (var words in columns[2].Split('|').Select(entry => entry.Split(' ').Select(Form).ToArray()))
            if (kind is WordKind.Common or WordKind.NotFigure or WordKind.Known or WordKind.Sum)
                AddWord(kind, language, words[0]);
            else AddEntry(new Entry(kind, language, words));
        return true;
    }

    private void AddWord(WordKind kind, string language, string word)
    {
        At(_sets, (kind, language)).Add(word);
        // Frequent words and those beside a sum are known.
        if (kind is WordKind.Common or WordKind.Sum) At(_sets, (WordKind.Known, language)).Add(word);
    }

    private void AddEntry(Entry entry)
    {
        var word = entry.Words[0];
        var letters = word.Trim('~');
        if (letters == word) At(_byFirst, word).Add(entry);
        else if (word[0] == '~' || letters.Length < 2) _byPart.Add(entry);
        else At(_byStart, Start(letters)).Add(entry);
    }

    private static string Form(string word) =>
        $"{(word[0] == '~' ? "~" : "")}{Normal.Text(word.Trim('~'))}{(word[^1] == '~' ? "~" : "")}";

    private static string Start(string word) => word[..Math.Min(2, word.Length)];

    private static TSet At<TKey, TSet>(Dictionary<TKey, TSet> sets, TKey key) where TKey : notnull where TSet : new()
    {
        if (!sets.TryGetValue(key, out var set)) sets[key] = set = new TSet();
        return set;
    }

    [GeneratedRegex(@"(\p{L})\1{2,}")]
    private static partial Regex Repeated();
}
