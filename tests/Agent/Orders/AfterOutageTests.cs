using Sak.Agent.Database;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Orders;

/// <summary>
/// Messages that were written while the agent was off, or before it was linked: what is answered and what is not.
/// </summary>
public sealed class AfterOutageTests : IAsyncLifetime
{
    private const string Asha = "919800000001";
    private readonly Folder _folder = new();
    private readonly InMemoryWhatsApp _whatsApp = new();
    private readonly ShopUnderTest _shop;

    public AfterOutageTests() => _shop = new ShopUnderTest(_folder.Path, _whatsApp);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        await _shop.ImportCatalogAsync();
        _shop.Open();
    }

    [Fact]
    public async Task Messages_written_while_the_agent_was_off_are_found_by_the_scan_and_answered_once()
    {
        await _shop.CloseAsync();
        _whatsApp.DropEvents = true;
        _whatsApp.CustomerWrites(Asha, "2 sugar", Now);
        _shop.Open();
        await Eventually.IsTrueAsync(() => _whatsApp.Sent.Count > 0, "the answer");
        await _shop.AnsweredAsync();

        Assert.Single(_whatsApp.Sent);
    }

    [Fact]
    public async Task What_the_owner_has_answered_already_and_what_is_too_old_gets_no_answer_out_of_the_blue()
    {
        await LinkedDaysAgoAsync();
        await _shop.CloseAsync();
        _whatsApp.DropEvents = true;
        _whatsApp.CustomerWrites("919800000011", "2 sugar", Now.AddHours(-30));
        _whatsApp.CustomerWrites("919800000012", "2 sugar", Now.AddHours(-5));
        _whatsApp.OwnerWrites("919800000012", "it is on its way", Now.AddHours(-4));
        _whatsApp.CustomerWrites("919800000013", "2 sugar", Now.AddHours(-3));
        _shop.Open();
        await Eventually.IsTrueAsync(
            async () => await _shop.CountAsync("SELECT count(*) FROM turns WHERE state <> 'open'") == 3, "three turns");
        await _shop.AnsweredAsync();

        Assert.Equal("919800000013@c.us", Assert.Single(_whatsApp.Sent).ChatId);
    }

    [Fact]
    public async Task What_was_said_before_this_PC_was_linked_is_kept_and_never_answered()
    {
        _whatsApp.CustomerWrites(Asha, "2 sugar", Now.AddHours(-3));
        _whatsApp.CustomerWrites(Asha, "are you there?", Now.AddMinutes(-10));
        await _shop.SayAsync(Asha, "3 salt");

        Assert.Contains("Salt", Assert.Single(_whatsApp.Sent).Text);
        Assert.DoesNotContain("Sugar", _whatsApp.Sent[0].Text);
        Assert.Equal(3, await _shop.CountAsync("SELECT count(*) FROM messages"));
    }

    [Fact]
    public async Task After_an_outage_a_customers_old_messages_are_answered_once_and_what_is_too_old_goes_to_the_owner()
    {
        await LinkedDaysAgoAsync();
        await _shop.CloseAsync();
        _whatsApp.DropEvents = true;
        _whatsApp.CustomerWrites(Asha, "9 milk", Now.AddHours(-30));
        for (var i = 0; i < 5; i++) _whatsApp.CustomerWrites(Asha, $"{i + 2} sugar", Now.AddHours(-3).AddMinutes(i));
        _shop.Open();
        await Eventually.IsTrueAsync(
            async () => await _shop.CountAsync("SELECT count(*) FROM turns WHERE state <> 'open'") == 2, "two turns");
        await _shop.AnsweredAsync();

        Assert.DoesNotContain("Milk", Assert.Single(_whatsApp.Sent).Text);
        Assert.Equal(5,
            await _shop.CountAsync(
                "SELECT count(*) FROM messages m JOIN turns t ON t.id = m.turn_id WHERE t.state = 'done'"));
        Assert.Contains("too old", await _shop.TextAsync("SELECT what FROM troubles"));
    }

    [Fact]
    public async Task After_an_outage_forty_five_messages_of_a_customer_are_one_turn_with_one_answer_and_real_times()
    {
        await LinkedDaysAgoAsync();
        await _shop.CloseAsync();
        _whatsApp.DropEvents = true;
        var start = DateTimeOffset.FromUnixTimeSeconds(Now.AddHours(-3).ToUnixTimeSeconds());
        var ids = Enumerable.Range(0, 45)
            .Select(i =>
                _whatsApp.CustomerWrites(Asha, i == 44 ? "and 7 milk" : i % 2 == 0 ? "are you open?" : "2 sugar",
                    start.AddMinutes(i))).ToList();
        _shop.Open();
        await Eventually.IsTrueAsync(() => _whatsApp.Sent.Count > 0, "an answer");
        await _shop.AnsweredAsync();

        Assert.Contains("Milk", Assert.Single(_whatsApp.Sent).Text);
        Assert.Equal(1, await _shop.CountAsync("SELECT count(*) FROM turns"));
        for (var i = 0; i < ids.Count; i++)
            Assert.Equal(start.AddMinutes(i).ToUnixTimeMilliseconds(),
                await _shop.CountAsync($"SELECT sent_at FROM messages WHERE id = '{ids[i]}'"));
        _whatsApp.DropEvents = false;
        await _shop.SayAsync(Asha, "yes");
        Assert.Equal(ids[44],
            await _shop.TextAsync(
                "SELECT message_id FROM order_lines WHERE sku LIKE 'MILK%' OR name LIKE '%Milk%' LIMIT 1"));
    }

    private Task LinkedDaysAgoAsync() => _shop.Db.WriteAsync(
        c =>
        {
            c.Execute(
                "INSERT INTO cursors (name, value) VALUES ('paired', 0) ON CONFLICT (name) DO UPDATE SET value = 0");
        },
        Cancel);

    public async ValueTask DisposeAsync()
    {
        await _shop.DisposeAsync();
        _folder.Dispose();
    }
}
