using System.Reflection;
using System.Text.RegularExpressions;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Written;

/// <summary>What a label says of the rest of its line.</summary>
internal enum LabelKind
{
    /// <summary>"Qty": the quantity of the product above or beside it, with a colon or without.</summary>
    Quantity,

    /// <summary>"Units": the same, but only before a colon; elsewhere it is a unit.</summary>
    UnitsColon,

    /// <summary>"Subtotal", "Price": an amount, which orders nothing.</summary>
    Amount,

    /// <summary>"Phone", "Address": nothing of it is ordered, up to the next comma.</summary>
    Note,

    /// <summary>"Order ID": the number of a document, where it is one word; "Order: 5 oil" is an order.</summary>
    Reference,

    /// <summary>"Item": the product itself follows.</summary>
    Item,

    /// <summary>"on", "by": a date follows.</summary>
    BeforeDate,

    /// <summary>"ko", "tak": what stands before it is a date.</summary>
    AfterDate,

    Month,

    /// <summary>A month that is also another word ("mayo", "set"): only behind "de", or before a year.</summary>
    DoubtfulMonth,

    /// <summary>"calle", "rua": a street's name follows.</summary>
    Street,

    /// <summary>"Road", "nagar": a street's name stands before it.</summary>
    StreetEnd,

    /// <summary>"deliver to", "leave it at": a place follows, or the one who takes it.</summary>
    PlaceAfter,

    /// <summary>"delivery:" with its colon: a place follows.</summary>
    PlaceColon,

    /// <summary>"send with": a person follows.</summary>
    PersonAfter,

    /// <summary>"with": a person may follow.</summary>
    With,

    /// <summary>"ke yahan": a place stands before it.</summary>
    PlaceBefore,

    /// <summary>"ke saath": a person stands before it.</summary>
    PersonBefore,

    /// <summary>"between": two times follow.</summary>
    Between,

    /// <summary>"pm": the number before it is an hour.</summary>
    Hour,

    /// <summary>"tomorrow", "morning".</summary>
    Day,

    /// <summary>"i will pick up", "home delivery", "cash on delivery": whole, and followed by nothing.</summary>
    Pickup,
    Delivery,
    Payment,
}

/// <summary>The words of Labels.tsv, in all languages: web shops write their own, not the customer's.</summary>
internal static partial class Labels
{
    private const int MostWords = 5;
    private const int LongestLabel = 60;

    private static readonly ILookup<string, LabelKind> All = Load();
    private static readonly HashSet<string> FirstWords = [.. All.Select(l => l.Key.Split(' ')[0])];

    /// <summary>True when the text is a label of this kind and nothing else.</summary>
    public static bool Is(string text, LabelKind kind) =>
        text.Length <= LongestLabel && All[Key(Word().Matches(text))].Contains(kind);

    /// <summary>Where the label begins that the text ends with; −1 when it ends with none of this kind.</summary>
    public static int EndOf(string text, params ReadOnlySpan<LabelKind> kinds)
    {
        var words = Word().Matches(text);
        for (var n = Math.Min(MostWords, words.Count); n > 0; n--)
            foreach (var kind in All[Key(words.Skip(words.Count - n))])
                if (kinds.Contains(kind)) return words[^n].Index;
        return -1;
    }

    /// <summary>The labels that these words are from a place on, the longest first.</summary>
    public static IReadOnlyList<(LabelKind Kind, int Length)> At(List<string> words, int at)
    {
        if (!FirstWords.Contains(words[at])) return [];
        var found = new List<(LabelKind, int)>();
        for (var n = Math.Min(MostWords, words.Count - at); n > 0; n--)
            foreach (var kind in All[string.Join(' ', words.GetRange(at, n))]) found.Add((kind, n));
        return found;
    }

    public static bool StartsWith(string text, LabelKind kind)
    {
        var words = Word().Matches(text.Length > LongestLabel ? text[..LongestLabel] : text);
        return Enumerable.Range(1, Math.Min(MostWords, words.Count)).Any(n => All[Key(words.Take(n))].Contains(kind));
    }

    private static string Key(IEnumerable<Match> words) => string.Join(' ', words.Select(w => Normal.Text(w.Value)));

    private static ILookup<string, LabelKind> Load()
    {
        var all = new List<(string Label, LabelKind Kind)>();
        using var table = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("labels")!);
        for (var number = 1; table.ReadLine() is { } line; number++)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var columns = line.Split('\t');
            if (columns.Length != 2 || !Enum.TryParse<LabelKind>(columns[0], out var kind))
                throw new InvalidDataException($"Labels.tsv, line {number}: write a kind of label, a tab, and words "
                    + "with | between them.");
            all.AddRange(columns[1].Split('|').Select(label => (Key(Word().Matches(label)), kind)));
        }

        return all.ToLookup(l => l.Label, l => l.Kind);
    }

    [GeneratedRegex(@"[\p{L}\p{M}\p{N}]+")]
    private static partial Regex Word();
}
