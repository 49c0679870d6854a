using Sak.Sync.Answering;
using Sak.Sync.Model;
using Sak.Sync.Reading;
using Sak.Sync.Reading.Message;
using Sak.Sync.Wire;

namespace Sak.Tests.Sync.Reading;

public class OrderReaderTests
{
    [Theory]
    [InlineData("5 ctn oil n 2 sugar", "G-1=60 G-2=2")]
    [InlineData("oil 5 ctn, sugar - 3", "G-1=60 G-2=3")]
    [InlineData("oil\n2ctn\nsugar x4", "G-1=24 G-2=4")]
    [InlineData("Hello, pls send 10pcs lemon soap and a dozen rose soap. thanks", "G-6=10 G-7=12")]
    [InlineData("2 oil 3 sugar 4 tea", "G-1=2 G-2=3 G-8=4")]
    [InlineData("half kilo lentils", "G-5=0.5")]
    [InlineData("250 gm masoor", "G-5=0.25")]
    [InlineData("rice 5kg - 3 and rice 1kg x 2", "G-3=3 G-4=2")]
    [InlineData("2 rice 5 kg", "G-3=2")]
    [InlineData("lemon and rose soap, 2 boxes each", "G-6=12 G-7=12")]
    [InlineData("two cartons of tea", "G-8=48")]
    [InlineData("G-1 x 3", "G-1=3")]
    [InlineData("३ चीनी", "G-2=3")]
    [InlineData("٣ شاي", "G-8=3")]
    [InlineData("call me on 98200 11223, gate 4, need 3 sugar by 6 pm", "G-2=3")]
    [InlineData("1. oil 2\n2. sugar 3\n3. tea 4", "G-1=2 G-2=3 G-8=4")]
    public async Task Plain_orders_are_read(string text, string lines)
    {
        var reading = await Grocer.Read(text);
        Assert.Equal(Purpose.Order, reading.Purpose);
        Assert.Equal(lines, Grocer.Lines(reading));
    }

    [Theory]
    [InlineData("what is the price of 5 ctn oil?", Purpose.PriceQuery)]
    [InlineData("do you have sugar?", Purpose.StockQuery)]
    [InlineData("I received 5 ctn oil yesterday, 2 bottles were broken", Purpose.Complaint)]
    [InlineData("I paid 500 for the 2 sugar", Purpose.Payment)]
    [InlineData("thanks, got 3 ctn oil yesterday", Purpose.Thanks)]
    [InlineData("good morning", Purpose.Greeting)]
    [InlineData("where is my order?", Purpose.Status)]
    [InlineData("I want to talk to a person", Purpose.Handover)]
    [InlineData("sorry wrong number", Purpose.Other)]
    [InlineData("👍", Purpose.Other)]
    [InlineData("stop", Purpose.Stop)]
    [InlineData("my son is 5 and loves sugar", Purpose.Other)]
    [InlineData("I might need 5 ctn oil next week", Purpose.Other)]
    [InlineData("my brother ordered 5 sugar already", Purpose.Other)]
    [InlineData("who took my 2 boxes of tea?", Purpose.Other)]
    [InlineData("send me the bill of 2 ctn oil", Purpose.Payment)]
    [InlineData("5 sugar kitne ka padega", Purpose.PriceQuery)]
    [InlineData("¿tienes 5 aceite?", Purpose.StockQuery)]
    [InlineData("recebi 2 açúcar ontem", Purpose.Other)]
    [InlineData("حولت ٥٠٠ ريال", Purpose.Payment)]
    [InlineData("Sale! oil 35 only, sugar 13 only. Visit our store", Purpose.Other)]
    public async Task What_is_no_order_gives_no_line(string text, Purpose purpose)
    {
        var reading = await Grocer.Read(text);
        Assert.Equal(purpose, reading.Purpose);
        Assert.Empty(reading.Lines);
    }

