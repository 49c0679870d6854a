using System.Globalization;
using System.Text.RegularExpressions;

namespace Sak.Sync.Reading.Written;

/// <summary>
/// Dates written in digits. With a year of four digits nothing else could be meant; shorter ones are a date only beside
/// a word or a time that says so, because "1/2" is a half and "10-26-26" a fertiliser.
/// </summary>
internal static partial class Dates
{
    public static void Blank(MaskedText text)
    {
        foreach (Match match in Whole().Matches(text.Text))
            if (IsDay(match)) text.Blank(match);
        foreach (Match match in Short().Matches(text.Text))
            if (IsDay(match) && SaysDate(text.Text, match)) text.Blank(match);
        foreach (var pattern in new[] { DayMonth(), MonthDay() })
            foreach (Match match in pattern.Matches(text.Text))
                if (IsMonth(match)) text.Blank(match);
    }

    private static bool IsDay(Match match)
    {
        var (a, b) = (Part(match, "a"), Part(match, "b"));
        return a >= 1 && b >= 1 && ((a <= 31 && b <= 12) || (a <= 12 && b <= 31));
    }

    private static bool IsMonth(Match match)
    {
        var month = match.Groups["month"].Value;
        return Part(match, "a") is >= 1 and <= 31 && (Labels.Is(month, LabelKind.Month)
            || ((match.Groups["of"].Success || match.Groups["year"].Success)
                && Labels.Is(month, LabelKind.DoubtfulMonth)));
    }

    private static int Part(Match match, string name) =>
        int.Parse(match.Groups[name].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    // "12/11/26" and "12.11.26" have no other use; the others need a word beside them.
    private static bool SaysDate(string text, Match match)
    {
        if (match.Groups["year"].Success && match.Groups["by"].Value != "-") return true;
        var end = match.Index + match.Length;
        var before = text[Math.Max(0, match.Index - 40)..match.Index].Split('\n')[^1].TrimEnd(' ', '\t', ',', '(', ':');
        var after = text[end..Math.Min(text.Length, end + 40)].Split('\n')[0].TrimStart(' ', '\t');
        return Labels.EndOf(before, LabelKind.BeforeDate) >= 0 || EndsWithTime().IsMatch(before)
            || Labels.StartsWith(after, LabelKind.AfterDate) || BeginsWithTime().IsMatch(after);
    }

    [GeneratedRegex("""
        (?<![\p{L}\p{N}/.,-])
        (?:(?:19|20)[0-9]{2}(?<by>[-/.])(?<a>[0-9]{1,2})\k<by>(?<b>[0-9]{1,2})
          |(?<a>[0-9]{1,2})(?<by>[-/.])(?<b>[0-9]{1,2})\k<by>(?:19|20)[0-9]{2})
        (?![\p{L}\p{N}/-])
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Whole();

    [GeneratedRegex("""
        (?<![\p{L}\p{N}/.,-])(?<a>[0-9]{1,2})(?<by>[-/.])(?<b>[0-9]{1,2})(?:\k<by>(?<year>[0-9]{2}))?
        (?![\p{L}\p{N}/-]|[.,][0-9])
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Short();

    // "12 nov", "12th of November 2026", "12 de noviembre de 2026"
    [GeneratedRegex("""
        (?<![\p{L}\p{N}.,/-])(?<a>[0-9]{1,2})(?:st|nd|rd|th|º|ª|°)?[ ]?(?:(?<of>de|of|do|da)[ ])?
        (?<month>[\p{L}\p{M}]{2,12})(?![\p{L}\p{M}])\.?
        (?:[ ,]{1,2}(?:(?:de|of)[ ])?(?<year>(?:19|20)[0-9]{2})(?![\p{L}\p{N}]))?
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase)]
    private static partial Regex DayMonth();

    // "Nov 12, 2026"
    [GeneratedRegex("""
        (?<![\p{L}\p{M}\p{N}])(?<month>[\p{L}\p{M}]{3,12})\.?[ ](?<a>[0-9]{1,2})(?:st|nd|rd|th)?(?!\p{N}|[.,/][0-9])
        (?:[ ,]{1,2}(?<year>(?:19|20)[0-9]{2})(?![\p{L}\p{N}]))?
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase)]
    private static partial Regex MonthDay();

    [GeneratedRegex("""
        (?:[0-9]{1,2}[:.h][0-9]{2}|[0-9]{1,2}[ ]?(?:[ap]\.?m\.?|hrs?|h|baje|बजे))[ ]?(?:[ap]\.?m\.?)?$
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase)]
    private static partial Regex EndsWithTime();

    [GeneratedRegex("""
        ^(?:,|at|@|a[ ]las|as|às|الساعة)?[ ]*
        (?:[0-9]{1,2}[:.h][0-9]{2}|[0-9]{1,2}[ ]?(?:[ap]\.?m|hrs?|baje|बजे))
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase)]
    private static partial Regex BeginsWithTime();
}
