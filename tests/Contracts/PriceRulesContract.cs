using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Sak.Server.Catalog;
using Sak.Sync.Replica;

namespace Sak.Tests.Contracts;

/// <summary>The import of the owner's price rules in the cloud, on every engine.</summary>
public abstract class PriceRulesContract(Engine engine) : IAsyncLifetime
{
    private const string Header = "kind,sku,pack,customer,from_quantity,price,percent,cap,from_amount,from,until\n";
    private TestServer _server = null!;
    private TestReplica _agent = null!;
    private HttpClient _owner = null!;
    private Guid _shop;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(engine);
        var (key, client) = await _server.AddShopAsync();
        (_shop, _agent, _owner) = (key.Shop, new TestReplica(client), await _server.AddKeyAsync(key.Shop, "owner"));
        (await _owner.PostAsync("/api/products/import",
            new StringContent("sku,name,aliases,unit,pack,price\nBD-1,Bread,,pack,crate:20,2.35\n"),
            Cancel)).EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_file_of_rules_holds_from_now_on_comes_down_to_agents_and_the_same_again_changes_nothing()
    {
        var rules =
            "price,BD-1,crate,,,40.00,,,,,\nprice,BD-1,,,24,2.00,,,,2026-01-01,2099-12-31\n"
                + "discount,,,,,,5,200,2000,,\ntax,BD-1,,,,inclusive,,,,,\n";
        Assert.Equal((4, 0), await ImportAsync(rules));
        Assert.Equal(4, (await _agent.PullAsync()).Rows(Tables.PriceRules).Count());
        Assert.Equal((0, 0), await ImportAsync(rules));
        Assert.Equal(HttpStatusCode.NoContent, (await _agent.PullAsync()).Status);

        Assert.Equal((1, 1), await ImportAsync(rules.Replace("40.00", "39.00")));
        Assert.Equal(2, (await _agent.PullAsync()).Rows(Tables.PriceRules).Count());
        await using var db = _server.Database();
        var holding = await ShopRules.GetAsync(db, await db.Shops.SingleAsync(Cancel), null,
            TimeProvider.System.GetUtcNow(), Cancel);
        Assert.Equal([200, 3_900], holding.Prices.Select(p => p.Price).Order());
        Assert.Equal((500, 20_000L, 200_000L),
            holding.Discounts.Select(d => (d.Rate, d.Cap!.Value, d.FromAmount)).Single());
        Assert.True(holding.Includes("BD-1"));
    }

