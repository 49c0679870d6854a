using Sak.Agent.Dashboard;
using Spectre.Console;

namespace Sak.Agent.Commands;

/// <summary>What customers and files say, as a command may show it.</summary>
internal static class TerminalText
{
    /// <summary>For a cell of a table: nothing that the terminal or the table's own markup would obey.</summary>
    public static string Shown(this string text) => ScreenText.Clean(text).EscapeMarkup();

    /// <summary>For plain output: line for line nothing that the terminal would obey.</summary>
    public static string Lines(string text) =>
        string.Join('\n',
            text.Split('\n')
                .Select(line => new string(' ', line.Length - line.TrimStart(' ').Length) + ScreenText.Clean(line)));
}
