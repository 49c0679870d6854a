using System.Text;
using Microsoft.EntityFrameworkCore;
using Sak.Server.Catalog;
using Sak.Sync.Reading.Names;
using Sak.Tests.Contracts;

namespace Sak.Tests.Server;

public sealed class ShopCatalogTests
{
    private const string Header = "sku,name,aliases,unit,pack,price,stock,active\n";

    private static async Task<(TestServer Server, Guid Shop, HttpClient Owner)> StartAsync()
    {
        var server = await TestServer.StartAsync(Engine.Sqlite);
        var (key, _) = await server.AddShopAsync();
        return (server, key.Shop, await server.AddKeyAsync(key.Shop, "owner"));
    }

    private static async Task ImportAsync(HttpClient owner, string lines) =>
        (await owner.PostAsync("/api/products/import",
            new StringContent(Header + lines, Encoding.UTF8, "text/csv"))).EnsureSuccessStatusCode();

    private static async Task<List<string>> FindAsync(ShopCatalog catalog, params string[] words) =>
        [.. (await catalog.FindAsync([.. words.SelectMany(SearchTerms.Words)], 5,
            TestContext.Current.CancellationToken)).Select(p => p.Sku)];

    [Fact]
    public async Task Words_are_found_in_every_script_with_small_misspellings_best_first()
    {
        var (server, shop, owner) = await StartAsync();
        await using var _ = server;
        await ImportAsync(owner,
            "BD-1,White Sandwich Bread,safed bread|डबल रोटी|توست ابيض|pão de forma,pack,,2,,\nBD-2,Brown "
                + "Bread,,pack,,3,,\nML-1,Milk 1 L,doodh,bottle,,1,,\nOF-1,Old Thing,,pcs,,1,,no\n");
        await using var db = server.Database();
        var catalog = await new ShopCatalogs().GetAsync(db, shop, TestContext.Current.CancellationToken);
        Assert.Equal("BD-2", (await FindAsync(catalog, "brown", "bread"))[0]);
        Assert.Equal("BD-1", (await FindAsync(catalog, "sandwhich"))[0]);
        Assert.Equal("BD-1", (await FindAsync(catalog, "रोटी"))[0]);
        Assert.Equal("BD-1", (await FindAsync(catalog, "تُوست"))[0]);
        Assert.Equal("BD-1", (await FindAsync(catalog, "pao"))[0]);
        Assert.Equal("ML-1", (await FindAsync(catalog, "dudh", "doodh"))[0]);
        Assert.Equal("BD-1", (await FindAsync(catalog, "bd-1"))[0]);
        Assert.Empty(await FindAsync(catalog, "unicorn"));
        Assert.Empty(await FindAsync(catalog, "old"));
    }

    [Fact]
    public async Task A_catalog_follows_every_change_also_one_by_plain_SQL()
    {
        var (server, shop, owner) = await StartAsync();
        await using var _ = server;
        await ImportAsync(owner, "BD-1,Bread,,pack,,2,,\nBD-2,Bun,,pack,,3,,\n");
        await using var db = server.Database();
        var catalogs = new ShopCatalogs();
        var first = await catalogs.GetAsync(db, shop, TestContext.Current.CancellationToken);
        Assert.Same(first, await catalogs.GetAsync(db, shop, TestContext.Current.CancellationToken));

        // Another program's write: a trigger raises the version.
        await db.Products.Where(p => p.Sku == "BD-2")
            .ExecuteUpdateAsync(p => p.SetProperty(r => r.Name, "Bun, renamed"));
        await ImportAsync(owner, "BD-1,Bread,,pack,,9,12,\n");
        var second = await catalogs.GetAsync(db, shop, TestContext.Current.CancellationToken);
        var bread = Assert.Single(await second.GetAsync(["BD-1", "NO-1"], TestContext.Current.CancellationToken));
        Assert.Equal((900L, 12_000L), (bread.Price.Minor, bread.OnHand));
        Assert.Equal("Bun, renamed",
            Assert.Single(await second.GetAsync(["BD-2"], TestContext.Current.CancellationToken)).Name);

        await ImportAsync(owner, "BD-1,Bread,,pack,,9,,no\nBD-3,Cake,,pack,,1,,\n");
        var third = await catalogs.GetAsync(db, shop, TestContext.Current.CancellationToken);
        Assert.Empty(await third.GetAsync(["BD-1"], TestContext.Current.CancellationToken));
        Assert.Equal(["BD-3"], await FindAsync(third, "cake"));
    }
}
