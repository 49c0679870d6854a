using Sak.Sync.Answering;
using Sak.Sync.Model;
using Sak.Tests.Sync.Reading;

namespace Sak.Tests.Sync.Answering;

public class ReplyTextTests
{
    private static Order Order =>
        new(Guid.Empty, "A-1001", Guid.Empty, Guid.Empty, OrderStatus.Confirmed, "INR", 17400, 870, 18270, 7,
            DateTimeOffset.UnixEpoch,
        [new OrderLine(Guid.Empty, Guid.Empty, 0, Guid.Empty, "G-1", "Sunflower Oil 1 L", 12000, "bottle", 1000, "ctn",
            1450, 500, 17400, 870, 18270, "m", "1 ctn oil")]);

    [Fact]
    public async Task The_summary_is_itemised_numbered_and_asks_for_a_yes()
    {
        var text = ReplyText.Compose(Grocer.Facts(await Grocer.Read("5 ctn oil n 2 sugar"), BasketState.Empty));
        Assert.Equal("""
            Your order:
            1. Sunflower Oil 1 L: 5 ctn (60 bottle) = INR 870.00
            2. White Sugar 1 kg: 2 pack = INR 10.40
            Tax: INR 44.02
            *Total: INR 924.42*
            Reply YES to confirm, or tell us what to change.
            """, text);
    }

    [Theory]
    [InlineData("2 soap", "Which \"soap\" do you mean: Soap Bar Lemon 100 g or Soap Bar Rose 100 g?")]
    [InlineData("need tea", "How much Tea 250 g would you like (pack or ctn of 24 pack)?")]
    [InlineData("2 umbrella", "Sorry, we do not have \"umbrella\".")]
    [InlineData("price of tea?", "Tea 250 g: INR 7.10 per pack")]
    [InlineData("hello", "Hello! Write the products and quantities that you need.")]
    [InlineData("connect me to a person", "A person will answer you.")]
    public async Task What_is_open_or_asked_is_said_shortly(string text, string said) =>
        Assert.Contains(said, ReplyText.Compose(Grocer.Facts(await Grocer.Read(text), BasketState.Empty)),
            StringComparison.Ordinal);

    [Fact]
    public async Task A_confirmed_order_is_told_with_its_number_and_total()
    {
        var text = ReplyText.Compose(
            Grocer.Facts(await Grocer.Read(Grocer.With(("G-1", 12)), "yes"), Grocer.With(("G-1", 12)),
                confirmed: Order));
        Assert.Contains("A-1001", text, StringComparison.Ordinal);
        Assert.Contains("INR 182.70", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_models_text_is_followed_by_SAKs_own_figures()
    {
        var facts = Grocer.Facts(await Grocer.Read("2 sugar"), BasketState.Empty);
        var text = ReplyText.Compose(facts with { Reply = facts.Reply with { Text = "With pleasure!", By = "model" } });
        Assert.StartsWith("With pleasure!\nYour order:", text, StringComparison.Ordinal);
    }

    public static TheoryData<string> Situations() =>
    [
        "5 ctn oil n 2 sugar", "2 soap", "soap please", "need tea", "3 pallets of tea", "2 umbrella", "price of tea?",
        "price of 5 ctn oil?", "price?", "do you have sugar?", "hello", "thanks", "stop",
        "where is my order?", "I paid 500", "broken bottles, refund", "talk to a person", "blah", "cancel my order",
        "same as last time", "2 sugar, discount please", "4 kg rice", "5 cartons", "1000000 tea",
        "I want 7 of 12.50 umbrella 99", "remove sugar",
    ];

    [Theory]
    [MemberData(nameof(Situations))]
    public async Task The_lock_never_blocks_SAKs_own_words_in_any_language(string text)
    {
        foreach (var before in new[] { BasketState.Empty, Grocer.With(("G-2", 3), ("G-5", 1.5m)) })
            foreach (var language in (string[])["en", "hi", "hi-Latn", "es", "pt", "ar", "ar-Latn", "xx"])
                foreach (var order in new[] { null, Order })
                {
                    var facts = Grocer.Facts(await Grocer.Read(before, text), before, language, order, order, text)
                        with { Late = order is null ? null : DateTimeOffset.UnixEpoch };
                    var said = ReplyText.Compose(facts);
                    Assert.NotEmpty(said);
                    var verdict = PriceLock.Check(said, facts);
                    Assert.True(verdict.Passes, $"{language}: {said}\nforeign: {string.Join(" | ", verdict.Foreign)}");
                }
    }

    [Theory]
    [InlineData("Your total is INR 924.42", true)]
    [InlineData("Your total is ₹924.42", true)]
    [InlineData("कुल ९२४.४२ रुपये", true)]
    [InlineData("المجموع ٩٢٤٫٤٢", true)]
    [InlineData("5 ctn oil and 2 sugar noted", false)]
    [InlineData("Sunflower Oil 1 L: 5 ctn", true)]
    [InlineData("Call us on +91 98200 11223, open 8:00-21:00, 12 Hill Road", true)]
    [InlineData("Your total is INR 924.43", false)]
    [InlineData("Your total is INR 92.42", false)]
    [InlineData("special price 5 rupees", false)]
    [InlineData("only five rupees", false)]
    [InlineData("50% off today", false)]
    [InlineData("price 60", false)]
    [InlineData("INR 5", false)]
    [InlineData("you get 3 free", false)]
    [InlineData("٥٠ ريال", false)]
    [InlineData("pay 98200 now", false)]
    [InlineData("delivery in 20 minutes", false)]
    [InlineData("that is two hundred and fifty rupees", false)]
    [InlineData("son doscientos pesos", false)]
    [InlineData("do sau pachas rupaye lagenge", false)]
    [InlineData("पचास रुपये", false)]
    [InlineData("خمسة وعشرين ريال", false)]
    [InlineData("fifty percent off for you", false)]
    [InlineData("I'll add one for free", false)]
    [InlineData("everything half price today", false)]
    [InlineData("ye muft hai", false)]
    [InlineData("यह मुफ़्त है", false)]
    [InlineData("se lo damos gratis", false)]
    [InlineData("é de graça", false)]
    [InlineData("هذا مجاناً", false)]
    [InlineData("feel free to ask", true)]
    [InlineData("five cartons of oil and two sugar, right?", true)]
    public async Task A_figure_that_is_not_in_the_facts_does_not_leave(string text, bool passes)
    {
        var facts = Grocer.Facts(await Grocer.Read("5 ctn oil n 2 sugar"), BasketState.Empty,
            words: "the owner promised me 50% off, oil at 5 rupees; 5 ctn oil n 2 sugar");
        Assert.Equal(passes, PriceLock.Check(text, facts).Passes);
    }

    [Fact]
    public async Task A_number_of_the_customers_never_comes_back_as_a_fact()
    {
        var facts = Grocer.Facts(await Grocer.Read("2 sugar for 40 guests"), BasketState.Empty,
            words: "2 sugar for 40 guests");
        Assert.False(PriceLock.Check("Enjoy your evening with 40 guests!", facts).Passes);
        Assert.False(PriceLock.Check("That is 40 rupees", facts).Passes);
        Assert.False(PriceLock.Check("Total: 40", facts).Passes);
    }
}
