using Sak.Sync.Model;
using Sak.Sync.Understanding;

namespace Sak.Sync.Pricing;

/// <summary>How a shop prices.</summary>
/// <param name="TaxInclusive">True when catalog prices contain the tax.</param>
public sealed record PriceRules(string Currency, bool TaxInclusive);

/// <summary>One basket line with its figures, minor units. Gross = Net + Tax.</summary>
public sealed record PricedLine(BasketLine Line, Product Product, long UnitPrice, long Net, long Tax, long Gross);

/// <summary>A basket with its figures; totals are sums of the rounded lines, so that books add up line by line.</summary>
public sealed record PricedBasket(IReadOnlyList<PricedLine> Lines, string Currency, long Net, long Tax, long Gross)
{
    public Money Total => new(Gross, Currency);
}

/// <summary>The only place where a price is worked out; the same arithmetic on both sides. Pure.</summary>
public static class Prices
{
    private const long Thousand = 1_000;
    private const long FullRate = 10_000;

    /// <summary>Prices the lines whose product is in the catalog; a line of another currency or an unknown product is left out.</summary>
    public static PricedBasket Price(IEnumerable<BasketLine> lines, IReadOnlyDictionary<string, Product> products, PriceRules rules)
    {
        var priced = lines
            .Where(line => products.TryGetValue(line.Sku, out var product) && product.Price.Currency == rules.Currency)
            .Select(line => PriceLine(line, products[line.Sku], rules))
            .ToList();
        return new PricedBasket(priced, rules.Currency, priced.Sum(l => l.Net), priced.Sum(l => l.Tax), priced.Sum(l => l.Gross));
    }

    /// <summary>One line: price × quantity is rounded once, then the tax on it; halves go away from zero, as on a paper bill.</summary>
    public static PricedLine PriceLine(BasketLine line, Product product, PriceRules rules)
    {
        var amount = Round((decimal)product.Price.Minor * line.BaseQuantity, Thousand);
        if (rules.TaxInclusive)
        {
            var included = Round((decimal)amount * product.TaxRate, FullRate + product.TaxRate);
            return new PricedLine(line, product, product.Price.Minor, amount - included, included, amount);
        }

        var tax = Round((decimal)amount * product.TaxRate, FullRate);
        return new PricedLine(line, product, product.Price.Minor, amount, tax, checked(amount + tax));
    }

    private static long Round(decimal value, long divisor) =>
        (long)decimal.Round(value / divisor, MidpointRounding.AwayFromZero);
}
