using Sak.Agent.Status;
using Spectre.Console.Rendering;

namespace Sak.Agent.Dashboard;

/// <summary>
/// Renders a status as the whole dashboard. Pure: the same status, view and size give the same picture.
/// </summary>
public static class DashboardView
{
    public const int LeastWidth = 40;
    public const int LeastHeight = 12;
    private const int RoomyForCode = 38;

    private static readonly string TooSmallWords =
        $"This window is too small. SAK needs {LeastWidth} columns and {LeastHeight} rows; it goes on working "
            + "meanwhile. q quits.";

    public static IRenderable Draw(ShopStatus status, ViewState view, int width, int height)
    {
        if (width < LeastWidth || height < LeastHeight) return TooSmall(width, height);
        var times = new Times(view.Zone, status.Now);
        var parts = Top(status, times, width, height);
        var lines = height - parts.Sum(p => p.Lines) - 1;
        var body = Body(status, view, times, width, lines);
        parts.AddRange(Cut(body, lines));
        parts.Add(new Part(Line.Empty, height - 1 - parts.Sum(p => p.Lines)));
        parts.Add(new Part(Footer(status, view, width, lines), 1));
        return new Stack(parts);
    }

    /// <summary>How many rows the open tab has, and how many of them the screen shows at once.</summary>
    public static (int Rows, int Page) Extent(ShopStatus status, ViewState view, int width, int height)
    {
        var times = new Times(view.Zone, status.Now);
        var lines = height - Top(status, times, width, height).Sum(p => p.Lines) - 1;
        return (Count(status, view, times), Page(lines));
    }

    private static List<Part> Top(ShopStatus status, Times times, int width, int height)
    {
        var parts = new List<Part> { new(Header.Title(status, times), 1) };
        if (status.LoginCode.Length > 0)
        {
            // The code needs the space: a window that is just high enough for it shows nothing else.
            if (height >= RoomyForCode) parts.AddRange(One(TroublesView.Draw(status, times, width, most: 1)));
            return parts;
        }

        parts.AddRange(One(Header.Connections(status, times, width)));
        parts.AddRange(One(Header.Figures(status, width)));
        var troubles = TroublesView.Draw(status, times, width, most: height >= 30 ? 3 : height >= 24 ? 2 : 1);
        if (height >= 30) parts.Add(new Part(Line.Empty, 1));
        parts.AddRange(One(troubles));
        if (troubles.Count > 0 && height >= 24) parts.Add(new Part(Line.Empty, 1));
        return parts;
    }

    private static IReadOnlyList<Part> Body(ShopStatus status, ViewState view, Times times, int width, int lines)
    {
        if (view.IsHelpOpen) return HelpView.Draw();
        if (status.LoginCode.Length > 0) return LoginView.Draw(status.LoginCode, width, lines);
        return [new Part(Tabs(status, view), 1), new Part(OpenSheet(status, view, times, width, lines - 1), lines - 1)];
    }

    private static Line Tabs(ShopStatus status, ViewState view)
    {
        int[] counts = [status.Orders.Count, status.Chats.Count, status.Catalog.Count, 0, status.Words.Count];
        var line = new Line();
        foreach (var tab in Enum.GetValues<DashboardTab>())
        {
            var name = $" {(int)tab + 1} {tab}{(counts[(int)tab] > 0 ? $" ({counts[(int)tab]})" : "")} ";
            line.Add(name, tab == view.Tab ? Ink.TabOpen : Ink.Dim);
        }

        return line;
    }

    private static IRenderable OpenSheet(ShopStatus status, ViewState view, Times times, int width, int lines) =>
        view.Tab switch
        {
            DashboardTab.Orders =>
                DrawSheet(OrdersView.Rows(status), OrdersView.Columns(times), OrdersView.None, view, width, lines),
            DashboardTab.Chats =>
                DrawSheet(ChatsView.Rows(status), ChatsView.Columns(times), ChatsView.None, view, width, lines,
                    view.Selected),
            DashboardTab.Catalog =>
                DrawSheet(status.Catalog, CatalogView.Columns, CatalogView.None, view, width, lines),
            DashboardTab.Words =>
                DrawSheet(status.Words, WordsView.Columns, WordsView.None, view, width, lines, view.Selected),
            _ => DrawSheet(LogView.Rows(status), LogView.Columns(times), LogView.None, view, width, lines),
        };

    private static IRenderable DrawSheet<T>(IEnumerable<T> all, IReadOnlyList<SheetColumn<T>> columns, string none,
        ViewState view, int width, int lines, int selected = -1)
    {
        var rows = Sheet.Filter(all, columns, view.Filter);
        var empty = view.Filter.Length > 0
            ? $"No row contains \"{ScreenText.Clean(view.Filter)}\". Esc shows all."
            : none;
        return Sheet.Draw(rows, columns, empty, First(view, rows.Count, lines), width, lines, selected);
    }

    /// <summary>The selected chat; null when there is none.</summary>
    public static ChatRow? Chat(ShopStatus status, ViewState view) =>
        view.Tab == DashboardTab.Chats ? Selected(Chats(status, view), view) : null;

