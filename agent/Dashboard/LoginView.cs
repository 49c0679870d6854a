namespace Sak.Agent.Dashboard;

/// <summary>The login code in the middle of the screen, and what to do with it.</summary>
internal static class LoginView
{
    private static readonly string[] Beside =
    [
        "Connect the shop's WhatsApp",
        "",
        "1. Open WhatsApp on the phone",
        "2. → Linked devices",
        "3. → Link a device",
        "4. Point the phone at this code",
        "",
        "You do this only once.",
    ];

    private const string Below = "WhatsApp on the phone → Linked devices → Link a device";

    public static IReadOnlyList<Part> Draw(string text, int width, int lines)
    {
        var code = new LoginCodePicture(text);
        foreach (var margin in (int[])[4, 2])
        {
            var (columns, rows) = code.Size(margin);
            if (rows + 2 <= lines && Math.Max(columns, ScreenText.Cells(Below)) <= width)
                return Center(code, margin, width, lines);
            if (rows <= lines && columns + 34 <= width)
                return [.. Rows(code, margin).Select((row, i) => new Part(BesideLine(row, i, rows), 1))];
        }

        return TooSmall(code, width);
    }

    private static List<Part> Center(LoginCodePicture code, int margin, int width, int lines)
    {
        var (columns, rows) = code.Size(margin);
        var parts = new List<Part> { new(Line.Empty, Math.Max(0, (lines - rows - 2) / 2)) };
        parts.AddRange(
            Rows(code, margin).Select(row => new Part(row(new Line().Add(new string(' ', (width - columns) / 2))), 1)));
        parts.Add(new Part(Line.Empty, 1));
        parts.Add(
            new Part(
                new Line().Add(new string(' ', Math.Max(0, (width - ScreenText.Cells(Below)) / 2)))
                    .Add(Below, Ink.Bold), 1));
        return parts;
    }

    private static Line BesideLine(Func<Line, Line> row, int at, int rows)
    {
        var line = row(new Line());
        var word = at - ((rows - Beside.Length) / 2);
        return word >= 0 && word < Beside.Length
            ? line.Add("  " + Beside[word], word == 0 ? Ink.Bold : Ink.Plain)
            : line;
    }

    private static IEnumerable<Func<Line, Line>> Rows(LoginCodePicture code, int margin)
    {
        for (var y = -margin; y < code.Side + margin; y += 2)
        {
            var top = y;
            yield return line =>
            {
                for (var x = -margin; x < code.Side + margin; x++)
                    line.Add("▀", Ink.Code(code.IsDark(x, top), code.IsDark(x, top + 1)));
                return line;
            };
        }
    }

    private static IReadOnlyList<Part> TooSmall(LoginCodePicture code, int width)
    {
        var (columns, rows) = code.Size(2);
        var size = $"at least {Math.Max(columns, ScreenText.Cells(Below))} columns and {rows + 4} rows";
        var words =
            $"This window is too small for the login code. Make it {size}, or scan the code in the browser window "
                + $"that SAK opened: {Below}.";
        return [new Part(Line.Empty, 1),
            .. ScreenText.Wrap(words, width - 4, 8)
                .Select(text => new Part(new Line().Add("  " + text, Ink.Waiting), 1))];
    }
}
