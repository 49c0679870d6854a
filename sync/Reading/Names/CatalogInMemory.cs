using Sak.Sync.Model;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Names;

/// <summary>
/// A catalog held in memory, found by the same terms as the agent's index: for a few thousand products, tools and
/// tests.
/// </summary>
public sealed class CatalogInMemory : ICatalogSearch
{
    private readonly Dictionary<string, Product> _bySku = [];
    private readonly Dictionary<string, List<int>> _byTerm = [];
    private readonly List<Product> _products = [];
    private readonly List<string> _spellable = [];

    public CatalogInMemory(IEnumerable<Product> products)
    {
        foreach (var product in products)
        {
            _bySku[product.Sku] = product;
            foreach (var term in SearchTerms.OfProduct(product.Sku, product.Name, product.Aliases))
            {
                if (!_byTerm.TryGetValue(term, out var list)) _byTerm[term] = list = [];
                list.Add(_products.Count);
            }

            _products.Add(product);
        }

        _spellable.AddRange(SearchTerms.Spellable(_byTerm.Keys));
    }

    public ValueTask<IReadOnlyList<Product>> FindAsync(IReadOnlyList<string> words, int limit, CancellationToken cancel)
    {
        var scores = new Dictionary<int, double>();
        foreach (var word in words)
        {
            var terms = SearchTerms.OfWord(word);
            if (!_byTerm.ContainsKey(word) && !_byTerm.ContainsKey(Sound.Stem(word))) terms = [.. terms, .. Near(word)];
            foreach (var term in terms)
                if (_byTerm.TryGetValue(term, out var places))
                    foreach (var place in places)
                        scores[place] = scores.GetValueOrDefault(place) + 1.0 / (8 + places.Count);
        }

        IReadOnlyList<Product> found = [.. scores.OrderByDescending(s => s.Value).ThenBy(s => s.Key).Take(limit)
            .Select(s => _products[s.Key])];
        return ValueTask.FromResult(found);
    }

    public ValueTask<IReadOnlyList<Product>> GetAsync(IReadOnlyCollection<string> skus, CancellationToken cancel)
    {
        IReadOnlyList<Product> found = [.. skus.Select(s => _bySku.GetValueOrDefault(s)).OfType<Product>()];
        return ValueTask.FromResult(found);
    }

    private IEnumerable<string> Near(string word) => word.Length < 3 || Lexicon.Shared.Knows(word) ? []
        : _spellable.Where(s => Math.Abs(s.Length - word.Length) <= 4 && Spelling.Likeness(word, s) > 0);
}
