using Sak.Agent.Database;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Orders;

/// <summary>
/// The whole agent in one process, with WhatsApp in memory and no cloud: customers' messages and their results.
/// </summary>
public sealed class ShopTests : IAsyncLifetime
{
    private const string Asha = "919800000001";
    private readonly Folder _folder = new();
    private readonly InMemoryWhatsApp _whatsApp = new();
    private readonly ShopUnderTest _shop;

    public ShopTests() => _shop = new ShopUnderTest(_folder.Path, _whatsApp);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        await _shop.ImportCatalogAsync();
        _shop.Open();
    }

    [Fact]
    public async Task A_plain_order_is_confirmed_with_a_number_and_the_catalogs_total()
    {
        await _shop.SayAsync(Asha, "5 ctn oil n 2 sugar");
        await _shop.SayAsync(Asha, "yes");

        Assert.Equal("A-1001|OIL-1:60000,SUG-1:2000|879600", await _shop.OrdersAsync());
        Assert.Contains("A-1001", _whatsApp.Sent[^1].Text);
        Assert.Contains("8,796.00", _whatsApp.Sent[^1].Text);
    }

    [Fact]
    public async Task A_burst_of_messages_is_one_turn_with_one_answer()
    {
        _whatsApp.CustomerWrites(Asha, "hello", Now);
        _whatsApp.CustomerWrites(Asha, "2 sugar", Now);
        _whatsApp.CustomerWrites(Asha, "and 3 salt", Now);
        await _shop.AnsweredAsync();

        var answer = Assert.Single(_whatsApp.Sent);
        Assert.Contains("Sugar", answer.Text);
        Assert.Contains("Salt", answer.Text);
    }

    [Fact]
    public async Task Silence_and_a_yes_to_nothing_confirm_nothing()
    {
        await _shop.SayAsync(Asha, "yes");
        await _shop.SayAsync(Asha, "👍");

        Assert.Equal("", await _shop.OrdersAsync());
    }

    [Fact]
    public async Task A_second_yes_does_not_make_a_second_order()
    {
        await _shop.SayAsync(Asha, "2 sugar");
        await _shop.SayAsync(Asha, "yes");
        await _shop.SayAsync(Asha, "yes");

        Assert.Equal("A-1001|SUG-1:2000|9600", await _shop.OrdersAsync());
    }

    [Fact]
    public async Task A_yes_to_a_total_that_has_changed_meanwhile_is_asked_again_with_the_new_one()
    {
        await _shop.SayAsync(Asha, "2 sugar");
        await _shop.Db.WriteAsync(c => { c.Execute("UPDATE products SET price = 5000 WHERE sku = 'SUG-1'"); }, Cancel);
        await _shop.SayAsync(Asha, "yes");

        Assert.Equal("", await _shop.OrdersAsync());
        Assert.Contains("100.00", _whatsApp.Sent[^1].Text);
        await _shop.SayAsync(Asha, "yes");
        Assert.Equal("A-1001|SUG-1:2000|10000", await _shop.OrdersAsync());
    }

    [Fact]
    public async Task Two_equal_orders_one_after_the_other_are_two_orders()
    {
        foreach (var _ in Enumerable.Range(0, 2))
        {
            await _shop.SayAsync(Asha, "2 sugar");
            await _shop.SayAsync(Asha, "yes");
        }

        Assert.Equal("A-1001|SUG-1:2000|9600 A-1002|SUG-1:2000|9600", await _shop.OrdersAsync());
    }

    [Fact]
    public async Task A_reply_whose_acknowledgement_was_lost_is_looked_up_and_not_sent_again()
    {
        _whatsApp.Sends.Enqueue(SendFate.LoseAck);
        await _shop.SayAsync(Asha, "2 sugar");

        Assert.Single(_whatsApp.Sent);
        Assert.Equal(1, await _shop.CountAsync("SELECT attempts FROM outbox"));
    }

    [Fact]
    public async Task A_reply_that_was_refused_is_sent_again_under_the_same_id()
    {
        _whatsApp.Sends.Enqueue(SendFate.Refuse);
        await _shop.SayAsync(Asha, "2 sugar");

        Assert.Equal(await _shop.Db.ReadAsync(c => c.Scalar<string>("SELECT message_id FROM outbox"), Cancel),
            Assert.Single(_whatsApp.Sent).Id);
        Assert.Equal(1, await _shop.CountAsync("SELECT attempts FROM outbox"));
    }

    [Fact]
    public async Task Ten_customers_at_once_get_their_own_answers()
    {
        var phones = Enumerable.Range(10, 10).Select(i => $"9198000000{i}").ToList();
        foreach (var phone in phones) _whatsApp.CustomerWrites(phone, $"{phone[^2..]} sugar", Now);
        await _shop.AnsweredAsync();

        foreach (var phone in phones)
            Assert.Contains($"{phone[^2..]} ", Assert.Single(_whatsApp.Sent, s => s.ChatId == phone + "@c.us").Text);
    }

    [Fact]
    public async Task While_the_owner_writes_himself_SAK_keeps_quiet_and_keeps_the_messages()
    {
        _whatsApp.CustomerWrites(Asha, "hello", Now);
        await _shop.AnsweredAsync();
        var before = _whatsApp.Sent.Count;

        _whatsApp.OwnerWrites(Asha, "I am here, what do you need?", Now);
        await _shop.SayAsync(Asha, "2 sugar");

        Assert.Equal(before, _whatsApp.Sent.Count);
        Assert.Equal(1, await _shop.CountAsync("SELECT count(*) FROM turns WHERE state = 'owner'"));
    }

    [Fact]
    public async Task While_the_owner_writes_an_agreed_order_is_kept_as_a_draft_and_his_word_gives_the_chat_back()
    {
        await _shop.SayAsync(Asha, "hello");
        _whatsApp.OwnerWrites(Asha, "I am here, what do you need?", Now);
        await _shop.SayAsync(Asha, "2 sugar");
        await _shop.SayAsync(Asha, "yes");

        Assert.Single(_whatsApp.Sent);
        Assert.Equal("", await _shop.OrdersAsync());
        Assert.Contains("you are in charge", (await _shop.Shop.StatusAsync(Cancel)).Chats.Single().Open);
        Assert.Contains("SUG-1", await _shop.TextAsync("SELECT basket FROM chats"));

        _whatsApp.OwnerWrites(Asha, "#SAK ", Now.AddSeconds(1));
        await Eventually.IsTrueAsync(async () => await _shop.CountAsync("SELECT owner_until FROM chats") == 0,
            "the chat to be given back");
        _whatsApp.CustomerWrites(Asha, "yes", Now.AddSeconds(2));
        await Eventually.IsTrueAsync(() => _whatsApp.Sent.Count == 2, "an answer");
        await _shop.AnsweredAsync();
        Assert.Contains("96.00", _whatsApp.Sent[^1].Text);
        Assert.Equal("", await _shop.OrdersAsync());
    }

    [Fact]
    public async Task While_the_customer_types_the_turn_waits_for_the_rest()
    {
        _whatsApp.CustomerWrites(Asha, "2 sugar", Now);
        _whatsApp.Raise(new Sak.Agent.WhatsApp.WhatsAppEvent.Typing($"{Asha}@c.us", true));
        await Eventually.IsTrueAsync(async () => await _shop.CountAsync("SELECT count(*) FROM messages") == 1,
            "the message to be captured");
        // Longer than the quiet window: without the typing event the answer would have been sent.
        await Task.Delay(250, Cancel);
        Assert.Empty(_whatsApp.Sent);
        _whatsApp.CustomerWrites(Asha, "and 3 salt", Now);
        await _shop.AnsweredAsync();

        Assert.Contains("Salt", Assert.Single(_whatsApp.Sent).Text);
        Assert.Contains("Sugar", _whatsApp.Sent[0].Text);
    }

    [Fact]
    public async Task A_stop_among_other_messages_of_one_turn_holds_like_any_other()
    {
        await _shop.SayAsync(Asha, "hello");
        foreach (var text in new[] { "stop", "2 sugar", "i want to talk to a real person" })
            _whatsApp.CustomerWrites(Asha, text, Now);
        await _shop.AnsweredAsync();
        await _shop.SayAsync(Asha, "4 milk");

        Assert.Single(_whatsApp.Sent);
        Assert.Equal(1, await _shop.CountAsync("SELECT count(*) FROM chats WHERE stopped = 1"));
    }

    [Fact]
    public async Task After_stop_nothing_is_sent_until_start()
    {
        await _shop.SayAsync(Asha, "hello");
        await _shop.SayAsync(Asha, "stop");
        await _shop.SayAsync(Asha, "2 sugar");
        Assert.Single(_whatsApp.Sent);

        await _shop.SayAsync(Asha, "Start");
        await _shop.SayAsync(Asha, "2 sugar");

        Assert.Equal(3, _whatsApp.Sent.Count);
    }

    [Theory]
    [InlineData("", "ptt")]
    [InlineData("", "image")]
    [InlineData("", "vcard")]
    [InlineData("", "document")]
    [InlineData("", "chat")]
    [InlineData("🙏🙏🙏", "chat")]
    [InlineData("\u200B\u202E\u0007", "chat")]
    [InlineData("LONG", "chat")]
    [InlineData("", "a_type_of_tomorrow")]
    public async Task What_can_not_be_an_order_is_answered_politely_and_orders_nothing(string text, string type)
    {
        _whatsApp.CustomerWrites(Asha, text == "LONG" ? new string('x', 100_000) : text, Now, type);
        await _shop.AnsweredAsync();

        Assert.NotEqual("", Assert.Single(_whatsApp.Sent).Text.Trim());
        Assert.Equal("", await _shop.OrdersAsync());
    }

    [Fact]
    public async Task Every_line_keeps_the_message_and_the_words_that_it_came_from()
    {
        var id = _whatsApp.CustomerWrites(Asha, "2 sugar", Now);
        await _shop.AnsweredAsync();
        await _shop.SayAsync(Asha, "yes");

        Assert.Equal(id, await _shop.Db.ReadAsync(c => c.Scalar<string>("SELECT message_id FROM order_lines"), Cancel));
        Assert.Contains("sugar",
            await _shop.Db.ReadAsync(c => c.Scalar<string>("SELECT words FROM order_lines"), Cancel));
    }

    [Fact]
    public async Task The_owner_sees_the_order_and_that_stock_went_down()
    {
        await _shop.SayAsync(Asha, "2 sugar");
        await _shop.SayAsync(Asha, "yes");

        var status = await _shop.Shop.StatusAsync(Cancel);

        Assert.Equal(("A-1001", "INR 96.00"), (status.Orders.Single().Number, status.Orders.Single().Total));
        Assert.Equal("2 pack Sugar 1 kg", status.Orders.Single().Lines);
        Assert.Equal("398", status.Catalog.Single(p => p.Sku == "SUG-1").OnHand);
        Assert.Equal((2, 0, 2, 1),
            (status.Today.Messages, status.Today.Waiting, status.Today.Replies, status.Today.Orders));
    }

    public async ValueTask DisposeAsync()
    {
        await _shop.DisposeAsync();
        _folder.Dispose();
    }
}
