using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sak.Agent.Dashboard;

/// <param name="Most">Maximum width; 0 shares the space that the other columns leave.</param>
/// <param name="From">Minimum width of the screen for this column.</param>
internal sealed record SheetColumn<T>(string Title, Func<T, string> Text, int Most = 0, int From = 0,
    bool Right = false, Func<T, Style>? Style = null);

/// <summary>A table with titles and one line a row: the content of a tab.</summary>
internal static class Sheet
{
    private const string Gap = "  ";
    private const int Least = 4;
    private const int Measured = 300;

    /// <summary>The rows with the filter's text in any column; applied before drawing.</summary>
    public static IReadOnlyList<T> Filter<T>(IEnumerable<T> rows, IReadOnlyList<SheetColumn<T>> columns,
        string filter) =>
        filter.Length == 0
            ? [.. rows]
            : [.. rows.Where(
                row => columns.Any(c => Seen(c.Text(row)).Contains(filter, StringComparison.OrdinalIgnoreCase)))];

    public static IRenderable Draw<T>(IReadOnlyList<T> rows, IReadOnlyList<SheetColumn<T>> columns, string none,
        int scroll, int width, int lines, int selected = -1)
    {
        if (rows.Count == 0)
            return new Stack([new Part(Line.Empty, 1), new Part(new Line().Add("  " + none, Ink.Dim), 1)]);
        var shown = columns.Where(c => width >= c.From).ToList();
        var widths = Widths(rows, shown, width - 2);
        selected = Math.Min(selected, rows.Count - 1);
        var head = Row(shown.Select((c, i) => (c.Title, widths[i], c.Right, Ink.Head)));
        var body = rows.Skip(scroll).Take(lines - 1)
            .Select((row, at) => Row(
                shown.Select(
                    (c, i) => (ScreenText.Clean(c.Text(row)), widths[i], c.Right, c.Style?.Invoke(row) ?? Ink.Plain)),
                    scroll + at == selected ? ">" : " "));
        return new Stack([new Part(head, 1), .. body.Select(line => new Part(line, 1))]);
    }

    private static Line Row(IEnumerable<(string Text, int Width, bool Right, Style Style)> cells, string before = " ")
    {
        var line = new Line();
        foreach (var (text, width, right, style) in cells)
        {
            var clipped = ScreenText.Clip(text, width);
            var blank = new string(' ', width - ScreenText.Cells(clipped));
            line.Add(right ? before + blank : before).Add(clipped, style);
            before = right ? Gap : blank + Gap;
        }

        return line;
    }

    // Only the part that can be displayed is searched: a message may have 100 kB.
    private static ReadOnlySpan<char> Seen(string text) => text.AsSpan(0, Math.Min(text.Length, ScreenText.MostRead));

    // Fixed columns get the width of their content, the others share the rest. When space is short, the
    // widest shrinks first.
    private static int[] Widths<T>(IReadOnlyList<T> rows, List<SheetColumn<T>> columns, int width)
    {
        var widths = columns.Select(c => c.Most == 0 ? 0 : Needed(rows, c)).ToArray();
        var rest = width - widths.Sum() - (Gap.Length * (columns.Count - 1));
        var sharing = columns.Count(c => c.Most == 0);
        for (var i = 0; i < columns.Count; i++)
            if (columns[i].Most == 0) widths[i] = Math.Max(Least, rest / sharing);
        for (var over = widths.Sum() + (Gap.Length * (columns.Count - 1)) - width; over > 0
            && widths.Max() > Least; over--)
            widths[Array.IndexOf(widths, widths.Max())]--;
        return widths;
    }

    private static int Needed<T>(IReadOnlyList<T> rows, SheetColumn<T> column) =>
        Math.Min(column.Most,
            Math.Max(ScreenText.Cells(column.Title),
                rows.Take(Measured).Max(r => ScreenText.Cells(ScreenText.Clean(column.Text(r))))));
}
