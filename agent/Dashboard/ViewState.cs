namespace Sak.Agent.Dashboard;

public enum DashboardTab { Orders, Chats, Catalog, Log }

/// <summary>What the owner looks at; changed only by keys. Pure.</summary>
/// <param name="Zone">Times are shown in it.</param>
/// <param name="Scroll">Rows above the first one shown.</param>
/// <param name="Filter">Only rows that hold this text; empty shows all.</param>
/// <param name="IsTyping">Keys go into the filter.</param>
public sealed record ViewState(
    TimeZoneInfo Zone,
    DashboardTab Tab = DashboardTab.Orders,
    int Scroll = 0,
    string Filter = "",
    bool IsTyping = false,
    bool IsHelpOpen = false,
    bool HasQuit = false)
{
    private const int MostTyped = 40;

    /// <summary>The state after a key.</summary>
    /// <param name="rows">Rows there are on this tab, after the filter.</param>
    /// <param name="page">Rows that fit on the screen.</param>
    public ViewState Press(ConsoleKeyInfo key, int rows, int page)
    {
        if (key is { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control } or { KeyChar: '\u0003' }) return this with { HasQuit = true };
        if (IsHelpOpen) return key.KeyChar == 'q' ? this with { HasQuit = true } : this with { IsHelpOpen = false };
        if (IsTyping) return Type(key);
        return PressKey(key, rows, page) ?? PressLetter(key.KeyChar);
    }

    private ViewState? PressKey(ConsoleKeyInfo key, int rows, int page)
    {
        var (most, step) = (Math.Max(0, rows - page), Math.Max(1, page - 1));
        var scroll = Math.Min(Scroll, most);
        return key.Key switch
        {
            ConsoleKey.Tab when key.Modifiers.HasFlag(ConsoleModifiers.Shift) => To(Next(-1)),
            ConsoleKey.Tab or ConsoleKey.RightArrow => To(Next(1)),
            ConsoleKey.LeftArrow => To(Next(-1)),
            ConsoleKey.UpArrow => this with { Scroll = Math.Max(0, scroll - 1) },
            ConsoleKey.DownArrow => this with { Scroll = Math.Min(most, scroll + 1) },
            ConsoleKey.PageUp => this with { Scroll = Math.Max(0, scroll - step) },
            ConsoleKey.PageDown => this with { Scroll = Math.Min(most, scroll + step) },
            ConsoleKey.Home => this with { Scroll = 0 },
            ConsoleKey.End => this with { Scroll = most },
            ConsoleKey.Escape => this with { Filter = "", Scroll = 0 },
            _ => null,
        };
    }

    private ViewState PressLetter(char letter) => letter switch
    {
        >= '1' and <= '4' => To((DashboardTab)(letter - '1')),
        '/' => this with { IsTyping = true, Filter = "", Scroll = 0 },
        '?' or 'h' => this with { IsHelpOpen = true },
        'q' or 'Q' => this with { HasQuit = true },
        _ => this,
    };

    private ViewState Type(ConsoleKeyInfo key) => key.Key switch
    {
        ConsoleKey.Enter => this with { IsTyping = false },
        ConsoleKey.Escape => this with { IsTyping = false, Filter = "", Scroll = 0 },
        ConsoleKey.Backspace => this with { Filter = Filter.Length > 0 ? Filter[..^1] : "", Scroll = 0 },
        _ when char.IsControl(key.KeyChar) || Filter.Length >= MostTyped => this,
        _ => this with { Filter = Filter + key.KeyChar, Scroll = 0 },
    };

    private ViewState To(DashboardTab tab) => this with { Tab = tab, Scroll = 0, Filter = "" };

    private DashboardTab Next(int step) => (DashboardTab)(((int)Tab + step + 4) % 4);
}
