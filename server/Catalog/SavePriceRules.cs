using Microsoft.EntityFrameworkCore;
using Sak.Server.Data;
using Sak.Sync.Model;
using Sak.Sync.Pricing;

namespace Sak.Server.Catalog;

/// <summary>What a save of a shop's rules did.</summary>
public sealed record SavedRules(int Begun, int Ended);

/// <summary>
/// Makes these the shop's price rules, from the cloud's side: what is not among them ends now, what is new begins, in
/// one transaction that agents pull. The same again changes nothing.
/// </summary>
public sealed class SavePriceRules(SakDb db, TimeProvider clock)
{
    public async Task<SavedRules> SaveAsync(Guid shop, IReadOnlyList<StoredRule> rules, CancellationToken cancel)
    {
        await using var write = await ShopWrite.BeginAsync(db.Connection, shop, cancel);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var known = await db.PriceRules.AsTracking().Where(r => r.ShopId == shop && (r.Ends == null || r.Ends > now))
            .ToDictionaryAsync(r => r.Id, cancel);
        var (begin, end) = known.Values.Select(ShopRules.Read).ToList().Replace(rules);
        foreach (var rule in end) Stamp(known[rule.Id], write.Version).Ends = now;
        db.PriceRules.AddRange(
            begin.Select(rule => Stamp(ShopRules.Row(rule with { Id = Ids.New(clock) }, shop), write.Version)));
        await db.SaveChangesAsync(cancel);
        await write.CommitAsync(begin.Count + end.Count > 0, cancel);
        return new SavedRules(begin.Count, end.Count);
    }

    private static PriceRuleRow Stamp(PriceRuleRow row, long version)
    {
        (row.Ver, row.Origin) = (version, null);
        return row;
    }
}
