using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Sak.Server.Data;
using Sak.Sync.Model;
using Sak.Sync.Reading.Names;

namespace Sak.Server.Catalog;

/// <summary>A shop's active products as they stood at one version, searched in memory. Immutable.</summary>
public sealed class ShopCatalog(long version, IReadOnlyDictionary<Guid, Product> products, CatalogInMemory words)
    : ICatalogSearch
{
    private readonly Dictionary<string, Product> _bySku = products.Values.ToDictionary(p => p.Sku);

    public long Version => version;

    public int Count => products.Count;

    // The words' index may hold a product as it stood before its price or stock changed.
    public async ValueTask<IReadOnlyList<Product>> FindAsync(IReadOnlyList<string> words, int limit,
        CancellationToken cancel) =>
        [.. (await Words.FindAsync(words, limit, cancel)).Select(p => _bySku[p.Sku])];

    public ValueTask<IReadOnlyList<Product>> GetAsync(IReadOnlyCollection<string> skus, CancellationToken cancel) =>
        ValueTask.FromResult<IReadOnlyList<Product>>(
            [.. skus.Distinct().Select(sku => _bySku.GetValueOrDefault(sku)).OfType<Product>()]);

    /// <summary>
    /// This catalog with rows changed after it. The words are indexed again only when one of them changed, not for a
    /// price or stock.
    /// </summary>
    internal ShopCatalog With(long to, IReadOnlyList<ProductRow> rows, IEnumerable<Guid> gone)
    {
        var next = new Dictionary<Guid, Product>(products);
        var reindex = false;
        foreach (var id in gone.Concat(rows.Where(r => r.Active == 0).Select(r => r.Id))) reindex |= next.Remove(id);
        foreach (var row in rows.Where(r => r.Active == 1))
        {
            var product = Read(row);
            reindex |= !next.TryGetValue(row.Id, out var before) || !SameWords(before, product);
            next[row.Id] = product;
        }

        return new ShopCatalog(to, next,
            reindex ? new CatalogInMemory(next.Values.OrderBy(p => p.Sku, StringComparer.Ordinal)) : Words);
    }

    internal static ShopCatalog Empty => new(0, new Dictionary<Guid, Product>(), new CatalogInMemory([]));

    private CatalogInMemory Words => words;

    private static bool SameWords(Product a, Product b) =>
        a.Sku == b.Sku && a.Name == b.Name && a.Aliases.SequenceEqual(b.Aliases);

    internal static Product Read(ProductRow row) => new(
        row.Id, row.Sku, row.Name, Product.ReadAliases(row.Aliases), row.Unit, Product.ReadPacks(row.Packs),
        new Money(row.Price, row.Currency), (int)row.TaxRate, row.OnHand, row.Ver);
}

/// <summary>
/// Keeps the catalogs of shops that were asked for lately, and brings one up to date by reading only the rows above its
/// version: two index reads when nothing changed. What it holds is bounded by products; it may be lost at any time.
/// </summary>
public sealed class ShopCatalogs
{
    private const int MostProducts = 200_000;
    private readonly ConcurrentDictionary<Guid, (ShopCatalog Catalog, long Used)> _shops = new();
    private long _use;

    public async Task<ShopCatalog> GetAsync(SakDb db, Guid shop, CancellationToken cancel)
    {
        var known = _shops.TryGetValue(shop, out var kept) ? kept.Catalog : ShopCatalog.Empty;
        var version = await ShopRead.VersionAsync(db.Connection, shop, cancel);
        if (version < known.Version) known = ShopCatalog.Empty;
        if (version > known.Version) known = await ReadAsync(db, shop, known, version, cancel);
        _shops[shop] = (known, Interlocked.Increment(ref _use));
        Forget(shop);
        return known;
    }

    // Rows may be newer than the version read before them: they are read again next time, which changes nothing.
    private static async Task<ShopCatalog> ReadAsync(SakDb db, Guid shop, ShopCatalog known, long version,
        CancellationToken cancel)
    {
        var since = known.Version;
        var gone = await db.Tombstones.Where(t => t.ShopId == shop && t.Ver > since && t.TableName == "products")
            .Select(t => t.Id).ToListAsync(cancel);
        var rows = await db.Products.Where(p => p.ShopId == shop && p.Ver > since).ToListAsync(cancel);
        return known.With(version, rows, gone);
    }

    private void Forget(Guid except)
    {
        while (_shops.Count > 1 && _shops.Values.Sum(s => s.Catalog.Count) > MostProducts)
            _shops.TryRemove(_shops.Where(s => s.Key != except).MinBy(s => s.Value.Used).Key, out _);
    }
}
