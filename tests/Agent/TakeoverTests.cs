using Sak.Agent.Dashboard;
using Sak.Agent.Store;
using Sak.Agent.WhatsApp;
using Sak.Tests.Support;
using Sak.Tools;

namespace Sak.Tests.Agent;

/// <summary>The owner in charge of a chat: quiet, a draft of what is agreed, his decision on it, and the way back.</summary>
public sealed class TakeoverTests : IAsyncLifetime
{
    private const string Asha = "919800000001";
    private const string Chat = Asha + "@c.us";
    private readonly Folder folder = new();
    private readonly InMemoryWhatsApp whatsApp = new();
    private readonly ShopUnderTest shop;

    public TakeoverTests() => shop = new ShopUnderTest(folder.Path, whatsApp);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        await shop.ImportCatalogAsync();
        shop.Open();
        await shop.SayAsync(Asha, "hello");
    }

    [Fact]
    public async Task A_draft_that_the_owner_confirms_is_one_order_at_todays_prices_and_the_customer_is_told_once()
    {
        var draft = await AgreeAsync("2 sugar");
        await shop.Db.WriteAsync(c => { c.Execute("UPDATE products SET price = 5000 WHERE sku = 'SUG-1'"); }, Cancel);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => shop.Shop.Desk.ConfirmAsync(draft, Cancel)));
        await shop.AnsweredAsync();

        Assert.Single(answers, a => a.Done);
        Assert.All(answers.Where(a => !a.Done), a => Assert.Contains("no draft", a.Says));
        Assert.Equal("A-1001|SUG-1:2000|10000", await shop.OrdersAsync());
        Assert.Equal(2, whatsApp.Sent.Count);
        Assert.Contains("A-1001", whatsApp.Sent[^1].Text);
        Assert.Contains("100.00", whatsApp.Sent[^1].Text);
        Assert.Equal(1, await shop.CountAsync("SELECT count(*) FROM change_log WHERE tbl = 'orders'"));
        Assert.Empty(await shop.Shop.Desk.DraftsAsync(Cancel));
    }

    [Fact]
    public async Task A_draft_that_is_dropped_is_gone_and_the_next_one_has_another_number()
    {
        var draft = await AgreeAsync("2 sugar");
        Assert.True((await shop.Shop.Desk.DropAsync(draft, Cancel)).Done);
        Assert.False((await shop.Shop.Desk.ConfirmAsync(draft, Cancel)).Done);
        await shop.SayAsync(Asha, "3 salt");

        var next = (await shop.Shop.Desk.DraftsAsync(Cancel)).Single();
        Assert.NotEqual(draft, next.Number);
        Assert.DoesNotContain("SUG", next.What);
        Assert.Equal("", await shop.OrdersAsync());
    }

    [Fact]
    public async Task A_draft_is_corrected_in_words_and_what_is_not_clear_changes_nothing()
    {
        var draft = await AgreeAsync("2 sugar and 3 salt");
        Assert.True((await shop.Shop.Desk.CorrectAsync(draft, "make it 5 sugar", Cancel)).Done);
        Assert.True((await shop.Shop.Desk.CorrectAsync(draft, "remove salt", Cancel)).Done);
        Assert.False((await shop.Shop.Desk.CorrectAsync(draft, "hello", Cancel)).Done);
        Assert.False((await shop.Shop.Desk.CorrectAsync(draft, "7 unicorns", Cancel)).Done);

        await shop.Shop.Desk.ConfirmAsync(draft, Cancel);

        Assert.Equal("A-1001|SUG-1:5000|24000", await shop.OrdersAsync());
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
        Assert.Equal("A-1001|SUG-1:2000|9600", await shop.OrdersAsync());
    }

    [Fact]
    public async Task When_SAK_answers_again_the_customers_yes_makes_the_order_and_the_draft_cannot_make_a_second()
    {
        var draft = await AgreeAsync("2 sugar");
        await shop.Shop.Desk.GiveBackAsync(Chat, Cancel);
        await shop.SayAsync(Asha, "yes");
        Assert.Contains("96.00", whatsApp.Sent[^1].Text);
        await shop.SayAsync(Asha, "yes");

        Assert.Equal("A-1001|SUG-1:2000|9600", await shop.OrdersAsync());
        Assert.False((await shop.Shop.Desk.ConfirmAsync(draft, Cancel)).Done);
    }

    [Fact]
    public async Task A_key_takes_the_chat_keeps_back_what_waits_there_and_a_key_gives_it_back()
    {
        // More than once, so that no repeat gets through before the key is pressed.
        for (var i = 0; i < 4; i++) whatsApp.Sends.Enqueue("refuse");
        whatsApp.CustomerWrites(Asha, "2 sugar", Now);
        await Eventually.IsTrueAsync(async () => await shop.CountAsync("SELECT count(*) FROM outbox WHERE attempts > 0") == 1, "a reply that waits");
        var keys = new ChatKeys(shop.Shop.Desk, shop.Shop.Files, _ => { });

        Assert.Contains("in charge", await keys.ObeyAsync(await RowAsync(), new ChatWish(ChatWishKind.Take), Cancel));
        await Eventually.IsTrueAsync(async () => await shop.CountAsync("SELECT count(*) FROM outbox WHERE state = 'kept'") == 1, "the reply to be kept back");
        await shop.SayAsync(Asha, "hello?");
        Assert.Single(whatsApp.Sent);
        Assert.True((await RowAsync()).IsYours);

        whatsApp.Sends.Clear();
        await keys.ObeyAsync(await RowAsync(), new ChatWish(ChatWishKind.GiveBack), Cancel);
        await shop.SayAsync(Asha, "3 salt");
        Assert.Equal(2, whatsApp.Sent.Count);
        Assert.False((await RowAsync()).IsYours);
    }

    [Fact]
    public async Task What_the_owner_writes_on_the_dashboard_is_sent_once_even_while_he_writes_on_the_phone_and_SAK_is_quiet_then()
    {
        var keys = new ChatKeys(shop.Shop.Desk, shop.Shop.Files, _ => { });
        whatsApp.Sends.Enqueue("refuse");

        var says = await keys.ObeyAsync(await RowAsync(), new ChatWish(ChatWishKind.Write, "half an hour late today, sorry: 50 off"), Cancel);
        await Eventually.IsTrueAsync(async () => await shop.CountAsync("SELECT count(*) FROM outbox WHERE attempts > 0") == 1, "the first try");
        whatsApp.OwnerWrites(Asha, "see you", Now);
        await Eventually.IsTrueAsync(async () => await shop.CountAsync("SELECT count(*) FROM outbox WHERE state = 'queued'") == 0, "the second try");
        await shop.SayAsync(Asha, "2 sugar");

        Assert.Contains("in charge", says);
        Assert.Equal(["half an hour late today, sorry: 50 off"], whatsApp.Sent.Skip(1).Select(s => s.Text));
        Assert.Contains("SUG-1", (await shop.Shop.Desk.DraftsAsync(Cancel)).Single().What);
        Assert.True((await RowAsync()).IsYours);
    }

    [Fact]
    public async Task The_dashboard_writes_to_nobody_who_said_stop_or_never_wrote_and_not_beside_the_PC_that_answers()
    {
        whatsApp.OwnerWrites("919800000002", "hello", Now);
        await Eventually.IsTrueAsync(async () => await shop.CountAsync("SELECT count(*) FROM chats") == 2, "the second chat");
        Assert.Contains("has not written", (await shop.Shop.Desk.WriteAsync("919800000002@c.us", "an offer", Cancel)).Says);

        await (await LeaseState.ReadAsync(shop.Db, Cancel) with { Holder = "x@FRONT-DESK" }).SaveAsync(shop.Db, Cancel);
        Assert.Contains("FRONT-DESK", (await shop.Shop.Desk.WriteAsync(Chat, "hi", Cancel)).Says);
        await (await LeaseState.ReadAsync(shop.Db, Cancel) with { Holder = "" }).SaveAsync(shop.Db, Cancel);

        await shop.SayAsync(Asha, "stop");
        Assert.Contains("wants no messages", (await shop.Shop.Desk.WriteAsync(Chat, "hi", Cancel)).Says);
        Assert.Equal(0, await shop.CountAsync("SELECT count(*) FROM outbox WHERE text IN ('an offer', 'hi')"));
    }

    [Fact]
    public async Task A_stop_that_is_said_while_the_owner_is_in_charge_holds_for_SAK_and_for_the_drafts_confirmation()
    {
        var draft = await AgreeAsync("2 sugar");
        await shop.SayAsync(Asha, "stop");
        var confirmed = await shop.Shop.Desk.ConfirmAsync(draft, Cancel);
        await shop.Shop.Desk.GiveBackAsync(Chat, Cancel);
        await shop.SayAsync(Asha, "3 salt");

        Assert.Contains("wants no messages", confirmed.Says);
        Assert.Equal("A-1001|SUG-1:2000|9600", await shop.OrdersAsync());
        Assert.Single(whatsApp.Sent);
    }

    [Fact]
    public async Task When_the_time_is_over_SAK_answers_again_by_itself()
    {
        await shop.Shop.Desk.TakeAsync(Chat, Cancel);
        await shop.Db.WriteAsync(c => { c.Execute("UPDATE chats SET owner_until = $now", ("$now", Now.ToUnixTimeMilliseconds())); }, Cancel);
        await shop.SayAsync(Asha, "3 salt");

        Assert.Equal(2, whatsApp.Sent.Count);
    }

    [Fact]
    public async Task Files_of_a_chat_are_opened_the_newest_first_and_without_a_program_the_path_is_shown()
    {
        foreach (var content in new byte[] { 1, 2 })
        {
            whatsApp.NextFile = new WhatsAppFile([content], "image/jpeg", "", 1);
            whatsApp.CustomerWrites(Asha, "", Now.AddSeconds(content), "image");
            await Eventually.IsTrueAsync(async () => await shop.CountAsync("SELECT count(*) FROM media WHERE state = 'kept'") == content, "the picture");
        }

        var opened = new List<string>();
        var keys = new ChatKeys(shop.Shop.Desk, shop.Shop.Files, opened.Add);
        for (var i = 0; i < 3; i++) await keys.ObeyAsync(await RowAsync(), new ChatWish(ChatWishKind.OpenFile), Cancel);
        Assert.Equal([2, 1, 2], opened.Select(path => File.ReadAllBytes(path)[0]));

        var without = new ChatKeys(shop.Shop.Desk, shop.Shop.Files, _ => throw new System.ComponentModel.Win32Exception(2));
        Assert.Contains(opened[0], await without.ObeyAsync(await RowAsync(), new ChatWish(ChatWishKind.OpenFile), Cancel));
    }

    [Fact]
    public async Task A_turn_that_was_being_read_while_the_owner_decided_does_not_bring_the_draft_back()
    {
        // Another customer's words keep the loop busy; what matters is that the basket read before is compared when it is written.
        var draft = await AgreeAsync("2 sugar");
        whatsApp.CustomerWrites(Asha, "and 3 salt", Now);
        var confirmed = await shop.Shop.Desk.ConfirmAsync(draft, Cancel);
        await Eventually.IsTrueAsync(async () => await shop.CountAsync("SELECT count(*) FROM messages WHERE turn_id IS NULL AND from_me = 0") == 0, "all to be read");
        await shop.AnsweredAsync();

        var left = await shop.Shop.Desk.DraftsAsync(Cancel);
        var sugar = (await shop.OrdersAsync() + string.Concat(left.Select(d => d.What))).Split("SUG-1").Length - 1;
        Assert.True(sugar == 1, $"{confirmed.Says} then {await shop.OrdersAsync()} and {left.Count} drafts");
    }

    public async ValueTask DisposeAsync()
    {
        await shop.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>The owner writes himself and the customer agrees on something; gives the draft's number.</summary>
    private async Task<string> AgreeAsync(string text)
    {
        whatsApp.OwnerWrites(Asha, "I am here, what do you need?", Now);
        await shop.SayAsync(Asha, text);
        var row = await RowAsync();
        Assert.Contains("you are in charge", row.Open);
        return (await shop.Shop.Desk.DraftsAsync(Cancel)).Single().Number;
    }

    private async Task<ChatRow> RowAsync() => (await shop.Shop.StatusAsync(Cancel)).Chats.Single();

    private Task<(int ExitCode, string Output)> AgentAsync(params string[] command) =>
        Child.RunAsync("dotnet", [House.AgentProgram, .. command], folder.Path, new Dictionary<string, string?> { ["SAK_Agent__DataFolder"] = folder.Path }, Cancel);
}
