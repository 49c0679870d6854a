using Sak.Agent.Chats;
using Sak.Agent.WhatsApp;
using Sak.Tools.FakeWhatsApp;

namespace Sak.Tests.Browser;

/// <summary>What is sent, through the real wa-js in a real browser.</summary>
[Collection("browser")]
public sealed class SendingTests(SharedPhone shared)
{
    private FakeWhatsAppSite Site => shared.Phone.Site;

    private WhatsAppWeb WhatsApp => shared.Phone.WhatsApp;

    private Listener Listener => shared.Phone.Listener;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reply_reaches_the_customer_once_under_the_id_made_before()
    {
        var customer = Phone.NewCustomer();
        await Site.CustomerWritesAsync(customer, "Ben", "hello", cancel: Cancel);
        var id = MessageIds.New(customer + "@c.us");
        Assert.Null(await WhatsApp.FindSentAsync(id, Cancel));

        var ack = await WhatsApp.SendTextAsync(customer + "@c.us", "Welcome!", id, Cancel);

        Assert.True(ack >= WhatsAppAck.Sent);
        Assert.True(await WhatsApp.FindSentAsync(id, Cancel) >= WhatsAppAck.Sent);
        var sent = Assert.Single(await Site.WaitForSentAsync(customer, 1, Cancel));
        Assert.Equal((id, "Welcome!", 1), (sent.Id, sent.Text, sent.Calls));
        await Listener.ForAsync<WhatsAppEvent.Acked>(a => a.Ack == WhatsAppAck.Read && a.MessageIds.Contains(id));
        Assert.True((await Listener.MessageAsync(id)).FromMe);
    }

    [Fact]
    public async Task A_refused_message_is_an_error_was_never_sent_and_can_be_sent_under_its_id()
    {
        var customer = Phone.NewCustomer();
        var id = MessageIds.New(customer + "@c.us");
        await Site.RefuseSendsAsync(1, Cancel);

        var refused = await Assert.ThrowsAsync<WhatsAppException>(
            () => WhatsApp.SendTextAsync(customer, "hello", id, Cancel));

        Assert.Contains("refused", refused.Message, StringComparison.Ordinal);
        Assert.Null(await WhatsApp.FindSentAsync(id, Cancel));
        await WhatsApp.SendTextAsync(customer, "hello", id, Cancel);
        Assert.Equal(id, Assert.Single(await Site.WaitForSentAsync(customer, 1, Cancel)).Id);
    }

    [Fact]
    public async Task A_message_that_WhatsApp_failed_to_send_is_an_error_and_is_found_as_failed()
    {
        var customer = Phone.NewCustomer();
        var id = MessageIds.New(customer + "@c.us");
        Site.Faults.FailSends = 1;

        await Assert.ThrowsAsync<WhatsAppException>(() => WhatsApp.SendTextAsync(customer, "hello", id, Cancel));
        Assert.Equal(WhatsAppAck.Failed, await WhatsApp.FindSentAsync(id, Cancel));

        await WhatsApp.SendTextAsync(customer, "hello", id, Cancel);
        Assert.Equal((id, 1),
            Assert.Single((await Site.WaitForSentAsync(customer, 1, Cancel)).Select(s => (s.Id, s.Calls))));
    }

    [Fact]
    public async Task A_lost_acknowledgement_is_pending_and_sending_again_reaches_the_customer_once()
    {
        var customer = Phone.NewCustomer();
        var id = MessageIds.New(customer + "@c.us");
        Site.Faults.LoseAcks = 1;

        Assert.Equal(WhatsAppAck.Pending, await WhatsApp.SendTextAsync(customer, "hello", id, Cancel));
        Assert.Equal(WhatsAppAck.Pending, await WhatsApp.FindSentAsync(id, Cancel));
        Assert.Equal(WhatsAppAck.Pending, await WhatsApp.SendTextAsync(customer, "hello", id, Cancel));

        Assert.Equal(1, Assert.Single(await Site.WaitForSentAsync(customer, 1, Cancel)).Calls);
        Assert.Single(Site.Attempts, a => a.Id == id);
    }

    [Fact]
    public async Task While_WhatsApp_is_silent_a_send_is_pending_and_goes_out_when_it_wakes()
    {
        var customer = Phone.NewCustomer();
        var id = MessageIds.New(customer + "@c.us");
        Site.Stall(true);
        try
        {
            Assert.Equal(WhatsAppAck.Pending, await WhatsApp.SendTextAsync(customer, "hello", id, Cancel));
            Assert.DoesNotContain(Site.Sent, s => s.Id == id);
        }
        finally
        {
            Site.Stall(false);
        }

        await Listener.ForAsync<WhatsAppEvent.Acked>(a => a.MessageIds.Contains(id));
        Assert.Equal(1, Assert.Single(await Site.WaitForSentAsync(customer, 1, Cancel)).Calls);
    }

    [Theory]
    [InlineData("true_919800000000@c.us_3EB0FFFFFFFFFFFFFFFFFF")]
    [InlineData("true_999999999999999@lid_3EB0FFFFFFFFFFFFFFFFFF")]
    public async Task An_id_that_WhatsApp_does_not_know_was_never_sent(string id) =>
        Assert.Null(await WhatsApp.FindSentAsync(id, Cancel));

    [Fact]
    public async Task Typing_is_shown_to_the_customer()
    {
        var customer = Phone.NewCustomer();
        await Site.CustomerWritesAsync(customer, "Nia", "hello", cancel: Cancel);

        await WhatsApp.ShowTypingAsync(customer + "@c.us", TimeSpan.FromMilliseconds(200), Cancel);

        await Site.WaitForTypingAsync(customer, Cancel);
    }
}
