using Sak.Tests.Support;

namespace Sak.Tests.Agent;

/// <summary>What was sold before, from the agent's own file, judges what is asked now.</summary>
public sealed class HabitTests : IAsyncLifetime
{
    private const string Asha = "919800000001";
    private readonly Folder folder = new();
    private readonly InMemoryWhatsApp whatsApp = new();
    private readonly ShopUnderTest shop;

    public HabitTests() => shop = new ShopUnderTest(folder.Path, whatsApp);

    public async ValueTask InitializeAsync()
    {
        await shop.ImportCatalogAsync();
        shop.Open();
    }

    public async ValueTask DisposeAsync()
    {
        await shop.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_quantity_far_beyond_the_customers_own_is_asked_and_taken_when_said_again()
    {
        for (var i = 0; i < 3; i++)
        {
            await shop.SayAsync(Asha, "2 sugar");
            await shop.SayAsync(Asha, "yes");
        }

        await shop.SayAsync(Asha, "200 sugar");
        Assert.EndsWith("?", whatsApp.Sent[^1].Text, StringComparison.Ordinal);
        await shop.SayAsync(Asha, "200");
        await shop.SayAsync(Asha, "yes");
        Assert.Equal(200_000, await shop.CountAsync("SELECT max(quantity) FROM order_lines"));
    }

    [Fact]
    public async Task What_the_customer_always_takes_is_proposed_in_words_that_are_seen()
    {
        for (var i = 0; i < 2; i++)
        {
            await shop.SayAsync(Asha, "2 neem bath soap");
            await shop.SayAsync(Asha, "yes");
        }

        await shop.SayAsync(Asha, "3 soap");
        Assert.Contains("soap = Neem Bath Soap 100 g", whatsApp.Sent[^1].Text, StringComparison.Ordinal);
        await shop.SayAsync(Asha, "yes");
        Assert.Contains("SOAP-N:3000", await shop.OrdersAsync(), StringComparison.Ordinal);
    }
}
