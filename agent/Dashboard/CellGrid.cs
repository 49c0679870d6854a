using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sak.Agent.Dashboard;

/// <param name="Text">One character with its marks; empty for the right half of a wide one.</param>
public readonly record struct Cell(string Text, Style Style)
{
    public static readonly Cell Blank = new(" ", Style.Plain);
}

/// <summary>The content of a screen: rows of cells.</summary>
public sealed class CellGrid
{
    private readonly Cell[] _cells;

    public CellGrid(int width, int height)
    {
        (Width, Height) = (width, height);
        _cells = new Cell[width * height];
        Array.Fill(_cells, Cell.Blank);
    }

    public int Width { get; }

    public int Height { get; }

    public Cell this[int x, int y]
    {
        get => _cells[(y * Width) + x];
        private set => _cells[(y * Width) + x] = value;
    }

    /// <summary>Renders a widget into cells; what does not fit is cut off.</summary>
    public static CellGrid Of(IRenderable picture, int width, int height)
    {
        var grid = new CellGrid(width, height);
        var lines = Segment.SplitLines(picture.Render(Options(width, height), width));
        for (var y = 0; y < Math.Min(lines.Count, height); y++) grid.Put(y, lines[y]);
        return grid;
    }

    /// <summary>One row as text, without styles.</summary>
    public string Row(int y) => string.Concat(Enumerable.Range(0, Width).Select(x => this[x, y].Text));

    private static RenderOptions Options(int width, int height)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.EightBit,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(TextWriter.Null),
        });
        console.Profile.Width = width;
        console.Profile.Height = height;
        console.Profile.Capabilities.Unicode = true;
        return RenderOptions.Create(console);
    }

    private void Put(int y, IEnumerable<Segment> line)
    {
        var x = 0;
        foreach (var segment in line.Where(s => !s.IsControlCode))
            foreach (var rune in segment.Text.EnumerateRunes())
                if (!Put(ref x, y, rune, segment.Style)) return;
    }

    private bool Put(ref int x, int y, Rune rune, Style style)
    {
        var width = ScreenText.Cells(rune);
        if (width < 0) return true; // a control character is never drawn
        if (width == 0)
        {
            AddMark(x, y, rune);
            return true;
        }

        if (x + width > Width) return false;
        this[x, y] = new Cell(rune.ToString(), style);
        if (width == 2) this[x + 1, y] = new Cell("", style);
        x += width;
        return true;
    }

    private void AddMark(int x, int y, Rune mark)
    {
        var at = x - 1;
        if (at > 0 && this[at, y].Text.Length == 0) at--;
        if (at >= 0) this[at, y] = this[at, y] with { Text = this[at, y].Text + mark };
    }
}
