using Sak.Sync.Answering;
using Sak.Sync.Model;
using Sak.Sync.Wire;
using Sak.Tests.Sync.Reading;

namespace Sak.Tests.Sync.Answering;

/// <summary>What a model leaves out without a word, in the shop of <see cref="Grocer"/>.</summary>
public class LeftOutTests
{
    private static readonly Intent Oil = new(IntentKind.Add, "G-1", 5, "bottle", "5 oil");

    [Theory]
    [InlineData("2 sugar", "G-2=2")]
    [InlineData("hi, 2 sugar pls", "G-2=2")]
    [InlineData("send 5 oil and 2 ctn sugar", "G-1=5 G-2=20")]
    [InlineData("2 cheeni bhej do", "G-2=2")]
    [InlineData("मुझे 2 चीनी चाहिए", "G-2=2")]
    [InlineData("3 aceite y 2 azucar por favor", "G-1=3 G-2=2")]
    [InlineData("quero 2 açúcar", "G-2=2")]
    [InlineData("٢ سكر", "G-2=2")]
    public async Task Where_a_model_notes_nothing_the_readers_reading_stands(string text, string lines)
    {
        foreach (var nothing in (Reply[])[Model(), Model(new Intent(IntentKind.None)),
            Model(new Intent(IntentKind.Greeting)), Model(new Intent(IntentKind.Thanks))])
        {
            var reply = LeftOut.Complete(nothing, await Grocer.Read(text));
            Assert.Equal("", reply.Text);
            Assert.Equal(lines, Basket(BasketState.Empty, reply));
        }
    }

    [Theory]
    [InlineData("5 oil and 2 sugar")]
    [InlineData("5 oil, 2 cheeni")]
    [InlineData("5 aceite y 2 azucar")]
    [InlineData("5 oil\n2 sugar\nthanks")]
    [InlineData("2 sugar, 5 oil")]
    [InlineData("5 oil और 2 चीनी")]
    [InlineData("send 5 oil n 2 sugar asap")]
    public async Task A_product_that_was_left_out_beside_others_is_asked_and_not_put_in(string text)
    {
        // The words of all, on one intent: they do not hide the product.
        foreach (var words in (string[])["5 oil", text])
        {
            var reply = LeftOut.Complete(Model(Oil with { Words = words }), await Grocer.Read(text));
            Assert.Equal("", reply.Text);
            Assert.Equal("G-1=5", Basket(BasketState.Empty, reply));
            var open = Assert.Single(reply.Intents, i => i.Kind == IntentKind.Ask).Open!;
            Assert.Equal((AskedFor.Quantity, "G-2"), (open.Asks, open.Sku));
        }
    }

    [Fact]
    public async Task The_question_is_answered_with_a_number()
    {
        var first = LeftOut.Complete(Model(Oil), await Grocer.Read("5 oil and 2 ctn sugar"));
        var state = Sak.Sync.Answering.Basket.Apply(BasketState.Empty, first.Intents, Grocer.BySku).State;
        Assert.Equal(Awaiting.Quantity, state.Awaiting);
        Assert.Equal("G-1=5 G-2=20", Grocer.Lines(await Grocer.Read(state, "2"), state));
    }

    [Theory]
    [InlineData(IntentKind.Price, "how much is sugar?")]
    [InlineData(IntentKind.Stock, "do you have sugar?")]
    public async Task A_price_or_a_stock_that_was_asked_is_told(IntentKind kind, string text)
    {
        var read = await Grocer.Read(text);
        foreach (var nothing in (Reply[])[Model(), Model(new Intent(IntentKind.Status)), Model(Oil)])
            Assert.Contains(LeftOut.Complete(nothing, read).Intents, i => i.Kind == kind && i.Sku == "G-2");
    }

    [Fact]
    public async Task What_two_products_fit_is_asked()
    {
        var reply = LeftOut.Complete(Model(Oil), await Grocer.Read("5 oil and 2 soap"));
        var open = Assert.Single(reply.Intents, i => i.Kind == IntentKind.Ask).Open!;
        Assert.Equal(["G-6", "G-7"], open.Candidates.Order());
    }

