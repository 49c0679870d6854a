using Microsoft.EntityFrameworkCore;
using Sak.Server.Data;
using Sak.Sync.Model;
using Sak.Sync.Pricing;

namespace Sak.Server.Catalog;

/// <summary>How a shop prices for one customer at one moment, from its rows.</summary>
internal static class ShopRules
{
    /// <summary>
    /// The rules for everybody and this customer's own (null: nobody known), as they hold now: another customer's are
    /// not even read, and whoever prices with these need not know for whom or when.
    /// </summary>
    public static async Task<PriceRules> GetAsync(SakDb db, ShopRow shop, Guid? customer, DateTimeOffset now,
        CancellationToken cancel)
    {
        var at = now.ToUnixTimeMilliseconds();
        var rows = await db.PriceRules.AsNoTracking()
            .Where(r => r.ShopId == shop.Id && (r.CustomerId == null || r.CustomerId == customer))
            .Where(r => (r.Starts == null || r.Starts <= at) && (r.Ends == null || r.Ends > at)).ToListAsync(cancel);
        return new PriceRules(shop.Currency, shop.TaxInclusive)
            .With(rows.Select(r => Read(r) with { CustomerId = null, Starts = null, Ends = null }), now);
    }

    internal static StoredRule Read(PriceRuleRow row) => new(
        row.Id, EnumText.Read<RuleKind>(row.Kind), row.Sku, row.Pack, row.CustomerId,
        row.FromQuantity, row.Amount, (int)row.Rate, row.Cap,
        row.FromAmount, Time(row.Starts), Time(row.Ends));

    internal static PriceRuleRow Row(StoredRule rule, Guid shop) => new()
    {
        ShopId = shop,
        Id = rule.Id,
        Kind = rule.Kind!.Value.Text(),
        Sku = rule.Sku,
        Pack = rule.Pack,
        CustomerId = rule.CustomerId,
        FromQuantity = rule.FromQuantity,
        Amount = rule.Amount,
        Rate = rule.Rate,
        Cap = rule.Cap,
        FromAmount = rule.FromAmount,
        Starts = rule.Starts?.ToUnixTimeMilliseconds(),
        Ends = rule.Ends?.ToUnixTimeMilliseconds(),
    };

    private static DateTimeOffset? Time(long? milliseconds) =>
        milliseconds is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null;
}
