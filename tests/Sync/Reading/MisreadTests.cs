using Sak.Sync.Answering;
using Sak.Sync.Model;
using Sak.Sync.Reading;
using Sak.Sync.Reading.Names;
using Sak.Sync.Wire;

namespace Sak.Tests.Sync.Reading;

/// <summary>Messages that were once read wrongly.</summary>
public class MisreadTests
{
    [Theory]
    [InlineData("no make it 5 tea")]
    [InlineData("no, 5 tea")]
    [InlineData("nahi 5 chai")]
    [InlineData("no, mejor 5 té")]
    [InlineData("não, 5 chá")]
    [InlineData("لا ٥ شاي")]
    [InlineData("नहीं 5 चाय")]
    public async Task A_bare_no_before_a_quantity_corrects_it(string text)
    {
        var before = With(("T-1", 3), ("T-2", 1));
        Assert.Equal("T-1=5 T-2=1", Lines(await Read(before, text), before));
    }

    [Theory]
    [InlineData("no tea this time")]
    [InlineData("no tea")]
    [InlineData("remove tea")]
    public async Task No_before_a_name_alone_takes_it_out(string text)
    {
        var before = With(("T-1", 3), ("T-2", 1));
        Assert.Equal("T-2=1", Lines(await Read(before, text), before));
    }

    [Theory]
    [InlineData("half dozen red pen and quarter kg onion", "T-2=6 T-5=0.25")]
    [InlineData("un cuarto de kilo onion y 2 red pen", "T-5=0.25 T-2=2")]
    [InlineData("necesito mil red pen por favor", "T-2=1000")]
    public async Task Quarters_and_bare_thousands_count(string text, string expected) =>
    Assert.Equal(expected, Lines(await Read(BasketState.Empty, text)));

    [Theory]
    [InlineData("2 red or blue pens")]
    [InlineData("red pen or blue pen 2")]
    [InlineData("2 red pen or 2 blue pen")]
    [InlineData("2 red pen, or blue pen")]
    public async Task Of_two_alternatives_neither_is_dropped(string text)
    {
        var reading = await Read(BasketState.Empty, text);
        var open = Assert.Single(reading.Lines);
        Assert.Equal(AskedFor.Product, open.Asks);
        Assert.Equal(["T-2", "T-3"], open.Candidates.Select(p => p.Sku).Order());
        Assert.Equal(2, open.Quantity);
    }

    [Fact]
    public async Task A_substitute_is_no_alternative()
    {
        var reading = await Read(BasketState.Empty, "if you have red pen send 2 or blue pen");
        Assert.DoesNotContain(reading.Lines, l => l.Product?.Sku == "T-3" && !l.IsOpen);
    }

    [Fact]
    public async Task Two_or_three_is_no_quantity() =>
    Assert.Equal(AskedFor.Quantity,
        Assert.Single((await Read(BasketState.Empty, "2 or 3 red pen please")).Lines).Asks);

    [Fact]
    public async Task A_mass_of_what_comes_in_packs_asks_how_many_packs()
    {
        var reading = await Read(BasketState.Empty, "2 kg sugar");
        var facts = Grocer.Facts(reading, BasketState.Empty);
        var text = ReplyText.Compose(
            facts with { Products = Products,
                Change = Basket.Apply(BasketState.Empty, reading.ToReply().Intents, Products) });
        Assert.Contains("Sugar 1 kg is sold by the pack", text, StringComparison.Ordinal);
        Assert.True(
            PriceLock.Check(text,
                facts with { Products = Products,
                    Change = Basket.Apply(BasketState.Empty, reading.ToReply().Intents, Products),
                    CustomerWords = ["2 kg sugar"] }).Passes);
    }

    [Theory]
    [InlineData("2 shai", "T-1=2")]
    [InlineData("abgha 3 shai w 2 kamama", "T-1=3 T-6=2")]
    public async Task Short_words_of_Arabic_in_Latin_letters_are_found(string text, string expected) =>
    Assert.Equal(expected, Lines(await Read(BasketState.Empty, text)));

