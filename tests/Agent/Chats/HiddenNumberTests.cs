using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Agent.WhatsApp;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Chats;

/// <summary>Customers whose number WhatsApp hides behind a LID: one chat per person once the phone is known.</summary>
public sealed class HiddenNumberTests : IAsyncLifetime
{
    private const string Asha = "919800000001";
    private const string Lid = "123456@lid";
    private readonly Folder _folder = new();
    private readonly InMemoryWhatsApp _whatsApp = new();
    private readonly ShopUnderTest _shop;

    public HiddenNumberTests() => _shop = new ShopUnderTest(_folder.Path, _whatsApp);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        await _shop.ImportCatalogAsync();
        _shop.Open();
    }

    [Fact]
    public async Task What_was_ordered_under_the_hidden_number_goes_on_under_the_phone()
    {
        await HiddenSaysAsync("2 sugar", phone: "");
        await HiddenSaysAsync("yes", phone: Asha);

        Assert.Equal("A-1001|SUG-1:2000|9600", await _shop.OrdersAsync());
        Assert.Equal($"{Asha}@c.us", await _shop.TextAsync("SELECT group_concat(id) FROM chats"));
        Assert.Equal(Asha, await _shop.TextAsync("SELECT group_concat(phone) FROM customers"));
        // WhatsApp still uses the LID for the chat, so the answer goes there.
        Assert.Equal(Lid, _whatsApp.Sent[^1].ChatId);
    }

    [Fact]
    public async Task Two_chats_of_one_person_become_one_with_the_newest_basket_and_all_orders()
    {
        await _shop.SayAsync(Asha, "3 salt");
        await _shop.SayAsync(Asha, "yes");
        await HiddenSaysAsync("2 sugar", phone: "");
        await HiddenSaysAsync("yes", phone: "");
        await HiddenSaysAsync("4 milk", phone: "");
        await HiddenSaysAsync("yes", phone: Asha);

        Assert.Equal(1, await _shop.CountAsync("SELECT count(*) FROM chats"));
        Assert.Equal(1, await _shop.CountAsync("SELECT count(*) FROM customers"));
        Assert.Equal(3,
            await _shop.CountAsync("SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id"));
        Assert.Equal(6, await _shop.CountAsync("SELECT count(*) FROM messages WHERE from_me = 0"));
    }

    [Fact]
    public async Task Two_open_baskets_of_one_person_become_one_that_is_shown_before_a_yes_counts()
    {
        await _shop.SayAsync(Asha, "3 salt");
        await HiddenSaysAsync("2 sugar", phone: "");
        await HiddenSaysAsync("yes", phone: Asha);
        Assert.Equal("", await _shop.OrdersAsync());
        Assert.Contains("Salt", _whatsApp.Sent[^1].Text);
        Assert.Contains("Sugar", _whatsApp.Sent[^1].Text);
        await HiddenSaysAsync("yes", phone: "");

        Assert.Matches("^A-1001\\|SUG-1:2000,SAL[^,]*:3000\\|", await _shop.OrdersAsync());
    }

    [Fact]
    public async Task A_draft_that_waits_for_the_owner_goes_on_waiting_with_its_number_and_the_other_basket()
    {
        await _shop.SayAsync(Asha, "3 salt");
        await HiddenSaysAsync("hello", phone: "");
        await _shop.Shop.Desk.TakeAsync(Lid, Cancel);
        await HiddenSaysAsync("2 sugar", phone: "");
        var draft = Assert.Single(await _shop.Shop.Desk.DraftsAsync(Cancel)).Number;
        await HiddenSaysAsync("ok", phone: Asha);

        var joined = Assert.Single(await _shop.Shop.Desk.DraftsAsync(Cancel));
        Assert.Equal(draft, joined.Number);
        Assert.Contains("SUG-1", joined.What);
        Assert.Contains("SAL", joined.What);
    }

    [Fact]
    public async Task What_SAK_knew_of_the_hidden_customer_it_knows_of_the_phones()
    {
        await _shop.SayAsync(Asha, "hello");
        await HiddenSaysAsync("hola", phone: "");
        await _shop.Db.WriteAsync(KnowBoth, Cancel);
        await HiddenSaysAsync("ok", phone: Asha);

        Assert.Equal("{\"white gold\":\"SUG-1\",\"theirs\":\"MLK-1\",\"mine\":\"OIL-1\"}",
            await _shop.TextAsync("SELECT words FROM customers"));
        Assert.Equal("es", await _shop.TextAsync("SELECT group_concat(language) FROM customers"));
        Assert.Equal(
            "OIL-1 200, SUG-1 4000",
            await _shop.TextAsync(
                "SELECT group_concat(sku || ' ' || amount, ', ') FROM (SELECT * FROM price_rules WHERE ends IS NULL "
                    + "AND customer_id = (SELECT id FROM customers) ORDER BY sku)"));
        await RulesOfTheHiddenEndedAsync();
    }

    [Fact]
    public async Task A_customer_whom_the_cloud_knows_by_the_phone_stays_one_customer_with_his_words()
    {
        await _shop.Db.WriteAsync(
            c => { c.Execute(
                "INSERT INTO customers (id, phone, chat_id, name, language, words) VALUES "
                    + "('01990000-0000-7000-8000-000000000001', $phone, $chat, 'Asha', '', '{\"white "
                        + "gold\":\"SUG-1\"}')", ("$phone", Asha), ("$chat", $"{Asha}@c.us")); }, Cancel);
        await HiddenSaysAsync("hello", phone: "");
        await HiddenSaysAsync("2 white gold", phone: Asha);

        Assert.Equal("Asha", await _shop.TextAsync("SELECT group_concat(name) FROM customers"));
        Assert.Contains("Sugar", _whatsApp.Sent[^1].Text);
    }

    [Fact]
    public async Task Once_learned_the_phone_holds_for_messages_that_hide_it_again()
    {
        await HiddenSaysAsync("hello", phone: Asha);
        await HiddenSaysAsync("2 sugar", phone: "");
        await _shop.SayAsync(Asha, "yes");

        Assert.Equal("A-1001|SUG-1:2000|9600", await _shop.OrdersAsync());
    }

    [Fact]
    public async Task A_message_that_comes_again_under_the_phone_before_its_hidden_number_is_known_is_the_same_message()
    {
        await HiddenSaysAsync("2 sugar", phone: "");
        var message = Assert.Single((await _whatsApp.Connect().ScanAsync(0, 10, Cancel)).Messages);
        var again = message with { Id = message.Id.Replace(Lid, $"{Asha}@c.us", StringComparison.Ordinal),
            ChatId = $"{Asha}@c.us", Phone = Asha };
        _whatsApp.Raise(new WhatsAppEvent.Received(again));
        // With another time it is another message, whatever its id.
        _whatsApp.Raise(
            new WhatsAppEvent.Received(again with { SentAt = again.SentAt.AddMinutes(-1), Text = "3 salt" }));
        await Eventually.IsTrueAsync(
            async () => await _shop.CountAsync("SELECT count(*) FROM messages WHERE text = '3 salt'") == 1,
            "the other message");
        await _shop.AnsweredAsync();

        Assert.Equal(1, await _shop.CountAsync("SELECT count(*) FROM messages WHERE text = '2 sugar'"));
        Assert.Equal(2, _whatsApp.Sent.Count);
    }

    [Fact]
    public async Task Our_own_message_under_the_other_name_of_the_chat_is_not_taken_for_the_owners()
    {
        await HiddenSaysAsync("hello", phone: Asha);
        var key = _whatsApp.Sent[^1].Id.Split('_')[2];

        _whatsApp.Raise(
            new WhatsAppEvent.Received(
                new WhatsAppMessage($"true_{Asha}@c.us_{key}", $"{Asha}@c.us", Asha, "", true, "chat", "Hello!", Now)));
        await HiddenSaysAsync("2 sugar", phone: "");

        Assert.Equal(2, _whatsApp.Sent.Count);
    }

    public async ValueTask DisposeAsync()
    {
        await _shop.DisposeAsync();
        _folder.Dispose();
    }

    // The customer's two entries: by the phone, and by the hidden number.
    private static void KnowBoth(SqliteConnection c)
    {
        c.Execute(
            "UPDATE customers SET language = '', words = '{\"white gold\":\"SUG-1\",\"mine\":\"OIL-1\"}' "
                + "WHERE chat_id = $chat", ("$chat", $"{Asha}@c.us"));
        c.Execute(
            "UPDATE customers SET language = 'es', words = '{\"white gold\":\"SAL-1\",\"theirs\":\"MLK-1\"}' "
                + "WHERE chat_id = $chat", ("$chat", Lid));
        foreach (var (id, chat, sku, amount) in new[] { ("r1", Lid, "SUG-1", 4000), ("r2", Lid, "OIL-1", 100),
            ("r3", $"{Asha}@c.us", "OIL-1", 200) })
            c.Execute(
                """
                INSERT INTO price_rules (id, kind, sku, pack, customer_id, from_quantity, amount, rate,
                  from_amount)
                SELECT $id, 'price', $sku, '', id, 0, $amount, 0, 0 FROM customers WHERE chat_id = $chat
                """,
                ("$id", $"00000000-0000-7000-8000-0000000000{id}".Replace('r', '0')), ("$chat", chat),
                ("$sku", sku), ("$amount", amount));
    }

    // The changes are pushed: a new rule, and two that end.
    private async Task RulesOfTheHiddenEndedAsync()
    {
        Assert.Equal(0,
            await _shop.CountAsync(
                """
                SELECT count(*) FROM price_rules
                WHERE ends IS NULL AND customer_id NOT IN (SELECT id FROM customers)
                """));
        Assert.Equal(1,
            await _shop.CountAsync(
                "SELECT count(*) FROM change_log WHERE tbl = 'price_rules' AND op = 'i' AND body LIKE '%4000%' AND id "
                    + "NOT LIKE '00000000%'"));
        Assert.Equal(2,
            await _shop.CountAsync("SELECT count(*) FROM change_log WHERE tbl = 'price_rules' AND op = 'u'"));
    }

    private async Task HiddenSaysAsync(string text, string phone)
    {
        var id = _whatsApp.CustomerWrites(phone, text, Now, chatId: Lid);
        await Eventually.IsTrueAsync(
            async () =>
                await _shop.CountAsync(
                    $"SELECT count(*) FROM messages WHERE id = '{id}' AND turn_id IS NOT NULL") == 1,
                    "the message to be taken up");
        await _shop.AnsweredAsync();
    }
}
