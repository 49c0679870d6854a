namespace Sak.Sync.Pricing;

/// <summary>What a price rule changes; see <see cref="Sak.Sync.Model.EnumText"/> for how rows hold it.</summary>
public enum RuleKind
{
    /// <summary>The price of one product.</summary>
    Price,

    /// <summary>A part of the whole order.</summary>
    Discount,

    /// <summary>Whether the price of one product contains its tax.</summary>
    Tax,
}

/// <summary>A row of the table "price_rules", as both sides keep it.</summary>
/// <param name="Kind">Null when only a newer program knows it: then the rule changes no price here.</param>
/// <param name="Sku">Empty for a discount.</param>
/// <param name="Pack">Empty where the price is of one base unit.</param>
/// <param name="FromQuantity">Thousandths of the base unit.</param>
/// <param name="Amount">Of a price: minor units.</param>
/// <param name="Rate">Of a discount: ten-thousandths. Of a tax rule: 1 when the price contains the tax, 0 when
/// it is added.</param>
public sealed record StoredRule(
    Guid Id, RuleKind? Kind, string Sku, string Pack, Guid? CustomerId, long FromQuantity, long Amount, int Rate,
    long? Cap, long FromAmount,
    DateTimeOffset? Starts, DateTimeOffset? Ends)
{
    /// <summary>What it says, whatever row it stands in; equal for rules that say the same.</summary>
    public StoredRule Meaning => this with { Id = Guid.Empty };
}

/// <summary>How a shop prices, from its rules as they are stored.</summary>
public static class StoredRules
{
    /// <summary>
    /// What begins and what ends when these become the shop's rules and no others; a rule is never changed.
    /// </summary>
    public static (IReadOnlyList<StoredRule> Begin, IReadOnlyList<StoredRule> End) Replace(
        this IReadOnlyList<StoredRule> known, IReadOnlyList<StoredRule> wanted)
    {
        var (had, have) = (known.Select(r => r.Meaning).ToHashSet(), wanted.Select(r => r.Meaning).ToHashSet());
        return ([.. wanted.Where(r => !had.Contains(r.Meaning))], [.. known.Where(r => !have.Contains(r.Meaning))]);
    }

    /// <summary>The rules that hold or may come to hold for this customer; a rule that is over is left out.</summary>
    public static PriceRules With(this PriceRules shop, IEnumerable<StoredRule> rules, DateTimeOffset now)
    {
        var alive = rules.Where(r => r.Ends is null || r.Ends > now).ToList();
        return shop with
        {
            Prices = [.. alive.Where(r => r.Kind == RuleKind.Price).Select(r => new PriceRule(
                r.Id.ToString(), r.Sku, r.Amount, r.Pack.Length == 0 ? null : r.Pack, r.FromQuantity / 1000m,
                r.CustomerId, r.Starts, r.Ends))],
            Discounts = [.. alive.Where(r => r.Kind == RuleKind.Discount).Select(r => new OrderDiscount(
                r.Id.ToString(), r.Rate, r.Cap, r.FromAmount, r.CustomerId, r.Starts, r.Ends))],
            // Of two rules for one product the younger id counts, on both sides alike.
            TaxInclusiveBySku = alive.Where(r => r.Kind == RuleKind.Tax && (r.Starts is null || r.Starts <= now))
                .OrderBy(r => r.Id.ToString(), StringComparer.Ordinal).GroupBy(r => r.Sku)
                .ToDictionary(g => g.Key, g => g.Last().Rate == 1),
        };
    }
}
