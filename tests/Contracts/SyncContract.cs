using Microsoft.EntityFrameworkCore;
using Sak.Sync.Replica;

namespace Sak.Tests.Contracts;

/// <summary>The promises of sync, over HTTP, on every engine.</summary>
public abstract partial class SyncContract(Engine engine) : IAsyncLifetime
{
    private TestServer _server = null!;
    private HttpClient _client = null!;
    private Guid _shop;
    private TestReplica _a = null!;
    private TestReplica _b = null!;
    private readonly string _product = TestReplica.NewId();
    private readonly string _customer = TestReplica.NewId();

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(engine);
        var (key, client) = await _server.AddShopAsync();
        (_shop, _client) = (key.Shop, client);
        (_a, _b) = (new TestReplica(client), new TestReplica(client));
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task SeedAsync()
    {
        var seeded = await _a.PushAsync(_a.Product(_product, "BD-1"), _a.Customer(_customer));
        Assert.Empty(seeded.Batch.Refusals);
        await _b.PullAsync();
    }

    private async Task<int> CountAsync(Table table)
    {
        await using var db = _server.Database();
        return table.Name switch
        {
            "products" => await db.Products.CountAsync(),
            "customers" => await db.Customers.CountAsync(),
            "orders" => await db.Orders.CountAsync(),
            _ => await db.StockMovements.CountAsync(),
        };
    }

    private static void SameRows(TestReplica a, TestReplica b)
    {
        Assert.Equal(a.Rows.Keys.Order(), b.Rows.Keys.Order());
        foreach (var (key, row) in a.Rows) Assert.Equal(row.Values, b.Rows[key].Values);
    }
}

public sealed class SyncOnSqlite() : SyncContract(Engine.Sqlite);

public sealed class SyncOnPostgres() : SyncContract(Engine.Postgres);

public sealed class SyncOnSqlServer() : SyncContract(Engine.SqlServer);
