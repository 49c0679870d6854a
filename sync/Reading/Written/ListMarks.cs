using System.Globalization;
using System.Text.RegularExpressions;

namespace Sak.Sync.Reading.Written;

/// <summary>
/// "1️⃣ oil 5", "② salt", "(3) tea 2": the numbers of a list count up from one and are no quantities. One that stands
/// alone is a quantity, unless its line has another one.
/// </summary>
internal static partial class ListMarks
{
    public static void Blank(MaskedText text)
    {
        Blank(text, Sign(), isAlwaysMark: true);
        Blank(text, Bracketed(), isAlwaysMark: true);
        Blank(text, LineNumber(), isAlwaysMark: false);
        ReadTen(text);
    }

    private static void Blank(MaskedText text, Regex pattern, bool isAlwaysMark)
    {
        var written = text.Text;
        var marks = pattern.Matches(written).ToList();
        if (marks.Count == 0 || !marks.Select(Value).SequenceEqual(Enumerable.Range(1, marks.Count))) return;
        var ends = marks.Skip(1).Select(m => m.Index).Append(written.Length);
        var items = marks.Zip(ends, (mark, end) => written[(mark.Index + mark.Length)..end]).ToList();
        // "1 - oil", "2: salt" may as well be quantities, and so may a single "1️⃣ oil".
        var isSure = marks.Count > 1 && (isAlwaysMark || marks.TrueForAll(m => m.Groups["sure"].Success));
        if (!isSure && !items.TrueForAll(HasQuantity().IsMatch)) return;
        foreach (var mark in marks)
        {
            text.Blank(mark);
            // In one line each mark also ends the item before it.
            if (mark.Index > 0) text.Put(mark.Index, '\n');
        }
    }

    private static int Value(Match mark)
    {
        if (!mark.Groups["digits"].Success)
            return Ten().IsMatch(mark.Value) ? 10 : (int)CharUnicodeInfo.GetNumericValue(mark.Value, 0);
        return int.Parse(string.Concat(mark.Groups["digits"].Captures.Select(c => c.Value)), NumberStyles.None,
            CultureInfo.InvariantCulture);
    }

    // The keycap of ten is one sign, and a quantity where it is no mark.
    private static void ReadTen(MaskedText text)
    {
        foreach (Match ten in Ten().Matches(text.Text))
        {
            text.Put(ten.Index, '1');
            text.Put(ten.Index + 1, '0');
        }
    }

    // Keycaps, and numbers in circles or brackets of one character.
    [GeneratedRegex("""
        (?:(?<digits>[0-9])\uFE0F?\u20E3){1,2}|🔟
        |[\u2460-\u249B\u24EB-\u24FE\u2776-\u2793\u3251-\u325F\u32B1-\u32BF]
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Sign();

    [GeneratedRegex("🔟")]
    private static partial Regex Ten();

    // "1) oil 5 2) salt 2" in one line.
    [GeneratedRegex(@"(?<![\p{L}\p{N}(.,])(?<digits>[0-9]{1,2})(?<sure>\))(?=[ ]?\p{L})")]
    private static partial Regex Bracketed();

    [GeneratedRegex("""
        ^[ \t]*
        (?:[(\[](?<digits>[0-9]{1,2})(?<sure>[)\]])
          |(?:\#|no\.?[ ]?)(?<digits>[0-9]{1,2})[.):-]?(?=[ \t])
          |(?<digits>[0-9]{1,2})(?:[ ]?(?<sure>[)\]])|[ ]?(?<sure>\.)(?![0-9])|[ ]?[-:/][ ]))
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex LineNumber();

    // A number that is no size: "oil 5", "oil 1 L x 5", and not "oil 1 L".
    [GeneratedRegex("""
        (?<![\p{L}\p{N}.,/])[0-9]+(?:[.,/][0-9]+)?
        (?![0-9.,/]*[ ]?(?:kg|kgs|g|gm|gms|ml|l|lt|ltr|litre|liter|mm|cm|w|v|a)\b)
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase)]
    private static partial Regex HasQuantity();
}
