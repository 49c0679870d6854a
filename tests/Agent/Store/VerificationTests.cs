using Sak.Agent.Store;
using Sak.Agent.WhatsApp;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Store;

/// <summary>WhatsApp's store and SAK's database side by side, after a real turn.</summary>
public sealed class VerificationTests : IAsyncLifetime
{
    private const string Asha = "919800000001";
    private readonly Folder folder = new();
    private readonly InMemoryWhatsApp whatsApp = new();
    private readonly ShopUnderTest shop;

    public VerificationTests() => shop = new ShopUnderTest(folder.Path, whatsApp);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        await shop.ImportCatalogAsync();
        shop.Open();
        await shop.SayAsync(Asha, "2 sugar");
        await shop.SayAsync(Asha, "yes");
    }

    [Fact]
    public async Task When_everything_was_captured_and_told_they_agree()
    {
        var report = await CompareAsync(await StoreAsync());

        Assert.True(report.IsGood, string.Join('\n', report.Missing.Concat(report.Doubled)));
        Assert.Equal((2, 2, 2, 1), (report.There, report.Captured, report.Answered, report.Orders));
    }

    [Fact]
    public async Task A_message_that_only_WhatsApp_has_is_listed_as_missing()
    {
        var stray = new WhatsAppMessage("false_919800000001@c.us_STRAY", "919800000001@c.us", Asha, "", false, "chat", "5 ctn oil", Now);

        var report = await CompareAsync([.. await StoreAsync(), stray]);

        Assert.Contains("STRAY", Assert.Single(report.Missing));
        Assert.False(report.IsGood);
    }

    [Fact]
    public async Task An_order_whose_reply_WhatsApp_does_not_have_is_listed_as_missing()
    {
        var store = (await StoreAsync()).Where(m => !m.Text.Contains("A-1001", StringComparison.Ordinal));

        Assert.Contains("A-1001", Assert.Single((await CompareAsync([.. store])).Missing));
    }

    [Fact]
    public async Task A_reply_that_WhatsApp_has_twice_is_listed_as_doubled()
    {
        var store = await StoreAsync();

        Assert.Single((await CompareAsync([.. store, store.Last(m => m.FromMe)])).Doubled);
    }

    public async ValueTask DisposeAsync()
    {
        await shop.DisposeAsync();
        folder.Dispose();
    }

    private Task<VerificationReport> CompareAsync(IReadOnlyList<WhatsAppMessage> store) =>
        new Verification(shop.Db).CompareAsync(store, Now.AddDays(-1), Now.AddDays(1), Cancel);

    // What the page has: what customers wrote, and what the shop sent.
    private async Task<List<WhatsAppMessage>> StoreAsync()
    {
        var written = await whatsApp.Connect().ScanAsync(0, 1000, Cancel);
        return [.. written.Messages, .. whatsApp.Sent.Select(s => new WhatsAppMessage(s.Id, s.ChatId, Asha, "", true, "chat", s.Text, Now))];
    }
}