    [Theory]
    [InlineData("2 soap", AskedFor.Product)]
    [InlineData("rice pls", AskedFor.Product)]
    [InlineData("need tea", AskedFor.Quantity)]
    [InlineData("3 pallets of tea", AskedFor.Unit)]
    [InlineData("2 umbrella", AskedFor.Unknown)]
    [InlineData("900000 tea", AskedFor.Quantity)]
    [InlineData("4 kg rice", AskedFor.Product)]
    public async Task A_doubt_is_asked_and_never_guessed(string text, AskedFor asks)
    {
        var reading = await Grocer.Read(text);
        Assert.Equal("", Grocer.Lines(reading));
        Assert.Equal(asks, Assert.Single(reading.Lines).Asks);
    }

    [Theory]
    [InlineData("no make it 3", "G-1=3")]
    [InlineData("oops I meant 7 not 2", "G-1=7")]
    [InlineData("add 2 more", "G-1=4")]
    [InlineData("remove the oil", "")]
    [InlineData("add 3 sugar", "G-1=2 G-2=3")]
    [InlineData("4 oil", "G-1=4")]
    [InlineData("double the oil", "G-1=4")]
    public async Task The_open_basket_is_changed(string text, string lines)
    {
        var before = Grocer.With(("G-1", 2));
        var reading = await Grocer.Read(before, text);
        Assert.Equal(Purpose.Modify, reading.Purpose);
        Assert.Equal(lines, Grocer.Lines(reading, before));
    }

    [Theory]
    [InlineData("yes", true)]
    [InlineData("ok 👍", true)]
    [InlineData("yes please confirm", true)]
    [InlineData("yes?", false)]
    [InlineData("ok if you give discount", false)]
    [InlineData("no", false)]
    [InlineData("not yet", false)]
    [InlineData("yes but make it 3", false)]
    public async Task Only_a_plain_yes_to_what_was_shown_confirms(string text, bool confirms)
    {
        var shown = Grocer.With(("G-1", 2));
        Assert.Equal(confirms, (await Grocer.Read(shown, text)).Purpose == Purpose.Confirm);
        Assert.NotEqual(Purpose.Confirm, (await Grocer.Read(shown with { Awaiting = Awaiting.Nothing }, text)).Purpose);
    }

    [Fact]
    public async Task Several_messages_are_one_turn()
    {
        Assert.Equal("G-8=72", Grocer.Lines(await Grocer.Read("hey", "3 cartons", "tea")));
        Assert.Equal("G-4=24", Grocer.Lines(await Grocer.Read("rice 2 ctn", "the 1 kg ones")));
        Assert.Equal("G-1=3", Grocer.Lines(await Grocer.Read("2 ctn oil", "no make it 3 bottles")));
    }

    [Theory]
    [InlineData("2 oil", "remove the oil", "Remove ")]
    [InlineData("remove the oil", "2 oil", "Set 2")]
    public async Task An_edit_may_take_out_what_was_ordered_or_order_what_was_taken_out(string before, string after,
        string read)
    {
        var request = Grocer.Request(Grocer.With(("G-1", 2))) with
        {
            Messages = [new TurnMessage("m0", after, DateTimeOffset.UnixEpoch, "edited", before)],
        };
        var line = Assert.Single((await OrderReader.ExplainAsync(request, Grocer.Search,
            TestContext.Current.CancellationToken)).Lines);
        Assert.Equal(("G-1", read), (line.Product!.Sku, $"{line.Op} {line.Quantity:0.###}"));
    }

    [Fact]
    public async Task Words_that_only_empty_the_basket_are_read_after_an_order() =>
        Assert.Equal("G-8=2", Grocer.Lines(await Grocer.Read("2 tea", "clear all that")));

