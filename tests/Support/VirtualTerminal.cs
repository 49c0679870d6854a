using System.Text;
using System.Threading.Channels;
using Sak.Agent.Dashboard;

namespace Sak.Tests.Support;

/// <summary>
/// A terminal in memory: it executes what is written to it, so that a test sees what a person would see. Throws for
/// unknown sequences and for writing beyond its edge.
/// </summary>
public sealed class VirtualTerminal : TextWriter, ITerminal
{
    private readonly Channel<ConsoleKeyInfo> _keys = Channel.CreateUnbounded<ConsoleKeyInfo>();
    private readonly Channel<bool> _resizes = Channel.CreateUnbounded<bool>();
    private readonly Func<Rune, int> _widthOf;
    private readonly Lock _turn = new();
    private (string Text, string Style)[,] _cells;
    private (string Text, string Style)[,]? _main;
    private int _x;
    private int _y;
    private string _style = "";

    /// <param name="widthOf">Another width of characters, as some real terminals have.</param>
    public VirtualTerminal(int width, int height, Func<Rune, int>? widthOf = null)
    {
        (Width, Height) = (width, height);
        _widthOf = widthOf ?? ScreenText.Cells;
        _cells = Cleared();
    }

    public int Width { get; private set; }

    public int Height { get; private set; }

    public bool IsCursorShown { get; private set; } = true;

    public bool IsAlternate => _main is not null;

    public bool Wraps { get; private set; } = true;

    /// <summary>Everything that was written since the last <see cref="ForgetTraffic"/>.</summary>
    public StringBuilder Traffic { get; } = new();

    public override Encoding Encoding => Encoding.UTF8;

    TextWriter ITerminal.Output => this;

    (int Width, int Height) ITerminal.Size => (Width, Height);

    ChannelReader<ConsoleKeyInfo> ITerminal.Keys => _keys.Reader;

    ChannelReader<bool> ITerminal.Resizes => _resizes.Reader;

    public int TrafficBytes => Encoding.UTF8.GetByteCount(Traffic.ToString());

    public void ForgetTraffic() => Traffic.Clear();

    public void Press(ConsoleKey key, char letter = '\0', bool control = false) =>
        _keys.Writer.TryWrite(new ConsoleKeyInfo(letter, key, false, false,
        control));

    public void Type(string text)
    {
        foreach (var letter in text) Press(default, letter);
    }

    /// <summary>Resizes the window: the old content stays at its place, cut or garbled.</summary>
    public void Resize(int width, int height)
    {
        lock (_turn)
        {
            (Width, Height) = (width, height);
            _cells = Cleared();
            for (var y = 0; y < height; y++)
                for (var x = 0; x < width; x++) _cells[y, x] = ("#", "");
        }

        _resizes.Writer.TryWrite(true);
    }

    public string Row(int y)
    {
        lock (_turn) return string.Concat(Enumerable.Range(0, Width).Select(x => _cells[y, x].Text));
    }

    /// <summary>The screen as lines without trailing blanks.</summary>
    public string Text => string.Join('\n', Enumerable.Range(0, Height).Select(y => Row(y).TrimEnd()));

    /// <summary>Colours and decorations of a cell as the numbers of its last style sequence.</summary>
    public string StyleAt(int x, int y)
    {
        lock (_turn) return _cells[y, x].Style;
    }

    public string TextAt(int x, int y)
    {
        lock (_turn) return _cells[y, x].Text;
    }

    /// <summary>Column where a text begins in a row, or -1.</summary>
    public int ColumnOf(string text, int y)
    {
        for (var x = 0; x < Width; x++)
            if (string.Concat(Enumerable.Range(x, Width - x).Select(i => TextAt(i, y)))
                .StartsWith(text, StringComparison.Ordinal) && TextAt(x,
                y).Length > 0) return x;
        return -1;
    }

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        lock (_turn)
        {
            Traffic.Append(value);
            var rest = value.AsSpan();
            while (rest.Length > 0) rest = rest[(rest[0] == '\e' ? Obey(rest) : Put(rest))..];
        }
    }

    private int Put(ReadOnlySpan<char> text)
    {
        if (Rune.DecodeFromUtf16(text, out var rune,
            out var length) != System.Buffers.OperationStatus.Done)
            throw new InvalidOperationException("Half a character was written.");
        if (Rune.IsControl(rune))
            throw new InvalidOperationException($"The control character {rune.Value:X2} was written.");
        var width = _widthOf(rune);
        if (width == 0)
        {
            _cells[_y, Math.Max(0, _x - 1)].Text += rune.ToString();
            return length;
        }

        if (_x + width > Width)
            throw new InvalidOperationException($"Row {_y} was written beyond its end with \"{rune}\".");
        BreakWide(_x);
        if (width == 2) BreakWide(_x + 1);
        _cells[_y, _x] = (rune.ToString(), _style);
        if (width == 2) _cells[_y, _x + 1] = ("", _style);
        _x += width;
        return length;
    }

    // Overwriting one half of a wide character erases the other half.
    private void BreakWide(int x)
    {
        if (_cells[_y, x].Text.Length == 0 && x > 0) _cells[_y, x - 1].Text = " ";
        if (x + 1 < Width && _cells[_y, x + 1].Text.Length == 0) _cells[_y, x + 1].Text = " ";
    }

    private int Obey(ReadOnlySpan<char> text)
    {
        var end = 2;
        while (end < text.Length && text[end] is not (>= '@' and <= '~')) end++;
        if (text.Length < 3 || text[1] != '[' || end >= text.Length)
            throw new InvalidOperationException("An unfinished escape sequence was written.");
        Obey(text[end], text[2..end].ToString());
        return end + 1;
    }

    private void Obey(char command, string numbers)
    {
        switch (command, numbers)
        {
            case ('H', _):
                var at = numbers.Split(';').Select(int.Parse).ToArray();
                (_y, _x) = (at[0] - 1, at[1] - 1);
                if (_x < 0 || _y < 0 || _x >= Width
                    || _y >= Height)
                    throw new InvalidOperationException(
                        $"The cursor was sent to {_x},{_y}, outside of {Width}×{Height}.");
                break;
            case ('J', "2"):
                _cells = Cleared();
                break;
            case ('m', _):
                _style = numbers == "0" ? "" : numbers[(numbers.StartsWith("0;", StringComparison.Ordinal) ? 2 : 0)..];
                break;
            case ('h' or 'l', "?25"):
                IsCursorShown = command == 'h';
                break;
            case ('h' or 'l', "?7"):
                Wraps = command == 'h';
                break;
            case ('h', "?1049"):
                (_main, _cells) = (_cells, Cleared());
                break;
            case ('l', "?1049"):
                (_cells, _main) = (_main
                    ?? throw new InvalidOperationException("The alternate screen was left twice."), null);
                break;
            default:
                throw new InvalidOperationException($"The sequence ESC [ {numbers} {command} is not known.");
        }
    }

    private (string, string)[,] Cleared()
    {
        var cells = new (string, string)[Height, Width];
        for (var y = 0; y < Height; y++)
            for (var x = 0; x < Width; x++) cells[y, x] = (" ", "");
        return cells;
    }
}
