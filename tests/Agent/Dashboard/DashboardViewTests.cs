using QRCoder;
using Sak.Agent.Dashboard;
using Sak.Agent.Status;
using Sak.Agent.WhatsApp;
using Sak.Tests.Support;
using Spectre.Console.Rendering;

namespace Sak.Tests.Agent.Dashboard;

public sealed class DashboardViewTests
{
    private static readonly (int Width, int Height)[] Sizes = [(60, 20), (80, 24), (120, 40), (200, 60), (40, 12),
        (20, 5), (1, 1)];

    private static ShopStatus Named(string name) => name switch
    {
        "empty" => Samples.Empty,
        "huge" => Samples.Huge,
        "evil" => Samples.Evil,
        "login" => Samples.Login,
        _ => Samples.Ordinary,
    };

    [Theory]
    [InlineData("ordinary")]
    [InlineData("empty")]
    [InlineData("huge")]
    [InlineData("evil")]
    [InlineData("login")]
    public void Every_shop_fits_every_window_on_every_tab(string name)
    {
        var status = Named(name);
        foreach (var (width, height) in Sizes)
            foreach (var view in Views())
            {
                var lines = LinesOf(DashboardView.Draw(status, view, width, height), width, height);
                Assert.True(lines.Count <= height, $"{name} at {width}×{height} took {lines.Count} lines.");
                Assert.All(lines,
                    line => Assert.True(line.Sum(s => s.CellCount()) <= width,
                        $"{name} at {width}×{height} is too wide."));
                Samples.Draw(status, view, width, height); // the terminal in memory throws at a control character
            }
    }

    [Fact]
    public void Of_thousands_of_rows_with_endless_texts_only_what_is_shown_is_drawn()
    {
        var huge = Samples.Huge;
        Samples.TextOf(huge, Samples.View, 200, 60);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Samples.TextOf(huge, Samples.View, 200, 60);

        // Reading its texts completely would take gigabytes.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 60_000_000);
    }

    [Theory]
    [InlineData(60, 20)]
    [InlineData(120, 40)]
    public void The_owner_sees_shop_time_connections_counts_troubles_and_orders_in_plain_words(int width, int height)
    {
        var seen = Samples.TextOf(Samples.Ordinary, Samples.View, width, height);

        string[] words =
        [
            "Ravi Hardware", "Wed 4 Mar, 14:05", "WhatsApp connected", "away, orders are kept on this PC",
            "Messages 48", "Waiting 2", "Replies 31", "Orders 9",
            "Revenue INR 41,250.00", "Not in the cloud yet 4", "The cloud does not answer.",
            "→ Nothing to do: orders are kept here.", "A-1009",
                "14:02", "Asha", "INR 8,450.00", "q quit",
        ];
        foreach (var word in words) Assert.Contains(word, seen);
    }

    [Fact]
    public void Each_state_of_WhatsApp_has_words_of_its_own()
    {
        var words = Enum.GetValues<WhatsAppState>()
            .Select(state => Samples.TextOf(Samples.Empty with { WhatsApp = state }, Samples.View, 120,
            40).Split('\n')[1]).ToList();

        Assert.Equal(words.Count, words.Distinct().Count());
        Assert.All(words, word => Assert.DoesNotContain("NeedsLogin", word));
    }

    [Fact]
    public void A_connection_is_told_in_colour_too()
    {
        var terminal = Samples.Draw(Samples.Ordinary, Samples.View, 80, 24);
        Assert.Equal("32", terminal.StyleAt(terminal.ColumnOf("connected", 1), 1));

        terminal = Samples.Draw(Samples.Ordinary with { WhatsApp = WhatsAppState.LoggedOut }, Samples.View, 80, 24);
        Assert.Equal("31", terminal.StyleAt(terminal.ColumnOf("logged out", 1), 1));
    }

    [Fact]
    public void Tabs_show_chats_catalog_log_and_words()
    {
        var words = Samples.TextOf(Samples.Ordinary, Samples.View with { Tab = DashboardTab.Words }, 100, 30);
        string[] expected =
            ["Asha Traders", "soap", "SOAP-N", "Neem Bath Soap 100 g", "तेल", "not for sale", "forget"];
        foreach (var shown in expected) Assert.Contains(shown, words);
        Assert.Contains("Press x again: \"soap\" of Asha Traders is forgotten",
            Samples.TextOf(Samples.Ordinary, Samples.View with { Tab = DashboardTab.Words, Sure = 'x' }, 100, 30));
        Assert.Contains("No words yet.",
            Samples.TextOf(Samples.Empty, Samples.View with { Tab = DashboardTab.Words }, 100, 30));
        Assert.Contains("and 2 of the big one",
            Samples.TextOf(Samples.Ordinary, Samples.View with { Tab = DashboardTab.Chats }, 100, 30));
        Assert.Contains("Sunflower oil 1 l",
            Samples.TextOf(Samples.Ordinary, Samples.View with { Tab = DashboardTab.Catalog }, 100, 30));
        Assert.Contains("Order A-1009 taken.",
            Samples.TextOf(Samples.Ordinary, Samples.View with { Tab = DashboardTab.Log }, 100, 30));
    }

    [Fact]
    public void What_a_customer_writes_is_text_and_never_a_command()
    {
        var seen = Samples.TextOf(Samples.Evil, Samples.View with { Tab = DashboardTab.Chats }, 200, 60);

        Assert.Contains("[red]5 ctn[/] [/][[ red", seen);
        Assert.DoesNotContain("evil.example", seen);
        Assert.DoesNotContain("title", seen);
        Assert.Equal(
            "[red]5 ctn[/] [/][[ redjump link second line esrever a\u0301\u0302\u0303\u0304 👨👩👧 \ufffd 日本 {0} }{",
            ScreenText.Clean(Samples.Poison));
    }

