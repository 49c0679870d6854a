using System.Diagnostics;
using Spectre.Console;

namespace Sak.Tools.Demo;

/// <summary>The demo on a terminal: each step with its progress, and the conversation as it happens.</summary>
public sealed class DemoScreen(IAnsiConsole console, int steps)
{
    private const int BarWidth = 24;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private int _done;

    public double Seconds => Math.Round(_watch.Elapsed.TotalSeconds, 1);

    public void Step(string what)
    {
        _done++;
        var filled = Math.Min(BarWidth, BarWidth * _done / steps);
        console.MarkupLine(
            $"[green]{new string('━', filled)}[/][grey]{new string('━', BarWidth - filled)}[/] "
                + $"[grey]{_done,2}/{steps} {_watch.Elapsed:mm\\:ss}[/]  [bold]{what.EscapeMarkup()}[/]");
    }

    public void Say(string who, string text)
    {
        var colour = who switch { "shop" => "aqua", "cloud" => "yellow", "set-up" => "grey", _ => "white" };
        foreach (var (line, i) in text.Split('\n').Select((line, i) => (line, i)))
            console.MarkupLine(
                $"      [{colour}]{(i == 0 ? who : "").EscapeMarkup(),8}[/] [grey]│[/] {line.EscapeMarkup()}");
    }

    /// <summary>What the spectator should know of the lines before.</summary>
    public void Note(string text) => console.MarkupLine($"               [grey]│ ({text.EscapeMarkup()})[/]");

    public void Result(DemoResult result)
    {
        var table = new Table().RoundedBorder().Title("The afternoon, counted").AddColumns("", "");
        table.Columns[1].RightAligned();
        table.AddRow("Messages captured", $"{result.MessagesCaptured}").AddRow("Replies sent", $"{result.RepliesSent}")
            .AddRow("Orders on the PC", $"{result.OrdersAgent}").AddRow("Orders in the cloud", $"{result.OrdersCloud}")
            .AddRow("… of them taken in the outage", $"{result.OutageOrders}")
            .AddRow("Group posts ignored", $"{result.GroupPostsIgnored}")
            .AddRow("Turns answered by the cloud's model",
                Judge(!result.ModelAnnounced || result.TurnsByModel > 0, $"{result.TurnsByModel}"))
            .AddRow("Turns answered by the PC's reader", $"{result.TurnsOnPc}")
            .AddRow("Lost", Judge(result.Lost == 0, $"{result.Lost}"))
            .AddRow("Doubled", Judge(result.Doubled == 0, $"{result.Doubled}"))
            .AddRow("Totals agree", Judge(result.TotalsMatch, result.TotalsMatch ? "yes" : "no"))
            .AddRow("Seconds", $"{result.Seconds:0.0}");
        console.Write(table);
        foreach (var words in result.TurnsOfModel)
            console.MarkupLine($"The model answered   {words.EscapeMarkup()}");
        foreach (var fault in result.Faults) console.MarkupLine($"[red]✗[/] {fault.EscapeMarkup()}");
        console.MarkupLine($"The accountant's file: [link]{result.ExportFile.EscapeMarkup()}[/]");
        console.MarkupLine(
            $"Databases and logs:    {result.Folder.EscapeMarkup()} "
                + "(agent/shop.db, server/sak-server.db, agent.log, server.log)");
    }

    private static string Judge(bool good, string text) => good ? $"[green]{text}[/]" : $"[red]{text}[/]";
}
