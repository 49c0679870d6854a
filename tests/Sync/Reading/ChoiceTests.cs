using Sak.Sync.Model;
using Sak.Sync.Reading;

namespace Sak.Tests.Sync.Reading;

/// <summary>Short answers to a question that names its choices.</summary>
public sealed class ChoiceTests
{
    private static readonly string[] Rice = ["G-3", "G-4"];
    private static readonly string[] Soaps = ["G-6", "G-7"];

    [Theory]
    [InlineData("first", "G-6=2")]
    [InlineData("the second one", "G-7=2")]
    [InlineData("1", "G-6=2")]
    [InlineData("2", "G-7=2")]
    [InlineData("2️⃣", "G-7=2")]
    [InlineData("last one please", "G-7=2")]
    [InlineData("pehla wala", "G-6=2")]
    [InlineData("दूसरा वाला", "G-7=2")]
    [InlineData("la primera", "G-6=2")]
    [InlineData("o segundo", "G-7=2")]
    [InlineData("الثاني", "G-7=2")]
    [InlineData("el awwal", "G-6=2")]
    [InlineData("rose", "G-7=2")]
    public async Task A_place_in_the_list_answers_which(string answer, string lines) =>
        Assert.Equal(lines, await After(Which("soap", 2, Soaps), answer));

    [Theory]
    [InlineData("the small one", "G-4=2")]
    [InlineData("big one", "G-3=2")]
    [InlineData("chhota wala", "G-4=2")]
    [InlineData("बड़ा वाला", "G-3=2")]
    [InlineData("el pequeño", "G-4=2")]
    [InlineData("a grande", "G-3=2")]
    [InlineData("الصغير", "G-4=2")]
    [InlineData("1 kg", "G-4=2")]
    [InlineData("5", "G-3=2")]
    public async Task A_size_in_words_answers_which(string answer, string lines) =>
        Assert.Equal(lines, await After(Which("rice", 2, Rice), answer));

    [Theory]
    [InlineData("yes")]
    [InlineData("👍")]
    [InlineData("that one")]
    [InlineData("haan")]
    [InlineData("हाँ")]
    [InlineData("sí")]
    [InlineData("sim")]
    [InlineData("نعم")]
    [InlineData("1")]
    public async Task A_yes_takes_the_one_product_that_was_asked_about(string answer) =>
        Assert.Equal("G-1=3", await After(Which("sunflwr", 3, "G-1"), answer));

    [Fact]
    public async Task A_yes_without_a_number_asks_only_how_many()
    {
        var line = Assert.Single((await Grocer.Read(Which("sunflwr", null, "G-1"), "yes")).Lines);
        Assert.Equal(("G-1", AskedFor.Quantity), (line.Product!.Sku, line.Asks!.Value));
    }

    [Theory]
    [InlineData("no")]
    [InlineData("nahi")]
    [InlineData("لا")]
    public async Task A_no_to_the_proposed_product_closes_the_question(string answer)
    {
        var before = Which("sunflwr", 3, "G-1");
        var reading = await Grocer.Read(before, answer);
        var after = Sak.Sync.Answering.Basket.Apply(before, reading.ToReply().Intents, Grocer.BySku).State;
        Assert.Empty(after.Lines);
        Assert.DoesNotContain(after.Open, o => o.Asks != AskedFor.Unknown);
    }

    [Theory]
    [InlineData("yes")]
    [InlineData("👍")]
    [InlineData("7")]
    [InlineData("not the first one")]
    [InlineData("is the first one good?")]
    [InlineData("my first baby was born")]
    public async Task What_does_not_say_which_of_several_takes_none(string answer) =>
        Assert.Equal("", await After(Which("soap", 2, Soaps), answer));

    [Fact]
    public async Task A_forwarded_first_is_no_answer()
    {
        var request = Grocer.Request(Which("soap", 2, Soaps), "first");
        request = request with { Messages = [request.Messages[0] with { Forwarded = true }] };
        Assert.Empty((await OrderReader.ExplainAsync(request, Grocer.Search, TestContext.Current.CancellationToken))
            .Lines);
    }

    [Fact]
    public async Task A_yes_that_is_taken_back_takes_nothing() =>
        Assert.Equal("", await After(Which("sunflwr", 3, "G-1"), "yes", "wait, my brother has to see it"));

    private static BasketState Which(string words, decimal? quantity, params string[] candidates) =>
        BasketState.Empty with
        {
            Open = [new OpenLine(AskedFor.Product, words, null, quantity, null, candidates, "m")],
            Awaiting = Awaiting.Product,
        };

    private static async Task<string> After(BasketState before, params string[] answers) =>
        Grocer.Lines(await Grocer.Read(before, answers), before);
}