    [Fact]
    public async Task An_answer_meets_its_question()
    {
        var asked = await Grocer.Read("2 boxes soap");
        var open = Basket.Apply(BasketState.Empty, asked.ToReply().Intents, Grocer.BySku).State;
        Assert.Equal(Awaiting.Product, open.Awaiting);
        var answer = await Grocer.Read(open, "the rose one");
        Assert.Equal("G-7=12", Grocer.Lines(answer, open));
        Assert.Empty(Basket.Apply(open, answer.ToReply().Intents, Grocer.BySku).State.Open);
    }

    [Fact]
    public async Task The_customers_own_word_is_known_the_next_time()
    {
        var request = Grocer.Request(BasketState.Empty, "2 soap")
            with { Words = new Dictionary<string, string> { ["soap"] = "G-7" } };
        var reading = await OrderReader.ExplainAsync(request, Grocer.Search, TestContext.Current.CancellationToken);
        Assert.Equal("G-7=2", Grocer.Lines(reading));
    }

    [Fact]
    public async Task Each_line_keeps_its_message_and_words()
    {
        var reading = await Grocer.Read("2 ctn oil", "and 3 sugar");
        Assert.Equal(["m0", "m1"], reading.Lines.Select(l => l.MessageId));
        Assert.Equal("2 ctn oil", reading.Lines[0].Words);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   \n\n ")]
    [InlineData("😀😀😀")]
    [InlineData("\u200b\u200f\u202e\ufeff")]
    [InlineData("\ud800 broken \udc00")]
    [InlineData("{\"a\":[1,2,3]}")]
    [InlineData("+++---///***")]
    [InlineData("5")]
    [InlineData("99999999999999999999999999999999 oil")]
    [InlineData("0 oil")]
    [InlineData("-3 oil 0.0000001 sugar")]
    public async Task Any_text_gives_a_reply(string text)
    {
        var reply = await OrderReader.ReadAsync(Grocer.Request(BasketState.Empty, text), Grocer.Search,
            TestContext.Current.CancellationToken);
        Assert.Equal("reader", reply.By);
        Assert.NotEmpty(reply.Intents);
    }

    [Fact]
    public async Task A_hundred_thousand_characters_are_read_to_the_end()
    {
        foreach (var piece in (string[])["5 ctn oil, ", "a", "5", "5 ", "चीनी ", "oil 5x", "((((", "umbrella "])
            Assert.NotEmpty(
                (await OrderReader.ReadAsync(
                    Grocer.Request(BasketState.Empty, string.Concat(Enumerable.Repeat(piece, 100_000 / piece.Length))),
                    Grocer.Search, TestContext.Current.CancellationToken)).Intents);
    }

    [Fact]
    public async Task An_edited_message_replaces_and_a_deleted_one_takes_back()
    {
        var before = Grocer.With(("G-1", 144), ("G-2", 2));
        var edited = Grocer.Request(before, "2 ctn oil")
            with { Messages = [new TurnMessage("m", "2 ctn oil", DateTimeOffset.UnixEpoch, "edited", "12 ctn oil")] };
        Assert.Equal("G-1=24 G-2=2",
            Grocer.Lines(await OrderReader.ExplainAsync(edited, Grocer.Search, TestContext.Current.CancellationToken),
                before));
        var deleted = Grocer.Request(before)
            with { Messages = [new TurnMessage("m", "", DateTimeOffset.UnixEpoch, "deleted", "12 ctn oil")] };
        Assert.Equal("G-2=2",
            Grocer.Lines(await OrderReader.ExplainAsync(deleted, Grocer.Search, TestContext.Current.CancellationToken),
                before));
    }

    [Fact]
    public async Task A_voice_note_or_picture_is_for_a_person()
    {
        foreach (var kind in (string[])["voice", "image", "document"])
        {
            var request = Grocer.Request(BasketState.Empty)
                with { Messages = [new TurnMessage("m", "[audio 0:47]", DateTimeOffset.UnixEpoch, kind)] };
            Assert.Equal(Purpose.Media,
                (await OrderReader.ExplainAsync(request, Grocer.Search,
                    TestContext.Current.CancellationToken)).Purpose);
        }
    }
}
