using Sak.Sync.Model;
using Sak.Sync.Pricing;

namespace Sak.Tests.Sync.Pricing;

public class PriceRulesTests
{
    private static readonly Guid Asha = new("10000000-0000-0000-0000-000000000001");
    private static readonly DateTimeOffset Day = new(2026, 5, 10, 12, 0, 0, TimeSpan.Zero);
    private static readonly PriceMoment Now = new(Asha, Day);

    private static Product Soap(string currency = "INR", int taxRate = 0, string sku = "S-1", long price = 1000) =>
        new(Guid.Empty, sku, "Soap", [], "pcs", Product.ReadPacks("box:12;ctn:144"), new Money(price, currency),
            taxRate);

    private static BasketLine Line(decimal quantity, string unit = "pcs", string sku = "S-1", int size = 1) =>
        new(sku, quantity, unit, (long)(quantity * size * 1000), "", "m");

    private static PricedLine Price(BasketLine line, PriceMoment moment, params PriceRule[] rules) =>
        Prices.PriceLine(line, Soap(), new PriceRules("INR", false) { Prices = rules }, moment);

    [Theory]
    [InlineData(9, 9000, "")]
    [InlineData(10, 9000, "ten")]
    [InlineData(49, 44100, "ten")]
    [InlineData(50, 40000, "fifty")]
    public void A_tier_holds_from_its_quantity(int quantity, long net, string rule)
    {
        var line = Price(Line(quantity), Now, new("ten", "S-1", 900, FromQuantity: 10),
            new("fifty", "S-1", 800, FromQuantity: 50));
        Assert.Equal((net, rule), (line.Net, line.Rule));
    }

    [Fact]
    public void A_pack_has_its_own_price_where_it_was_asked_by_the_pack()
    {
        var rule = new PriceRule("box", "S-1", 10_999, Pack: "box");
        Assert.Equal((21_998, "box"),
            (Price(Line(2, "box", size: 12), Now, rule).Net, Price(Line(2, "box", size: 12), Now, rule).Rule));
        Assert.Equal((24_000, ""), (Price(Line(24), Now, rule).Net, Price(Line(24), Now, rule).Rule));
    }

    [Fact]
    public void A_customers_price_is_for_that_customer()
    {
        var rule = new PriceRule("asha", "S-1", 700, CustomerId: Asha);
        Assert.Equal("asha", Price(Line(1), Now, rule).Rule);
        Assert.Equal("", Price(Line(1), Now with { CustomerId = Guid.NewGuid() }, rule).Rule);
        Assert.Equal("", Price(Line(1), PriceMoment.Unknown, rule).Rule);
    }

    [Fact]
    public void An_offer_holds_from_its_first_moment_to_before_its_last()
    {
        var rule = new PriceRule("may", "S-1", 500, From: Day, Until: Day.AddDays(1));
        Assert.Equal("", Price(Line(1), Now with { At = Day.AddTicks(-1) }, rule).Rule);
        Assert.Equal("may", Price(Line(1), Now, rule).Rule);
        Assert.Equal("", Price(Line(1), Now with { At = Day.AddDays(1) }, rule).Rule);
    }

    [Fact]
    public void The_lowest_price_wins_and_a_dearer_rule_changes_nothing()
    {
        Assert.Equal("b", Price(Line(1), Now, new("a", "S-1", 900), new("b", "S-1", 850), new("c", "S-1", 2000)).Rule);
    }

    [Fact]
    public void Tax_is_inside_or_on_top_by_product()
    {
        var rules = new PriceRules("INR",
            false) { TaxInclusiveBySku = new Dictionary<string, bool> { ["S-2"] = true } };
        var products = new[] { Soap(taxRate: 500), Soap(taxRate: 500, sku: "S-2", price: 1050) }.ToDictionary(
            p => p.Sku);
        var basket = Prices.Price([Line(1), Line(1, sku: "S-2")], products, rules);
        Assert.Equal([(1000, 50, 1050), (1000, 50, 1050)], basket.Lines.Select(l => (l.Net, l.Tax, l.Gross)));
    }

