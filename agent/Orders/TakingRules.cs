using Sak.Agent.Settings;
using Sak.Sync.Answering;
using Sak.Sync.Model;
using Sak.Sync.Pricing;

namespace Sak.Agent.Orders;

/// <summary>What the shop has set for the taking of orders.</summary>
/// <param name="OrderSeries">The first part of an order's number: series "A" makes A-1001.</param>
/// <param name="QuantityMissing">What a product without a number means.</param>
public sealed record TakingRules(ShopFacts Shop, string OrderSeries, TurnSettings Turns,
    QuantityMissing QuantityMissing)
{
    public static TakingRules Of(AgentSettings settings) => new(
        new ShopFacts(settings.Shop.Name, settings.Shop.Phone, settings.Shop.Hours, settings.Shop.Address,
            new PriceRules(settings.Shop.Currency, settings.Shop.TaxInclusive)),
        settings.Shop.OrderSeries, settings.Turns, settings.Shop.QuantityMissing);
}
