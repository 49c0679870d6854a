using System.Globalization;
using System.Text;
using Sak.Sync.Model;

namespace Sak.Server.Catalog;

/// <summary>
/// Which products have which words: SKU, name and aliases. Immutable. Finds exact words, beginnings and small misspellings;
/// a word that few products have counts for more.
/// </summary>
public sealed class CatalogWords
{
    private readonly Dictionary<string, List<Guid>> _products = [];
    private readonly Dictionary<int, List<string>> _byLength = [];
    private readonly int _count;

    public CatalogWords(IReadOnlyCollection<Product> products)
    {
        _count = products.Count;
        foreach (var product in products)
            foreach (var word in Split($"{product.Sku} {product.Name} {string.Join(' ', product.Aliases)}").Distinct())
                Of(_products, word).Add(product.Id);
        foreach (var word in _products.Keys) Of(_byLength, word.Length).Add(word);
    }

    /// <summary>Products that any of the words may name, best first.</summary>
    public IReadOnlyList<Guid> Find(IEnumerable<string> words, int limit)
    {
        var scores = new Dictionary<Guid, double>();
        foreach (var word in words.SelectMany(Split).Distinct())
            foreach (var (product, score) in BestOf(word)) scores[product] = scores.GetValueOrDefault(product) + score;
        return [.. scores.OrderByDescending(s => s.Value).ThenBy(s => s.Key).Take(limit).Select(s => s.Key)];
    }

    /// <summary>Lower-case words without accents, harakat and tatweel; letters and digits of every script.</summary>
    public static IEnumerable<string> Split(string text)
    {
        var word = new StringBuilder();
        foreach (var c in text.Normalize(NormalizationForm.FormD).ToLowerInvariant())
        {
            if (c is (>= '\u0300' and <= '\u036F') or (>= '\u064B' and <= '\u065F') or '\u0670' or '\u0640') continue;
            if (char.IsLetterOrDigit(c) || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
            {
                word.Append(c);
                continue;
            }

            if (word.Length > 0) yield return word.ToString();
            word.Clear();
        }

        if (word.Length > 0) yield return word.ToString();
    }

    // One word counts once for a product, by its best match.
    private Dictionary<Guid, double> BestOf(string word)
    {
        var best = new Dictionary<Guid, double>();
        foreach (var (match, weight) in Matches(word))
        {
            var products = _products[match];
            var score = weight * Math.Log(1 + ((double)_count / products.Count));
            foreach (var product in products) best[product] = Math.Max(best.GetValueOrDefault(product), score);
        }

        return best;
    }

    private IEnumerable<(string Word, double Weight)> Matches(string word)
    {
        if (_products.ContainsKey(word)) yield return (word, 1.0);
        var errors = word.Length switch { < 4 => 0, < 8 => 1, _ => 2 };
        for (var length = Math.Max(1, word.Length - errors - 2); length <= word.Length + errors + 4; length++)
        {
            foreach (var other in _byLength.GetValueOrDefault(length) ?? [])
            {
                if (other == word) continue;
                if (Begins(other, word) || Begins(word, other)) yield return (other, 0.7);
                else if (errors > 0 && Math.Abs(other.Length - word.Length) <= errors && Distance(word, other, errors) <= errors) yield return (other, 0.5);
            }
        }
    }

    private static bool Begins(string whole, string part) => part.Length >= 3 && whole.StartsWith(part, StringComparison.Ordinal);

    private static int Distance(string a, string b, int most)
    {
        Span<int> row = stackalloc int[Math.Min(b.Length, 64) + 1];
        if (b.Length > 64) return most + 1;
        for (var j = 0; j < row.Length; j++) row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var (diagonal, least) = (row[0], row[0] = i);
            for (var j = 1; j < row.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
                least = Math.Min(least, row[j]);
            }

            if (least > most) return most + 1;
        }

        return row[^1];
    }

    private static List<TValue> Of<TKey, TValue>(Dictionary<TKey, List<TValue>> lists, TKey key)
        where TKey : notnull
    {
        if (!lists.TryGetValue(key, out var list)) lists[key] = list = [];
        return list;
    }
}
