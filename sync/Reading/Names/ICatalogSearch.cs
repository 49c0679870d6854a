using Sak.Sync.Model;
using Sak.Sync.Wire;

namespace Sak.Sync.Reading.Names;

/// <summary>
/// Where the reader looks products up: SQLite FTS5 on the agent, the shop's rows in the database on the server.
/// </summary>
public interface ICatalogSearch
{
    /// <summary>
    /// Products that any of these normalised words may name, by SKU, name or alias, misspellings included, best first.
    /// One call a message; the reader ranks within what comes back.
    /// </summary>
    ValueTask<IReadOnlyList<Product>> FindAsync(IReadOnlyList<string> words, int limit, CancellationToken cancel);

    /// <summary>Products by SKU; unknown ones are left out.</summary>
    ValueTask<IReadOnlyList<Product>> GetAsync(IReadOnlyCollection<string> skus, CancellationToken cancel);

    /// <summary>What the shop has sold of these products, by SKU; a catalog without a history knows nothing.</summary>
    ValueTask<IReadOnlyDictionary<string, Bought>> SoldAsync(IReadOnlyCollection<string> skus,
        CancellationToken cancel) =>
        ValueTask.FromResult<IReadOnlyDictionary<string, Bought>>(new Dictionary<string, Bought>());
}
