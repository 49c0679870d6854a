using Sak.Agent.Dashboard;
using Sak.Agent.Database;
using Sak.Agent.Orders;
using Sak.Agent.Status;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Orders;

/// <summary>The owner sees and changes what customers call the products.</summary>
public sealed class OwnerWordsTests : OpenShop
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Shop.SayAsync(Asha, "hello");
    }

    [Fact]
    public async Task A_word_that_the_owner_sets_is_used_and_stated_and_syncs()
    {
        Assert.Contains("from now on", await ChangeAsync("+91 98000 00001", "the Soap", "SOAP-N"),
            StringComparison.Ordinal);
        await Shop.SayAsync(Asha, "2 soap");
        Assert.Contains("soap = Neem Bath Soap 100 g", Said, StringComparison.Ordinal);
        Assert.True(
            await Shop.CountAsync(
                "SELECT count(*) FROM change_log WHERE body LIKE '%SOAP-N%' AND body LIKE '%words%'") > 0);
    }

    [Fact]
    public async Task A_word_that_the_owner_takes_away_is_asked_again()
    {
        await ChangeAsync(Asha, "soap", "SOAP-N");
        await ChangeAsync(Asha, "soap", null);
        await Shop.SayAsync(Asha, "2 soap");
        Assert.EndsWith("?", Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_dashboard_shows_the_words_and_its_keys_change_and_forget_them()
    {
        await Shop.SayAsync(Ravi, "hello");
        foreach (var customer in new[] { Asha, Ravi }) await ChangeAsync(customer, "soap", "SOAP-N");
        await Shop.Db.WriteAsync(c => { c.Execute("UPDATE products SET active = 0 WHERE sku = 'SOAP-N'"); }, Cancel);
        var keys = new WordKeys(Shop.Db);
        var words = await WordsAsync();
        Assert.Equal(["soap=SOAP-N ", "soap=SOAP-N "], words.Select(Text));

        Assert.Contains("from now on", await keys.ObeyAsync(words[0], new Wish(WishKind.Correct, " SOAP-L "), Cancel));
        Assert.Contains("forgotten", await keys.ObeyAsync(words[1], new Wish(WishKind.Drop), Cancel));
        Assert.Contains("has no word", await keys.ObeyAsync(words[1], new Wish(WishKind.Drop), Cancel));
        Assert.Contains("no product",
            await keys.ObeyAsync(words[0], new Wish(WishKind.Correct, "SOAP-N"), Cancel));

        Assert.Equal("soap=SOAP-L Rose Bath Soap 100 g", Text(Assert.Single(await WordsAsync())));
    }

    private static string Text(WordRow word) => $"{word.Phrase}={word.Sku} {word.Product}";

    private async Task<IReadOnlyList<WordRow>> WordsAsync() => (await Shop.Shop.StatusAsync(Cancel)).Words;

    [Theory]
    [InlineData("912", "soap", "SOAP-N", "No one customer")]
    [InlineData(Asha, "soap", "NO-1", "There is no product")]
    [InlineData(Asha, "soap", null, "has no word")]
    [InlineData(Asha, "", "SOAP-N", "names nothing")]
    [InlineData(Asha, "10", "SOAP-N", "names nothing")]
    public async Task What_is_not_there_is_said(string customer, string phrase, string? sku, string fault)
    {
        var answer = await Shop.Db.WriteAsync(c => CustomerWords.Change(c, customer, phrase, sku), Cancel);

        Assert.False(answer.Done);
        Assert.Contains(fault, answer.Says, StringComparison.Ordinal);
    }

    private async Task<string> ChangeAsync(string customer, string phrase, string? sku)
    {
        var answer = await Shop.Db.WriteAsync(c => CustomerWords.Change(c, customer, phrase, sku), Cancel);
        Assert.True(answer.Done, answer.Says);
        return answer.Says;
    }
}
