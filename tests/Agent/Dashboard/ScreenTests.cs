using System.Text;
using Sak.Agent.Dashboard;
using Sak.Tests.Support;
using Spectre.Console;

namespace Sak.Tests.Agent.Dashboard;

public sealed class ScreenTests
{
    [Fact]
    public void Only_changed_cells_are_written()
    {
        var terminal = new VirtualTerminal(80, 24);
        using var screen = new Screen(terminal);
        screen.Draw(new Text("Messages 11\nnothing else"), 80, 24);
        terminal.ForgetTraffic();

        screen.Draw(new Text("Messages 12\nnothing else"), 80, 24);

        Assert.Equal("\e[1;11H2", terminal.Traffic.ToString());
        Assert.Equal("Messages 12", terminal.Row(0).TrimEnd());
    }

    [Fact]
    public void An_unchanged_picture_costs_nothing()
    {
        var terminal = new VirtualTerminal(80, 24);
        using var screen = new Screen(terminal);
        screen.Draw(DashboardView.Draw(Samples.Ordinary, Samples.View, 80, 24), 80, 24);
        terminal.ForgetTraffic();

        screen.Draw(DashboardView.Draw(Samples.Ordinary, Samples.View, 80, 24), 80, 24);

        Assert.Equal(0, terminal.TrafficBytes);
    }

    [Fact]
    public void One_more_message_costs_less_than_forty_bytes_on_a_big_screen()
    {
        var terminal = new VirtualTerminal(200, 60);
        using var screen = new Screen(terminal);
        screen.Draw(DashboardView.Draw(Samples.Ordinary, Samples.View, 200, 60), 200, 60);
        var first = terminal.TrafficBytes;
        terminal.ForgetTraffic();

        var next = Samples.Ordinary with { Today = Samples.Ordinary.Today with { Messages = 49 } };
        screen.Draw(DashboardView.Draw(next, Samples.View, 200, 60), 200, 60);

        Assert.InRange(first, 1_000, 8_000);
        Assert.InRange(terminal.TrafficBytes, 1, 39);
        Assert.Contains("Messages 49", terminal.Text);
    }

    [Fact]
    public void After_a_resize_everything_is_right_and_nothing_of_before_is_left()
    {
        var terminal = new VirtualTerminal(120, 40);
        using var screen = new Screen(terminal);
        foreach (var (width, height) in ((int, int)[])[(120, 40), (60, 20), (200, 60), (45, 13), (80, 24)])
        {
            terminal.Resize(width, height);
            screen.Draw(DashboardView.Draw(Samples.Ordinary, Samples.View, width, height), width, height);

            Assert.DoesNotContain("#", terminal.Text);
            Assert.Equal(Samples.TextOf(Samples.Ordinary, Samples.View, width, height), terminal.Text);
        }
    }

    [Fact]
    public void Any_picture_after_any_other_looks_as_if_drawn_alone()
    {
        var random = new Random(20260304);
        string[] bits = ["a", "b", " ", "日", "👍", "é", "e\u0301", "ك", "किं", "…", "█"];
        var terminal = new VirtualTerminal(12, 3);
        using var screen = new Screen(terminal);
        for (var round = 0; round < 500; round++)
        {
            var text = string.Join('\n',
                Enumerable.Range(0, 3)
                    .Select(_ => string.Concat(Enumerable.Range(0, 6).Select(_ => bits[random.Next(bits.Length)]))));
            var alone = new VirtualTerminal(12, 3);
            new Screen(alone).Draw(new Text(text), 12, 3);

            screen.Draw(new Text(text), 12, 3);

            Assert.Equal((round, alone.Text), (round, terminal.Text));
        }
    }

    [Fact]
    public void A_wide_character_takes_two_cells_and_what_follows_stays_in_place()
    {
        var terminal = new VirtualTerminal(20, 2);
        using var screen = new Screen(terminal);

        screen.Draw(new Text("日本x\n👍👍y"), 20, 2);

        Assert.Equal(("x", "y"), (terminal.TextAt(4, 0), terminal.TextAt(4, 1)));
    }

    [Fact]
    public void A_wide_character_that_does_not_fit_at_the_edge_is_left_out()
    {
        var terminal = new VirtualTerminal(5, 1);
        using var screen = new Screen(terminal);

        screen.Draw(new Line().Add("日本日"), 5, 1);

        Assert.Equal("日本…", terminal.Row(0));
    }

    [Fact]
    public void Columns_stay_in_place_on_a_terminal_that_counts_other_widths()
    {
        // Some terminals draw emoji in one cell and vowel signs in none.
        var terminal = new VirtualTerminal(120, 30, r => r.Value > 0x1F000 ? 1
            : Rune.GetUnicodeCategory(r) == System.Globalization.UnicodeCategory.SpacingCombiningMark ? 0
                : ScreenText.Cells(r));
        using var screen = new Screen(terminal);

        screen.Draw(DashboardView.Draw(Samples.Ordinary, Samples.View, 120, 30), 120, 30);

        var rows = Enumerable.Range(0, 30).ToDictionary(y => y, terminal.Row);
        var head = terminal.ColumnOf("Cloud ",
            rows.Single(r => r.Value.Contains("Order ") && r.Value.Contains("Total")).Key);
        int[] columns = [.. rows.Where(r => r.Value.Contains("A-100"))
            .Select(r => Math.Max(terminal.ColumnOf("✓ sent", r.Key),
            terminal.ColumnOf("… here", r.Key)))];
        Assert.Equal([head, head, head], columns);
    }

    [Fact]
    public void The_terminal_is_taken_while_it_runs_and_given_back_once()
    {
        var terminal = new VirtualTerminal(20, 3);
        terminal.Write("$ sak-agent run");
        var screen = new Screen(terminal);
        Assert.Equal((true, false, false), (terminal.IsAlternate, terminal.IsCursorShown, terminal.Wraps));
        screen.Draw(new Text("hello"), 20, 3);

        screen.Dispose();
        screen.Dispose();
        screen.Draw(new Text("too late"), 20, 3);

        Assert.Equal((false, true, true), (terminal.IsAlternate, terminal.IsCursorShown, terminal.Wraps));
        Assert.Equal("$ sak-agent run", terminal.Row(0).TrimEnd());
    }

    [Fact]
    public void Colours_of_the_theme_are_kept_and_others_come_from_the_palette()
    {
        var terminal = new VirtualTerminal(10, 1);
        using var screen = new Screen(terminal);

        screen.Draw(
            new Line().Add("a", new Style(Color.Maroon)).Add("b", new Style(Color.Lime, decoration: Decoration.Bold))
                .Add("c",
            new Style(Color.Grey93, Color.Grey3)).Add("d", new Style(new Color(1, 2, 3))), 10, 1);

        Assert.Equal(("31", "1;92", "38;5;255;48;5;232", "38;2;1;2;3"),
            (terminal.StyleAt(0, 0), terminal.StyleAt(1, 0), terminal.StyleAt(2, 0),
            terminal.StyleAt(3, 0)));
    }
}
