using Sak.Agent.Dashboard;
using Sak.Tests.Agent.Dashboard;
using Sak.Tests.Support;

namespace Sak.Tests.Tidy;

/// <summary>Every key of a keyboard, pressed in every state of the dashboard, and its effect in plain words.</summary>
internal static class DashboardFeatures
{
    private const int Rows = 100;
    private const int Page = 10;

    // The codes of these keys equal those of their characters; the other named keys have no character.
    private static readonly ConsoleKey[] WithCharacter =
        [ConsoleKey.Spacebar, ConsoleKey.Tab, ConsoleKey.Enter, ConsoleKey.Escape, ConsoleKey.Backspace];

    // The middle of a long, filtered list: every effect of a key is a change.
    private static readonly ViewState Middle = Samples.View with { Selected = 50, Scroll = 45, Filter = "oil" };

    private static readonly ViewState OnChats = Middle with { Tab = DashboardTab.Chats };

    public static IEnumerable<string> Keys() =>
    [
        .. TabKeys(),
        .. ModeKeys("while the help is open", Middle with { IsHelpOpen = true }),
        .. ModeKeys("while a filter is typed", Middle with { IsTyping = true }),
        .. ModeKeys("while words are typed", OnChats with { Writing = new Wish(WishKind.Write, "oil") }),
    ];

    /// <summary>The keys that make the loop clear the screen and draw it whole.</summary>
    public static async Task<IReadOnlyList<string>> TerminalKeysAsync()
    {
        var lines = new List<string>();
        foreach (var (name, key) in WithControl().Where(k => k.Key.Key != ConsoleKey.C))
            if (await DrawsWholeAsync(key)) lines.Add($"{name} draws the whole screen again");
        return lines;
    }

    private static async Task<bool> DrawsWholeAsync(ConsoleKeyInfo key)
    {
        var terminal = new VirtualTerminal(100, 30);
        var loop = new DashboardLoop(terminal, _ => Task.FromResult(Samples.Ordinary), TimeProvider.System);
        var run = loop.RunAsync(TestContext.Current.CancellationToken);
        await Eventually.IsTrueAsync(() => terminal.Text.Contains("A-1009"), "the orders are drawn");
        terminal.ForgetTraffic();
        terminal.Press(key.Key, key.KeyChar, control: true);
        terminal.Type("2");
        await Eventually.IsTrueAsync(() => terminal.Text.Contains("and 2 of the big one"), "the chats are drawn");
        var isWhole = terminal.Traffic.ToString().Contains("\e[2J");
        terminal.Type("q");
        await run;
        return isWhole;
    }

    private static IEnumerable<string> TabKeys()
    {
        var tabs = Enum.GetValues<DashboardTab>();
        foreach (var (name, key) in Keyboard())
        {
            var done = tabs.Select(tab => (Tab: Name(tab), What: OnTab(Middle with { Tab = tab }, key))).ToList();
            if (done.DistinctBy(d => d.What).Count() == 1) done = [("everywhere", done[0].What)];
            foreach (var (tab, what) in done.Where(d => d.What.Length > 0)) yield return $"{tab}: {name} {what}";
        }
    }

    // An effect that most keys share is listed once.
    private static IEnumerable<string> ModeKeys(string mode, ViewState view)
    {
        var done = Keyboard().Select(k => (k.Name, What: InMode(view, k.Key))).ToList();
        var most = done.GroupBy(d => d.What).MaxBy(g => g.Count())!.Key;
        yield return $"{mode}: any other key {most}";
        foreach (var (name, what) in done.Where(d => d.What != most && d.What.Length > 0))
            yield return $"{mode}: {name} {what}";
    }

    private static string OnTab(ViewState before, ConsoleKeyInfo key)
    {
        var after = before.Press(key, Rows, Page);
        if (after == before) return "";
        if (after.HasQuit) return "closes SAK";
        if (after.IsHelpOpen) return "opens the help";
        if (after.IsTyping) return "types a filter";
        if (after.Writing is { } writing) return $"takes words to {Deed(before.Tab, writing.Kind)}";
        if (after.Wish is { } wish) return $"wants to {Deed(before.Tab, wish.Kind)}";
        if (after.Sure != before.Sure) return $"pressed twice {OnTab(after, key)}";
        if (after is { Filter: "", Scroll: 0, Selected: 0 }) return $"opens {Name(after.Tab)}";
        return after.Filter.Length == 0 ? "shows all rows" : Moved(before, after);
    }

