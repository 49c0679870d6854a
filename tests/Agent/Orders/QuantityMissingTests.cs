using Sak.Tests.Support;

namespace Sak.Tests.Agent.Orders;

/// <summary>A product without a number: how many is asked, or it is one where the shop has set so.</summary>
public sealed class QuantityMissingTests : IAsyncLifetime
{
    private const string Asha = "919800000001";
    private readonly Folder _folder = new();
    private readonly InMemoryWhatsApp _whatsApp = new();
    private ShopUnderTest _shop = null!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _shop.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_is_asked_where_nothing_is_set()
    {
        await OpenAsync();
        await _shop.SayAsync(Asha, "please send neem bath soap");
        Assert.EndsWith("?", _whatsApp.Sent[^1].Text, StringComparison.Ordinal);
        await _shop.SayAsync(Asha, "yes");
        Assert.Equal(0, await _shop.CountAsync("SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task It_is_one_in_a_cafe_and_the_confirmation_says_it_back()
    {
        await OpenAsync("--Shop:QuantityMissing=one");
        await _shop.SayAsync(Asha, "please send neem bath soap");
        Assert.Contains("1 ", _whatsApp.Sent[^1].Text, StringComparison.Ordinal);
        Assert.Contains("Neem Bath Soap", _whatsApp.Sent[^1].Text, StringComparison.Ordinal);
        await _shop.SayAsync(Asha, "yes");
        Assert.Contains("SOAP-N:1000", await _shop.OrdersAsync(), StringComparison.Ordinal);
    }

    private async Task OpenAsync(params string[] settings)
    {
        _shop = new ShopUnderTest(_folder.Path, _whatsApp, settings);
        await _shop.ImportCatalogAsync();
        _shop.Open();
    }
}
