using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sak.Agent.Dashboard;

/// <summary>
/// Writes only the cells that changed: no flicker, and little traffic over a slow connection. Uses the alternate screen
/// and hides the cursor until it is disposed or the process ends.
/// </summary>
public sealed class Screen : IDisposable
{
    // The alternate screen, no cursor, no line wrap: a character that this terminal draws wider than expected must not
    // shift the next line.
    private const string Enter = "\e[?1049h\e[?25l\e[?7l\e[0m\e[2J";
    private const string Leave = "\e[0m\e[?7h\e[?25h\e[?1049l";

    // The runtime does not handle these signals, so the system would end the process at once.
    private static readonly PosixSignal[] Ends = [PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGINT,
        PosixSignal.SIGQUIT];

    private readonly TextWriter _output;
    private readonly PosixSignalRegistration[] _signals;
    private readonly Lock _turn = new();
    private CellGrid? _shown;
    private bool _left;

    /// <summary>Opens the screen. The writer is not closed at the end.</summary>
    public Screen(TextWriter output)
    {
        _output = output;
        // Also when the process ends elsewhere: the user must get the cursor back.
        AppDomain.CurrentDomain.ProcessExit += Restore;
        AppDomain.CurrentDomain.UnhandledException += Restore;
        _signals = [.. Ends.Select(signal => PosixSignalRegistration.Create(signal, _ => Dispose()))];
        Write(Enter);
    }

    /// <summary>Draws the picture: completely at first and after a change of size, then only its changes.</summary>
    public void Draw(IRenderable picture, int width, int height)
    {
        var next = CellGrid.Of(picture, width, height);
        lock (_turn)
        {
            if (_left) return;
            var text = new StringBuilder();
            var before = _shown;
            if (before is null || before.Width != width || before.Height != height)
            {
                text.Append("\e[0m\e[2J");
                before = new CellGrid(width, height);
            }

            WriteChanges(text, before, next);
            _shown = next;
            if (text.Length > 0) Write(text.ToString());
        }
    }

    /// <summary>The terminal's content is unknown now: the next drawing is a complete one.</summary>
    public void Forget()
    {
        lock (_turn) _shown = null;
    }

    public void Dispose()
    {
        lock (_turn)
        {
            if (_left) return;
            _left = true;
            Write(Leave);
        }

        AppDomain.CurrentDomain.ProcessExit -= Restore;
        AppDomain.CurrentDomain.UnhandledException -= Restore;
        foreach (var signal in _signals) signal.Dispose();
    }

    private static void WriteChanges(StringBuilder text, CellGrid before, CellGrid next)
    {
        var style = Style.Plain;
        for (var y = 0; y < next.Height; y++)
        {
            var cursor = -1;
            for (var x = 0; x < next.Width; x++)
            {
                var cell = next[x, y];
                if (cell.Text.Length == 0 || !IsChanged(before, next, x, y)) continue;
                if (cursor != x) text.Append(CultureInfo.InvariantCulture, $"\e[{y + 1};{x + 1}H");
                if (!cell.Style.Equals(style)) text.Append(Sgr.Of(style = cell.Style));
                text.Append(cell.Text);
                // Terminals disagree about the width of emoji and combining marks, so the cell after one gets
                // an explicit position.
                cursor = IsPlain(cell.Text) ? x + 1 : -1;
            }
        }

        if (!style.Equals(Style.Plain)) text.Append("\e[0m");
    }

    // Overwriting one half of a wide character erases the other, so a cell is drawn again when either half changed.
    private static bool IsChanged(CellGrid before, CellGrid next, int x, int y) =>
        before[x, y] != next[x, y]
            || (x + 1 < next.Width && next[x + 1, y].Text.Length == 0 && before[x + 1, y] != next[x + 1, y]);

    private static bool IsPlain(string text) =>
        text.Length == 1 && text[0] is < '\u0300' or (>= '\u2500' and <= '\u259f');

    private void Restore(object? sender, EventArgs e) => Dispose();

    private void Write(string text)
    {
        _output.Write(text);
        _output.Flush();
    }
}
