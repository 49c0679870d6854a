using Sak.Agent.Dashboard;
using Spectre.Console;

namespace Sak.Agent.Commands;

/// <summary>Text of customers and files, made safe for output of a command.</summary>
internal static class TerminalText
{
    /// <summary>For a table cell: removes control characters and escapes the table's markup.</summary>
    public static string Shown(this string text) => ScreenText.Clean(text).EscapeMarkup();

    /// <summary>For plain output: removes control characters from each line.</summary>
    public static string Lines(string text) =>
        string.Join('\n',
            text.Split('\n')
                .Select(line => new string(' ', line.Length - line.TrimStart(' ').Length) + ScreenText.Clean(line)));
}
