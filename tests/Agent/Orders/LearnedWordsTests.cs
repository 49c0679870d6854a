using System.Text.Json;
using Sak.Agent.Database;
using Sak.Sync.Answering;
using Sak.Sync.Model;
using Sak.Sync.Reading.Names;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Orders;

/// <summary>After one question a customer's own word for a product is known.</summary>
public sealed class LearnedWordsTests : OpenShop
{
    [Fact]
    public async Task A_word_that_was_asked_is_used_next_time_and_stated()
    {
        await Shop.SayAsync(Asha, "2 soap");
        Assert.Contains("Neem Bath Soap", Said);
        Assert.EndsWith("?", Said);
        await Shop.SayAsync(Asha, "neem");
        await Shop.SayAsync(Asha, "yes");
        Assert.Equal("{\"soap\":\"SOAP-N\"}", await Shop.TextAsync("SELECT words FROM customers WHERE words <> '{}'"));

        await Shop.SayAsync(Asha, "send 3 of the usual soap");
        Assert.Contains("soap = Neem Bath Soap 100 g", Said);
        await Shop.SayAsync(Asha, "yes");
        Assert.Contains("SOAP-N:3000", await Shop.OrdersAsync());

        // Another customer's soap is still a question.
        await Shop.SayAsync(Ravi, "2 soap");
        Assert.Contains("Rose Bath Soap", Said);
    }

    [Fact]
    public async Task Nothing_is_learned_without_a_confirmed_order()
    {
        await Shop.SayAsync(Asha, "2 soap");
        await Shop.SayAsync(Asha, "neem");
        Assert.Equal(0, await Shop.CountAsync("SELECT count(*) FROM customers WHERE words <> '{}'"));
    }

    [Fact]
    public async Task What_is_learned_is_a_change_that_syncs()
    {
        await Shop.SayAsync(Asha, "2 soap");
        await Shop.SayAsync(Asha, "neem");
        await Shop.SayAsync(Asha, "yes");
        Assert.True(
            await Shop.CountAsync(
                "SELECT count(*) FROM change_log WHERE body LIKE '%SOAP-N%' AND body LIKE '%words%'") > 0);
    }

    [Theory]
    [InlineData("red or blue pen", "")]
    [InlineData("3", "")]
    [InlineData(null, "")]
    [InlineData("sabun", "sabun")]
    public void Only_a_name_is_learned(string? askedAs, string phrase) =>
        Assert.Equal(phrase, string.Join(',', Learned(new BasketLine("X", 1, "pcs", 1_000, "neem wala", "m")
            { AskedAs = askedAs })));

    [Fact]
    public void An_arrow_in_the_words_of_a_customer_or_a_model_teaches_nothing() =>
        Assert.Empty(Learned(new BasketLine("OIL", 1, "pcs", 1_000, "soap → OIL + tea → ?", "m")));

    [Fact]
    public void What_was_asked_about_one_part_of_a_line_is_learned_with_the_whole_line()
    {
        var first = new Intent(IntentKind.Add, "SOAP-N", 2, "pcs", "2 neem soap", "m");
        var more = new Intent(IntentKind.Add, "SOAP-N", 3, "pcs", "sabun, neem", "m") { AskedAs = "sabun" };
        var neem = new Product(Guid.NewGuid(), "SOAP-N", "Neem Bath Soap 100 g", [], "pcs", [], new Money(100, "INR"),
            0);
        var state = Basket.Apply(BasketState.Empty, [first, more], new Dictionary<string,
            Product> { ["SOAP-N"] = neem })
            .State;
        Assert.Equal(["sabun"], Learned(Assert.Single(state.Lines)));
    }

    [Fact]
    public async Task A_customer_who_writes_an_arrow_teaches_no_word_and_the_order_keeps_the_words_as_text()
    {
        await Shop.SayAsync(Asha, "2 soap → neem");
        await Shop.SayAsync(Asha, "neem");
        await Shop.SayAsync(Asha, "yes");
        Assert.DoesNotContain("→", await Shop.TextAsync("SELECT group_concat(words) FROM customers"));
    }

    [Fact]
    public async Task An_upgrade_takes_the_marks_of_earlier_programs_out_of_orders_and_open_baskets()
    {
        await Shop.SayAsync(Asha, "2 soap");
        await Shop.SayAsync(Asha, "neem");
        await Shop.SayAsync(Asha, "yes");
        await Shop.SayAsync(Asha, "3 sugar");
        await Shop.Db.WriteAsync(
            connection =>
            {
                connection.Execute("UPDATE order_lines SET words = 'soap → neem + sabun → ?'");
                connection.Execute("UPDATE chats SET basket = replace(basket, '3 sugar', 'soap \\u2192 ?')");
                connection.Execute(File.ReadAllText(
                    Path.Combine(Sak.Tools.House.Root, "agent", "Database", "Upgrades", "Upgrade6.sql")));
            },
            TestContext.Current.CancellationToken);
        Assert.Equal("soap, neem + sabun", await Shop.TextAsync("SELECT words FROM order_lines"));
        Assert.Contains("\"words\":\"soap\"", await Shop.TextAsync("SELECT basket FROM chats"));
        await Shop.SayAsync(Asha, "yes");
        Assert.Contains("SUG-1:3000", await Shop.OrdersAsync());
    }

    [Fact]
    public void A_basket_that_an_earlier_program_stored_is_read_and_teaches_nothing()
    {
        const string Stored = """
            {"lines":[{"sku":"SOAP-N","quantity":2,"unit":"pcs","baseQuantity":2000,"words":"soap → neem",
               "messageId":"m"}],
             "open":[{"asks":"unit","words":"oil","sku":"OIL-1","quantity":2,"unit":null,"candidates":[],
               "messageId":""}],
             "awaiting":"","shownGross":0,"discussed":[]}
            """;
        var basket = JsonSerializer.Deserialize<BasketState>(Stored, JsonSerializerOptions.Web)!;
        Assert.Equal((Awaiting.Nothing, AskedFor.Unit), (basket.Awaiting, basket.Open[0].Asks));
        Assert.Empty(Learned(basket.Lines[0]));
        Assert.DoesNotContain("askedAs", JsonSerializer.Serialize(basket, JsonSerializerOptions.Web));
    }

    [Theory]
    [InlineData("""{"kind":"dance"}""")]
    [InlineData("""{"kind":"Add"}""")]
    [InlineData("""{"kind":1}""")]
    [InlineData("""{"sku":"SOAP-N"}""")]
    [InlineData("""{"kind":"ask","open":{"asks":"","words":"","candidates":[]}}""")]
    public void A_kind_that_is_not_known_is_refused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Intent>(json, JsonSerializerOptions.Web));

    private static IEnumerable<string> Learned(BasketLine line) =>
        OwnWords.Learn(new Dictionary<string, string>(), [line]).Keys;
}