    /// <summary>The selected word; null when there is none.</summary>
    public static WordRow? Word(ShopStatus status, ViewState view) =>
        view.Tab == DashboardTab.Words ? Selected(Words(status, view), view) : null;

    /// <summary>Keeps the same row selected in a later status: rows move when somebody writes.</summary>
    public static ViewState Follow(ShopStatus? before, ShopStatus after, ViewState view, int width, int height)
    {
        if (before is null || Selected(Names(before, view), view) is not { Length: > 0 } name) return view;
        var names = Names(after, view);
        var at = names.IndexOf(name);
        return at < 0 ? view with { Sure = ' ' } : at == view.Selected ? view
            : view.Select(at, names.Count, Extent(after, view, width, height).Page);
    }

    private static T? Selected<T>(IReadOnlyList<T> rows, ViewState view) where T : class =>
        rows.Count == 0 ? null : rows[Math.Clamp(view.Selected, 0, rows.Count - 1)];

    private static IReadOnlyList<ChatRow> Chats(ShopStatus status, ViewState view) =>
        Sheet.Filter(ChatsView.Rows(status), ChatsView.Columns(new Times(view.Zone, status.Now)), view.Filter);

    private static IReadOnlyList<WordRow> Words(ShopStatus status, ViewState view) =>
        Sheet.Filter(status.Words, WordsView.Columns, view.Filter);

    // Identifies the rows of this tab, where a row can be selected.
    private static List<string> Names(ShopStatus status, ViewState view) => view.Tab switch
    {
        DashboardTab.Chats => [.. Chats(status, view).Select(c => c.Id)],
        DashboardTab.Words => [.. Words(status, view).Select(w => $"{w.CustomerId} {w.Phrase}")],
        _ => [],
    };

    private static int Count(ShopStatus status, ViewState view, Times times) => view.Tab switch
    {
        DashboardTab.Orders => Sheet.Filter(status.Orders, OrdersView.Columns(times), view.Filter).Count,
        DashboardTab.Chats => Sheet.Filter(status.Chats, ChatsView.Columns(times), view.Filter).Count,
        DashboardTab.Catalog => Sheet.Filter(status.Catalog, CatalogView.Columns, view.Filter).Count,
        DashboardTab.Words => Words(status, view).Count,
        _ => Sheet.Filter(status.Log, LogView.Columns(times), view.Filter).Count,
    };

    private static Line Footer(ShopStatus status, ViewState view, int width, int lines)
    {
        if (view.IsTyping)
            return new Line().Add(" / ", Ink.Key).Add(ScreenText.Clean(view.Filter)).Add("▏")
                .AddRight("Enter keeps it, Esc shows all ", Ink.Dim);
        if (view.Writing is { } wish) return ChatsView.Ask(wish, Chat(status, view)?.Customer ?? "", width);
        if (view.Notice.Length > 0) return new Line().Add(" " + ScreenText.Clean(view.Notice), Ink.Bold);
        var isSheet = !view.IsHelpOpen && status.LoginCode.Length == 0;
        var (chat, word) = isSheet ? (Chat(status, view), Word(status, view)) : default;
        if (view.Sure != ' ' && chat is not null) return ChatsView.Ask(chat, view.Sure);
        if (view.Sure != ' ' && word is not null) return WordsView.Ask(word);
        var line = new Line();
        (string Key, string Does)[] keys = chat is not null ? [.. ChatsView.Keys(chat), ("q", "quit"), ("?", "help")]
            : word is not null ? [.. WordsView.Keys, ("q", "quit"), ("?", "help")]
            : [("q", "quit"), ("?", "help"), ("/", "find"), ("1-5", "tabs"), ("↑↓", "scroll")];
        foreach (var (key, does) in keys) line.Add($" {key} ", Ink.Key).Add(does + " ", Ink.Dim);
        if (status.LoginCode.Length > 0 || view.IsHelpOpen) return line;
        var count = Count(status, view, new Times(view.Zone, status.Now));
        var first = First(view, count, lines - 1);
        var filter = view.Filter.Length > 0 ? $"only \"{ScreenText.Clip(ScreenText.Clean(view.Filter), 12)}\"  " : "";
        return line.AddRight(
            count == 0 ? filter : $"{filter}{first + 1}–{Math.Min(count, first + Page(lines))} of {count} ", Ink.Dim);
    }

    // Tabs and column titles take two lines of the body.
    private static int Page(int lines) => Math.Max(1, lines - 2);

    private static int First(ViewState view, int rows, int sheetLines) =>
        Math.Clamp(view.Scroll, 0, Math.Max(0, rows - Math.Max(1, sheetLines - 1)));

    private static IEnumerable<Part> One(IEnumerable<Line> lines) => lines.Select(line => new Part(line, 1));

    private static IEnumerable<Part> Cut(IEnumerable<Part> parts, int lines)
    {
        foreach (var part in parts)
        {
            if (lines <= 0) yield break;
            yield return part with { Lines = Math.Min(part.Lines, lines) };
            lines -= part.Lines;
        }
    }

    private static Stack TooSmall(int width, int height) =>
        new([.. ScreenText.Wrap(TooSmallWords, width, height).Select(text => new Part(new Line().Add(text), 1))]);
}
