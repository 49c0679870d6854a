using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using Sak.Agent.Chats;
using Sak.Agent.Loops;
using Sak.Agent.WhatsApp;
using Sak.Tests.Contracts;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Chats;

/// <summary>Two agents with databases of their own on one WhatsApp number, one server.</summary>
public sealed class TwoPcsTests : IAsyncLifetime
{
    private const string Asha = "919800000001";
    private readonly Folder _first = new();
    private readonly Folder _second = new();
    private readonly InMemoryWhatsApp _whatsApp = new() { TellsOwn = true };
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private TestServer _server = null!;
    private ShopUnderTest _one = null!;
    private ShopUnderTest _two = null!;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(Engine.Sqlite,
            replace: services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_clock)));
        var (key, _) = await _server.AddShopAsync(taxInclusive: true);
        string[] cloud = [$"--Cloud:Address={_server.Address}", $"--Cloud:Key={key.Key}"];
        _one = new ShopUnderTest(_first.Path, _whatsApp, cloud);
        _two = new ShopUnderTest(_second.Path, _whatsApp, [.. cloud, "--Shop:OrderSeries=B"]);
        await _one.ImportCatalogAsync();
        _one.Open();
        await _one.SyncedAsync();
        await _one.SayAsync(Asha, "hello");
        _two.Open();
        await Eventually.IsTrueAsync(
            () => _two.Shop.Alarms.Now.Any(a => a.What.Contains("Another PC", StringComparison.Ordinal)),
            "the second to be told that the first answers");
    }

    [Fact]
    public async Task The_second_captures_syncs_and_sends_nothing_and_answers_what_is_left_when_the_first_is_gone()
    {
        await _one.SayAsync(Asha, "2 sugar");
        await _one.SayAsync(Asha, "yes");
        await _one.SyncedAsync();
        await Eventually.IsTrueAsync(async () => await _two.OrdersAsync() == "A-1001|SUG-1:2000|9600",
            "the order to arrive on the second PC");
        var before = _whatsApp.Sent.Count;

        await _one.CloseAsync();
        _whatsApp.CustomerWrites(Asha, "3 salt", Now);
        await Eventually.IsTrueAsync(
            async () => await _two.CountAsync("SELECT count(*) FROM messages WHERE from_me = 0") == 4,
            "the second to capture everything");
        Assert.Equal(before, _whatsApp.Sent.Count);

        _clock.Advance(TimeSpan.FromSeconds(61));
        _two.Shop.Lease.AskSoon(over: false);
        await Eventually.IsTrueAsync(() => _whatsApp.Sent.Count > before, "the second to answer");
        await _two.AnsweredAsync();

        Assert.Equal(before + 1, _whatsApp.Sent.Count);
        Assert.Contains("Salt", _whatsApp.Sent[^1].Text);
        Assert.DoesNotContain("Sugar", _whatsApp.Sent[^1].Text);
        Assert.Equal(0, await _two.CountAsync("SELECT count(*) FROM chats WHERE owner_until > 0"));
    }

    [Fact]
    public async Task Taken_over_by_the_owner_the_first_falls_silent_at_once_and_nothing_is_answered_twice()
    {
        _two.Shop.Lease.AskSoon(over: true);
        await Eventually.IsTrueAsync(() => _two.Shop.Lease.MayAnswer, "the second to take over");
        _one.Shop.Lease.AskSoon(over: false);
        await Eventually.IsTrueAsync(() => !_one.Shop.Lease.MayAnswer, "the first to notice");

        foreach (var text in new[] { "2 sugar", "yes", "3 salt" }) await _two.SayAsync(Asha, text);
        await Eventually.IsTrueAsync(
            async () =>
                await _one.CountAsync("SELECT count(*) FROM messages WHERE from_me = 0 AND turn_id IS NOT NULL") == 4,
                "the first to hear that all is answered");

        Assert.Equal(4, _whatsApp.Sent.Count);
        Assert.Equal(4, _whatsApp.Sent.Select(s => s.Id).Distinct().Count());
        Assert.Equal("B-1001|SUG-1:2000|9600", await _two.OrdersAsync());
        Assert.Equal(3,
            await _one.CountAsync(
                "SELECT count(*) FROM messages m JOIN turns t ON t.id = m.turn_id WHERE t.replied_by = 'elsewhere'"));
    }

    [Fact]
    public async Task A_reply_that_was_queued_when_the_other_PC_took_over_and_answered_is_kept_back()
    {
        _whatsApp.Sends.Enqueue(SendFate.Refuse);
        _whatsApp.CustomerWrites(Asha, "2 sugar", Now);
        await Eventually.IsTrueAsync(
            async () => await _one.CountAsync("SELECT count(*) FROM outbox WHERE attempts = 1") == 1,
            "a reply that is refused once");
        _two.Shop.Lease.AskSoon(over: true);
        _one.Shop.Lease.AskSoon(over: false);
        await Eventually.IsTrueAsync(() => _whatsApp.Sent.Count == 2, "an answer");
        await Eventually.IsTrueAsync(() => _two.Shop.Lease.MayAnswer && !_one.Shop.Lease.MayAnswer,
            "the second to have taken over");
        await _two.AnsweredAsync();
        _one.Shop.Lease.AskSoon(over: true);
        await _one.AnsweredAsync();

        Assert.Equal(2, _whatsApp.Sent.Count);
    }

    [Fact]
    public async Task A_stop_that_an_answer_of_the_first_PC_came_after_holds_on_the_second_when_that_takes_over()
    {
        _whatsApp.CustomerWrites(Asha, "stop", Now);
        await _one.AnsweredAsync();
        await Eventually.IsTrueAsync(
            async () => await _two.CountAsync("SELECT count(*) FROM messages WHERE text = 'stop'") == 1,
            "the second to capture it");
        // The reply was already being sent when the customer wrote.
        _whatsApp.Raise(new WhatsAppEvent.Received(
            new WhatsAppMessage(MessageIds.New($"{Asha}@c.us"), $"{Asha}@c.us", Asha, "", true, "chat", "Hello!",
                Now.AddSeconds(1))));
        await Eventually.IsTrueAsync(
            async () =>
                await _two.CountAsync(
                    "SELECT count(*) FROM messages WHERE text = 'stop' AND turn_id IS NOT NULL") == 1,
                    "it to count as answered");
        var before = _whatsApp.Sent.Count;

        _two.Shop.Lease.AskSoon(over: true);
        await Eventually.IsTrueAsync(() => _two.Shop.Lease.MayAnswer, "the second to take over");
        await _two.SayAsync(Asha, "2 sugar");

        Assert.Equal(before, _whatsApp.Sent.Count);
        Assert.Equal(1, await _two.CountAsync("SELECT count(*) FROM chats WHERE stopped = 1"));
    }

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
        await _server.DisposeAsync();
        _first.Dispose();
        _second.Dispose();
    }
}
