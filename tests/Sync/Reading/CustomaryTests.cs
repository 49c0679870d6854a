using Sak.Sync.Answering;
using Sak.Sync.Model;
using Sak.Sync.Reading;
using Sak.Sync.Reading.Names;
using Sak.Sync.Wire;

namespace Sak.Tests.Sync.Reading;

/// <summary>What this customer and this shop usually order.</summary>
public sealed class CustomaryTests
{
    [Fact]
    public async Task A_quantity_far_beyond_what_the_customer_takes_is_asked()
    {
        var reading = await Read("400 tea", new() { ["G-8"] = new(5, 12_000) });
        var line = Assert.Single(reading.Lines);
        Assert.Equal((AskedFor.Quantity, "G-8"), (line.Asks, line.Product!.Sku));
    }

    [Fact]
    public async Task A_quantity_far_beyond_what_the_shop_sells_is_asked_of_a_new_customer() =>
        Assert.Equal(AskedFor.Quantity,
            Assert.Single((await Read("400 tea", [], new() { ["G-8"] = new(60, 24_000) })).Lines).Asks);

    [Theory]
    [InlineData("400 tea", 60_000)]
    [InlineData("40 tea", 1_000)]
    public async Task A_large_quantity_of_a_customer_who_takes_much_is_no_doubt(string text, long most) =>
        Assert.Null(Assert.Single((await Read(text, new() { ["G-8"] = new(5, most) })).Lines).Asks);

    [Fact]
    public async Task Two_orders_are_no_history() =>
        Assert.Null(Assert.Single((await Read("400 tea", new() { ["G-8"] = new(2, 1_000) })).Lines).Asks);

    [Fact]
    public async Task Who_says_the_quantity_again_means_it()
    {
        var asked = BasketState.Empty
            with { Open = [new OpenLine(AskedFor.Quantity, "400 tea", "G-8", null, null, [])],
                Awaiting = Awaiting.Quantity };
        var reading = await Read("400", new() { ["G-8"] = new(5, 12_000) }, [], asked);
        Assert.Equal("G-8=400", Grocer.Lines(reading, asked));
    }

    [Fact]
    public async Task Of_two_that_fit_equally_the_one_that_the_customer_always_takes_is_proposed_and_shown()
    {
        var reading = await Read("6 soap", new() { ["G-7"] = new(4, 12_000) });
        Assert.Equal("G-7=6", Grocer.Lines(reading));
        var facts = Grocer.Facts(reading, BasketState.Empty, words: "6 soap");
        var text = ReplyText.Compose(facts);
        Assert.Contains("soap = Soap Bar Rose 100 g", text, StringComparison.Ordinal);
        Assert.True(PriceLock.Check(text, facts).Passes);
    }

    [Fact]
    public async Task What_was_proposed_and_confirmed_is_the_customers_own_word_from_then_on()
    {
        var line = Assert.Single((await Read("6 soap", new() { ["G-7"] = new(4, 12_000) })).Lines);
        Assert.Equal("G-7", OwnWords.Learn(new Dictionary<string, string>(),
            [new BasketLine("G-7", 6, "pcs", 6_000, line.Words, "m") { AskedAs = line.AskedAs }])["soap"]);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(4, 1)]
    public async Task A_habit_that_is_not_clear_is_asked(int rose, int lemon)
    {
        var habits = new Dictionary<string, Bought> { ["G-7"] = new(rose, 6_000) };
        if (lemon > 0) habits["G-6"] = new(lemon, 6_000);
        var line = Assert.Single((await Read("6 soap", habits)).Lines);
        Assert.Equal(AskedFor.Product, line.Asks);
        Assert.Equal("G-7", line.Candidates[0].Sku);
    }

    [Fact]
    public async Task What_the_shop_sells_most_is_named_first_but_never_taken_silently()
    {
        var line = Assert.Single(
            (await Read("6 soap", [], new() { ["G-7"] = new(90, 12_000), ["G-6"] = new(2, 6_000) })).Lines);
        Assert.Equal(AskedFor.Product, line.Asks);
        Assert.Equal("G-7", line.Candidates[0].Sku);
    }

    private static Task<TurnReading> Read(string text, Dictionary<string, Bought> habits,
        Dictionary<string, Bought>? sold = null, BasketState? basket = null) =>
        OrderReader.ExplainAsync(Grocer.Request(basket ?? BasketState.Empty, text) with { Habits = habits },
            new ShopHistory(sold ?? []), TestContext.Current.CancellationToken);

    private sealed class ShopHistory(Dictionary<string, Bought> sold) : ICatalogSearch
    {
        public ValueTask<IReadOnlyList<Product>> FindAsync(IReadOnlyList<string> words, int limit,
            CancellationToken cancel) => Grocer.Search.FindAsync(words, limit, cancel);

        public ValueTask<IReadOnlyList<Product>> GetAsync(IReadOnlyCollection<string> skus,
            CancellationToken cancel) => Grocer.Search.GetAsync(skus, cancel);

        public ValueTask<IReadOnlyDictionary<string, Bought>> SoldAsync(IReadOnlyCollection<string> skus,
            CancellationToken cancel) =>
            ValueTask.FromResult<IReadOnlyDictionary<string, Bought>>(sold);
    }
}
