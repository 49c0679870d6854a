using System.Text.RegularExpressions;

namespace Sak.Sync.Reading.Written;

/// <summary>
/// A copy of a text that is edited without moving anything: each letter is kept, or another takes its place.
/// </summary>
internal sealed class MaskedText(string text)
{
    private readonly char[] _letters = text.ToCharArray();

    // Most patterns find nothing, and each asks for the text.
    private string? _text;

    public string Text => _text ??= new string(_letters);

    /// <summary>The copy has all digits in ASCII, so one pattern finds those of every script.</summary>
    public static MaskedText WithPlainDigits(string text)
    {
        var masked = new MaskedText(text);
        for (var i = 0; i < text.Length; i++)
            if (char.IsDigit(text[i])) masked._letters[i] = (char)('0' + (int)char.GetNumericValue(text[i]));
        return masked;
    }

    /// <summary>Writes spaces over a stretch; line ends stay.</summary>
    public void Blank(int start, int length)
    {
        for (var i = start; i < start + length; i++)
            if (_letters[i] != '\n') Put(i, ' ');
    }

    public void Blank(Capture found) => Blank(found.Index, found.Length);

    public void BlankAll(Regex pattern)
    {
        foreach (Match match in pattern.Matches(Text)) Blank(match);
    }

    public void Put(int at, char letter) => (_letters[at], _text) = (letter, null);

    /// <summary>Each line with the place where it starts.</summary>
    public IReadOnlyList<(int Start, string Text)> Lines()
    {
        var lines = new List<(int, string)>();
        var start = 0;
        foreach (var line in Text.Split('\n'))
        {
            lines.Add((start, line));
            start += line.Length + 1;
        }

        return lines;
    }
}
