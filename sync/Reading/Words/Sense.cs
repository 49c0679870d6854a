using System.Globalization;
using System.Text.Json;

namespace Sak.Sync.Reading.Words;

/// <summary>What a word or phrase means in a language.</summary>
/// <param name="Value">The number, unit, measure or English adjective that it names; empty for all other kinds.</param>
/// <param name="Language">BCP 47, or <see cref="Lexicon.Neutral"/>.</param>
internal sealed record Sense(PhraseKind Kind, string Value, string Language, Nuance Nuance = Nuance.None);

/// <summary>
/// What sets some phrases of a kind apart from the others; the second column where there is no value.
/// </summary>
internal enum Nuance
{
    None,

    /// <summary>Whatever follows: "gate", "total".</summary>
    Strong,

    /// <summary>Only where no name or unit follows: "at".</summary>
    Weak,

    /// <summary>Only with the number right after it: "counter 12".</summary>
    Place,

    /// <summary>Only where nothing speaks against it: "maybe".</summary>
    Soft,

    /// <summary>"the usual": the last order, unless a product follows.</summary>
    Usual,

    /// <summary>"hai na": a question only at the end of what may be one.</summary>
    Tag,

    /// <summary>Speaks of what is before it: "bhej diye".</summary>
    After,

    /// <summary>Speaks of what comes after it: "because".</summary>
    Before,

    /// <summary>"less of": takes away, where others ask for a better price.</summary>
    Less,

    /// <summary>"aur": "more" where it does not say "and".</summary>
    More,

    /// <summary>"another": one more.</summary>
    One,

    /// <summary>"but".</summary>
    But,

    /// <summary>"free of charge": gives something away.</summary>
    Promise,
}

/// <summary>The first two columns of a language table, read in one place.</summary>
internal static class SenseColumns
{
    private static readonly IReadOnlyDictionary<string, PhraseKind> Kinds =
        Enum.GetValues<PhraseKind>().ToDictionary(k => JsonNamingPolicy.SnakeCaseLower.ConvertName(k.ToString()));

    private static readonly IReadOnlyDictionary<string, Nuance> Nuances =
        Enum.GetValues<Nuance>().ToDictionary(n => n == Nuance.None ? "-" : n.ToString().ToLowerInvariant());

    /// <summary>The sense, or null and what is wrong with the columns.</summary>
    public static (Sense? Sense, string Fault) Read(string kind, string value, string language)
    {
        if (!Kinds.TryGetValue(kind, out var known))
            return (null, $"\"{kind}\" is no kind of phrase; write one of {string.Join(", ", Kinds.Keys)}");
        if (TakesValue(known))
            return IsValue(known, value)
                ? (new Sense(known, value, language), "")
                : (null, $"\"{value}\" is no value of {kind}");
        return Nuances.TryGetValue(value, out var nuance)
            ? (new Sense(known, "", language, nuance), "")
            : (null, $"\"{value}\" is no nuance of {kind}; write one of {string.Join(", ", Nuances.Keys)}");
    }

    private static bool TakesValue(PhraseKind kind) => IsNumeric(kind)
        || kind is PhraseKind.Unit or PhraseKind.ShopUnit or PhraseKind.Measure or PhraseKind.Adjective;

    private static bool IsNumeric(PhraseKind kind) =>
        kind is PhraseKind.Number or PhraseKind.Multiplier or PhraseKind.PlusFraction or PhraseKind.PlusBefore
            or PhraseKind.Factor or PhraseKind.Ordinal;

    private static bool IsValue(PhraseKind kind, string value) =>
        IsNumeric(kind) ? decimal.TryParse(value, kind == PhraseKind.PlusBefore
                ? NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign
                : NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _)
            : kind == PhraseKind.Measure ? Measures.Knows(value)
            : value is not ("" or "-");
}
