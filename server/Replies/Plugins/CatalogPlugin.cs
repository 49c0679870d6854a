using System.ComponentModel;
using System.Globalization;
using Microsoft.SemanticKernel;
using Sak.Sync.Model;
using Sak.Sync.Pricing;
using Sak.Sync.Reading.Names;

namespace Sak.Server.Replies.Plugins;

/// <summary>
/// What a model may ask of the catalog. Read-only, of one shop and for one customer: both are in the object, not
/// in a parameter.
/// </summary>
/// <param name="rules">As they hold now for the customer who asks.</param>
public sealed class CatalogPlugin(ICatalogSearch catalog, PriceRules rules)
{
    private const int MostFound = 8;

    public sealed record FoundProduct(string Sku, string Name, string Unit, IReadOnlyList<Pack> Packs, string Price,
        string Currency);

    /// <param name="ToTell">The one amount that the price lock lets through as the answer to "what
    /// does it cost".</param>
    public sealed record Priced(
        string Sku, string BaseQuantity, string Unit, string UnitPrice, string Net, string Tax, string Total,
        string ToTell, string Currency);

    public sealed record InStock(string Sku, string Unit, string? OnHand, bool Counted);

    [KernelFunction("search_catalog")]
    [Description("Searches the shop's catalog by product words, in any language. At most 8 products, best first; an "
        + "empty list means the shop has no such thing.")]
    public async Task<IReadOnlyList<FoundProduct>> SearchCatalogAsync(
        [Description("The customer's words for one product, without quantity, for example \"brown bread\".")]
        string query, CancellationToken cancel)
    {
        var found = await catalog.FindAsync(SearchTerms.Words(query.Length <= 200 ? query : query[..200]), MostFound,
            cancel);
        return [.. found.Select(p => new FoundProduct(p.Sku, p.Name, p.Unit, p.Packs, OfOne(p), p.Price.Currency))];
    }

    [KernelFunction("price_for_quantity")]
    [Description("The price of a quantity of a product for this customer, worked out by the shop's rules. The only "
        + "source of prices; toTell is the amount to say.")]
    public async Task<object> PriceForQuantityAsync(
        [Description("The product's SKU, from search_catalog.")] string sku,
        [Description("How many, for example 2 or 1.5.")] decimal quantity,
        [Description("The product's unit or one of its packs; empty for its unit.")] string? unit,
        CancellationToken cancel)
    {
        if (await OneAsync(sku, cancel) is not { } product) return Unknown(sku);
        var named = string.IsNullOrWhiteSpace(unit) ? product.Unit : unit.Trim().ToLowerInvariant();
        if (product.BaseQuantity(quantity, named) is not { } units)
            return $"{product.Sku} is not sold as {quantity.ToString(CultureInfo.InvariantCulture)} {named}.";
        var line = Prices.PriceLine(new BasketLine(product.Sku, quantity, named, units, "", ""), product, rules);
        string Amount(long minor) => new Money(minor, rules.Currency).Plain;
        return new Priced(
            product.Sku, new Quantity(units, product.Unit).Number, product.Unit,
            Amount(line.UnitPrice), Amount(line.Net), Amount(line.Tax), Amount(line.Gross),
            Amount(rules.TaxInclusive ? line.Gross : line.Net), rules.Currency);
    }

    [KernelFunction("stock")]
    [Description("How much of a product is in stock, in its base unit; counted is false when the shop does not count "
        + "it.")]
    public async Task<object> StockAsync([Description("The product's SKU, from search_catalog.")] string sku,
        CancellationToken cancel) =>
        await OneAsync(sku, cancel) is { } product
            ? new InStock(product.Sku, product.Unit,
                product.OnHand is { } units ? new Quantity(units, product.Unit).Number : null,
                product.OnHand is not null)
            : Unknown(sku);

    // The customer's, as the catalog writes prices; of a product in another currency the catalog's.
    private string OfOne(Product product) => product.Price.Currency != rules.Currency ? product.Price.Plain
        : new Money(
            Prices.PriceLine(new BasketLine(product.Sku, 1, product.Unit, 1_000, "", ""), product, rules).UnitPrice,
            rules.Currency).Plain;

    private async Task<Product?> OneAsync(string sku, CancellationToken cancel) =>
        (await SkuForm.FindAsync([sku], catalog, cancel))[sku].ToList() is [var one] ? one : null;

    private static string Unknown(string sku) =>
        $"There is no product {(sku.Length <= 40 ? sku : sku[..40])}; use search_catalog.";
}
