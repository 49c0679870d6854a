using Sak.Sync.Model; using Sak.Sync.Understanding;
namespace Sak.Agent.Store;
public sealed class CatalogIndex(ReplicaDb db) : ICatalogSearch {
 public ValueTask<IReadOnlyList<Product>> FindAsync(IReadOnlyList<string> words, int limit, CancellationToken cancel) => throw new NotSupportedException(db.Path);
 public ValueTask<IReadOnlyList<Product>> GetAsync(IReadOnlyCollection<string> skus, CancellationToken cancel)=> throw new NotSupportedException(); }
