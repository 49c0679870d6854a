using Spectre.Console;

namespace Sak.Agent.Dashboard;

/// <summary>
/// The few styles of the dashboard. Mostly the terminal's own colours, so that light and dark themes both work.
/// </summary>
internal static class Ink
{
    // From the fixed palette: plain black and white belong to the theme, which may draw them in any colour.
    private static readonly Color Black = Color.Grey3;
    private static readonly Color White = Color.Grey93;

    public static readonly Style Plain = Style.Plain;
    public static readonly Style Dim = new(decoration: Decoration.Dim);
    public static readonly Style Bold = new(decoration: Decoration.Bold);
    public static readonly Style Good = new(Color.Green);
    public static readonly Style Waiting = new(Color.Olive);
    public static readonly Style Bad = new(Color.Maroon);
    public static readonly Style BadBold = new(Color.Maroon, decoration: Decoration.Bold);
    public static readonly Style Head = new(Color.Teal, decoration: Decoration.Bold);
    public static readonly Style Title = new(White, Color.DarkGreen, Decoration.Bold);
    public static readonly Style TabOpen = new(White, Color.DarkGreen, Decoration.Bold);
    public static readonly Style Key = new(decoration: Decoration.Bold);

    /// <summary>Black on white in every theme: phones can't read a code in other colours.</summary>
    public static Style Code(bool darkAbove, bool darkBelow) =>
        new(darkAbove ? Black : White, darkBelow ? Black : White);
}