    [Fact]
    public void The_line_after_the_last_one_that_fits_is_told()
    {
        var products = Enumerable.Range(0, 101).Select(i => Grocer.Make($"N-{i}", $"Thing {i}", "", "pcs", "", 100))
            .ToDictionary(p => p.Sku);
        var intents =
            products.Keys.Select(
                s => new Intent(IntentKind.Add, s, 1, "pcs", $"one of the {(s == "N-100" ? "last" : "many")}", "m"))
                .ToList();
        var change = Basket.Apply(BasketState.Empty, intents, products);
        Assert.Equal(Basket.MaxLines, change.State.Lines.Count);
        Assert.Equal(["one of the last"], change.Refused!);
        var facts = new ReplyFacts(Grocer.Shop, new Reply("", intents, "en", "reader"), change,
            Sak.Sync.Pricing.Prices.Price(change.State.Lines, products, Grocer.Shop.Rules), products, null, null, []);
        Assert.Contains("Not noted: one of the last", ReplyText.Compose(facts), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("voice", "voice note")]
    [InlineData("image", "picture")]
    public async Task A_voice_note_is_called_so_and_a_picture_too(string kind, string word)
    {
        var request = Grocer.Request(BasketState.Empty)
            with { Messages = [new TurnMessage("m", "", DateTimeOffset.UnixEpoch, kind)] };
        var reading = await OrderReader.ExplainAsync(request, Search, TestContext.Current.CancellationToken);
        Assert.Contains(word, ReplyText.Compose(Grocer.Facts(reading, BasketState.Empty)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("i want sunflower")]
    [InlineData("sunflower")]
    [InlineData("tea?")]
    [InlineData("yes and tea")]
    [InlineData("ok sunflower also")]
    [InlineData("haan aur chai")]
    [InlineData("chai bhi")]
    [InlineData("sí y aceite")]
    [InlineData("quiero aceite")]
    [InlineData("também quero oil")]
    [InlineData("अच्छा, और चाय")]
    [InlineData("نعم وشاي")]
    [InlineData("اريد شاي")]
    [InlineData("do you have sunflower")]
    [InlineData("sunflower kitne ka hai")]
    public async Task A_product_that_is_named_while_a_yes_is_awaited_is_added_asked_or_told(string text)
    {
        var before = Grocer.With(("G-2", 2));
        var reading = await Grocer.Read(before, text);
        var reply = ReplyText.Compose(Grocer.Facts(reading, before, words: [text]));
        Assert.True(reading.Lines.Concat(reading.Asked).SelectMany(l => l.Candidates.Append(l.Product))
            .Any(p => p?.Sku is "G-1" or "G-8"),
            $"{reading.Purpose}: {reply}");
        Assert.DoesNotContain(IntentKind.Confirm, reading.ToReply().Intents.Select(i => i.Kind));
    }

    // Every clause with a complete name becomes a line, a question or a removal, whatever its context.
    [Fact]
    public async Task A_named_product_in_an_ordering_turn_never_vanishes()
    {
        string[] names = ["red pen", "blue pen", "tea", "sugar", "onion", "face mask"];
        string[] before = ["2 ", "a ", "", "zorp kg ", "fistful of ", "quarter kg ", "3 or 4 ", "2-3 ", "some ",
            "5 ctn ", "12 blonk ", "half ", "10 kg "];
        string[] joins = [" and ", ", ", "\n", " + "];
        for (var seed = 0; seed < 600; seed++)
        {
            var random = new Random(seed);
            var chosen = random.GetItems(names, 5).Distinct().Take(random.Next(1, 4)).ToList();
            var join = joins[random.Next(joins.Length)];
            var text = "send 7 marker pot"
                + string.Concat(chosen.Select(n => join + before[random.Next(before.Length)] + n));
            var reading = await Read(BasketState.Empty, text);
            foreach (var name in chosen)
                Assert.True(reading.Lines.Any(l => Named(l, name)),
                    $"{seed}: \"{name}\" vanished from \"{text}\": {string.Join("; ", reading.Lines)}");
        }
    }

    private static bool Named(ReadLine line, string name) =>
        line.Product?.Sku == Sku(name) || line.Candidates.Any(c => c.Sku == Sku(name))
            || line.Words.Contains(name, StringComparison.OrdinalIgnoreCase);

    private static string Sku(string name) =>
        name switch { "tea" => "T-1", "red pen" => "T-2", "blue pen" => "T-3", "sugar" => "T-4", "onion" => "T-5",
            _ => "T-6" };

    private static readonly IReadOnlyDictionary<string, Product> Products = new[]
    {
        Grocer.Make("T-1", "Tea 250 g", "tea|chai|chá|té|चाय|شاي", "pack", "ctn:24", 710),
        Grocer.Make("T-2", "Red Pen", "", "pcs", "box:10", 50),
        Grocer.Make("T-3", "Blue Pen", "", "pcs", "box:10", 60),
        Grocer.Make("T-4", "Sugar 1 kg", "sugar", "pack", "ctn:10", 520),
        Grocer.Make("T-5", "Onion", "onions", "kg", "sack:50", 320),
        Grocer.Make("T-6", "Face Mask", "كمامة", "pcs", "box:50", 12),
        Grocer.Make("T-7", "Marker Pot", "", "pcs", "", 13),
    }.ToDictionary(p => p.Sku);

    private static readonly CatalogInMemory Search = new(Products.Values);

    private static Task<TurnReading> Read(BasketState basket, string text) =>
        OrderReader.ExplainAsync(Grocer.Request(basket, text), Search, TestContext.Current.CancellationToken);

    private static string Lines(TurnReading reading, BasketState? before = null) =>
        string.Join(' ',
            Basket.Apply(before ?? BasketState.Empty, reading.ToReply().Intents, Products).State.Lines.Select(
                l => $"{l.Sku}={l.BaseQuantity / 1000m:0.###}"));

    private static BasketState With(params (string Sku, decimal Quantity)[] lines) => BasketState.Empty with
    {
        Lines = [.. lines.Select(
            l => new BasketLine(l.Sku, l.Quantity, Products[l.Sku].Unit, (long)(l.Quantity * 1000), "", "m"))],
        Awaiting = Awaiting.Confirmation,
    };
}