    [Fact]
    public void Letters_of_Indic_and_Arabic_words_keep_their_joiners()
    {
        Assert.Equal("क्\u200dष", ScreenText.Clean("क्\u200dष"));
        Assert.Equal("می\u200cخواهم", ScreenText.Clean("می\u200cخواهم"));
    }

    [Theory]
    [InlineData(80, 40)]
    [InlineData(120, 33)]
    public void The_login_code_is_on_the_screen_module_for_module(int width, int height)
    {
        var terminal = Samples.Draw(Samples.Login, Samples.View, width, height);
        var expected = new LoginCodePicture(Samples.Login.LoginCode);
        var (left, top) = FirstCodeCell(terminal);

        // The first cell of the QR code is the corner of its margin, which is two or four modules wide.
        var margin = Enumerable.Range(1, 5).First(m => IsDarkAt(terminal, left + m, top, m));
        Assert.True(margin is 2 or 4);
        for (var y = -margin; y < expected.Side + margin; y++)
            for (var x = -margin; x < expected.Side + margin; x++)
                Assert.Equal((x, y, expected.IsDark(x, y)),
                    (x, y, IsDarkAt(terminal, left + margin + x, top, margin + y)));
        Assert.Contains("Link a device", terminal.Text);
        Assert.Equal(
            QRCodeGenerator.GenerateQrCode(Samples.Login.LoginCode, QRCodeGenerator.ECCLevel.L).ModuleMatrix.Count - 8,
            expected.Side);
    }

    [Fact]
    public void A_window_too_small_for_the_code_says_how_big_it_must_be()
    {
        var seen = Samples.TextOf(Samples.Login, Samples.View, 60, 20).ReplaceLineEndings(" ").Replace("   ", " ");
        var rows = new LoginCodePicture(Samples.Login.LoginCode).Size(2).Rows;
        var columns = "WhatsApp on the phone → Linked devices → Link a device".Length;

        Assert.Contains($"at least {columns} columns and {rows + 4} rows", seen);
        Assert.DoesNotContain("too small", Samples.TextOf(Samples.Login, Samples.View, columns, rows + 4));
        Assert.Contains("Link a device", Samples.TextOf(Samples.Login, Samples.View, columns, rows + 4));
    }

    [Fact]
    public void A_tiny_window_says_so() =>
        Assert.Contains("too small", Samples.TextOf(Samples.Ordinary, Samples.View, 39, 12));

    [Fact]
    public void Rows_below_the_screen_are_reached_by_scrolling_and_the_end_is_the_end()
    {
        var status = Samples.Ordinary
            with { Orders =
                [.. Enumerable.Range(1, 100).Select(i => new OrderSummary($"A-{i}", Samples.Now.AddMinutes(-i), "c",
            "w", "t", "confirmed", true))] };
        var (rows, page) = DashboardView.Extent(status, Samples.View, 80, 24);

        Assert.Equal(100, rows);
        Assert.Contains($"1–{page} of 100", Samples.TextOf(status, Samples.View, 80, 24));
        var end = Samples.TextOf(status, Samples.View with { Scroll = 9_999 }, 80, 24);
        Assert.Contains("A-100 ", end);
        Assert.Contains($"{100 - page + 1}–100 of 100", end);
        Assert.Equal(page, end.Split('\n').Count(line => line.StartsWith(" A-", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_filter_leaves_only_rows_that_hold_it_and_says_when_none_does()
    {
        var seen = Samples.TextOf(Samples.Ordinary, Samples.View with { Filter = "asha" }, 100, 30);
        Assert.Contains("A-1009", seen);
        Assert.DoesNotContain("A-1008", seen);
        Assert.Contains("No row contains \"zzz\". Esc shows all.",
            Samples.TextOf(Samples.Ordinary, Samples.View with { Filter = "zzz" }, 100, 30));
    }

    [Fact]
    public void An_empty_shop_says_what_will_come() =>
    Assert.Contains("No orders yet.", Samples.TextOf(Samples.Empty, Samples.View, 80, 24));

    private static IEnumerable<ViewState> Views() =>
        [.. Enum.GetValues<DashboardTab>().Select(tab => Samples.View with { Tab = tab, Scroll = 7 }),
            Samples.View with { IsHelpOpen = true },
            Samples.View with { IsTyping = true, Filter = Samples.Poison }];

    private static List<SegmentLine> LinesOf(IRenderable picture, int width, int height)
    {
        var console = Spectre.Console.AnsiConsole.Create(
            new Spectre.Console.AnsiConsoleSettings { Out = new Spectre.Console.AnsiConsoleOutput(TextWriter.Null) });
        console.Profile.Width = width;
        console.Profile.Height = height;
        return Segment.SplitLines(picture.Render(RenderOptions.Create(console), width));
    }

    private static (int X, int Y) FirstCodeCell(VirtualTerminal terminal)
    {
        for (var y = 0; y < terminal.Height; y++)
            for (var x = 0; x < terminal.Width; x++)
                if (terminal.TextAt(x, y) == "▀") return (x, y);
        throw new InvalidOperationException("No code on the screen:\n" + terminal.Text);
    }

    // "▀" shows the upper module in the foreground colour and the lower one in the background.
    private static bool IsDarkAt(VirtualTerminal terminal, int x, int top, int module)
    {
        var style = terminal.StyleAt(x, top + (module / 2));
        return style.Contains(module % 2 == 0 ? "38;5;232" : "48;5;232");
    }
}
