using Microsoft.EntityFrameworkCore;
using Sak.Agent.Database;
using Sak.Tests.Contracts;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Sync;

/// <summary>The old PC is lost; a new one continues with an empty folder and the shop's key.</summary>
public sealed class NewPcTests : IAsyncLifetime
{
    private const string Asha = "919800000001";
    private readonly Folder _old = new();
    private readonly Folder _fresh = new();
    private TestServer _server = null!;
    private string[] _settings = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(Engine.Sqlite);
        var (key, _) = await _server.AddShopAsync(taxInclusive: true);
        _settings = [$"--Cloud:Address={_server.Address}", $"--Cloud:Key={key.Key}", "--Cloud:ReplySeconds=2"];
    }

    [Fact]
    public async Task A_new_PC_has_the_shop_back_continues_its_numbers_and_its_open_orders()
    {
        var before = new InMemoryWhatsApp();
        await using (var shop = new ShopUnderTest(_old.Path, before, _settings))
        {
            await shop.ImportCatalogAsync();
            shop.Open();
            await shop.SayAsync(Asha, "5 ctn oil n 2 sugar");
            await shop.SayAsync(Asha, "yes");
            await shop.SyncedAsync();
            Assert.StartsWith("A-1001|", await shop.OrdersAsync());
        }

        var after = new InMemoryWhatsApp();
        await using var next = new ShopUnderTest(_fresh.Path, after, _settings);
        next.Open(takeOver: true);
        await Eventually.IsTrueAsync(async () => await next.CountAsync("SELECT count(*) FROM orders") == 1,
            "the old PC's order to be here");
        Assert.Equal("confirmed", await next.TextAsync("SELECT status FROM orders WHERE number = 'A-1001'"));
        Assert.Equal("A-1001|OIL-1:60000,SUG-1:2000|879600", await next.OrdersAsync());

        // The customer is the same, open work continues, and document numbers go on.
        await next.Db.WriteAsync(
            c => { Sql.Execute(c, "UPDATE orders SET status = 'delivered' WHERE number = 'A-1001'"); }, Cancel);
        await next.SayAsync(Asha, "3 sugar");
        await next.SayAsync(Asha, "yes");
        await next.SyncedAsync();
        await next.CloseAsync();

        await using var cloud = _server.Database();
        var orders = await cloud.Orders.OrderBy(o => o.Number).ToListAsync(Cancel);
        Assert.Equal([("A-1001", "delivered"), ("A-1002", "confirmed")], orders.Select(o => (o.Number, o.Status)));
        Assert.Single(orders.Select(o => o.CustomerId).Distinct());
        await Agreement.HoldsAsync(cloud, orders[0].ShopId, _fresh.File("shop.db"));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _old.Dispose();
        _fresh.Dispose();
    }
}
