using Sak.Sync.Model;

namespace Sak.Sync.Pricing;

/// <summary>One basket line with its figures, minor units. Gross = Net + Tax.</summary>
/// <param name="UnitPrice">Of one base unit; for a price by the pack its share, rounded.</param>
public sealed record PricedLine(BasketLine Line, Product Product, long UnitPrice, long Net, long Tax, long Gross)
{
    /// <summary>The <see cref="PriceRule.Id"/> that made the price; empty for the catalog's own.</summary>
    public string Rule { get; init; } = "";

    /// <summary>This line's share of the order's discount; the figures are without it already.</summary>
    public long Discount { get; init; }
}

/// <summary>
/// A basket with its figures; totals are sums of the rounded lines, so that books add up line by line.
/// </summary>
public sealed record PricedBasket(IReadOnlyList<PricedLine> Lines, string Currency, long Net, long Tax, long Gross)
{
    public Money Total => new(Gross, Currency);

    /// <summary>The <see cref="OrderDiscount.Id"/> that was taken off; empty for none.</summary>
    public string DiscountRule { get; init; } = "";

    /// <summary>What was taken off, the sum of the lines' shares.</summary>
    public long Discount { get; init; }
}

/// <summary>
/// The only place where a price is worked out; the same arithmetic on both sides. Pure. Minor units carry the
/// currency's 0, 2 or 3 decimals.
/// </summary>
public static class Prices
{
    private const long Thousand = 1_000;
    private const long FullRate = 10_000;

    /// <summary>
    /// Prices the lines whose product is in the catalog; a line of another currency or an unknown product is left out.
    /// </summary>
    public static PricedBasket Price(IEnumerable<BasketLine> lines, IReadOnlyDictionary<string, Product> products,
        PriceRules rules, PriceMoment? moment = null)
    {
        var asked =
            lines.Where(
                line => products.TryGetValue(line.Sku, out var product) && product.Price.Currency == rules.Currency)
                .ToList();
        var found = asked.Select(line => Find(line, products[line.Sku], rules, moment ?? PriceMoment.Unknown)).ToList();
        var (rule, off) = Discount(checked(found.Sum(f => f.Amount)), rules, moment ?? PriceMoment.Unknown);
        var shares = Share(off, [.. found.Select(f => f.Amount)]);
        var priced = asked.Select((line, i) => Taxed(line, products[line.Sku], found[i], shares[i], rules)).ToList();
        return new PricedBasket(priced, rules.Currency, priced.Sum(l => l.Net), priced.Sum(l => l.Tax),
            priced.Sum(l => l.Gross)) { DiscountRule = rule, Discount = off };
    }

    /// <summary>
    /// One line: price × quantity is rounded once, then the tax on it; halves go away from zero, as on a paper bill.
    /// </summary>
    public static PricedLine PriceLine(BasketLine line, Product product, PriceRules rules,
        PriceMoment? moment = null) =>
        Taxed(line, product, Find(line, product, rules, moment ?? PriceMoment.Unknown), 0, rules);

    // The lowest price that applies; of equal ones the catalog's own, then the first by id, whatever order the
    // rules come in.
    private static (long Amount, long UnitPrice, string Rule) Find(BasketLine line, Product product, PriceRules rules,
        PriceMoment moment)
    {
        var best = (Amount: Round((decimal)product.Price.Minor * line.BaseQuantity, Thousand),
            UnitPrice: product.Price.Minor, Rule: "");
        foreach (var rule in rules.Prices.Where(r => r.Sku == product.Sku).OrderBy(r => r.Id, StringComparer.Ordinal))
        {
            if (!moment.Fits(rule.CustomerId, rule.From, rule.Until)
                || line.BaseQuantity < rule.FromQuantity * Thousand) continue;
            if (rule.Pack is not null && rule.Pack != line.Unit) continue;
            if ((rule.Pack is null ? 1 : product.BaseUnitsIn(rule.Pack)) is not { } size) continue;
            var amount = Round(rule.Price * (line.BaseQuantity / size), Thousand);
            if (amount < best.Amount) best = (amount, Round(rule.Price, size), rule.Id);
        }

        return best;
    }

    private static (string Rule, long Off) Discount(long sum, PriceRules rules, PriceMoment moment)
    {
        var best = (Rule: "", Off: 0L);
        foreach (var discount in rules.Discounts.OrderBy(d => d.Id, StringComparer.Ordinal))
        {
            if (sum < discount.FromAmount || !moment.Fits(discount.CustomerId, discount.From, discount.Until)) continue;
            var off = Math.Min(Round((decimal)sum * Math.Clamp(discount.Rate, 0, FullRate), FullRate),
                discount.Cap ?? long.MaxValue);
            if (off > best.Off) best = (discount.Id, off);
        }

        return best;
    }

    // Each line's part of the discount in whole minor units, so that the parts are the whole: what is taken off up to
    // and with a line, less what was taken off before it.
    private static long[] Share(long off, long[] amounts)
    {
        var shares = new long[amounts.Length];
        decimal sum = amounts.Sum();
        if (off == 0 || sum == 0) return shares;
        var (amount, taken) = (0L, 0L);
        for (var i = 0; i < amounts.Length; i++)
        {
            amount += amounts[i];
            var until = Round(off * (decimal)amount, sum);
            (shares[i], taken) = (until - taken, until);
        }

        return shares;
    }

    private static PricedLine Taxed(BasketLine line, Product product, (long Amount, long UnitPrice, string Rule) price,
        long off, PriceRules rules)
    {
        var amount = price.Amount - off;
        var included = rules.Includes(product.Sku);
        var tax = included
            ? Round((decimal)amount * product.TaxRate, FullRate + product.TaxRate)
            : Round((decimal)amount * product.TaxRate, FullRate);
        var net = included ? amount - tax : amount;
        return new PricedLine(line, product, price.UnitPrice, net, tax, checked(net + tax)) { Rule = price.Rule,
            Discount = off };
    }

    private static long Round(decimal value, decimal divisor) =>
        (long)decimal.Round(value / divisor, MidpointRounding.AwayFromZero);
}
