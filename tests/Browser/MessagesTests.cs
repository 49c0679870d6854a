using Sak.Agent.WhatsApp;
using Sak.Tools.FakeWhatsApp;

namespace Sak.Tests.Browser;

/// <summary>What arrives and what is sent, through the real wa-js in a real browser.</summary>
[Collection("browser")]
public sealed class MessagesTests(SharedPhone shared)
{
    private static int lastCustomer;

    private FakeWhatsAppSite Site => shared.Phone.Site;

    private WhatsAppWeb WhatsApp => shared.Phone.WhatsApp;

    private Listener Listener => shared.Phone.Listener;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_customers_message_arrives_with_its_words_its_sender_and_the_customers_time()
    {
        var customer = NewCustomer();
        var sentAt = new DateTimeOffset(2026, 11, 1, 8, 30, 15, TimeSpan.Zero);
        var id = await Site.CustomerWritesAsync(new CustomerMessage(customer, "Amina", "5 ctn oil") { SentAt = sentAt }, cancel: Cancel);

        var message = await Listener.MessageAsync(id);

        Assert.Equal(new WhatsAppMessage(id, customer + "@c.us", customer, "Amina", false, "chat", "5 ctn oil", sentAt), message);
    }

    [Fact]
    public async Task A_reply_reaches_the_customer_once_under_the_id_made_before()
    {
        var customer = NewCustomer();
        await Site.CustomerWritesAsync(customer, "Ben", "hello", cancel: Cancel);
        var id = await WhatsApp.NewMessageIdAsync(customer + "@c.us", Cancel);
        Assert.Null(await WhatsApp.FindSentAsync(id, Cancel));

        var ack = await WhatsApp.SendTextAsync(customer + "@c.us", "Welcome!", id, Cancel);

        Assert.True(ack >= WhatsAppAck.Sent);
        Assert.True(await WhatsApp.FindSentAsync(id, Cancel) >= WhatsAppAck.Sent);
        var sent = Assert.Single(await Site.WaitForSentAsync(customer, 1, Cancel));
        Assert.Equal((id, "Welcome!", 1), (sent.Id, sent.Text, sent.Calls));
        await Listener.ForAsync<WhatsAppEvent.Acked>(a => a.Ack == WhatsAppAck.Read && a.MessageIds.Contains(id));
        Assert.True((await Listener.MessageAsync(id)).FromMe);
    }

    private SharedPhone Need()
    {
        Assert.SkipUnless(Phone.WhyNot is null, Phone.WhyNot ?? "");
        return shared;
    }

    private string NewCustomer()
    {
        Need();
        return $"9198000{Interlocked.Increment(ref lastCustomer):00000}";
    }
}
