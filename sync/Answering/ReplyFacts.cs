using Sak.Sync.Model;
using Sak.Sync.Pricing;
using Sak.Sync.Wire;

namespace Sak.Sync.Answering;

/// <summary>What the shop says of itself; the only phone, hours and address that a reply may hold.</summary>
public sealed record ShopFacts(string Name, string Phone, string Hours, string Address, PriceRules Rules);

/// <summary>Everything that a reply may speak of; every figure in it must be found here.</summary>
/// <param name="Products">The products concerned, by SKU.</param>
/// <param name="Confirmed">The order that this turn made.</param>
/// <param name="Latest">The customer's latest order, for "where is my order".</param>
/// <param name="CustomerWords">What the customer wrote in this turn (figures may be echoed, never as a price).</param>
/// <param name="OwnWords">The customer's own words that were known before this turn: phrase → SKU.</param>
/// <param name="Late">When the oldest message was sent, if so long ago that the reply owes an apology.</param>
public sealed record ReplyFacts(
    ShopFacts Shop,
    Reply Reply,
    BasketChange Change,
    PricedBasket Basket,
    IReadOnlyDictionary<string, Product> Products,
    Order? Confirmed,
    Order? Latest,
    IReadOnlyList<string> CustomerWords,
    DateTimeOffset? Late = null,
    IReadOnlyDictionary<string, string>? OwnWords = null)
{
    /// <summary>For whom and when prices are asked.</summary>
    public PriceMoment Moment { get; init; } = PriceMoment.Unknown;
}
