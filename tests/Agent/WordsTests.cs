using Sak.Agent.Commands;
using Sak.Agent.Store;
using Sak.Tests.Support;

namespace Sak.Tests.Agent;

/// <summary>The owner sees and changes what customers call the products.</summary>
public sealed class WordsTests : OpenShop
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Shop.SayAsync(Asha, "hello");
    }

    [Fact]
    public async Task A_word_that_the_owner_sets_is_used_and_stated_and_syncs()
    {
        Assert.Contains("from now on", await ChangeAsync("+91 98000 00001", "the Soap", "SOAP-N"), StringComparison.Ordinal);
        await Shop.SayAsync(Asha, "2 soap");
        Assert.Contains("soap = Neem Bath Soap 100 g", Said, StringComparison.Ordinal);
        Assert.True(await Shop.CountAsync("SELECT count(*) FROM change_log WHERE body LIKE '%SOAP-N%' AND body LIKE '%words%'") > 0);
    }

    [Fact]
    public async Task A_word_that_the_owner_takes_away_is_asked_again()
    {
        await ChangeAsync(Asha, "soap", "SOAP-N");
        await ChangeAsync(Asha, "soap", null);
        await Shop.SayAsync(Asha, "2 soap");
        Assert.EndsWith("?", Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("912", "soap", "SOAP-N", "No one customer")]
    [InlineData(Asha, "soap", "NO-1", "There is no product")]
    [InlineData(Asha, "soap", null, "has no word")]
    public async Task What_is_not_there_is_said(string customer, string phrase, string? sku, string fault) =>
        Assert.Contains(fault, (await Assert.ThrowsAsync<CommandException>(() => ChangeAsync(customer, phrase, sku))).Message, StringComparison.Ordinal);

    private Task<string> ChangeAsync(string customer, string phrase, string? sku) =>
        Shop.Db.WriteAsync(connection => CustomerWords.Change(connection, customer, phrase, sku), Cancel);
}
