using System.Text.RegularExpressions;

namespace Sak.Tests.Tidy;

/// <summary>Lines, methods and files stay short enough to be read at once.</summary>
public sealed partial class LengthTests
{
    private const int Columns = 120;
    private const int MethodLines = 40;
    private const int FileLines = 300;

    [Fact]
    public void A_line_ends_at_column_120() =>
        Ratchet.Hold("Lines over 120 columns",
            SourceFile.All.SelectMany(f => LongLines(f.Text).Select(_ => f.Path)),
            "Break the line, or give a part of it a name.");

    [Fact]
    public void A_file_ends_at_line_300() =>
        Ratchet.Hold("Files over 300 lines",
            SourceFile.All.Where(f => f.Text.AsSpan().Count('\n') > FileLines).Select(f => f.Path),
            "Split it by what happens, not at a line.");

    [Fact]
    public void A_method_ends_after_40_lines() =>
        Ratchet.Hold("Methods over 40 lines",
            SourceFile.All.SelectMany(f => Methods(f.Code).Where(m => m.Lines > MethodLines)
                .Select(m => $"{f.Path} {m.Name}")),
            "Give a step of it a name and a method.");

    [Fact]
    public void A_planted_long_line_and_a_planted_long_method_are_found()
    {
        var body = string.Concat(Enumerable.Repeat("        Step();\n", MethodLines));
        var code = $"class A\n{{\n    public async Task<(int, int)> RunAsync(int a)\n    {{\n{body}    }}\n\n"
            + "    private int Short() => 1;\n}\n";

        Assert.Single(LongLines($"short\n{new string('x', Columns)}\n{new string('x', Columns + 1)}\n"));
        Assert.Equal([("RunAsync", MethodLines + 3), ("Short", 1)], Methods(code));
    }

    private static IEnumerable<string> LongLines(string text) => text.Split('\n').Where(l => l.Length > Columns);

    /// <summary>Each method of blanked code with the lines from its head to its end.</summary>
    private static IEnumerable<(string Name, int Lines)> Methods(string code)
    {
        var behind = 0;
        foreach (Match head in Head().Matches(code))
        {
            if (head.Index < behind || Type().IsMatch(head.Value)) continue;
            if (End(code, head.Index + head.Length) is not { } end) continue;
            behind = end;
            yield return (head.Groups["name"].Value, code.AsSpan(head.Index, end - head.Index).Count('\n') + 1);
        }
    }

    // From behind the opening bracket of the parameters; null where what follows is no body.
    private static int? End(string code, int parameters)
    {
        var rest = Rest().Match(code, Close(code, parameters));
        if (!rest.Success) return null;
        var begin = rest.Index + rest.Length;
        return rest.Value.EndsWith('{') ? Close(code, begin) : Semicolon(code, begin);
    }

    private static int Close(string code, int from)
    {
        var depth = 1;
        for (var i = from; i < code.Length; i++)
            if (code[i] is '(' or '{') depth++;
            else if (code[i] is ')' or '}' && --depth == 0) return i + 1;
        return code.Length;
    }

    private static int Semicolon(string code, int from)
    {
        var depth = 0;
        for (var i = from; i < code.Length; i++)
            if (code[i] is '(' or '{' or '[') depth++;
            else if (code[i] is ')' or '}' or ']') depth--;
            else if (code[i] == ';' && depth == 0) return i;
        return code.Length;
    }

    [GeneratedRegex(@"^[ \t]+((public|private|internal|protected|static|async|override|sealed|virtual|partial|new)\s+)+"
        + @"([^;={}\n]*?[\w>\])?]\s+)?(?<name>\w+)(<[\w\s,]+>)?\(", RegexOptions.Multiline)]
    private static partial Regex Head();

    [GeneratedRegex(@"\b(class|record|struct|delegate|event)\b")]
    private static partial Regex Type();

    [GeneratedRegex(@"\G\s*(where[^{=;]*|:\s*(base|this)\s*\([^{;]*\)\s*)?(\{|=>)")]
    private static partial Regex Rest();
}
