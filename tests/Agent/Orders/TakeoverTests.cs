using Sak.Agent.Catalog;
using Sak.Agent.Chats;
using Sak.Agent.Dashboard;
using Sak.Agent.Database;
using Sak.Agent.Status;
using Sak.Agent.WhatsApp;
using Sak.Tests.Support;
using Sak.Tools;

namespace Sak.Tests.Agent.Orders;

/// <summary>
/// The owner in charge of a chat: SAK is quiet, keeps an agreed order as a draft, obeys the owner's decision, and
/// takes over again.
/// </summary>
public sealed class TakeoverTests : OpenShop
{
    private const string Chat = Asha + "@c.us";

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Shop.SayAsync(Asha, "hello");
    }

    [Fact]
    public async Task Who_sends_more_than_is_read_is_told_so_and_the_owner_gets_the_chat()
    {
        await Shop.SayAsync(Asha, string.Join('\n', Enumerable.Range(1, 300).Select(i => $"sugar {i}")));

        Assert.Contains("A person will read the rest", Said);
        Assert.Contains("sent more than SAK reads", await Shop.TextAsync("SELECT what FROM troubles"));
        Assert.Contains("you are in charge", (await Shop.Shop.StatusAsync(Cancel)).Chats.Single().Open);
    }

    [Fact]
    public async Task A_draft_that_the_owner_confirms_is_one_order_at_todays_prices_and_the_customer_is_told_once()
    {
        var draft = await AgreeAsync("2 sugar");
        await Shop.Db.WriteAsync(c => { c.Execute("UPDATE products SET price = 5000 WHERE sku = 'SUG-1'"); }, Cancel);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Shop.Shop.Desk.ConfirmAsync(draft, Cancel)));
        await Shop.AnsweredAsync();

        Assert.Single(answers, a => a.Done);
        Assert.All(answers.Where(a => !a.Done), a => Assert.Contains("no draft", a.Says));
        Assert.Equal("A-1001|SUG-1:2000|10000", await Shop.OrdersAsync());
        Assert.Equal(2, WhatsApp.Sent.Count);
        Assert.Contains("A-1001", Said);
        Assert.Contains("100.00", Said);
        Assert.Equal(1, await Shop.CountAsync("SELECT count(*) FROM change_log WHERE tbl = 'orders'"));
        Assert.Empty(await Shop.Shop.Desk.DraftsAsync(Cancel));
    }

    [Fact]
    public async Task Where_the_lock_stops_the_confirmation_the_owner_is_asked_to_tell_the_customer()
    {
        var draft = await AgreeAsync("2 sugar");
        // Longer than what the lock reads, so that no confirmation with this name passes it.
        await Shop.Db.WriteAsync(
            c => { c.Execute("UPDATE products SET name = $name WHERE sku = 'SUG-1'",
                ("$name", new string('s', 9_000))); }, Cancel);

        var confirmed = await Shop.Shop.Desk.ConfirmAsync(draft, Cancel);
        await Shop.AnsweredAsync();

        Assert.True(confirmed.Done);
        Assert.Contains("A-1001", confirmed.Says);
        Assert.Contains("tell number and total yourself", confirmed.Says);
        Assert.DoesNotContain("A-1001", Said);
    }

    [Fact]
    public async Task A_draft_that_the_owner_confirms_costs_the_customers_own_price()
    {
        const string rules =
            "kind,sku,pack,customer,from_quantity,price,percent,cap,from_amount,from,until\n"
                + $"price,SUG-1,,{Asha},,1.00,,,,,\n";
        await PriceRuleImport.RunAsync(Shop.Db, new StringReader(rules), "INR", TimeProvider.System, Cancel);
        var draft = await AgreeAsync("2 sugar");
        Assert.Equal("INR 2.00", (await Shop.Shop.Desk.DraftsAsync(Cancel)).Single().Total);
        await Shop.Shop.Desk.ConfirmAsync(draft, Cancel);
        Assert.Equal("A-1001|SUG-1:2000|200", await Shop.OrdersAsync());
    }

    [Fact]
    public async Task A_draft_that_is_dropped_is_gone_and_the_next_one_has_another_number()
    {
        var draft = await AgreeAsync("2 sugar");
        Assert.True((await Shop.Shop.Desk.DropAsync(draft, Cancel)).Done);
        Assert.False((await Shop.Shop.Desk.ConfirmAsync(draft, Cancel)).Done);
        await Shop.SayAsync(Asha, "3 salt");

        var next = (await Shop.Shop.Desk.DraftsAsync(Cancel)).Single();
        Assert.NotEqual(draft, next.Number);
        Assert.DoesNotContain("SUG", next.What);
        Assert.Equal("", await Shop.OrdersAsync());
    }

    [Fact]
    public async Task A_draft_is_corrected_in_words_and_what_is_not_clear_changes_nothing()
    {
        var draft = await AgreeAsync("2 sugar and 3 salt");
        Assert.True((await Shop.Shop.Desk.CorrectAsync(draft, "make it 5 sugar", Cancel)).Done);
        Assert.True((await Shop.Shop.Desk.CorrectAsync(draft, "remove salt", Cancel)).Done);
        Assert.False((await Shop.Shop.Desk.CorrectAsync(draft, "hello", Cancel)).Done);
        Assert.False((await Shop.Shop.Desk.CorrectAsync(draft, "7 unicorns", Cancel)).Done);

        await Shop.Shop.Desk.ConfirmAsync(draft, Cancel);

        Assert.Equal("A-1001|SUG-1:5000|24000", await Shop.OrdersAsync());
    }

    [Fact]
    public async Task While_the_shop_is_open_the_command_line_decides_on_the_draft_too_and_only_once()
    {
        var draft = await AgreeAsync("2 sugar");
        var listed = await AgentAsync("orders");
        Assert.Contains(draft, listed.Output);

        var first = await AgentAsync("orders", "confirm", draft);
        var second = await AgentAsync("orders", "confirm", draft);

        Assert.True(first.ExitCode == 0, first.Output);
        Assert.Contains("A-1001", first.Output);
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("no draft", second.Output);
        Assert.Equal("A-1001|SUG-1:2000|9600", await Shop.OrdersAsync());
    }

    [Fact]
    public async Task When_SAK_answers_again_the_customers_yes_makes_the_order_and_the_draft_cannot_make_a_second()
    {
        var draft = await AgreeAsync("2 sugar");
        await Shop.Shop.Desk.GiveBackAsync(Chat, Cancel);
        await Shop.SayAsync(Asha, "yes");
        Assert.Contains("96.00", Said);
        await Shop.SayAsync(Asha, "yes");

        Assert.Equal("A-1001|SUG-1:2000|9600", await Shop.OrdersAsync());
        Assert.False((await Shop.Shop.Desk.ConfirmAsync(draft, Cancel)).Done);
    }

    [Fact]
    public async Task A_key_takes_the_chat_keeps_back_what_waits_there_and_a_key_gives_it_back()
    {
        // Refused more than once, so that no repeat succeeds before the key is pressed.
        for (var i = 0; i < 4; i++) WhatsApp.Sends.Enqueue(SendFate.Refuse);
        WhatsApp.CustomerWrites(Asha, "2 sugar", Now);
        await Eventually.IsTrueAsync(
            async () => await Shop.CountAsync("SELECT count(*) FROM outbox WHERE attempts > 0") == 1,
            "a reply that waits");
        var keys = new ChatKeys(Shop.Shop.Desk, Shop.Shop.Files, _ => { });

        Assert.Contains("in charge", await keys.ObeyAsync(await RowAsync(), new Wish(WishKind.Take), Cancel));
        await Eventually.IsTrueAsync(
            async () => await Shop.CountAsync("SELECT count(*) FROM outbox WHERE state = 'kept'") == 1,
            "the reply to be kept back");
        await Shop.SayAsync(Asha, "hello?");
        Assert.Single(WhatsApp.Sent);
        Assert.True((await RowAsync()).IsYours);

        WhatsApp.Sends.Clear();
        await keys.ObeyAsync(await RowAsync(), new Wish(WishKind.GiveBack), Cancel);
        await Shop.SayAsync(Asha, "3 salt");
        Assert.Equal(2, WhatsApp.Sent.Count);
        Assert.False((await RowAsync()).IsYours);
    }

    [Fact]
    public async Task What_the_owner_writes_on_the_dashboard_is_sent_once_even_while_he_writes_on_the_phone()
    {
        var keys = new ChatKeys(Shop.Shop.Desk, Shop.Shop.Files, _ => { });
        WhatsApp.Sends.Enqueue(SendFate.Refuse);

        var says = await keys.ObeyAsync(await RowAsync(),
            new Wish(WishKind.Write, "half an hour late today, sorry: 50 off"), Cancel);
        await Eventually.IsTrueAsync(
            async () => await Shop.CountAsync("SELECT count(*) FROM outbox WHERE attempts > 0") == 1, "the first try");
        WhatsApp.OwnerWrites(Asha, "see you", Now);
        await Eventually.IsTrueAsync(
            async () => await Shop.CountAsync("SELECT count(*) FROM outbox WHERE state = 'queued'") == 0,
            "the second try");
        await Shop.SayAsync(Asha, "2 sugar");

        Assert.Contains("in charge", says);
        Assert.Equal(["half an hour late today, sorry: 50 off"], WhatsApp.Sent.Skip(1).Select(s => s.Text));
        Assert.Contains("SUG-1", (await Shop.Shop.Desk.DraftsAsync(Cancel)).Single().What);
        Assert.True((await RowAsync()).IsYours);
    }

    [Fact]
    public async Task The_dashboard_writes_to_nobody_who_said_stop_or_never_wrote_and_not_beside_the_PC_that_answers()
    {
        WhatsApp.OwnerWrites(Ravi, "hello", Now);
        await Eventually.IsTrueAsync(async () => await Shop.CountAsync("SELECT count(*) FROM chats") == 2,
            "the second chat");
        Assert.Contains("has not written", (await Shop.Shop.Desk.WriteAsync(Ravi + "@c.us", "an offer", Cancel)).Says);

        await (await LeaseState.ReadAsync(Shop.Db, Cancel) with { Holder = "x@FRONT-DESK" }).SaveAsync(Shop.Db, Cancel);
        Assert.Contains("FRONT-DESK", (await Shop.Shop.Desk.WriteAsync(Chat, "hi", Cancel)).Says);
        await (await LeaseState.ReadAsync(Shop.Db, Cancel) with { Holder = "" }).SaveAsync(Shop.Db, Cancel);

        await Shop.SayAsync(Asha, "stop");
        Assert.Contains("wants no messages", (await Shop.Shop.Desk.WriteAsync(Chat, "hi", Cancel)).Says);
        Assert.Equal(0, await Shop.CountAsync("SELECT count(*) FROM outbox WHERE text IN ('an offer', 'hi')"));
    }

    [Fact]
    public async Task A_stop_that_is_said_while_the_owner_is_in_charge_holds_for_SAK_and_for_the_drafts_confirmation()
    {
        var draft = await AgreeAsync("2 sugar");
        await Shop.SayAsync(Asha, "stop");
        var confirmed = await Shop.Shop.Desk.ConfirmAsync(draft, Cancel);
        await Shop.Shop.Desk.GiveBackAsync(Chat, Cancel);
        await Shop.SayAsync(Asha, "3 salt");

        Assert.Contains("wants no messages", confirmed.Says);
        Assert.Equal("A-1001|SUG-1:2000|9600", await Shop.OrdersAsync());
        Assert.Single(WhatsApp.Sent);
    }

    [Fact]
    public async Task When_the_time_is_over_SAK_answers_again_by_itself()
    {
        await Shop.Shop.Desk.TakeAsync(Chat, Cancel);
        await Shop.Db.WriteAsync(
            c => { c.Execute("UPDATE chats SET owner_until = $now", ("$now", Now)); }, Cancel);
        await Shop.SayAsync(Asha, "3 salt");

        Assert.Equal(2, WhatsApp.Sent.Count);
    }

    [Fact]
    public async Task Files_of_a_chat_are_opened_the_newest_first_and_without_a_program_the_path_is_shown()
    {
        foreach (var content in new byte[] { 1, 2 })
        {
            WhatsApp.NextFile = new WhatsAppFile([content], "image/jpeg", "", 1);
            WhatsApp.CustomerWrites(Asha, "", Now.AddSeconds(content), "image");
            await Eventually.IsTrueAsync(
                async () => await Shop.CountAsync("SELECT count(*) FROM media WHERE state = 'kept'") == content,
                "the picture");
        }

        var opened = new List<string>();
        var keys = new ChatKeys(Shop.Shop.Desk, Shop.Shop.Files, opened.Add);
        for (var i = 0; i < 3; i++) await keys.ObeyAsync(await RowAsync(), new Wish(WishKind.OpenFile), Cancel);
        Assert.Equal([2, 1, 2], opened.Select(path => File.ReadAllBytes(path)[0]));

        var without = new ChatKeys(Shop.Shop.Desk, Shop.Shop.Files,
            _ => throw new System.ComponentModel.Win32Exception(2));
        Assert.Contains(opened[0], await without.ObeyAsync(await RowAsync(), new Wish(WishKind.OpenFile), Cancel));
    }

    [Fact]
    public async Task A_turn_that_was_being_read_while_the_owner_decided_does_not_bring_the_draft_back()
    {
        // Another customer's messages keep the loop busy. Tested is that the basket is compared when it is written.
        var draft = await AgreeAsync("2 sugar");
        WhatsApp.CustomerWrites(Asha, "and 3 salt", Now);
        var confirmed = await Shop.Shop.Desk.ConfirmAsync(draft, Cancel);
        await Eventually.IsTrueAsync(
            async () =>
                await Shop.CountAsync("SELECT count(*) FROM messages WHERE turn_id IS NULL AND from_me = 0") == 0,
                "all to be read");
        await Shop.AnsweredAsync();

        var left = await Shop.Shop.Desk.DraftsAsync(Cancel);
        var sugar = (await Shop.OrdersAsync() + string.Concat(left.Select(d => d.What))).Split("SUG-1").Length - 1;
        Assert.True(sugar == 1, $"{confirmed.Says} then {await Shop.OrdersAsync()} and {left.Count} drafts");
    }

    /// <summary>The owner writes and the customer agrees on an order; returns the draft's number.</summary>
    private async Task<string> AgreeAsync(string text)
    {
        WhatsApp.OwnerWrites(Asha, "I am here, what do you need?", Now);
        await Shop.SayAsync(Asha, text);
        var row = await RowAsync();
        Assert.Contains("you are in charge", row.Open);
        return (await Shop.Shop.Desk.DraftsAsync(Cancel)).Single().Number;
    }

    private async Task<ChatRow> RowAsync() => (await Shop.Shop.StatusAsync(Cancel)).Chats.Single();

    private Task<(int ExitCode, string Output)> AgentAsync(params string[] command) =>
        Child.RunAsync("dotnet", [House.AgentProgram, .. command], DataFolder,
            new Dictionary<string, string?> { ["SAK_Agent__DataFolder"] = DataFolder }, Cancel);
}
