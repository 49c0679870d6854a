using Sak.Agent.Chats;
using Sak.Agent.WhatsApp;

namespace Sak.Tests.Browser;

/// <summary>After a restart, a crash or a lost connection nothing is lost and nothing is sent twice.</summary>
[Collection("browser")]
public sealed class RecoveryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

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

        var second = await phone.ScanUntilAsync(first.Cursor, meanwhile);
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
        await phone.CrashAsync();
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

        await phone.CrashAsync();

        Assert.Contains("crashed", (await phone.Listener.StateAsync(WhatsAppState.Closed)).Reason,
            StringComparison.Ordinal);
        await phone.WhatsApp.OpenAsync(Cancel);
        await phone.Listener.StateAsync(WhatsAppState.Ready, from: phone.Listener.Count);
        var id = await phone.Site.CustomerWritesAsync("919800000004", "Cem", "still there?", cancel: Cancel);
        await phone.Listener.MessageAsync(id);
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
    public async Task A_page_that_went_deaf_hears_again_after_a_reload()
    {
        await using var phone = await Phone.LoggedInAsync();
        await phone.Site.HangUpAsync(Cancel);
        await phone.Site.WaitForNoBrowserAsync(Cancel);
        var id = await phone.Site.CustomerWritesAsync("919800000012", "Joe", "anybody there?", cancel: Cancel);
        Assert.Empty((await phone.WhatsApp.ScanAsync(0, 100, Cancel)).Messages);
        Assert.Equal(WhatsAppState.Ready, phone.Listener.Heard.OfType<WhatsAppEvent.StateChanged>().Last().State);

        await phone.WhatsApp.Page!.ReloadAsync();

        await phone.ScanUntilAsync(0, id);
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

        await phone.ScanUntilAsync(0, id);
    }
}
