using Sak.Agent.Dashboard;

namespace Sak.Tests.Agent.Dashboard;

public sealed class ViewStateTests
{
    [Fact]
    public void Numbers_and_arrows_open_tabs_and_go_round()
    {
        Assert.Equal(DashboardTab.Log, Press(Samples.View, Key('4')).Tab);
        Assert.Equal(DashboardTab.Orders,
            Press(Samples.View with { Tab = DashboardTab.Words }, Key(ConsoleKey.RightArrow)).Tab);
        Assert.Equal(DashboardTab.Words, Press(Samples.View, Key(ConsoleKey.LeftArrow)).Tab);
        Assert.Equal(DashboardTab.Words,
            Press(Samples.View, new ConsoleKeyInfo('\t', ConsoleKey.Tab, shift: true, alt: false, control: false)).Tab);
    }

    [Fact]
    public void Scrolling_stops_at_both_ends()
    {
        Assert.Equal(0, Press(Samples.View, Key(ConsoleKey.UpArrow)).Scroll);
        Assert.Equal(1, Press(Samples.View, Key(ConsoleKey.DownArrow)).Scroll);
        Assert.Equal(9, Press(Samples.View, Key(ConsoleKey.PageDown)).Scroll);
        Assert.Equal(90, Press(Samples.View, Key(ConsoleKey.End)).Scroll);
        Assert.Equal(90, Press(Samples.View with { Scroll = 90 }, Key(ConsoleKey.DownArrow)).Scroll);
        Assert.Equal(81, Press(Samples.View with { Scroll = 90 }, Key(ConsoleKey.PageUp)).Scroll);
        Assert.Equal(0, Samples.View.Press(Key(ConsoleKey.PageDown), rows: 3, page: 10).Scroll);
    }

    [Fact]
    public void Typing_a_filter_takes_every_letter_and_backspace_and_enter_keeps_it()
    {
        var view = Press(Samples.View with { Scroll = 5 }, Key('/'));
        foreach (var letter in "1qx") view = Press(view, Key(letter));
        view = Press(view, Key(ConsoleKey.Backspace));
        Assert.Equal(("1q", true, 0, false), (view.Filter, view.IsTyping, view.Scroll, view.HasQuit));

        view = Press(view, Key(ConsoleKey.Enter));
        Assert.Equal(("1q", false), (view.Filter, view.IsTyping));
        Assert.Equal("", Press(view, Key(ConsoleKey.Escape)).Filter);
    }

    [Fact]
    public void On_a_chat_what_can_not_be_taken_back_takes_two_presses_of_the_same_key()
    {
        var chats = Press(Samples.View, Key('2'));
        Assert.Equal(WishKind.Take, Press(chats, Key('t')).Wish!.Kind);
        Assert.Null(Press(chats, Key('c')).Wish);
        Assert.Equal(WishKind.Confirm, Press(Press(chats, Key('c')), Key('c')).Wish!.Kind);
        Assert.Equal(WishKind.Drop, Press(Press(chats, Key('x')), Key('x')).Wish!.Kind);
        Assert.Null(Press(Press(chats, Key('c')), Key('x')).Wish);
        Assert.Null(Press(Press(Press(chats, Key('c')), Key(ConsoleKey.DownArrow)), Key('c')).Wish);
        Assert.Null(Press(Press(Samples.View, Key('c')), Key('c')).Wish);
    }

    [Fact]
    public void A_word_is_forgotten_by_two_presses_and_given_another_product_by_typing_it()
    {
        var words = Press(Samples.View, Key('5'));
        Assert.Null(Press(words, Key('x')).Wish);
        Assert.Equal(WishKind.Drop, Press(Press(words, Key('x')), Key('x')).Wish!.Kind);
        Assert.Null(Press(Press(Press(words, Key('x')), Key(ConsoleKey.DownArrow)), Key('x')).Wish);
        Assert.All("tgoc", letter => Assert.Null(Press(Press(words, Key(letter)), Key(letter)).Wish));
        var typed = "SOAP-R".Aggregate(Press(words, Key('e')), (view, letter) => Press(view, Key(letter)));
        Assert.Equal(new Wish(WishKind.Correct, "SOAP-R"), Press(typed, Key(ConsoleKey.Enter)).Wish);
    }

    [Fact]
    public void A_correction_is_typed_with_every_letter_and_sent_with_enter()
    {
        var view = Press(Press(Samples.View, Key('2')), Key('e'));
        foreach (var letter in "3 oilq") view = Press(view, Key(letter));
        view = Press(view, Key(ConsoleKey.Backspace));
        Assert.Null(Press(view, Key(ConsoleKey.Escape)).Writing);

        Assert.Equal(new Wish(WishKind.Correct, "3 oil"), Press(view, Key(ConsoleKey.Enter)).Wish);
    }

    [Fact]
    public void Words_to_the_customer_are_typed_under_his_name_and_nothing_is_sent_without_any()
    {
        var view = Press(Press(Samples.View, Key('2')), Key('w'));
        Assert.Null(Press(view, Key(ConsoleKey.Enter)).Wish);
        foreach (var letter in "ok 👍 2") view = Press(view, Key(letter));

        Assert.Equal(new Wish(WishKind.Write, "ok 👍 2"), Press(view, Key(ConsoleKey.Enter)).Wish);
        Assert.Equal("ok ",
            Press(Press(Press(view, Key(ConsoleKey.Backspace)), Key(ConsoleKey.Backspace)),
                Key(ConsoleKey.Backspace)).Writing!.Words);
        var seen =
            Samples.TextOf(Samples.Ordinary,
                view with { Writing = new Wish(WishKind.Write, new string('x', 900) + "👍 the end") }, 80, 24).TrimEnd()
                .Split('\n')[^1];
        Assert.StartsWith(" to Bharat …x", seen);
        Assert.Contains("the end▏", seen);
    }

    [Fact]
    public void The_selected_chat_stays_on_the_screen()
    {
        var view = Press(Samples.View, Key('2'));
        for (var i = 0; i < 12; i++) view = Press(view, Key(ConsoleKey.DownArrow));
        Assert.Equal((12, 3), (view.Selected, view.Scroll));
        for (var i = 0; i < 11; i++) view = Press(view, Key(ConsoleKey.UpArrow));
        Assert.Equal((1, 1), (view.Selected, view.Scroll));
        Assert.Equal(99, Press(view, Key(ConsoleKey.End)).Selected);
    }

    [Fact]
    public void Another_key_does_nothing() => Assert.Equal(Samples.View, Press(Samples.View, Key('z')));

    private static ViewState Press(ViewState view, ConsoleKeyInfo key) => view.Press(key, rows: 100, page: 10);

    private static ConsoleKeyInfo Key(char letter) => new(letter, default, false, false, false);

    private static ConsoleKeyInfo Key(ConsoleKey key) => new('\0', key, false, false, false);
}
