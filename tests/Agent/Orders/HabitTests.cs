using Sak.Tests.Support;

namespace Sak.Tests.Agent.Orders;

/// <summary>Earlier sales, from the agent's own file, decide ambiguous requests.</summary>
public sealed class HabitTests : OpenShop
{
    [Fact]
    public async Task A_quantity_far_beyond_the_customers_own_is_asked_and_taken_when_said_again()
    {
        for (var i = 0; i < 3; i++)
        {
            await Shop.SayAsync(Asha, "2 sugar");
            await Shop.SayAsync(Asha, "yes");
        }

        await Shop.SayAsync(Asha, "200 sugar");
        Assert.EndsWith("?", Said, StringComparison.Ordinal);
        await Shop.SayAsync(Asha, "200");
        await Shop.SayAsync(Asha, "yes");
        Assert.Equal(200_000, await Shop.CountAsync("SELECT max(quantity) FROM order_lines"));
    }

    [Fact]
    public async Task What_the_customer_always_takes_is_proposed_in_words_that_are_seen()
    {
        for (var i = 0; i < 2; i++)
        {
            await Shop.SayAsync(Asha, "2 neem bath soap");
            await Shop.SayAsync(Asha, "yes");
        }

        await Shop.SayAsync(Asha, "3 soap");
        Assert.Contains("soap = Neem Bath Soap 100 g", Said, StringComparison.Ordinal);
        await Shop.SayAsync(Asha, "yes");
        Assert.Contains("SOAP-N:3000", await Shop.OrdersAsync(), StringComparison.Ordinal);
    }
}