    // On some tabs a row is selected, on the others the page scrolls.
    private static string Moved(ViewState before, ViewState after)
    {
        var (from, to, last) = after.Selected != before.Selected
            ? (before.Selected, after.Selected, Rows - 1)
            : (before.Scroll, after.Scroll, Rows - Page);
        if (to == 0 || to == last) return $"goes to the {(to == 0 ? "first" : "last")} row";
        return $"goes {(to < from ? "up" : "down")} a {(Math.Abs(to - from) == 1 ? "row" : "page")}";
    }

    private static string InMode(ViewState before, ConsoleKeyInfo key)
    {
        var after = before.Press(key, Rows, Page);
        if (after == before) return "";
        if (after.HasQuit) return "closes SAK";
        if (before.IsHelpOpen) return "closes the help";
        if (after.Wish is not null) return "takes the words";
        if (before.IsTyping && !after.IsTyping) return after.Filter.Length > 0 ? "keeps the filter" : "shows all rows";
        if (before.Writing is not null && after.Writing is null) return "drops the words";
        return Typed(after).Length > Typed(before).Length ? "is typed" : "deletes the last letter";
    }

    private static string Typed(ViewState view) => view.Writing?.Words ?? view.Filter;

    private static string Name(DashboardTab tab) => tab switch
    {
        DashboardTab.Orders => "Orders",
        DashboardTab.Chats => "Chats",
        DashboardTab.Catalog => "Catalog",
        DashboardTab.Log => "Log",
        DashboardTab.Words => "Words",
        _ => throw new InvalidOperationException("A tab is new: say what it is called."),
    };

    private static string Deed(DashboardTab tab, WishKind kind) => (tab, kind) switch
    {
        (_, WishKind.Take) => "take the chat over",
        (_, WishKind.GiveBack) => "give the chat back to SAK",
        (_, WishKind.Write) => "write to the customer",
        (_, WishKind.Confirm) => "confirm the draft",
        (_, WishKind.OpenFile) => "open a file of the chat",
        (DashboardTab.Chats, WishKind.Drop) => "drop the draft",
        (DashboardTab.Chats, WishKind.Correct) => "change the draft",
        (_, WishKind.Drop) => "forget the word",
        (_, WishKind.Correct) => "say which product the word means",
        _ => throw new InvalidOperationException("A key does something new: say what."),
    };

    private static IEnumerable<(string Name, ConsoleKeyInfo Key)> Keyboard() =>
    [
        .. Enumerable.Range('!', '~' - '!' + 1).Select(letter => ($"{(char)letter}", Letter((char)letter))),
        .. WithControl(),
        .. Named().Select(key => ($"{key}", Press(key))),
        ("Shift-Tab", Press(ConsoleKey.Tab, shift: true)),
    ];

    private static IEnumerable<(string Name, ConsoleKeyInfo Key)> WithControl() =>
        from key in Enumerable.Range((int)ConsoleKey.A, 26)
        let press = new ConsoleKeyInfo((char)(key - 'A' + 1), (ConsoleKey)key, false, false, control: true)
        select ($"Ctrl-{(char)key}", press);

    private static ConsoleKeyInfo Letter(char letter)
    {
        var key = char.IsAsciiLetterOrDigit(letter) ? (ConsoleKey)char.ToUpperInvariant(letter) : default;
        return new ConsoleKeyInfo(letter, key, char.IsAsciiLetterUpper(letter), false, false);
    }

    private static IEnumerable<ConsoleKey> Named() =>
    [
        .. WithCharacter, ConsoleKey.Insert, ConsoleKey.Delete, ConsoleKey.Home, ConsoleKey.End,
        ConsoleKey.PageUp, ConsoleKey.PageDown,
        ConsoleKey.UpArrow, ConsoleKey.DownArrow, ConsoleKey.LeftArrow, ConsoleKey.RightArrow,
        .. Enumerable.Range((int)ConsoleKey.F1, 12).Select(key => (ConsoleKey)key),
    ];

    private static ConsoleKeyInfo Press(ConsoleKey key, bool shift = false)
    {
        var letter = WithCharacter.Contains(key) ? (char)key : '\0';
        return new ConsoleKeyInfo(letter, key, shift, false, false);
    }
}
