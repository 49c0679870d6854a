using Sak.Sync.Model;
using Sak.Sync.Reading.Words;
using Sak.Sync.Wire;

namespace Sak.Sync.Reading.Names;

/// <summary>
/// The one form that SKUs have when they are compared: "OIL-1", "oil 1", "Ｏil‑1" are the same. What is stored and shown
/// stays as the shop writes it.
/// </summary>
public static class SkuForm
{
    private const int MaxFound = 40;

    public static string Of(string sku) => Normal.Compact(sku);

    /// <summary>
    /// For each of these texts the products that it may name: the one with just this SKU, or else all whose SKU has the
    /// same form.
    /// </summary>
    public static async Task<ILookup<string, Product>> FindAsync(IReadOnlyCollection<string> texts,
        ICatalogSearch catalog, CancellationToken cancel)
    {
        var asked = texts.Where(t => t.Length is > 0 and <= Protocol.MaxShortText).Distinct().ToList();
        var exact = (await catalog.GetAsync(asked, cancel)).ToDictionary(p => p.Sku);
        var forms = asked.Where(t => !exact.ContainsKey(t)).ToDictionary(t => t, Of);
        var wanted = forms.Values.Where(f => f.Length > 0).Distinct().ToList();
        var near = wanted.Count == 0 ? [] : await catalog.FindAsync(wanted, MaxFound + wanted.Count, cancel);
        var alike = near.ToLookup(p => Of(p.Sku));
        var pairs =
            from text in asked
            from product in exact.TryGetValue(text, out var one) ? (IEnumerable<Product>)[one] : alike[forms[text]]
            select (text, product);
        return pairs.ToLookup(p => p.text, p => p.product);
    }
}
