using Sak.Sync.Reading.Names;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Orders;

/// <summary>After one question a customer's own word for a product is known.</summary>
public sealed class LearnedWordsTests : OpenShop
{
    [Fact]
    public async Task A_word_that_was_asked_is_used_next_time_and_stated()
    {
        await Shop.SayAsync(Asha, "2 soap");
        Assert.Contains("Neem Bath Soap", Said);
        Assert.EndsWith("?", Said);
        await Shop.SayAsync(Asha, "neem");
        await Shop.SayAsync(Asha, "yes");
        Assert.Equal("{\"soap\":\"SOAP-N\"}", await Shop.TextAsync("SELECT words FROM customers WHERE words <> '{}'"));

        await Shop.SayAsync(Asha, "send 3 of the usual soap");
        Assert.Contains("soap = Neem Bath Soap 100 g", Said);
        await Shop.SayAsync(Asha, "yes");
        Assert.Contains("SOAP-N:3000", await Shop.OrdersAsync());

        // Another customer's soap is still a question.
        await Shop.SayAsync(Ravi, "2 soap");
        Assert.Contains("Rose Bath Soap", Said);
    }

    [Fact]
    public async Task Nothing_is_learned_without_a_confirmed_order()
    {
        await Shop.SayAsync(Asha, "2 soap");
        await Shop.SayAsync(Asha, "neem");
        Assert.Equal(0, await Shop.CountAsync("SELECT count(*) FROM customers WHERE words <> '{}'"));
    }

    [Fact]
    public async Task What_is_learned_is_a_change_that_syncs()
    {
        await Shop.SayAsync(Asha, "2 soap");
        await Shop.SayAsync(Asha, "neem");
        await Shop.SayAsync(Asha, "yes");
        Assert.True(
            await Shop.CountAsync(
                "SELECT count(*) FROM change_log WHERE body LIKE '%SOAP-N%' AND body LIKE '%words%'") > 0);
    }

    [Theory]
    [InlineData("red or blue pen → blue", "")]
    [InlineData("3 → neem", "")]
    [InlineData("2 sugar", "")]
    [InlineData("sabun → neem wala", "sabun")]
    [InlineData("2 tea + sabun → neem", "sabun")]
    public void Only_a_name_is_learned(string words, string phrase) =>
        Assert.Equal(phrase, string.Join(',', OwnWords.Learn(new Dictionary<string, string>(), [("X", words)]).Keys));
}