    [Fact]
    public async Task What_was_taken_out_by_the_customer_is_taken_out()
    {
        var before = Grocer.With(("G-2", 2));
        var reply = LeftOut.Complete(Model(Oil), await Grocer.Read(before, "remove sugar, 5 oil"));
        Assert.Equal("G-1=5", Basket(before, reply));
    }

    [Fact]
    public async Task We_have_none_is_not_said_of_what_the_shop_has()
    {
        var unknown = new Intent(IntentKind.Ask, Words: "2 sugar",
            Open: new OpenLine(AskedFor.Unknown, "2 sugar", null, 2, null, []));
        var reply = LeftOut.Complete(Model(Oil, unknown), await Grocer.Read("5 oil and 2 sugar"));
        Assert.Equal(AskedFor.Quantity, Assert.Single(reply.Intents, i => i.Kind == IntentKind.Ask).Open!.Asks);
    }

    public static TheoryData<IntentKind> Doing => [IntentKind.Add, IntentKind.Set, IntentKind.Remove, IntentKind.Ask,
        IntentKind.Price, IntentKind.Stock];

    [Theory]
    [MemberData(nameof(Doing))]
    public async Task A_model_that_did_anything_about_each_product_is_left_alone(IntentKind kind)
    {
        var proposed = Model(Oil, new Intent(kind, "G-2", 2, "pack"));
        Assert.Same(proposed, LeftOut.Complete(proposed, await Grocer.Read("5 oil and 2 sugar")));
    }

    [Fact]
    public async Task A_model_that_reads_another_product_in_the_words_is_left_alone()
    {
        var proposed = Model(Oil, new Intent(IntentKind.Add, "G-7", 2, "pcs", "2 lemon soap"));
        Assert.Same(proposed, LeftOut.Complete(proposed, await Grocer.Read("5 oil and 2 lemon soap")));
        proposed = Model(Oil, new Intent(IntentKind.Ask, Words: "2 soap",
            Open: new OpenLine(AskedFor.Product, "2 soap", null, 2, null, ["G-6"])));
        Assert.Same(proposed, LeftOut.Complete(proposed, await Grocer.Read("5 oil and 2 soap")));
    }

    [Theory]
    [InlineData("5 oil, no sugar")]
    [InlineData("5 oil but no sugar this time")]
    [InlineData("5 oil, sugar nahi chahiye")]
    [InlineData("5 oil. I don't want sugar")]
    [InlineData("yesterday the sugar was wet")]
    [InlineData("my neighbour bought 2 sugar")]
    [InlineData("I might take 2 sugar next week")]
    [InlineData("I paid 500 for the sugar")]
    [InlineData("the sugar was broken")]
    [InlineData("hello")]
    [InlineData("stop")]
    [InlineData("cancel my order")]
    public async Task What_the_customer_does_not_want_is_not_missed(string text)
    {
        var proposed = Model(Oil);
        Assert.Same(proposed, LeftOut.Complete(proposed, await Grocer.Read(text)));
    }

    [Fact]
    public async Task Nothing_is_asked_beside_a_cancel_or_a_stop()
    {
        var read = await Grocer.Read("2 sugar");
        foreach (var kind in (IntentKind[])[IntentKind.Cancel, IntentKind.Stop])
        {
            var proposed = Model(new Intent(kind));
            Assert.Same(proposed, LeftOut.Complete(proposed, read));
        }
    }

    [Fact]
    public async Task Settled_twice_is_settled_once()
    {
        var read = await Grocer.Read("5 oil and 2 sugar, and talk to a person");
        var once = ProposedReply.Settle(Model(Oil, new Intent(IntentKind.Confirm)), read);
        Assert.Same(once, ProposedReply.Settle(once, read));
        Assert.Equal([IntentKind.Add, IntentKind.Handover, IntentKind.Ask], once.Intents.Select(i => i.Kind));
    }

    private static string Basket(BasketState before, Reply reply) => string.Join(' ',
        Sak.Sync.Answering.Basket.Apply(before, reply.Intents, Grocer.BySku).State.Lines.Select(
            l => $"{l.Sku}={l.BaseQuantity / 1000m:0.###}"));

    private static Reply Model(params Intent[] intents) => new("Noted.", intents, "en", Reply.ByModel);
}
