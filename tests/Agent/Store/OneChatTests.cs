using Sak.Agent.Store;
using Sak.Agent.WhatsApp;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Store;

/// <summary>Customers whose number WhatsApp hides behind a LID: one chat per person once the phone is known.</summary>
public sealed class OneChatTests : IAsyncLifetime
{
    private const string Asha = "919800000001";
    private const string Lid = "123456@lid";
    private readonly Folder folder = new();
    private readonly InMemoryWhatsApp whatsApp = new();
    private readonly ShopUnderTest shop;

    public OneChatTests() => shop = new ShopUnderTest(folder.Path, whatsApp);

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        await shop.ImportCatalogAsync();
        shop.Open();
    }

    [Fact]
    public async Task What_was_ordered_under_the_hidden_number_goes_on_under_the_phone()
    {
        await HiddenSaysAsync("2 sugar", phone: "");
        await HiddenSaysAsync("yes", phone: Asha);

        Assert.Equal("A-1001|SUG-1:2000|9600", await shop.OrdersAsync());
        Assert.Equal($"{Asha}@c.us", await shop.TextAsync("SELECT group_concat(id) FROM chats"));
        Assert.Equal(Asha, await shop.TextAsync("SELECT group_concat(phone) FROM customers"));
        // WhatsApp still names the chat by the LID: that is where the answer goes.
        Assert.Equal(Lid, whatsApp.Sent[^1].ChatId);
    }

    [Fact]
    public async Task Two_chats_of_one_person_become_one_with_the_newest_basket_and_all_orders()
    {
        await shop.SayAsync(Asha, "3 salt");
        await shop.SayAsync(Asha, "yes");
        await HiddenSaysAsync("2 sugar", phone: "");
        await HiddenSaysAsync("yes", phone: "");
        await HiddenSaysAsync("4 milk", phone: "");
        await HiddenSaysAsync("yes", phone: Asha);

        Assert.Equal(1, await shop.CountAsync("SELECT count(*) FROM chats"));
        Assert.Equal(1, await shop.CountAsync("SELECT count(*) FROM customers"));
        Assert.Equal(3, await shop.CountAsync("SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id"));
        Assert.Equal(6, await shop.CountAsync("SELECT count(*) FROM messages WHERE from_me = 0"));
    }

    [Fact]
    public async Task Once_learned_the_phone_holds_for_messages_that_hide_it_again()
    {
        await HiddenSaysAsync("hello", phone: Asha);
        await HiddenSaysAsync("2 sugar", phone: "");
        await shop.SayAsync(Asha, "yes");

        Assert.Equal("A-1001|SUG-1:2000|9600", await shop.OrdersAsync());
    }

    [Fact]
    public async Task Our_own_message_under_the_other_name_of_the_chat_is_not_taken_for_the_owners()
    {
        await HiddenSaysAsync("hello", phone: Asha);
        var key = whatsApp.Sent[^1].Id.Split('_')[2];

        whatsApp.Raise(new WhatsAppEvent.Received(new WhatsAppMessage($"true_{Asha}@c.us_{key}", $"{Asha}@c.us", Asha, "", true, "chat", "Hello!", Now)));
        await HiddenSaysAsync("2 sugar", phone: "");

        Assert.Equal(2, whatsApp.Sent.Count);
    }

    public async ValueTask DisposeAsync()
    {
        await shop.DisposeAsync();
        folder.Dispose();
    }

    private async Task HiddenSaysAsync(string text, string phone)
    {
        var id = whatsApp.CustomerWrites(phone, text, Now, chatId: Lid);
        await Eventually.IsTrueAsync(async () => await shop.CountAsync($"SELECT count(*) FROM messages WHERE id = '{id}' AND turn_id IS NOT NULL") == 1, "the message to be taken up");
        await shop.AnsweredAsync();
    }
}
