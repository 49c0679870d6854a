using Microsoft.EntityFrameworkCore;
using Sak.Server.Data;
using Sak.Sync.Pricing;

namespace Sak.Server.Catalog;

/// <summary>How a shop prices, from its rows. Rules of one customer are left to the PC, which knows who asks.</summary>
internal static class ShopRules
{
    public static async Task<PriceRules> GetAsync(SakDb db, ShopRow shop, DateTimeOffset now, CancellationToken cancel)
    {
        var at = now.ToUnixTimeMilliseconds();
        var rows = await db.PriceRules.AsNoTracking().Where(r => r.ShopId == shop.Id && r.CustomerId == null && (r.Ends == null || r.Ends > at)).ToListAsync(cancel);
        // As they hold at this moment: whoever prices with them need not know the time.
        var holding = rows.Where(r => r.Starts is null || r.Starts <= at).Select(r => Read(r) with { Starts = null, Ends = null });
        return new PriceRules(shop.Currency, shop.TaxInclusive).With(holding, now);
    }

    private static StoredRule Read(PriceRuleRow row) => new(
        row.Id, row.Kind, row.Sku, row.Pack, row.CustomerId, row.FromQuantity, row.Amount, (int)row.Rate, row.Cap, row.FromAmount, Time(row.Starts), Time(row.Ends));

    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null;
}