    [Theory]
    [InlineData("JPY", 7, 0.5, 4)]
    [InlineData("INR", 333, 0.5, 167)]
    [InlineData("KWD", 1_255, 0.1, 126)]
    public void Amounts_are_rounded_to_the_currencys_smallest_coin(string currency, long price, double quantity,
        long net) =>
        Assert.Equal(net,
            Prices.PriceLine(Line((decimal)quantity), Soap(currency, price: price),
                new PriceRules(currency, false)).Net);

    [Theory]
    [InlineData(100, 9_999, "")]
    [InlineData(10_000, 1_000, "tenth")]
    [InlineData(90_000, 5_000, "tenth")]
    public void An_orders_discount_has_a_least_sum_and_a_cap(long price, long off, string rule)
    {
        var rules = new PriceRules("INR",
            false) { Discounts = [new OrderDiscount("tenth", 1_000, Cap: 5_000, FromAmount: 10_000)] };
        var basket = Prices.Price([Line(1)], new Dictionary<string, Product> { ["S-1"] = Soap(price: price) }, rules);
        Assert.Equal(rule, basket.DiscountRule);
        Assert.Equal(rule.Length == 0 ? 0 : off, basket.Discount);
        Assert.Equal(price - basket.Discount, basket.Net);
    }

    [Fact]
    public void Whatever_the_rules_totals_are_the_sums_of_the_lines_and_a_replay_gives_the_same_figures()
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            string[] skus = ["S-1", "S-2", "S-3", "S-4"];
            var products = skus.ToDictionary(s => s,
                s => Soap(taxRate: random.Next(0, 2_900), sku: s, price: random.Next(1, 99_999)));
            var rules = Rules(random, skus);
            var lines = Enumerable.Range(0, random.Next(1, 12))
                .Select(_ => random.Next(2) == 0
                    ? Line(random.Next(1, 400), sku: skus[random.Next(4)])
                    : Line(random.Next(1, 9), "box", skus[random.Next(4)], 12)).ToList();

            var basket = Prices.Price(lines, products, rules, Now);

            Assert.Equal((basket.Lines.Sum(l => l.Net), basket.Lines.Sum(l => l.Tax), basket.Lines.Sum(l => l.Gross)),
                (basket.Net, basket.Tax, basket.Gross));
            Assert.Equal(basket.Gross, basket.Net + basket.Tax);
            Assert.Equal(basket.Discount, basket.Lines.Sum(l => l.Discount));
            Assert.All(basket.Lines, l => Assert.True(l.Net >= 0 && l.Tax >= 0 && l.Discount >= 0, $"{seed}: {l}"));
            Assert.All(basket.Lines,
                l => Assert.True(
                    l.Rule.Length == 0 || rules.Prices.Any(r => r.Id == l.Rule && r.Sku == l.Product.Sku)));

            // The rules in another order, and with offers of later days: an old order keeps its figures.
            var later = rules with
            {
                Prices = [.. rules.Prices.Reverse(), new PriceRule("later", "S-1", 1, From: Day.AddDays(1))],
                Discounts = [.. rules.Discounts.Reverse(), new OrderDiscount("later", 9_000, From: Day.AddDays(1))],
            };
            var again = Prices.Price(lines, products, later, Now);
            Assert.Equal(basket.Lines, again.Lines);
            Assert.Equal((basket.Gross, basket.DiscountRule), (again.Gross, again.DiscountRule));
        }
    }

    private static PriceRules Rules(Random random, string[] skus) => new("INR", random.Next(2) == 0)
    {
        Prices = [.. Enumerable.Range(0, random.Next(0, 8)).Select(i => new PriceRule(
            $"r{i}", skus[random.Next(4)], random.Next(1, 99_999), random.Next(3) == 0 ? "box" : null,
            random.Next(0, 60), random.Next(3) == 0 ? Asha : null,
            random.Next(3) == 0 ? Day.AddDays(random.Next(-3, 3)) : null,
            random.Next(3) == 0 ? Day.AddDays(random.Next(-3, 3)) : null))],
        Discounts =
            [.. Enumerable.Range(0, random.Next(0, 3))
                .Select(i =>
                    new OrderDiscount($"d{i}", random.Next(0, 10_001),
                        random.Next(2) == 0 ? random.Next(0, 99_999) : null, random.Next(0, 99_999)))],
        TaxInclusiveBySku = skus.Where(_ => random.Next(3) == 0).ToDictionary(s => s, _ => random.Next(2) == 0),
    };
}
