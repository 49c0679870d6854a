namespace Sak.Sync.Pricing;

/// <summary>
/// How a shop prices; plain data, so that an old order with the rules of its time gives the old figures.
/// </summary>
/// <param name="TaxInclusive">True when catalog prices contain the tax.</param>
public sealed record PriceRules(string Currency, bool TaxInclusive)
{
    /// <summary>Prices beside the catalog's; a line takes the lowest that applies to it.</summary>
    public IReadOnlyList<PriceRule> Prices { get; init; } = [];

    /// <summary>Off the whole order; of several that apply the one that takes off most.</summary>
    public IReadOnlyList<OrderDiscount> Discounts { get; init; } = [];

    /// <summary>By SKU, where a product differs from the shop: true when its prices contain the tax.</summary>
    public IReadOnlyDictionary<string, bool> TaxInclusiveBySku { get; init; } = new Dictionary<string, bool>();

    public bool Includes(string sku) => TaxInclusiveBySku.TryGetValue(sku, out var own) ? own : TaxInclusive;
}

/// <summary>
/// A price of one product under conditions that must all hold: a pack, a quantity, a customer, dates.
/// </summary>
/// <param name="Id">Recorded with the line that it priced.</param>
/// <param name="Price">Minor units for one base unit, or for one <paramref name="Pack"/>.</param>
/// <param name="Pack">Only for a line that was asked by this pack.</param>
/// <param name="FromQuantity">Base units from which it holds.</param>
/// <param name="CustomerId">Only for this customer.</param>
/// <param name="From">First moment, inclusive.</param>
/// <param name="Until">Last moment, exclusive.</param>
public sealed record PriceRule(
    string Id, string Sku, long Price, string? Pack = null, decimal FromQuantity = 0, Guid? CustomerId = null,
    DateTimeOffset? From = null,
        DateTimeOffset? Until = null);

/// <summary>Off the sum of the lines, before tax where tax is added.</summary>
/// <param name="Rate">Ten-thousandths: 500 is 5 %.</param>
/// <param name="Cap">At most so many minor units; null for no limit.</param>
/// <param name="FromAmount">Minor units from which it holds.</param>
public sealed record OrderDiscount(
    string Id, int Rate, long? Cap = null, long FromAmount = 0, Guid? CustomerId = null, DateTimeOffset? From = null,
    DateTimeOffset? Until = null);

/// <summary>For whom and when. A rule for a customer or with dates holds only where that is said.</summary>
public sealed record PriceMoment(Guid? CustomerId, DateTimeOffset? At)
{
    public static readonly PriceMoment Unknown = new(null, null);

    public bool Fits(Guid? customer, DateTimeOffset? from, DateTimeOffset? until) =>
        (customer is null || customer == CustomerId) && (from is null || At >= from) && (until is null || At < until);
}
