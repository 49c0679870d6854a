using System.Text.RegularExpressions;

namespace Sak.Tests.Tidy;

/// <summary>
/// C# cut into code, literals and comments, each of the length of the whole. An interpolated text counts as literal
/// with its holes. Enough for rules of the house; it is no compiler.
/// </summary>
internal sealed partial class CodeText
{
    private readonly string _text;
    private readonly char[] _code;
    private readonly char[] _literals;
    private readonly char[] _comments;

    public CodeText(string text)
    {
        _text = text;
        _code = text.ToCharArray();
        _literals = [.. text.Select(c => c == '\n' ? c : ' ')];
        _comments = [.. _literals];
        Cut();
    }

    public string Code => new(_code);

    public string Literals => new(_literals);

    public string Comments => new(_comments);

    private void Cut()
    {
        var i = 0;
        while (i < _text.Length)
        {
            if (Has(i, "//")) i = Move(i, EndOf("\n", i, 0), _comments);
            else if (Has(i, "/*")) i = Move(i, EndOf("*/", i + 2, 2), _comments);
            else if (_text[i] == '"') i = Move(i, EndOfString(i), _literals);
            else if (_text[i] == '\'' && Character().Match(_text, i) is { Success: true } c)
                i = Move(i, i + c.Length, _literals);
            else i++;
        }
    }

    private bool Has(int i, string mark) => string.CompareOrdinal(_text, i, mark, 0, mark.Length) == 0;

    private int EndOf(string mark, int from, int length)
    {
        var end = _text.IndexOf(mark, from, StringComparison.Ordinal);
        return end < 0 ? _text.Length : end + length;
    }

    private int Move(int from, int end, char[] to)
    {
        for (var i = from; i < end; i++)
        {
            if (_text[i] == '\n') continue;
            to[i] = _text[i];
            _code[i] = ' ';
        }

        return end;
    }

    private int EndOfString(int start)
    {
        var quotes = 0;
        while (start + quotes < _text.Length && _text[start + quotes] == '"') quotes++;
        if (quotes >= 3) return EndOfRaw(start, quotes);
        var isVerbatim = Prefix(start).Contains('@');
        var isFormat = Prefix(start).Contains('$');
        var i = start + 1;
        while (i < _text.Length)
        {
            var c = _text[i];
            if (c == '"' && !(isVerbatim && Has(i, "\"\""))) return i + 1;
            if (c == '\n' && !isVerbatim) return i;
            if (c == '{' && isFormat && !Has(i, "{{")) i = EndOfHole(i);
            else if ((c == '\\' && !isVerbatim) || (c == '{' && isFormat) || c == '"') i += 2;
            else i++;
        }

        return _text.Length;
    }

    private int EndOfRaw(int start, int quotes)
    {
        var end = EndOf(new string('"', quotes), start + quotes, quotes);
        while (end < _text.Length && _text[end] == '"') end++;
        return end;
    }

    private string Prefix(int start)
    {
        var from = start;
        while (from > 0 && (_text[from - 1] is '$' or '@')) from--;
        return _text[from..start];
    }

    // The position behind the closing brace of a hole, which may hold texts and braces of its own.
    private int EndOfHole(int open)
    {
        var depth = 0;
        for (var i = open; i < _text.Length; i++)
        {
            if (_text[i] == '"') i = EndOfString(i) - 1;
            else if (_text[i] == '\'' && Character().Match(_text, i) is { Success: true } c) i += c.Length - 1;
            else if (_text[i] == '{') depth++;
            else if (_text[i] == '}' && --depth == 0) return i + 1;
        }

        return _text.Length;
    }

    [GeneratedRegex(@"\G'(\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]+|\\.|[^'\\\n])'")]
    private static partial Regex Character();
}
