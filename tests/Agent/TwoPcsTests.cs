using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using Sak.Agent.Store;
using Sak.Agent.WhatsApp;
using Sak.Tests.Contracts;
using Sak.Tests.Support;

namespace Sak.Tests.Agent;

/// <summary>Two agents with databases of their own on one WhatsApp number, one server.</summary>
public sealed class TwoPcsTests : IAsyncLifetime
{
    private const string Asha = "919800000001";
    private readonly Folder first = new();
    private readonly Folder second = new();
    private readonly InMemoryWhatsApp whatsApp = new() { TellsOwn = true };
    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    private TestServer server = null!;
    private ShopUnderTest one = null!;
    private ShopUnderTest two = null!;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.StartAsync(Engine.Sqlite, replace: services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)));
        var (key, _) = await server.AddShopAsync(taxInclusive: true);
        string[] cloud = [$"--Cloud:Address={server.Address}", $"--Cloud:Key={key.Key}"];
        one = new ShopUnderTest(first.Path, whatsApp, cloud);
        two = new ShopUnderTest(second.Path, whatsApp, [.. cloud, "--Shop:OrderSeries=B"]);
        await one.ImportCatalogAsync();
        one.Open();
        await one.SyncedAsync();
        await one.SayAsync(Asha, "hello");
        two.Open();
        await Eventually.IsTrueAsync(() => two.Shop.Alarms.Now.Any(a => a.What.Contains("Another PC", StringComparison.Ordinal)), "the second to be told that the first answers");
    }

    [Fact]
    public async Task The_second_captures_and_syncs_and_sends_nothing_and_when_the_first_is_gone_it_answers_only_what_is_left()
    {
        await one.SayAsync(Asha, "2 sugar");
        await one.SayAsync(Asha, "yes");
        await one.SyncedAsync();
        await Eventually.IsTrueAsync(async () => await two.OrdersAsync() == "A-1001|SUG-1:2000|9600", "the order to arrive on the second PC");
        var before = whatsApp.Sent.Count;

        await one.CloseAsync();
        whatsApp.CustomerWrites(Asha, "3 salt", Now);
        await Eventually.IsTrueAsync(async () => await two.CountAsync("SELECT count(*) FROM messages WHERE from_me = 0") == 4, "the second to capture everything");
        Assert.Equal(before, whatsApp.Sent.Count);

        clock.Advance(TimeSpan.FromSeconds(61));
        two.Shop.Lease.AskSoon(over: false);
        await Eventually.IsTrueAsync(() => whatsApp.Sent.Count > before, "the second to answer");
        await two.AnsweredAsync();

        Assert.Equal(before + 1, whatsApp.Sent.Count);
        Assert.Contains("Salt", whatsApp.Sent[^1].Text);
        Assert.DoesNotContain("Sugar", whatsApp.Sent[^1].Text);
        Assert.Equal(0, await two.CountAsync("SELECT count(*) FROM chats WHERE owner_until > 0"));
    }

    [Fact]
    public async Task Taken_over_by_the_owner_the_first_falls_silent_at_once_and_nothing_is_answered_twice()
    {
        two.Shop.Lease.AskSoon(over: true);
        await Eventually.IsTrueAsync(() => two.Shop.Lease.MayAnswer, "the second to take over");
        one.Shop.Lease.AskSoon(over: false);
        await Eventually.IsTrueAsync(() => !one.Shop.Lease.MayAnswer, "the first to notice");

        foreach (var text in new[] { "2 sugar", "yes", "3 salt" }) await two.SayAsync(Asha, text);
        await Eventually.IsTrueAsync(
            async () => await one.CountAsync("SELECT count(*) FROM messages WHERE from_me = 0 AND turn_id IS NOT NULL") == 4, "the first to hear that all is answered");

        Assert.Equal(4, whatsApp.Sent.Count);
        Assert.Equal(4, whatsApp.Sent.Select(s => s.Id).Distinct().Count());
        Assert.Equal("B-1001|SUG-1:2000|9600", await two.OrdersAsync());
        Assert.Equal(3, await one.CountAsync("SELECT count(*) FROM messages m JOIN turns t ON t.id = m.turn_id WHERE t.replied_by = 'elsewhere'"));
    }

    [Fact]
    public async Task A_reply_that_was_queued_when_the_other_PC_took_over_and_answered_is_kept_back()
    {
        whatsApp.Sends.Enqueue("refuse");
        whatsApp.CustomerWrites(Asha, "2 sugar", Now);
        await Eventually.IsTrueAsync(async () => await one.CountAsync("SELECT count(*) FROM outbox WHERE attempts = 1") == 1, "a reply that is refused once");
        two.Shop.Lease.AskSoon(over: true);
        one.Shop.Lease.AskSoon(over: false);
        await Eventually.IsTrueAsync(() => whatsApp.Sent.Count == 2, "an answer");
        await Eventually.IsTrueAsync(() => two.Shop.Lease.MayAnswer && !one.Shop.Lease.MayAnswer, "the second to have taken over");
        await two.AnsweredAsync();
        one.Shop.Lease.AskSoon(over: true);
        await one.AnsweredAsync();

        Assert.Equal(2, whatsApp.Sent.Count);
    }

    [Fact]
    public async Task A_stop_that_an_answer_of_the_first_PC_came_after_holds_on_the_second_when_that_takes_over()
    {
        whatsApp.CustomerWrites(Asha, "stop", Now);
        await one.AnsweredAsync();
        await Eventually.IsTrueAsync(async () => await two.CountAsync("SELECT count(*) FROM messages WHERE text = 'stop'") == 1, "the second to capture it");
        // It was on its way when the customer wrote.
        whatsApp.Raise(new WhatsAppEvent.Received(
            new WhatsAppMessage(Outbox.NewMessageId($"{Asha}@c.us"), $"{Asha}@c.us", Asha, "", true, "chat", "Hello!", Now.AddSeconds(1))));
        await Eventually.IsTrueAsync(async () => await two.CountAsync("SELECT count(*) FROM messages WHERE text = 'stop' AND turn_id IS NOT NULL") == 1, "it to count as answered");
        var before = whatsApp.Sent.Count;

        two.Shop.Lease.AskSoon(over: true);
        await Eventually.IsTrueAsync(() => two.Shop.Lease.MayAnswer, "the second to take over");
        await two.SayAsync(Asha, "2 sugar");

        Assert.Equal(before, whatsApp.Sent.Count);
        Assert.Equal(1, await two.CountAsync("SELECT count(*) FROM chats WHERE stopped = 1"));
    }

    public async ValueTask DisposeAsync()
    {
        await one.DisposeAsync();
        await two.DisposeAsync();
        await server.DisposeAsync();
        first.Dispose();
        second.Dispose();
    }
}
