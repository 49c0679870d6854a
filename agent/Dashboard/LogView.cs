using Sak.Agent.Status;
using Spectre.Console;

namespace Sak.Agent.Dashboard;

internal static class LogView
{
    public const string None = "Nothing has happened yet.";

    public static IReadOnlyList<SheetColumn<LogRow>> Columns(Times times) =>
    [
        new("When", l => times.Exact(l.At), Most: 16),
        new("", l => Word(l.Level), Most: 7, Style: l => Colour(l.Level)),
        new("What happened", l => l.Text),
    ];

    public static IEnumerable<LogRow> Rows(ShopStatus status) => status.Log.OrderByDescending(l => l.At);

    private static string Word(string level) => level.ToLowerInvariant() switch
    {
        "error" or "critical" or "fatal" => "problem",
        "warning" => "note",
        _ => "",
    };

    private static Style Colour(string level) => Word(level) switch
    {
        "problem" => Ink.Bad,
        "note" => Ink.Waiting,
        _ => Ink.Plain,
    };
}
