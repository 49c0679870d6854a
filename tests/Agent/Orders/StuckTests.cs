using Sak.Agent.Chats;
using Sak.Agent.Database;
using Sak.Agent.WhatsApp;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Orders;

/// <summary>Conversations that go nowhere end with a person.</summary>
public sealed class StuckTests : IAsyncLifetime
{
    private const string Asha = "919800000001";
    private readonly Folder _folder = new();
    private readonly InMemoryWhatsApp _whatsApp = new();
    private readonly ShopUnderTest _shop;

    public StuckTests() => _shop = new ShopUnderTest(_folder.Path, _whatsApp);

    public async ValueTask InitializeAsync()
    {
        await _shop.ImportCatalogAsync();
        _shop.Open();
    }

    [Theory]
    [InlineData("sugar please", "hmm", "well", "let me see")]
    [InlineData("quiero azúcar", "pues", "no sé", "a ver")]
    [InlineData("2 sugar", "what are your hours", "hm hm", "my dog is ill")]
    public async Task A_question_is_asked_twice_and_then_the_owner_is_called(params string[] messages)
    {
        foreach (var message in messages) await _shop.SayAsync(Asha, message);

        var questions = _whatsApp.Sent.Select(s => s.Text.Split('\n')[^1]).ToList();
        Assert.Equal(2, questions.Count(q => q == questions[0]));
        Assert.Contains("asks no more", await _shop.TextAsync("SELECT what FROM troubles"));
        Assert.Equal(1, await _shop.CountAsync("SELECT count(*) FROM chats WHERE owner_until > 0"));
    }

    [Fact]
    public async Task What_was_noted_waits_for_the_owner_as_a_draft_and_a_yes_orders_nothing_meanwhile()
    {
        foreach (var message in (string[])["2 sugar", "hm hm", "my dog is ill", "yes"])
            await _shop.SayAsync(Asha, message);

        Assert.Equal(1, await _shop.CountAsync("SELECT count(*) FROM chats WHERE draft > 0"));
        Assert.Equal("", await _shop.OrdersAsync());
    }

    [Fact]
    public async Task A_thumbs_up_is_a_yes_to_the_last_reply_and_to_no_earlier_one()
    {
        await _shop.SayAsync(Asha, "2 sugar");
        var older = _whatsApp.Sent[^1].Id;
        await _shop.SayAsync(Asha, "3 sugar");
        ThumbsUp(older);
        await _shop.SayAsync(Asha, "hello");
        Assert.Equal("", await _shop.OrdersAsync());

        ThumbsUp(_whatsApp.Sent[^1].Id);
        await Eventually.IsTrueAsync(async () => await _shop.CountAsync("SELECT count(*) FROM orders") == 1,
            "the order to be taken");

        Assert.StartsWith("A-1001|SUG-1:3000", await _shop.OrdersAsync(), StringComparison.Ordinal);
    }

    private void ThumbsUp(string reply)
    {
        var key = MessageIds.Key(reply);
        var reaction = new WhatsAppMessage($"false_{Asha}@c.us_{key}R", $"{Asha}@c.us", Asha, "", false,
            "reaction_yes", "👍", TimeProvider.System.GetUtcNow());
        _whatsApp.Raise(new WhatsAppEvent.Received(reaction with { Quoted = new QuotedMessage(key, "", "") }));
    }

    [Fact]
    public async Task Another_question_is_counted_anew()
    {
        foreach (var message in (string[])["2 sugar", "hm hm", "3 sugar", "hm hm", "yes"])
            await _shop.SayAsync(Asha, message);

        Assert.StartsWith("A-1001|SUG-1:3000", await _shop.OrdersAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_named_product_is_not_dropped_while_a_yes_is_awaited()
    {
        await _shop.SayAsync(Asha, "2 sugar");
        await _shop.SayAsync(Asha, "i want oil");

        Assert.Contains("Oil", _whatsApp.Sent[^1].Text);
    }

    public async ValueTask DisposeAsync()
    {
        await _shop.DisposeAsync();
        _folder.Dispose();
    }
}
