using Sak.Sync.Model; using Sak.Sync.Understanding;
namespace Sak.Agent.Store;
public sealed class CatalogIndex(ReplicaDb db) : ICatalogSearch {
 public async ValueTask<IReadOnlyList<Product>> FindAsync(IReadOnlyList<string> words, int limit, CancellationToken cancel) => await db.ReadAsync(c => c.List($"SELECT {Catalog.Columns} FROM products p WHERE active=1", Catalog.Read), cancel);
 public async ValueTask<IReadOnlyList<Product>> GetAsync(IReadOnlyCollection<string> skus, CancellationToken cancel)=> (IReadOnlyList<Product>)[.. (await db.ReadAsync(c => Catalog.BySku(c, skus), cancel)).Values]; }
