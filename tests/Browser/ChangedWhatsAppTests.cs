using Sak.Agent.Chats;
using Sak.Agent.WhatsApp;

namespace Sak.Tests.Browser;

/// <summary>
/// WhatsApp changed and parts of wa-js no longer work: the shop goes on with what it has, or says what to do.
/// </summary>
[Collection("browser")]
public sealed class ChangedWhatsAppTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

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
}
