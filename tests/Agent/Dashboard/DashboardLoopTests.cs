using Sak.Agent.Dashboard;
using Sak.Agent.Status;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Dashboard;

public sealed class DashboardLoopTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly VirtualTerminal _terminal = new(100, 30);
    private ShopStatus _status = Samples.Ordinary;

    private DashboardLoop Loop(Func<CancellationToken, Task<ShopStatus>>? read = null) =>
        new(_terminal, read ?? (_ => Task.FromResult(_status)),
        TimeProvider.System);

    [Fact]
    public async Task The_owner_looks_around_with_keys_and_quits_with_q()
    {
        var run = Loop().RunAsync(CancellationToken.None);
        await SeesAsync("A-1009");

        _terminal.Press(ConsoleKey.D2, '2');
        await SeesAsync("and 2 of the big one");
        _terminal.Press(ConsoleKey.Tab, '\t');
        await SeesAsync("Sunflower oil");
        _terminal.Press(ConsoleKey.LeftArrow);
        await SeesAsync("and 2 of the big one");
        _terminal.Type("?");
        await SeesAsync("Any key closes this help.");
        _terminal.Press(ConsoleKey.Escape);
        await SeesAsync("and 2 of the big one");
        _terminal.Type("1/kumar q");
        await SeesAsync("No row contains \"kumar q\"");
        _terminal.Press(ConsoleKey.Escape);
        await SeesAsync("A-1009");
        _terminal.Type("q");

        Assert.True(await run.WaitAsync(Patience));
        Assert.False(_terminal.IsAlternate);
        Assert.True(_terminal.IsCursorShown);
    }

    [Fact]
    public async Task Ctrl_C_quits_even_while_a_filter_is_typed()
    {
        var run = Loop().RunAsync(CancellationToken.None);
        await SeesAsync("A-1009");
        _terminal.Type("/abc");

        _terminal.Press(ConsoleKey.C, '\u0003', control: true);

        Assert.True(await run.WaitAsync(Patience));
    }

    [Fact]
    public async Task Cancelling_from_outside_restores_the_terminal_and_is_no_error()
    {
        using var stop = new CancellationTokenSource();
        var run = Loop().RunAsync(stop.Token);
        await SeesAsync("A-1009");

        await stop.CancelAsync();

        Assert.False(await run.WaitAsync(Patience));
        Assert.False(_terminal.IsAlternate);
    }

    [Fact]
    public async Task A_status_that_cannot_be_read_is_a_trouble_on_the_last_picture_and_goes_when_it_can()
    {
        var fails = false;
        var loop = Loop(_ => fails ? throw new IOException("disk I/O error\n  at Sqlite") : Task.FromResult(_status));
        var run = loop.RunAsync(CancellationToken.None);
        await SeesAsync("A-1009");

        fails = true;
        loop.Refresh();
        await SeesAsync("could not be read: disk I/O error");
        Assert.Contains("A-1009", _terminal.Text);
        Assert.Contains("sak-agent doctor", _terminal.Text);
        Assert.DoesNotContain("at Sqlite", _terminal.Text);
        fails = false;
        loop.Refresh();
        await UntilAsync(() => !_terminal.Text.Contains("could not be read"));

        _terminal.Type("q");
        await run.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_reading_that_hangs_does_not_hold_the_keys_up()
    {
        var run = Loop(async cancel =>
        {
            await Task.Delay(Timeout.Infinite, cancel);
            return _status;
        }).RunAsync(CancellationToken.None);
        await SeesAsync("No orders yet");

        _terminal.Type("q");

        Assert.True(await run.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_new_size_is_drawn_whole_at_once()
    {
        var run = Loop().RunAsync(CancellationToken.None);
        await SeesAsync("A-1009");

        _terminal.Resize(60, 20);

        await UntilAsync(() => _terminal.Text == Expected(60, 20));
        _terminal.Type("q");
        await run.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_second_passes_and_the_new_order_is_there_without_a_key()
    {
        var run = Loop().RunAsync(CancellationToken.None);
        await SeesAsync("A-1009");

        _status = _status
            with { Orders = [new OrderSummary("A-1010", Samples.Now, "Meena", "1 bag", "INR 1.00", "confirmed", false),
                .. _status.Orders] };

        await SeesAsync("A-1010");
        _terminal.Type("q");
        await run.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_key_on_a_chat_means_the_chat_that_was_selected_even_when_others_write_meanwhile()
    {
        var meant = new List<string>();
        ChatRow Row(string name, int minutes) =>
            new(name, "91", Samples.Now.AddMinutes(minutes), "hello", "", "", 0) { Id = name + "@c.us", Draft = "D-3",
                IsYours = true, Files = 1 };
        _status = Samples.Ordinary with { Chats = [Row("Asha", -1), Row("Bina", -2)] };
        var loop = new DashboardLoop(_terminal, _ => Task.FromResult(_status), TimeProvider.System, (chat, wish, _) =>
        {
            meant.Add($"{chat.Customer} {wish.Kind}");
            return Task.FromResult("It is done.");
        });
        var run = loop.RunAsync(CancellationToken.None);
        await SeesAsync("A-1009");
        _terminal.Type("2");
        await SeesAsync(">Asha");
        _terminal.Press(ConsoleKey.DownArrow);
        await SeesAsync(">Bina");
        _terminal.Type("c");
        await SeesAsync("Press c again: D-3 of Bina");
        _status = _status with { Chats = [Row("Chen", 0), .. _status.Chats] };
        await SeesAsync("Chen");
        await SeesAsync(">Bina");
        _terminal.Type("c");
        await SeesAsync("It is done.");
        _terminal.Type("q");
        await run.WaitAsync(Patience);

        Assert.Equal(["Bina Confirm"], meant);
    }

    [Fact]
    public async Task A_key_on_a_word_means_the_word_that_was_selected_even_when_others_are_learned_meanwhile()
    {
        var meant = new List<string>();
        var loop = new DashboardLoop(_terminal, _ => Task.FromResult(_status), TimeProvider.System,
            words: (word, wish, _) =>
        {
            meant.Add($"{word.Customer} {word.Phrase} {wish.Kind}");
            return Task.FromResult("It is forgotten.");
        });
        var run = loop.RunAsync(CancellationToken.None);
        await SeesAsync("A-1009");
        _terminal.Type("5");
        await SeesAsync(">Asha Traders");
        _terminal.Type("x");
        await SeesAsync("Press x again: \"soap\" of Asha Traders");
        _status = _status
            with { Words = [new WordRow(Guid.NewGuid(), "Anil", "sabun", "SOAP-N", "Neem Bath Soap 100 g"),
                .. _status.Words] };
        await SeesAsync("Anil");
        await SeesAsync(">Asha Traders");
        _terminal.Type("x");
        await SeesAsync("It is forgotten.");
        _terminal.Type("q");
        await run.WaitAsync(Patience);

        Assert.Equal(["Asha Traders soap Drop"], meant);
    }

    [Fact]
    public void The_dashboard_is_not_used_where_input_or_output_is_a_file()
    {
        // The test runner's own streams are pipes.
        if (Console.IsInputRedirected || Console.IsOutputRedirected) Assert.False(DashboardLoop.IsPossible);
    }

    private static string Expected(int width, int height) =>
        Samples.TextOf(Samples.Ordinary, new ViewState(TimeZoneInfo.Local), width, height);

    private Task SeesAsync(string text) => UntilAsync(() => _terminal.Text.Contains(text, StringComparison.Ordinal));

    private async Task UntilAsync(Func<bool> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > Patience)
                Assert.Fail("The screen shows:\n" + _terminal.Text);
            await Task.Yield();
        }
    }
}
