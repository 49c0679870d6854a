using Sak.Agent.Loops;
using Sak.Agent.Status;

namespace Sak.Agent.Dashboard;

/// <summary>Recent troubles and what to do about them; visible on every tab.</summary>
internal static class TroublesView
{
    public static IReadOnlyList<Line> Draw(ShopStatus status, Times times, int width, int most)
    {
        var lines = new List<Line>();
        foreach (var trouble in status.Troubles.OrderByDescending(t => t.At).Take(most))
            Add(lines, trouble, times, width);
        if (status.Troubles.Count > most && lines.Count > 0)
            lines[^1].AddRight($"and {status.Troubles.Count - most} more, see 4 Log ", Ink.Dim);
        return lines;
    }

    private static void Add(List<Line> lines, Trouble trouble, Times times, int width)
    {
        var (what, next) = (ScreenText.Clean(trouble.What), ScreenText.Clean(trouble.Next));
        var head = $" ! {times.Short(trouble.At)}  ";
        if (ScreenText.Cells(head) + ScreenText.Cells(what) + ScreenText.Cells(next) + 4 <= width)
        {
            lines.Add(new Line().Add(head, Ink.BadBold).Add(what, Ink.Bad).Add(next.Length > 0 ? $" → {next}" : ""));
            return;
        }

        lines.Add(new Line().Add(head, Ink.BadBold).Add(what, Ink.Bad));
        foreach (var part in ScreenText.Wrap(next, width - 6, 2)
            .Select((text, i) => (i == 0 ? "   → " : "     ") + text)) lines.Add(new Line().Add(part));
    }
}
