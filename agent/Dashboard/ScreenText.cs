using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Spectre.Console.Rendering;

namespace Sak.Agent.Dashboard;

/// <summary>
/// Text that is safe on a terminal. Customers can send escape sequences that move the cursor, direction marks that
/// reverse figures, and letters with a thousand combining marks.
/// </summary>
public static partial class ScreenText
{
    /// <summary>No screen shows more characters of one text than this.</summary>
    public const int MostRead = 2_000;

    private const int MostMarks = 4;
    private static readonly ConcurrentDictionary<int, int> Widths = new();

    /// <summary>
    /// Columns of a character: 0 for marks, 2 for wide ones. Taken from the layout library, so that both always agree.
    /// </summary>
    public static int Cells(Rune rune) =>
        rune.Value is >= ' ' and < 127 ? 1 : Widths.GetOrAdd(rune.Value, _ => new Segment(rune.ToString()).CellCount());

    public static int Cells(string text) => text.EnumerateRunes().Sum(r => Math.Max(0, Cells(r)));

    /// <summary>The text as one line without control characters and escape sequences.</summary>
    public static string Clean(string text)
    {
        if (text.Length > MostRead) text = text[..MostRead] + "…";
        var line = new StringBuilder(text.Length);
        var marks = 0;
        foreach (var rune in Escapes().Replace(text, "").EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                if (line.Length > 0 && line[^1] != ' ') line.Append(' ');
                continue;
            }

            if (!IsShown(rune, line)) continue;
            marks = Cells(rune) == 0 ? marks + 1 : 0;
            if (marks <= MostMarks) line.Append(rune.ToString());
        }

        return line.ToString().TrimEnd();
    }

    /// <summary>The beginning that fits, with "…" when the rest is cut off.</summary>
    public static string Clip(string text, int cells)
    {
        if (cells <= 0) return "";
        if (Cells(text) <= cells) return text;
        var line = new StringBuilder();
        var used = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var width = Math.Max(0, Cells(rune));
            if (used + width > cells - 1) break;
            used += width;
            line.Append(rune.ToString());
        }

        return line.Append('…').ToString();
    }

    /// <summary>The end that fits, with "…" when the beginning is cut off.</summary>
    public static string ClipStart(string text, int cells)
    {
        if (Cells(text) <= cells) return text;
        var (at, used) = (text.Length, 1);
        foreach (var rune in text.EnumerateRunes().Reverse())
        {
            used += Math.Max(0, Cells(rune));
            if (used > cells) break;
            at -= rune.Utf16SequenceLength;
        }

        return "…" + text[at..];
    }

    /// <summary>Without the last grapheme: an emoji or a letter goes together with its marks.</summary>
    public static string WithoutLast(string text) =>
        text[..(StringInfo.ParseCombiningCharacters(text) is [.., var last] ? last : 0)];

    /// <summary>Wraps at spaces into at most <paramref name="most"/> lines; the last line is clipped.</summary>
    public static IReadOnlyList<string> Wrap(string text, int cells, int most)
    {
        var lines = new List<string>();
        var words = new Queue<string>(text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        while (words.Count > 0 && lines.Count < most - 1)
        {
            var line = words.Dequeue();
            while (words.TryPeek(out var next) && Cells(line) + 1 + Cells(next) <= cells) line += " " + words.Dequeue();
            lines.Add(Clip(line, cells));
        }

        if (words.Count > 0) lines.Add(Clip(string.Join(' ', words), cells));
        return lines;
    }

    private static bool IsShown(Rune rune, StringBuilder before)
    {
        // Joiners shape Arabic and Indic words. Between emoji they make one picture, whose width
        // differs between terminals.
        if (rune.Value is 0x200C or 0x200D)
            return before.Length > 0
                && (char.IsLetter(before[^1]) || char.GetUnicodeCategory(before[^1]) == UnicodeCategory.NonSpacingMark);
        if (rune.Value is >= 0xFE00 and <= 0xFE0F or >= 0xE0100 and <= 0xE01EF) return false;
        return Rune.GetUnicodeCategory(
            rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate);
    }

    // Control sequences (CSI), strings to the terminal (OSC, DCS, …) and every other escape.
    [GeneratedRegex(
        @"(\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
            + @"|(\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(\x07|\x1b\\|\x9c)?"
            + @"|\x1b[ -/]*[0-~]?")]
    private static partial Regex Escapes();
}
