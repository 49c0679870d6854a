using Sak.Agent.Chats;
using Sak.Agent.WhatsApp;

namespace Sak.Tests.Browser;

/// <summary>Login, logout, modes and what the page may reach, mostly on a profile of the test's own.</summary>
[Collection("browser")]
public sealed class ConnectionTests(SharedPhone shared)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_profile_shows_a_code_and_is_ready_when_the_phone_scanned_it()
    {
        await using var phone = await Phone.StartAsync();
        await phone.OpenAsync();
        Assert.Contains("Linked devices", (await phone.Listener.StateAsync(WhatsAppState.NeedsLogin)).Reason,
            StringComparison.Ordinal);
        Assert.NotEmpty((await phone.Listener.ForAsync<WhatsAppEvent.LoginCode>(c => c.Code.Length > 20)).Code);

        await phone.Site.LoginAsync(Cancel);

        await phone.Listener.StateAsync(WhatsAppState.Ready);
        await phone.Listener.ForAsync<WhatsAppEvent.CatchUpDue>(c => c.Why.Contains("ready", StringComparison.Ordinal));
        Assert.Equal("4.6.0", phone.WhatsApp.BridgeVersion);
        Assert.Equal("", phone.Listener.Heard.OfType<WhatsAppEvent.LoginCode>().Last().Code);
    }

    [Fact]
    public async Task A_phone_can_be_linked_by_a_code_instead_of_a_scan()
    {
        await using var phone = await Phone.StartAsync();
        await phone.OpenAsync();
        await phone.Listener.StateAsync(WhatsAppState.NeedsLogin);

        Assert.Equal(8, (await phone.WhatsApp.LinkCodeAsync("966500000000", Cancel)).Length);

        await phone.Site.LoginAsync(Cancel);
        await phone.Listener.StateAsync(WhatsAppState.Ready);
    }

    [Fact]
    public async Task A_new_pairing_with_a_longer_history_than_before_hides_nothing_behind_the_old_cursor()
    {
        await using var phone = await Phone.LoggedInAsync();
        await Write("one");
        await phone.ScanUntilAsync(0, await Write("two"));
        var before = await phone.WhatsApp.ScanAsync(new WhatsAppPlace(0, ""), 100, Cancel);
        Assert.NotEmpty(before.Anchor);
        Assert.Empty(
            (await phone.WhatsApp.ScanAsync(new WhatsAppPlace(before.Cursor, before.Anchor), 100, Cancel)).Messages);

        // The history has another order now: the old cursor's row is another message.
        var from = phone.Listener.Count;
        await phone.Site.LogoutAsync("user_initiated", Cancel);
        await phone.Listener.ForAsync<WhatsAppEvent.LoginCode>(c => c.Code.Length > 20, from);
        await phone.Site.CustomerWritesAsync(
            new Tools.FakeWhatsApp.CustomerMessage("919800000055", "Eli", "meanwhile"), cancel: Cancel);
        await phone.Site.CustomerWritesAsync(new Tools.FakeWhatsApp.CustomerMessage("919800000055", "Eli", "and then"),
            cancel: Cancel);
        phone.Site.TurnHistoryRound();
        await phone.Site.LoginAsync(Cancel);
        await phone.Listener.StateAsync(WhatsAppState.Ready, from);
        await Support.Eventually.IsTrueAsync(
            async () =>
                (await phone.WhatsApp.ScanAsync(new WhatsAppPlace(before.Cursor, before.Anchor), 100,
                    Cancel)).Messages.Count == 4, "the whole history");

        Task<string> Write(string text) => phone.Site.CustomerWritesAsync("919800000005", "Dina", text, cancel: Cancel);
    }

    [Fact]
    public async Task A_logout_says_why_and_after_a_new_login_the_old_cursor_hides_nothing()
    {
        await using var phone = await Phone.LoggedInAsync();
        string[] ids = [await Write("one"), await Write("two"), await Write("three")];
        var cursor = (await phone.WhatsApp.ScanAsync(0, 100, Cancel)).Cursor + 1000;

        var from = phone.Listener.Count;
        await phone.Site.LogoutAsync("unknown_companion", Cancel);
        Assert.Contains("no longer knows this PC",
            (await phone.Listener.StateAsync(WhatsAppState.LoggedOut, from)).Reason, StringComparison.Ordinal);
        await phone.Listener.ForAsync<WhatsAppEvent.LoginCode>(c => c.Code.Length > 20, from);
        await phone.Site.LoginAsync(Cancel);
        await phone.Listener.StateAsync(WhatsAppState.Ready, from);

        var scan = await phone.ScanUntilAsync(cursor, ids[^1]);
        Assert.Equal(ids, scan.Messages.Select(m => m.Id));
        Assert.True(scan.Cursor < cursor);

        Task<string> Write(string text) => phone.Site.CustomerWritesAsync("919800000005", "Dina", text, cancel: Cancel);
    }

    [Fact]
    public async Task A_second_agent_on_the_same_profile_is_told_so()
    {
        await using var phone = await Phone.StartAsync();
        await phone.OpenAsync();
        await using var second = new WhatsAppWeb(phone.Options, TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<WhatsAppWeb>.Instance);

        var refusal = await Assert.ThrowsAsync<WhatsAppException>(() => second.OpenAsync(Cancel));

        Assert.Contains("Another SAK already runs", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_site_that_cannot_be_reached_is_one_sentence_and_leaves_nothing_open()
    {
        await using var phone = await Phone.StartAsync();
        var fault = await Assert.ThrowsAsync<WhatsAppException>(
            () => phone.OpenAsync(o => o with { Address = "http://127.0.0.1:9/" }));
        Assert.Contains("can't be opened", fault.Message, StringComparison.Ordinal);

        await phone.OpenAsync();
        await phone.Listener.StateAsync(WhatsAppState.NeedsLogin);
    }

    [Fact]
    public async Task A_mode_that_stops_the_shop_is_told_with_what_to_do_and_its_end_too()
    {
        var phone = shared.Phone;
        var from = phone.Listener.Count;
        await phone.Site.ShowModeAsync("CONFLICT", Cancel);
        Assert.Contains("another window", (await phone.Listener.StateAsync(WhatsAppState.Offline, from)).Reason,
            StringComparison.Ordinal);

        await phone.Site.ShowModeAsync("MAIN", Cancel);

        await phone.Listener.StateAsync(WhatsAppState.Ready, from);
        await phone.Listener.ForAsync<WhatsAppEvent.CatchUpDue>(_ => true, from);
    }

    [Fact]
    public async Task A_page_that_loads_again_is_told_as_ready_again_and_caught_up_however_fast_it_is()
    {
        await using var phone = await Phone.LoggedInAsync();
        for (var times = 0; times < 3; times++)
        {
            var from = phone.Listener.Count;
            await phone.WhatsApp.Page!.ReloadAsync();
            await phone.Listener.StateAsync(WhatsAppState.Starting, from);
            await phone.Listener.StateAsync(WhatsAppState.Ready, from);
            await phone.Listener.ForAsync<WhatsAppEvent.CatchUpDue>(_ => true, from);
        }
    }

    [Fact]
    public async Task No_request_leaves_for_any_host_but_WhatsApps()
    {
        await using var phone = await Phone.LoggedInAsync();
        var from = phone.Listener.Count;
        var hosts = new System.Collections.Concurrent.ConcurrentBag<string>();
        phone.WhatsApp.Page!.Context.Request += (_, request) =>
            hosts.Add(new Uri(request.Url) is { Scheme: not "data" } uri ? uri.Authority : "data");
        await phone.WhatsApp.Page.ReloadAsync();
        await phone.Listener.StateAsync(WhatsAppState.Ready, from);

        await phone.Listener.MessageAsync(
            await phone.Site.CustomerWritesAsync("919800000007", "Fay", "see https://example.com/offer",
                cancel: Cancel));
        var id = MessageIds.New("919800000007@c.us");
        await phone.WhatsApp.SendTextAsync("919800000007@c.us",
            "Look at https://example.com/catalog and https://example.org", id, Cancel);
        await phone.WhatsApp.ScanAsync(0, 100, Cancel);

        Assert.True(hosts.Count > 5);
        Assert.Equal([new Uri(phone.Site.Address).Authority], hosts.Where(h => h != "data").Distinct());
    }

    [Fact]
    public async Task A_message_that_stays_sealed_holds_the_cursor_for_a_time_and_then_is_told_as_unreadable()
    {
        await using var phone = await Phone.LoggedInAsync(o => o with { UnreadablePatience = TimeSpan.FromSeconds(1) });
        var sealedId = await phone.Site.CustomerWritesAsync("919800000008", "Gil", "lost words",
            Tools.FakeWhatsApp.Delivery.SealedForEver, Cancel);
        var next = await phone.Site.CustomerWritesAsync("919800000008", "Gil", "hello?", cancel: Cancel);

        var held = await phone.WhatsApp.ScanAsync(0, 100, Cancel);
        Assert.Equal([next], held.Messages.Select(m => m.Id));
        Assert.True(held.Cursor < held.Messages[0].RowId - 1);

        var told = await phone.ScanUntilAsync(held.Cursor, sealedId);
        Assert.Equal(("ciphertext", ""),
            told.Messages.Where(m => m.Id == sealedId).Select(m => (m.Type, m.Text)).Single());
        Assert.Equal(told.Messages[^1].RowId, told.Cursor);
    }
}
