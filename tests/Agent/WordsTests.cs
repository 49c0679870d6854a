using Sak.Agent.Commands;
using Sak.Agent.Store;
using Sak.Tests.Support;

namespace Sak.Tests.Agent;

/// <summary>The owner sees and changes what customers call the products.</summary>
public sealed class WordsTests : IAsyncLifetime
{
    private const string Asha = "919800000001";
    private readonly Folder folder = new();
    private readonly InMemoryWhatsApp whatsApp = new();
    private readonly ShopUnderTest shop;

    public WordsTests() => shop = new ShopUnderTest(folder.Path, whatsApp);

    public async ValueTask InitializeAsync()
    {
        await shop.ImportCatalogAsync();
        shop.Open();
        await shop.SayAsync(Asha, "hello");
    }

    public async ValueTask DisposeAsync()
    {
        await shop.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_word_that_the_owner_sets_is_used_and_stated_and_syncs()
    {
        Assert.Contains("from now on", await ChangeAsync("+91 98000 00001", "the Soap", "SOAP-N"), StringComparison.Ordinal);
        await shop.SayAsync(Asha, "2 soap");
        Assert.Contains("soap = Neem Bath Soap 100 g", whatsApp.Sent[^1].Text, StringComparison.Ordinal);
        Assert.True(await shop.CountAsync("SELECT count(*) FROM change_log WHERE body LIKE '%SOAP-N%' AND body LIKE '%words%'") > 0);
    }

    [Fact]
    public async Task A_word_that_the_owner_takes_away_is_asked_again()
    {
        await ChangeAsync(Asha, "soap", "SOAP-N");
        await ChangeAsync(Asha, "soap", null);
        await shop.SayAsync(Asha, "2 soap");
        Assert.EndsWith("?", whatsApp.Sent[^1].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("912", "soap", "SOAP-N", "No one customer")]
    [InlineData(Asha, "soap", "NO-1", "There is no product")]
    [InlineData(Asha, "soap", null, "has no word")]
    public async Task What_is_not_there_is_said(string customer, string phrase, string? sku, string fault) =>
        Assert.Contains(fault, (await Assert.ThrowsAsync<CommandException>(() => ChangeAsync(customer, phrase, sku))).Message, StringComparison.Ordinal);

    private Task<string> ChangeAsync(string customer, string phrase, string? sku) =>
        shop.Db.WriteAsync(connection => CustomerWords.Change(connection, customer, phrase, sku), TestContext.Current.CancellationToken);
}
