using Sak.Sync.Model;
using Sak.Sync.Reading;
using Sak.Sync.Reading.Message;
using Sak.Sync.Wire;

namespace Sak.Tests.Sync.Reading;

/// <summary>What a message means together with the one that it answers to.</summary>
public class QuotedTests
{
    [Theory]
    [InlineData("3 of this", "Sunflower Oil 1 L", "G-1=3")]
    [InlineData("3 of these please", "Tea 250 g", "G-8=3")]
    [InlineData("2 ctn", "Sunflower Oil 1 L", "G-1=24")]
    [InlineData("isme se 3 bhej do", "Sunflower Oil 1 L", "G-1=3")]
    [InlineData("इसके 3 भेजो", "Sunflower Oil 1 L", "G-1=3")]
    [InlineData("3 de este", "Sunflower Oil 1 L", "G-1=3")]
    [InlineData("quero 3 desse", "Sunflower Oil 1 L", "G-1=3")]
    [InlineData("من هذا ٣", "Sunflower Oil 1 L", "G-1=3")]
    [InlineData("same as this", "5 oil, 2 sugar", "G-1=5 G-2=2")]
    [InlineData("send this again", "5 oil, 2 sugar", "G-1=5 G-2=2")]
    [InlineData("lo mismo por favor", "5 aceite", "G-1=5")]
    [InlineData("yahi bhej do", "5 tel, 2 cheeni", "G-1=5 G-2=2")]
    [InlineData("3 tea", "Sunflower Oil 1 L", "G-8=3")]
    public async Task A_number_counts_what_is_quoted_and_this_orders_it(string text, string quoted, string expected) =>
        Assert.Equal(expected, Grocer.Lines(await Read(BasketState.Empty, text, quoted)));

    [Fact]
    public async Task Send_this_under_a_product_asks_how_many()
    {
        var line = Assert.Single((await Read(BasketState.Empty, "send this", "Sunflower Oil 1 L")).Lines);
        Assert.Equal(("G-1", AskedFor.Quantity), (line.Product!.Sku, line.Asks!.Value));
    }

    [Fact]
    public async Task A_price_question_under_a_product_is_about_that_product()
    {
        var reading = await Read(BasketState.Empty, "how much is this?", "Tea 250 g");
        Assert.Equal((Purpose.PriceQuery, "G-8"), (reading.Purpose, Assert.Single(reading.Asked).Product!.Sku));
    }

    private const string Summary = "Your order:\n1. Sunflower Oil 1 L: 5 ctn (60 bottle) = INR 870.00\n"
        + "2. Tea 250 g: 2 pack = INR 14.20\nTax: INR 44.21\n*Total: INR 928.41*\nReply YES to confirm, or tell us.";

    [Theory]
    [InlineData("same as this", "G-1=60 G-8=2")]
    [InlineData("send this again please", "G-1=60 G-8=2")]
    [InlineData("lo mismo que esto", "G-1=60 G-8=2")]
    [InlineData("yahi bhej do", "G-1=60 G-8=2")]
    [InlineData("نفس هذا", "G-1=60 G-8=2")]
    [InlineData("same as this but 3 tea", "G-1=60 G-8=3")]
    [InlineData("same as this without the tea", "G-1=60")]
    public async Task The_shops_own_words_are_ordered_again_by_its_lines(string text, string expected) =>
        Assert.Equal(expected, Grocer.Lines(await Read(BasketState.Empty, text,
            Summary.Replace("Your order:", "Thank you! Your order A-1001 is confirmed.", StringComparison.Ordinal))));

    [Fact]
    public async Task A_number_that_quotes_a_question_answers_that_question() =>
        Assert.Equal("G-1=3", Grocer.Lines(await Read(BasketState.Empty, "3",
            "How much Sunflower Oil 1 L would you like (bottle or ctn of 12 bottle)?")));

    [Fact]
    public async Task This_one_that_quotes_a_product_chooses_it()
    {
        var before = BasketState.Empty with
        {
            Open = [new OpenLine(AskedFor.Product, "soap", null, 2, null, ["G-6", "G-7"], "m")],
            Awaiting = Awaiting.Product,
        };
        Assert.Equal("G-7=2", Grocer.Lines(await Read(before, "this one", "Soap Bar Rose 100 g"), before));
    }

    [Fact]
    public async Task A_yes_that_quotes_an_older_summary_confirms_nothing()
    {
        var before = Grocer.With(("G-2", 2));
        var reading = await Read(before, "yes", Summary);
        Assert.DoesNotContain(IntentKind.Confirm, reading.ToReply().Intents.Select(i => i.Kind));
        var same = Grocer.With(("G-1", 60), ("G-8", 2));
        Assert.Equal(Purpose.Confirm, (await Read(same, "yes", Summary)).Purpose);
    }

    [Fact]
    public async Task Thanks_for_the_shops_confirmation_order_nothing() =>
        Assert.Equal("", Grocer.Lines(await Read(BasketState.Empty, "thanks, got it", Summary)));

    [Fact]
    public async Task A_forwarded_this_orders_nothing()
    {
        var message = new TurnMessage("m", "this", DateTimeOffset.UnixEpoch, Forwarded: true) { Quoted = "5 oil" };
        var reading = await OrderReader.ExplainAsync(
            Grocer.Request(BasketState.Empty) with { Messages = [message] }, Grocer.Search,
            TestContext.Current.CancellationToken);
        Assert.Empty(reading.Lines);
    }

    [Theory]
    [InlineData("not this one")]
    [InlineData("this was leaking yesterday")]
    [InlineData("thank you")]
    [InlineData("got it")]
    [InlineData("received this")]
    [InlineData("is this good?")]
    [InlineData("who wrote this")]
    public async Task What_does_not_order_orders_nothing_of_what_is_quoted(string text) =>
        Assert.Equal("", Grocer.Lines(await Read(BasketState.Empty, text, "5 oil, 2 sugar")));

    [Fact]
    public async Task A_yes_that_quotes_the_order_is_a_yes() =>
        Assert.Equal(Purpose.Confirm, (await Read(Grocer.With(("G-1", 5)), "yes", "5 oil")).Purpose);

    private static Task<TurnReading> Read(BasketState before, string text, string quoted)
    {
        var message = new TurnMessage("m", text, DateTimeOffset.UnixEpoch) { Quoted = quoted };
        return OrderReader.ExplainAsync(Grocer.Request(before) with { Messages = [message] }, Grocer.Search,
            TestContext.Current.CancellationToken);
    }
}
