namespace Sak.Agent.Dashboard;

public enum DashboardTab { Orders, Chats, Catalog, Log, Words }

public enum WishKind { Take, GiveBack, Write, Confirm, Drop, Correct, OpenFile }

/// <summary>An action that the owner wants for the selected chat or word.</summary>
/// <param name="Words">The text for the customer, the correction of the draft, or the product that
/// a word means.</param>
public sealed record Wish(WishKind Kind, string Words = "");

/// <summary>What the dashboard shows; changed only by keys. Pure.</summary>
/// <param name="Zone">The time zone of displayed times.</param>
/// <param name="Scroll">Number of rows above the first displayed one.</param>
/// <param name="Filter">Only rows with this text are shown; empty shows all.</param>
/// <param name="IsTyping">Keys go into the filter.</param>
/// <param name="Selected">Index of the selected chat or word among the displayed ones.</param>
/// <param name="Sure">A key that was pressed once and needs a second press; otherwise a blank.</param>
/// <param name="Writing">The wish whose text is being typed; null when there is none.</param>
/// <param name="Wish">The wish for the selected row, which the loop then carries out.</param>
/// <param name="Notice">The result of the last wish.</param>
public sealed record ViewState(
    TimeZoneInfo Zone,
    DashboardTab Tab = DashboardTab.Orders,
    int Scroll = 0,
    string Filter = "",
    bool IsTyping = false,
    bool IsHelpOpen = false,
    bool HasQuit = false,
    int Selected = 0,
    char Sure = ' ',
    Wish? Writing = null,
    Wish? Wish = null,
    string Notice = "")
{
    private const int MostTyped = 40;
    private const int MostWords = 1000;

    /// <summary>The state after a key.</summary>
    /// <param name="rows">Number of rows on this tab, after the filter.</param>
    /// <param name="page">Number of rows that fit on the screen.</param>
    public ViewState Press(ConsoleKeyInfo key, int rows, int page)
    {
        if (key is { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control } or { KeyChar: '\u0003' })
            return this with { HasQuit = true };
        if (IsHelpOpen) return key.KeyChar == 'q' ? this with { HasQuit = true } : this with { IsHelpOpen = false };
        if (IsTyping) return Type(key);
        if (Writing is not null) return Write(Writing, key);
        var calm = this with { Sure = ' ', Notice = "" };
        if (RowKeys.Length > 0 && PressOnRow(key, rows, page) is { } row) return row;
        return calm.PressKey(key, rows, page) ?? calm.PressLetter(key.KeyChar);
    }

    // The keys for the selected row of this tab.
    private string RowKeys => Tab switch { DashboardTab.Chats => "tgowecx", DashboardTab.Words => "ex", _ => "" };

    // Actions that can't be undone need a second press.
    private ViewState? PressOnRow(ConsoleKeyInfo key, int rows, int page)
    {
        var calm = this with { Sure = ' ', Notice = "" };
        if (rows > 0 && key.Modifiers is 0 or ConsoleModifiers.Shift && RowKeys.Contains(key.KeyChar))
        {
            switch (key.KeyChar)
            {
                case 't': return calm with { Wish = new Wish(WishKind.Take) };
                case 'g': return calm with { Wish = new Wish(WishKind.GiveBack) };
                case 'o': return calm with { Wish = new Wish(WishKind.OpenFile) };
                case 'w': return calm with { Writing = new Wish(WishKind.Write) };
                case 'e': return calm with { Writing = new Wish(WishKind.Correct) };
                case 'c' or 'x' when Sure != key.KeyChar: return calm with { Sure = key.KeyChar };
                case 'c': return calm with { Wish = new Wish(WishKind.Confirm) };
                case 'x': return calm with { Wish = new Wish(WishKind.Drop) };
            }
        }

        return key.Key switch
        {
            ConsoleKey.UpArrow => calm.Select(Selected - 1, rows, page),
            ConsoleKey.DownArrow => calm.Select(Selected + 1, rows, page),
            ConsoleKey.PageUp => calm.Select(Selected - Math.Max(1, page - 1), rows, page),
            ConsoleKey.PageDown => calm.Select(Selected + Math.Max(1, page - 1), rows, page),
            ConsoleKey.Home => calm.Select(0, rows, page),
            ConsoleKey.End => calm.Select(rows - 1, rows, page),
            _ => null,
        };
    }

    /// <summary>Selects a row and scrolls until it is visible.</summary>
    public ViewState Select(int row, int rows, int page)
    {
        var selected = Math.Clamp(row, 0, Math.Max(0, rows - 1));
        return this with
        {
            Selected = selected,
            Scroll = Math.Clamp(Scroll, Math.Max(0, selected - page + 1), selected),
        };
    }

    private ViewState Write(Wish wish, ConsoleKeyInfo key) => key.Key switch
    {
        ConsoleKey.Enter => this with { Writing = null, Wish = string.IsNullOrWhiteSpace(wish.Words) ? null : wish },
        ConsoleKey.Escape => this with { Writing = null },
        ConsoleKey.Backspace => this with { Writing = wish with { Words = ScreenText.WithoutLast(wish.Words) } },
        _ when char.IsControl(key.KeyChar) || wish.Words.Length >= MostWords => this,
        _ => this with { Writing = wish with { Words = wish.Words + key.KeyChar } },
    };

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
        >= '1' and <= '5' => To((DashboardTab)(letter - '1')),
        '/' => this with { IsTyping = true, Filter = "", Scroll = 0 },
        '?' or 'h' => this with { IsHelpOpen = true },
        'q' or 'Q' => this with { HasQuit = true },
        _ => this,
    };

    private ViewState Type(ConsoleKeyInfo key) => key.Key switch
    {
        ConsoleKey.Enter => this with { IsTyping = false },
        ConsoleKey.Escape => this with { IsTyping = false, Filter = "", Scroll = 0 },
        ConsoleKey.Backspace => this with { Filter = ScreenText.WithoutLast(Filter), Scroll = 0 },
        _ when char.IsControl(key.KeyChar) || Filter.Length >= MostTyped => this,
        _ => this with { Filter = Filter + key.KeyChar, Scroll = 0, Selected = 0 },
    };

    private ViewState To(DashboardTab tab) => this with { Tab = tab, Scroll = 0, Filter = "", Selected = 0 };

    private DashboardTab Next(int step) => (DashboardTab)(((int)Tab + step + 5) % 5);
}
