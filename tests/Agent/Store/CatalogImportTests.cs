using Sak.Agent.Store;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Store;

/// <summary>The owner's catalog file: what it says is taken, what it does not say stays, and what is doubtful is refused whole.</summary>
public sealed class CatalogImportTests : IAsyncDisposable
{
    private const string Header = "sku,name,aliases,unit,pack,price\n";
    private readonly Folder folder = new();
    private readonly ReplicaDb db;

    public CatalogImportTests() => db = ReplicaDb.Open(folder.File("shop.db"), TimeProvider.System);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_file_does_not_say_a_known_product_keeps()
    {
        await ImportAsync("sku,name,aliases,unit,pack,price,tax_rate,stock,active\nOIL-1,Oil,,bottle,,145.00,5,7,no\n");

        Assert.Equal((0, 1), await ImportAsync(Header + "OIL-1,Oil,,bottle,,150.00\n"));
        Assert.Equal((15_000, 500, 0), await ProductAsync());
        Assert.Equal((0, 0), await ImportAsync("sku,name,aliases,unit,pack,price,tax_rate,active\nOIL-1,Oil,,bottle,,150.00,,\n"));
        Assert.Equal((15_000, 500, 0), await ProductAsync());
    }

    [Fact]
    public async Task A_new_product_is_for_sale_and_without_tax_until_the_file_says_otherwise()
    {
        Assert.Equal((1, 0), await ImportAsync(Header + "OIL-1,Oil,,bottle,,145.00\n"));

        Assert.Equal((14_500, 0, 1), await ProductAsync());
    }

    private Task<(int Added, int Changed)> ImportAsync(string file) => CatalogImport.RunAsync(db, new StringReader(file), "INR", TimeProvider.System, Cancel);

    private Task<(long Price, long Tax, long Active)> ProductAsync() => db.ReadAsync(
        c => c.List("SELECT price, tax_rate, active FROM products", row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2))).Single(), Cancel);

    public async ValueTask DisposeAsync()
    {
        await db.DisposeAsync();
        folder.Dispose();
    }
}