    [Fact]
    public async Task A_day_begins_where_the_shop_is()
    {
        await ImportAsync("price,BD-1,,,,2.00,,,,2026-12-01,2026-12-31\n", zone: "Asia/Kolkata");
        await using var db = _server.Database();
        var rule = await db.PriceRules.SingleAsync(Cancel);
        Assert.Equal(("2026-11-30T18:30", "2026-12-31T18:30"), (Time(rule.Starts), Time(rule.Ends)));
        foreach (var zone in new[] { "Asia/Nowhere", "../../etc/passwd", "/dev/zero" })
            Assert.Equal("urn:sak:invalid",
                (await RefusedAsync(zone, "price,BD-1,,,,2.00,,,,,\n")).GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_customer_is_named_by_phone_or_by_name_and_only_one_of_this_shop()
    {
        var (asha, ravi) = (TestReplica.NewId(), TestReplica.NewId());
        await _agent.PushAsync(_agent.Customer(asha, "Asha", "919800000001"),
            _agent.Customer(ravi, "Ravi", "919800000002"),
            _agent.Customer(TestReplica.NewId(), "Ravi", "919800000003"));
        await ImportAsync("price,BD-1,,+91 98000 00001,,2.00,,,,,\nprice,BD-1,,Asha,,1.00,,,,,\n");
        await using var db = _server.Database();
        Assert.All(await db.PriceRules.ToListAsync(Cancel), rule => Assert.Equal(asha, rule.CustomerId.ToString()));
        Assert.Contains("there is no customer \"Ravi\"",
            Faults(await RefusedAsync("", "price,BD-1,,Ravi,,2.00,,,,,\n")).Single());

        var (_, other) = await _server.AddShopAsync("Other");
        using var foreign = await other.PostAsync("/api/price-rules/import", File("discount,,,Asha,,,10,,,,\n"),
            Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, foreign.StatusCode);
    }

    [Fact]
    public async Task A_file_with_faults_changes_nothing_and_names_each_with_its_line_as_the_PC_does()
    {
        await ImportAsync("price,BD-1,,,,2.00,,,,,\n");
        var faults = Faults(
            await RefusedAsync("",
                "price,NO-1,,,,1.00,,,,,\nprice,BD-1,pallet,,,1.00,,,,,\nprice,BD-1,,,,cheap,,,,,\n"
                    + "discount,,,,,,120,,,,\ngift,BD-1,,,,,,,,,\n"));
        Assert.Equal(
            [
                "line 2: there is no product with the sku \"NO-1\"", "line 3: BD-1 has no pack \"pallet\"",
                "line 4: price \"cheap\" is not an amount in INR",
                "line 5: percent is not between 0 and 100", "line 6: kind \"gift\" is none of price, discount, tax",
            ], faults);
        Assert.Contains("the file is empty; the first line names kind",
            Faults(await RefusedAsync("", "", "")).Single());
        await using var db = _server.Database();
        Assert.Equal(1, await db.PriceRules.CountAsync(r => r.ShopId == _shop && r.Ends == null, Cancel));
    }

    [Theory]
    [InlineData("price,B\0D-1,,,,1.00,,,,,\n", "sku holds a control character")]
    [InlineData("price,BD-1,,Ash\0a,,1.00,,,,,\n", "customer holds a control character")]
    [InlineData("price,BD-1,,,,1.00,,,,0001-01-01,\n", "is not a day")]
    [InlineData("price,BD-1,,,,1.00,,,,,9999-12-30\n", "is not a day")]
    [InlineData("price,BD-1,,,,1.00,,,,,\"no end\nprice,BD-1,,,,2.00,,,,,\n", "a quote is in the wrong place")]
    [InlineData("price,BD-1,,,,1.00,,,,,,5\" nail\n", "a quote is in the wrong place")]
    [InlineData("price,BD-1,,,,1,145.00,,,,,\n", "line 2: has 12 cells, the header names 11")]
    public async Task What_no_database_and_no_calendar_takes_is_a_fault_of_the_file_in_words_and_nothing_is_ended(
        string rows, string fault)
    {
        await ImportAsync("price,BD-1,,,,2.00,,,,,\n");
        Assert.Contains(fault, Faults(await RefusedAsync("Asia/Kolkata", rows)).First());
        await using var db = _server.Database();
        Assert.Equal(1, await db.PriceRules.CountAsync(r => r.ShopId == _shop && r.Ends == null, Cancel));
    }

    [Theory]
    [InlineData("kind,sku,pck,costumer,from_quantity,price", "names \"pck\", \"costumer\"")]
    [InlineData("kind,sku,price,price", "names \"price\" twice")]
    public async Task A_misspelled_or_doubled_column_makes_no_customers_price_everybodys(string header, string fault)
    {
        await ImportAsync("price,BD-1,,,,2.00,,,,,\n");
        Assert.Contains(fault, Faults(await RefusedAsync("", "price,BD-1,,1.00,1.00,1.00\n", header + "\n")).Single());
        await using var db = _server.Database();
        Assert.Equal(1, await db.PriceRules.CountAsync(r => r.ShopId == _shop && r.Ends == null, Cancel));
    }

    [Fact]
    public async Task A_file_without_the_columns_that_it_does_not_need_and_with_capitals_is_taken()
    {
        using var response = await _owner.PostAsync("/api/price-rules/import",
            File("price,BD-1,2.00\n", "Kind,SKU,Price\n"), Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Columns_that_nobody_asked_for_cost_nothing_a_line()
    {
        var header = "kind," + string.Join(',', Enumerable.Range(0, 100_000)) + '\n';
        var before = GC.GetTotalAllocatedBytes();
        await RefusedAsync("", string.Concat(Enumerable.Repeat("gift\n", 1_000)), header);
        // Each line held all others in memory: a body of a megabyte took gigabytes.
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 1_000_000_000);
    }

    [Fact]
    public async Task An_accountant_changes_no_price()
    {
        using var accountant = await _server.AddKeyAsync(_shop, "accountant");
        Assert.Equal(HttpStatusCode.Forbidden,
            (await accountant.PostAsync("/api/price-rules/import", File("discount,,,,,,10,,,,\n"), Cancel)).StatusCode);
    }

    private static string Time(long? at) =>
        DateTimeOffset.FromUnixTimeMilliseconds(at!.Value)
            .ToString("yyyy-MM-ddTHH:mm", System.Globalization.CultureInfo.InvariantCulture);

    private static StringContent File(string rows, string header = Header) =>
        new(header + rows, Encoding.UTF8, "text/csv");

    private async Task<(int Begun, int Ended)> ImportAsync(string rows, string zone = "")
    {
        using var response = await _owner.PostAsync($"/api/price-rules/import?zone={zone}", File(rows), Cancel);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancel));
        var saved = (await response.Content.ReadFromJsonAsync<SavedRules>(Cancel))!;
        return (saved.Begun, saved.Ended);
    }

    private async Task<JsonElement> RefusedAsync(string zone, string rows, string header = Header)
    {
        using var response = await _owner.PostAsync($"/api/price-rules/import?zone={Uri.EscapeDataString(zone)}",
            File(rows, header), Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static IEnumerable<string> Faults(JsonElement problem) =>
        problem.GetProperty("faults").EnumerateArray().Select(f => f.GetString()!);
}

public sealed class PriceRulesOnSqlite() : PriceRulesContract(Engine.Sqlite);

public sealed class PriceRulesOnPostgres() : PriceRulesContract(Engine.Postgres);

public sealed class PriceRulesOnSqlServer() : PriceRulesContract(Engine.SqlServer);
