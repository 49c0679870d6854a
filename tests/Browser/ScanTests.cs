using Sak.Agent.WhatsApp;
using Sak.Tools.FakeWhatsApp;

namespace Sak.Tests.Browser;

/// <summary>The scan of WhatsApp's own store finds each message once, whatever the events did.</summary>
[Collection("browser")]
public sealed class ScanTests(SharedPhone shared)
{
    private FakeWhatsAppSite Site => shared.Phone.Site;

    private WhatsAppWeb WhatsApp => shared.Phone.WhatsApp;

    private Listener Listener => shared.Phone.Listener;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sealed_message_holds_up_none_of_those_that_follow_it()
    {
        var customer = Phone.NewCustomer();
        await Site.CustomerWritesAsync(customer, "Femi", "hello", cancel: Cancel);
        var before = (await WhatsApp.ScanAsync(0, 100_000, Cancel)).Cursor;
        var closed = await Site.CustomerWritesAsync(customer, "Femi", "?", Delivery.SealedFor(TimeSpan.FromSeconds(5)),
            Cancel);
        for (var i = 0; i < 7; i++) await Site.CustomerWritesAsync(customer, "Femi", $"line {i}", cancel: Cancel);

        var scan = await WhatsApp.ScanAsync(before, 3, Cancel);

        Assert.Equal(7, scan.Messages.Count(m => m.Text.StartsWith("line", StringComparison.Ordinal)));
        Assert.Equal((before, true), (scan.Cursor, scan.Complete));
        // Until it can be read it holds the cursor of every scan, also of the tests that share this phone.
        Assert.Equal("?", (await Listener.MessageAsync(closed)).Text);
    }

    [Fact]
    public async Task A_name_that_ends_in_half_an_emoji_keeps_no_message_from_the_shop()
    {
        var customer = Phone.NewCustomer();
        var id = await Site.CustomerWritesAsync(customer, "Fay", "2 soap", cancel: Cancel);
        await WhatsApp.Page!.EvaluateAsync("id => { WPP.whatsapp.MsgStore.get(id).notifyName = 'Fay \\ud83d'; }", id);

        Assert.Equal(("Fay \ufffd", "2 soap"),
            (await ScanAllAsync()).Where(m => m.Id == id).Select(m => (m.Name, m.Text)).Single());
    }

    [Fact]
    public async Task A_message_that_cannot_be_described_keeps_none_of_the_others_back()
    {
        var customer = Phone.NewCustomer();
        var odd = await Site.CustomerWritesAsync(customer, "Gil", "?", cancel: Cancel);
        var next = await Site.CustomerWritesAsync(customer, "Gil", "3 milk", cancel: Cancel);
        await WhatsApp.Page!.EvaluateAsync(
            "id => Object.defineProperty(WPP.whatsapp.MsgStore.get(id), 'notifyName', { configurable: true, get() { "
                + "throw new Error('odd'); } })", odd);
        try
        {
            Assert.Contains(await ScanAllAsync(), m => m.Id == next && m.Text == "3 milk");
        }
        finally
        {
            await WhatsApp.Page!.EvaluateAsync(
                "id => Object.defineProperty(WPP.whatsapp.MsgStore.get(id), 'notifyName', { configurable: true, "
                    + "writable: true, value: 'Gil' })", odd);
        }
    }

    [Fact]
    public async Task A_page_that_is_slow_hands_its_store_over_in_parts()
    {
        var customer = Phone.NewCustomer();
        for (var i = 0; i < 3; i++) await Site.CustomerWritesAsync(customer, "Hans", $"line {i}", cancel: Cancel);

        var part =
            System.Text.Json.JsonDocument.Parse(
                await WhatsApp.Page!.EvaluateAsync<string>(
                    "() => window.sakBridge.call('scan', [0, 1000, '', -1])")).RootElement.GetProperty("value");

        Assert.Equal(1, part.GetProperty("messages").GetArrayLength());
        Assert.False(part.GetProperty("complete").GetBoolean());
        Assert.Equal(part.GetProperty("messages")[0].GetProperty("row").GetInt64(),
            part.GetProperty("cursor").GetInt64());
    }

    [Fact]
    public async Task A_message_that_no_event_told_of_is_in_the_scan()
    {
        var customer = Phone.NewCustomer();
        var silent = await Site.CustomerWritesAsync(customer, "Gita", "3 milk", Delivery.Silent, Cancel);
        var told = await Site.CustomerWritesAsync(customer, "Gita", "and bread", cancel: Cancel);
        await Listener.MessageAsync(told);

        Assert.DoesNotContain(Listener.Heard.OfType<WhatsAppEvent.Received>(), r => r.Message.Id == silent);
        var found = Assert.Single(await ScanAllAsync(), m => m.Id == silent);
        Assert.Equal(("3 milk", customer, "Gita"), (found.Text, found.Phone, found.Name));
    }

    [Fact]
    public async Task A_scan_by_pages_gives_the_same_as_one_scan()
    {
        var customer = Phone.NewCustomer();
        for (var i = 0; i < 7; i++) await Site.CustomerWritesAsync(customer, "Mo", $"line {i}", cancel: Cancel);
        var whole = await WhatsApp.ScanAsync(0, 100_000, Cancel);
        Assert.True(whole.Complete);

        var paged = new List<WhatsAppMessage>();
        var page = await WhatsApp.ScanAsync(0, 3, Cancel);
        paged.AddRange(page.Messages);
        while (!page.Complete) paged.AddRange((page = await WhatsApp.ScanAsync(page.Cursor, 3, Cancel)).Messages);

        Assert.Equal(whole.Messages, paged);
        Assert.Equal(whole.Cursor, page.Cursor);
        Assert.Equal(7, paged.Count(m => m.ChatId == customer + "@c.us"));
        Assert.Empty((await WhatsApp.ScanAsync(page.Cursor, 3, Cancel)).Messages);
    }

    [Fact]
    public async Task Grey_lines_of_the_chat_are_no_messages()
    {
        var customer = Phone.NewCustomer();
        var first = await Site.CustomerWritesAsync(customer, "Lea", "hello", cancel: Cancel);
        await Listener.MessageAsync(first);

        Assert.Equal(first, Assert.Single(await ScanAllAsync(), m => m.ChatId == customer + "@c.us").Id);
        Assert.Single(Listener.Heard.OfType<WhatsAppEvent.Received>(), r => r.Message.ChatId == customer + "@c.us");
    }

    private async Task<IReadOnlyList<WhatsAppMessage>> ScanAllAsync() =>
        (await WhatsApp.ScanAsync(0, 100_000, Cancel)).Messages;
}
