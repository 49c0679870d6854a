using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Sak.Agent.Catalog;
using Sak.Server.Catalog;
using Sak.Server.Settings;
using Sak.Sync.Answering;
using Sak.Sync.Model;
using Sak.Sync.Pricing;
using Sak.Sync.Wire;
using Sak.Tests.Contracts;
using Sak.Tests.Support;
using Sak.Tools.FakeOpenAi;

namespace Sak.Tests.Agent.Orders;

/// <summary>
/// A customer's own prices when the cloud answers: the model gets them, the price lock accepts them, the PC has the
/// same, and no other customer gets them.
/// </summary>
public sealed class OwnPricesTests : IAsyncDisposable
{
    private const string Asha = "919800000001";
    private const string Ravi = "919800000002";

    private static readonly string Rules =
        "kind,sku,pack,customer,from_quantity,price,percent,cap,from_amount,from,until\n"
        + $"price,SUG-1,,{Asha},,1.00,,,,,\nprice,SUG-1,,{Ravi},,3.00,,,,,\nprice,SUG-1,,,10,40.00,,,,,\n"
        + $"price,BIS-1,ctn,{Ravi},,1111.11,,,,,\nprice,BIS-1,ctn,,,1300.00,,,,2026-01-01,2099-12-31\n"
        + "price,BIS-1,,,,9.99,,,,2020-01-01,2020-12-31\nprice,OIL-1,,,,139.99,,,,2099-01-01,\n"
        + $"discount,,,{Ravi},,,7.5,50.01,500,,\ndiscount,,,,,,3,,,,\ntax,OIL-1,,,,exclusive,,,,,\n";

