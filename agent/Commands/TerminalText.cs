using Sak.Agent.Dashboard;
using Spectre.Console;

namespace Sak.Agent.Commands;

/// <summary>What customers and files say, as a command may show it.</summary>
internal static class TerminalText
{
    /// <summary>For a cell of a table: nothing that the terminal or the table's own markup would obey.</summary>
    public static string Shown(this string text) => ScreenText.Clean(text).EscapeMarkup();
}
