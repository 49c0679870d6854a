using Sak.Agent.Chats;
using Sak.Agent.WhatsApp;

namespace Sak.Tests.Browser;

/// <summary>Login, restarts and everything that can happen to the connection, each on a profile of its own.</summary>
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
        await ScanUntilAsync(phone, 0, await Write("two"));
        var before = await phone.WhatsApp.ScanAsync(new WhatsAppPlace(0, ""), 100, Cancel);
        Assert.NotEmpty(before.Anchor);
        Assert.Empty(
            (await phone.WhatsApp.ScanAsync(new WhatsAppPlace(before.Cursor, before.Anchor), 100, Cancel)).Messages);

        // The history comes in another order: what has the old cursor's row is another message now.
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
    public async Task After_a_restart_nobody_scans_again_and_the_scan_has_what_was_written_meanwhile()
    {
        await using var phone = await Phone.LoggedInAsync();
        var before = await phone.Site.CustomerWritesAsync("919800000001", "Amina", "before", cancel: Cancel);
        var reply = MessageIds.New("919800000001@c.us");
        await phone.WhatsApp.SendTextAsync("919800000001@c.us", "reply", reply, Cancel);
        var first = await phone.WhatsApp.ScanAsync(0, 100, Cancel);
        Assert.Equal([before, reply], first.Messages.Select(m => m.Id));
        await phone.CloseAsync();

        var meanwhile = await phone.Site.CustomerWritesAsync("919800000002", "Ben", "meanwhile", cancel: Cancel);
        await phone.OpenAsync();
        await phone.Listener.StateAsync(WhatsAppState.Ready);
        await phone.Listener.ForAsync<WhatsAppEvent.CatchUpDue>(_ => true);

        var second = await ScanUntilAsync(phone, first.Cursor, meanwhile);
        Assert.Equal((meanwhile, "meanwhile", "Ben"),
            Assert.Single(second.Messages.Select(m => (m.Id, m.Text, m.Name))));
        Assert.True(await phone.WhatsApp.FindSentAsync(reply, Cancel) >= WhatsAppAck.Sent);
        Assert.DoesNotContain(phone.Listener.Heard, e => e is WhatsAppEvent.LoginCode { Code.Length: > 0 });
        Assert.Empty(phone.Site.Doubled);
    }

    [Fact]
    public async Task A_message_whose_acknowledgement_was_lost_is_known_after_a_kill_and_reaches_the_customer_once()
    {
        await using var phone = await Phone.LoggedInAsync();
        var id = MessageIds.New("919800000003@c.us");
        phone.Site.Faults.LoseAcks = 1;
        var sending = phone.WhatsApp.SendTextAsync("919800000003@c.us", "once", id, Cancel);
        await phone.Site.WaitForSentAsync("919800000003", 1, Cancel);
        await CrashAsync(phone);
        await Assert.ThrowsAsync<WhatsAppException>(() => sending);

        await phone.WhatsApp.OpenAsync(Cancel);
        await phone.Listener.StateAsync(WhatsAppState.Ready, from: phone.Listener.Count);

        Assert.NotNull(await phone.WhatsApp.FindSentAsync(id, Cancel));
        await phone.WhatsApp.SendTextAsync("919800000003@c.us", "once", id, Cancel);
        Assert.Equal(("once", 1), Assert.Single(phone.Site.Sent.Select(s => (s.Text, s.Calls))));
    }

    [Fact]
    public async Task A_crashed_page_is_told_and_opens_again_on_the_same_login()
    {
        await using var phone = await Phone.LoggedInAsync();

        await CrashAsync(phone);

        Assert.Contains("crashed", (await phone.Listener.StateAsync(WhatsAppState.Closed)).Reason,
            StringComparison.Ordinal);
        await phone.WhatsApp.OpenAsync(Cancel);
        await phone.Listener.StateAsync(WhatsAppState.Ready, from: phone.Listener.Count);
        var id = await phone.Site.CustomerWritesAsync("919800000004", "Cem", "still there?", cancel: Cancel);
        await phone.Listener.MessageAsync(id);
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

        var scan = await ScanUntilAsync(phone, cursor, ids[^1]);
        Assert.Equal(ids, scan.Messages.Select(m => m.Id));
        Assert.True(scan.Cursor < cursor);

        Task<string> Write(string text) => phone.Site.CustomerWritesAsync("919800000005", "Dina", text, cancel: Cancel);
    }

    [Fact]
    public async Task When_WhatsApp_moves_a_part_that_SAK_needs_it_says_so_and_what_to_do()
    {
        await using var phone = await Phone.StartAsync();
        phone.Site.Faults.HiddenModules = ["WAWebSendMsg"];
        await phone.OpenAsync();
        await phone.Site.LoginAsync(Cancel);

        var changed = await phone.Listener.StateAsync(WhatsAppState.Changed);

        Assert.Contains("addAndSendMsgToChat", changed.Reason, StringComparison.Ordinal);
        Assert.Contains("Messages are kept by WhatsApp", changed.Reason, StringComparison.Ordinal);
        Assert.Contains(BridgeBundle.FileName, changed.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("WAWebChatPresence", "typing")]
    [InlineData("WAWebSubscribePresence", "while a customer types")]
    [InlineData("WAWebLidPnCache", "hidden number")]
    [InlineData("WAWebComms", "fallen silent")]
    public async Task What_the_shop_can_do_without_is_told_and_the_shop_goes_on(string module, string words)
    {
        await using var phone = await Phone.StartAsync();
        phone.Site.Faults.HiddenModules = [module];
        await phone.OpenAsync();
        await phone.Site.LoginAsync(Cancel);

        await phone.Listener.StateAsync(WhatsAppState.Ready);
        Assert.Contains(words, (await phone.Listener.ForAsync<WhatsAppEvent.Limited>(_ => true)).What,
            StringComparison.Ordinal);
        await phone.Listener.MessageAsync(
            await phone.Site.CustomerWritesAsync("919800000013", "Kim", "2 sugar", cancel: Cancel));
        await phone.WhatsApp.SendTextAsync("919800000013@c.us", "Thank you", MessageIds.New("919800000013@c.us"),
            Cancel);
    }

    [Fact]
    public async Task When_the_bridge_never_finds_its_way_the_agent_goes_on_and_says_so()
    {
        await using var phone = await Phone.StartAsync();
        phone.Site.Faults.Unrecognisable = true;
        await phone.OpenAsync(o => o with { ReadyWithin = TimeSpan.FromSeconds(3) });

        Assert.Contains("not ready after 3 seconds", (await phone.Listener.StateAsync(WhatsAppState.Changed)).Reason,
            StringComparison.Ordinal);
        await Assert.ThrowsAsync<WhatsAppException>(() => phone.WhatsApp.ScanAsync(0, 10, Cancel));
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
    public async Task While_the_connection_is_away_it_is_offline_and_what_came_meanwhile_follows()
    {
        await using var phone = await Phone.LoggedInAsync();
        var from = phone.Listener.Count;
        await phone.WhatsApp.Page!.Context.SetOfflineAsync(true);
        Assert.Contains("internet", (await phone.Listener.StateAsync(WhatsAppState.Offline, from)).Reason,
            StringComparison.Ordinal);

        await phone.Site.WaitForNoBrowserAsync(Cancel);
        var id = await phone.Site.CustomerWritesAsync("919800000006", "Emre", "in the tunnel", cancel: Cancel);
        await phone.WhatsApp.Page.Context.SetOfflineAsync(false);

        await phone.Listener.StateAsync(WhatsAppState.Ready, from);
        Assert.Equal("in the tunnel", (await phone.Listener.MessageAsync(id, from)).Text);
        await phone.Listener.ForAsync<WhatsAppEvent.CatchUpDue>(_ => true, from);
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
    public async Task A_page_that_went_deaf_hears_again_after_a_reload()
    {
        await using var phone = await Phone.LoggedInAsync();
        await phone.Site.HangUpAsync(Cancel);
        await phone.Site.WaitForNoBrowserAsync(Cancel);
        var id = await phone.Site.CustomerWritesAsync("919800000012", "Joe", "anybody there?", cancel: Cancel);
        Assert.Empty((await phone.WhatsApp.ScanAsync(0, 100, Cancel)).Messages);
        Assert.Equal(WhatsAppState.Ready, phone.Listener.Heard.OfType<WhatsAppEvent.StateChanged>().Last().State);

        await phone.WhatsApp.Page!.ReloadAsync();

        await ScanUntilAsync(phone, 0, id);
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

        var told = await ScanUntilAsync(phone, held.Cursor, sealedId);
        Assert.Equal(("ciphertext", ""),
            told.Messages.Where(m => m.Id == sealedId).Select(m => (m.Type, m.Text)).Single());
        Assert.Equal(told.Messages[^1].RowId, told.Cursor);
    }

    [Fact]
    public async Task Where_the_store_cannot_be_read_the_chats_are()
    {
        await using var phone = await Phone.LoggedInAsync();
        string[] ids = [await Write("919800000010", "one"), await Write("919800000011", "two"),
            await Write("919800000010", "three")];
        await phone.WhatsApp.Page!.EvaluateAsync("() => { indexedDB.databases = async () => []; }");

        var scan = await phone.WhatsApp.ScanAsync(7, 100, Cancel);

        Assert.Equal(ids.Order(), scan.Messages.Select(m => m.Id).Order());
        Assert.Equal((7, true), (scan.Cursor, scan.Complete));

        Task<string> Write(string customer, string text) =>
            phone.Site.CustomerWritesAsync(customer, "Hal", text, cancel: Cancel);
    }

    [Fact]
    public async Task A_browser_that_died_is_told_and_nothing_it_had_stored_is_lost()
    {
        await using var phone = await Phone.LoggedInAsync();
        var id = await phone.Site.CustomerWritesAsync("919800000009", "Ida", "stored", cancel: Cancel);
        var from = phone.Listener.Count;
        var inside = await phone.WhatsApp.Page!.Context.NewCDPSessionAsync(phone.WhatsApp.Page);
        _ = inside.SendAsync("Browser.crash").ContinueWith(t => t.Exception, TaskScheduler.Default);

        Assert.NotEmpty((await phone.Listener.StateAsync(WhatsAppState.Closed, from)).Reason);
        await phone.Site.WaitForNoBrowserAsync(Cancel);
        await phone.WhatsApp.OpenAsync(Cancel);
        await phone.Listener.StateAsync(WhatsAppState.Ready, from);

        await ScanUntilAsync(phone, 0, id);
    }

    private static async Task CrashAsync(Phone phone)
    {
        var from = phone.Listener.Count;
        _ = phone.WhatsApp.Page!.GotoAsync("chrome://crash").ContinueWith(t => t.Exception, TaskScheduler.Default);
        await phone.Listener.StateAsync(WhatsAppState.Closed, from);
    }

    // WhatsApp delivers after it is ready; the catch-up events say when to look again.
    private static async Task<WhatsAppScan> ScanUntilAsync(Phone phone, long cursor, string id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                var scan = await phone.WhatsApp.ScanAsync(cursor, 100, limit.Token);
                if (scan.Messages.Any(m => m.Id == id)) return scan;
            }
            catch (WhatsAppException) when (!limit.IsCancellationRequested)
            {
                // The page is loading.
            }

            await Task.Delay(50, limit.Token);
        }
    }
}
