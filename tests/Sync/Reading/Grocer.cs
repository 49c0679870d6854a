using Sak.Sync.Answering;
using Sak.Sync.Model;
using Sak.Sync.Pricing;
using Sak.Sync.Reading;
using Sak.Sync.Reading.Names;
using Sak.Sync.Wire;

namespace Sak.Tests.Sync.Reading;

/// <summary>The catalog of a small invented grocer, and short ways to read messages to it.</summary>
internal static class Grocer
{
    public static readonly IReadOnlyList<Product> Catalog =
    [
        Make("G-1", "Sunflower Oil 1 L", "oil|cooking oil|tel|aceite", "bottle", "ctn:12", 1450),
        Make("G-2", "White Sugar 1 kg", "sugar|cheeni|चीनी|azucar|açúcar|سكر", "pack", "ctn:10", 520),
        Make("G-3", "Basmati Rice 5 kg", "basmati 5kg|rice 5kg", "bag", "ctn:4", 4200),
        Make("G-4", "Basmati Rice 1 kg", "basmati 1kg|rice 1kg", "bag", "ctn:12", 900),
        Make("G-5", "Red Lentils (loose)", "masoor|red lentils|lentils", "kg", "sack:25", 640),
        Make("G-6", "Soap Bar Lemon 100 g", "lemon soap", "pcs", "box:6;ctn:72", 150),
        Make("G-7", "Soap Bar Rose 100 g", "rose soap", "pcs", "box:6;ctn:72", 160),
        Make("G-8", "Tea 250 g", "tea|chai|شاي", "pack", "ctn:24", 710),
    ];

    public static readonly IReadOnlyDictionary<string, Product> BySku = Catalog.ToDictionary(p => p.Sku);

    public static readonly CatalogInMemory Search = new(Catalog);

    public static readonly ShopFacts Shop = new("Corner Grocer", "+91 98200 11223", "8:00-21:00", "12 Hill Road",
        new PriceRules("INR", false));

    public static Product Make(string sku, string name, string aliases, string unit, string packs, long price,
        string currency = "INR", int taxRate = 500) =>
        new(new Guid(sku.GetHashCode(StringComparison.Ordinal), 0, 0, new byte[8]), sku, name,
            Product.ReadAliases(aliases), unit, Product.ReadPacks(packs), new Money(price, currency), taxRate);

    public static ProcessMessageRequest Request(BasketState basket, params string[] texts) => new(
        1, Guid.Empty, [.. texts.Select((t, i) => new TurnMessage($"m{i}", t, DateTimeOffset.UnixEpoch))], [], basket,
        [], "", new Dictionary<string, string>(), 0);

    public static Task<TurnReading> Read(params string[] texts) => Read(BasketState.Empty, texts);

    public static Task<TurnReading> Read(BasketState basket, params string[] texts) =>
        OrderReader.ExplainAsync(Request(basket, texts), Search, TestContext.Current.CancellationToken);

    /// <summary>"G-1=60 G-2=2": the resulting basket in base units.</summary>
    public static string Lines(TurnReading reading, BasketState? before = null) =>
        string.Join(' ',
            Basket.Apply(before ?? BasketState.Empty, reading.ToReply().Intents, BySku).State.Lines.Select(
                l => $"{l.Sku}={l.BaseQuantity / 1000m:0.###}"));

    public static BasketState With(params (string Sku, decimal Quantity)[] lines) => BasketState.Empty with
    {
        Lines = [.. lines.Select(
            l => new BasketLine(l.Sku, l.Quantity, BySku[l.Sku].Unit, (long)(l.Quantity * 1000), "", "m"))],
        Awaiting = Awaiting.Confirmation,
    };

    /// <summary>The facts for a reply to the reading.</summary>
    public static ReplyFacts Facts(TurnReading reading, BasketState before, string? language = null,
        Order? confirmed = null, Order? latest = null, params string[] words)
    {
        var reply = reading.ToReply();
        if (language is not null) reply = reply with { Language = language };
        var change = Basket.Apply(before, reply.Intents, BySku);
        return new ReplyFacts(Shop, reply, change, Prices.Price(change.State.Lines, BySku, Shop.Rules), BySku,
            confirmed, latest, words);
    }
}