    private readonly Folder _folder = new();
    private readonly InMemoryWhatsApp _whatsApp = new();
    private FakeOpenAi? _model;
    private TestServer _server = null!;
    private HttpClient _device = null!;
    private ShopUnderTest _shop = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_model_is_told_the_customers_own_price_and_the_lock_lets_that_one_through()
    {
        await OpenAsync(FakeBehaviour.Obedient);

        await _shop.SayAsync(Asha, "what is the price of 5 sugar");
        Assert.Equal("For you that is INR 5.00.", _whatsApp.Sent[^1].Text);
        var asked = _model!.Requests.Count;
        // Also the price in search_catalog's result.
        Assert.Contains(_model.Requests,
            told => told.ToJsonString().Contains("price\\u0022:\\u00221.00\\u0022", StringComparison.Ordinal));
        await _shop.SayAsync(Ravi, "what is the price of 5 sugar");
        Assert.Equal("For you that is INR 15.00.", _whatsApp.Sent[^1].Text);

        Assert.Equal(2,
            await _shop.CountAsync(
                "SELECT count(*) FROM turns WHERE replied_by = 'model' AND note = '' AND id IN (SELECT turn_id FROM "
                    + "messages WHERE text LIKE '%price%')"));
        Assert.Equal(0, await _shop.CountAsync("SELECT count(*) FROM counters WHERE name = 'price lock'"));
        Assert.Contains(_model.Requests.Take(asked),
            told => told.ToJsonString().Contains("\\u00225.00\\u0022", StringComparison.Ordinal));
        Assert.All(_model.Requests.Skip(asked),
            told => Assert.DoesNotContain("\\u00225.00\\u0022", told.ToJsonString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_customers_price_does_not_pass_the_lock()
    {
        await OpenAsync(FakeBehaviour.Obedient);
        var asked = new Intent(IntentKind.Price, "SUG-1", 5, "pack", "5 sugar", "m");
        async Task<bool> PassesAsync(string customer, string text)
        {
            var (products, rules) = await OfServerAsync(await IdAsync(customer), ["SUG-1"]);
            var change = new BasketChange(BasketState.Empty, false, false, false);
            var facts = new ReplyFacts(new ShopFacts("S", "", "", "", rules),
                new Reply(text, [asked], "en", Reply.ByModel), change, Prices.Price([], products, rules), products,
                null, null, []);
            return PriceLock.Check(text, facts).Passes;
        }

        Assert.True(await PassesAsync(Asha, "That is INR 5.00."));
        Assert.True(await PassesAsync(Ravi, "That is INR 15.00."));
        Assert.False(await PassesAsync(Ravi, "That is INR 5.00."));
        Assert.False(await PassesAsync(Asha, "That is INR 15.00."));
        Assert.False(await PassesAsync("919800000003", "That is INR 5.00."));
    }

    [Fact]
    public async Task Asked_for_a_price_without_a_quantity_a_template_tells_what_this_customer_pays_for_one()
    {
        await OpenAsync(null);
        foreach (var (customer, price) in new[] { (Asha, "INR 1.00"), (Ravi, "INR 3.00"),
            ("919800000003", "INR 48.00") })
        {
            await _shop.SayAsync(customer, "what is the price of sugar?");
            Assert.Contains(price, _whatsApp.Sent[^1].Text);
        }

        Assert.Equal(0, await _shop.CountAsync("SELECT count(*) FROM counters WHERE name = 'price lock'"));
    }

    [Theory]
    [InlineData(Asha)]
    [InlineData(Ravi)]
    [InlineData("919800000003")]
    public async Task The_cloud_shows_the_total_that_the_PC_records(string customer)
    {
        await OpenAsync(null);
        const string words = "20 sugar, 2 ctn biscuits and 7 sunflower oil 1 l";
        var reply = await AskAsync(await IdAsync(customer), words);
        await _shop.SayAsync(customer, words);
        Assert.Equal(_whatsApp.Sent[^1].Text, reply.Text);

        await _shop.SayAsync(customer, "yes");
        var gross = await _shop.CountAsync("SELECT gross FROM orders ORDER BY number DESC LIMIT 1");
        Assert.Contains(new Money(gross, "INR").ToString(), reply.Text, StringComparison.Ordinal);
        var stranger = await AskAsync(null, words);
        Assert.Equal(customer == "919800000003", stranger.Text == reply.Text);
    }

    [Fact]
    public async Task Whatever_is_in_the_basket_both_sides_work_out_the_same_figures()
    {
        await OpenAsync(null);
        var random = new Random(4);
        string[] skus = ["SUG-1", "BIS-1", "OIL-1", "EGG", "TEA-500"];
        foreach (var customer in new[] { await IdAsync(Asha), await IdAsync(Ravi), await IdAsync("919800000003") })
        {
            var (products, rules) = await OfServerAsync(customer, skus);
            for (var i = 0; i < 100; i++)
            {
                var lines = skus.Where(_ => random.Next(2) == 0).Select(sku => Line(products[sku], random)).ToList();
                var now = TimeProvider.System.GetUtcNow();
                var here = await _shop.Db.ReadAsync(
                    c => Prices.Price(lines, Products.BySku(c, skus),
                        PriceRuleRows.For(c, new PriceRules("INR", true), customer, skus, now),
                        new PriceMoment(customer, now)), Cancel);
                var there = Prices.Price(lines, products, rules);
                Assert.Equal(Figures(here), Figures(there));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_shop is not null) await _shop.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
        if (_model is not null) await _model.DisposeAsync();
        _folder.Dispose();
    }

    private static BasketLine Line(Product product, Random random)
    {
        var unit = random.Next(2) == 0 && product.Packs.Count > 0 ? product.Packs[0].Name : product.Unit;
        var quantity = random.Next(1, 30);
        return new BasketLine(product.Sku, quantity, unit, product.BaseQuantity(quantity, unit)!.Value, "", "");
    }

    private static string Figures(PricedBasket basket) => string.Join(
        ' ', basket.Lines.Select(l => $"{l.Line.Sku}:{l.UnitPrice}/{l.Net}+{l.Tax}={l.Gross}-{l.Discount}@{l.Rule}")
            .Append($"{basket.Net} {basket.Tax} {basket.Gross} {basket.Discount} {basket.DiscountRule}"));

    private async Task<Guid> IdAsync(string phone) =>
        Guid.Parse(await _shop.TextAsync($"SELECT id FROM customers WHERE phone = '{phone}'"));

    private async Task<(Dictionary<string, Product> Products, PriceRules Rules)> OfServerAsync(Guid customer,
        IReadOnlyCollection<string> skus)
    {
        await using var db = _server.Database();
        var row = await db.Shops.SingleAsync(Cancel);
        var products = await (await new ShopCatalogs().GetAsync(db, row.Id, Cancel)).GetAsync(skus, Cancel);
        return (products.ToDictionary(p => p.Sku),
            await ShopRules.GetAsync(db, row, customer, TimeProvider.System.GetUtcNow(), Cancel));
    }

    private async Task<Reply> AskAsync(Guid? customer, string words)
    {
        var request = new ProcessMessageRequest(
            Protocol.Version, Guid.CreateVersion7(), [new TurnMessage("m", words, TimeProvider.System.GetUtcNow())],
            [], BasketState.Empty, [], "en", new Dictionary<string, string>(), 0) { CustomerId = customer };
        using var response = await _device.PostAsJsonAsync("/api/process-message", request, Cancel);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<Reply>(Cancel))!;
    }

    // Three customers with messages, the shop's rules on the PC, and everything synced to the cloud.
    private async Task OpenAsync(FakeBehaviour? behaviour)
    {
        if (behaviour is { } brain) _model = await FakeOpenAi.StartAsync(brain, cancel: Cancel);
        _server = await TestServer.StartAsync(Engine.Sqlite,
            _model is null
                ? null
                : new ModelSettings(ServerSettings.OpenAi, _model.OpenAiEndpoint, "key", "stub", 5, 5, 1_000, 500_000));
        (var key, _device) = await _server.AddShopAsync(taxInclusive: true);
        _shop = new ShopUnderTest(_folder.Path, _whatsApp, $"--Cloud:Address={_server.Address}",
            $"--Cloud:Key={key.Key}", "--Cloud:ReplySeconds=8", "--Shop:TaxInclusive=true");
        await _shop.ImportCatalogAsync();
        _shop.Open();
        foreach (var phone in new[] { Asha, Ravi, "919800000003" }) await _shop.SayAsync(phone, "hello");
        await PriceRuleImport.RunAsync(_shop.Db, new StringReader(Rules), "INR", TimeProvider.System, Cancel);
        await _shop.SyncedAsync();
    }
}
