using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Sak.Sync.Replica;

namespace Sak.Tests.Contracts;

/// <summary>The promises of catalog, lists and export, over HTTP, on every engine.</summary>
public abstract partial class CatalogContract(Engine engine) : IAsyncLifetime
{
    private const string Header = "sku,name,aliases,unit,pack,price";
    private TestServer _server = null!;
    private HttpClient _client = null!;
    private HttpClient _owner = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(engine);
        (var key, _client) = await _server.AddShopAsync();
        _owner = await _server.AddKeyAsync(key.Shop, "owner");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response,
        HttpStatusCode expected = HttpStatusCode.OK)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, $"{response.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    private async Task<JsonElement> ImportAsync(string csv, HttpStatusCode expected = HttpStatusCode.OK) =>
        await JsonAsync(
            await _owner.PostAsync("/api/products/import", new StringContent(csv, Encoding.UTF8, "text/csv")),
            expected);

    private async Task<JsonElement> GetAsync(string path, HttpStatusCode expected = HttpStatusCode.OK) =>
        await JsonAsync(await _client.GetAsync(path), expected);

    [Fact]
    public async Task A_catalog_file_is_imported_listed_and_pulled_by_agents()
    {
        var saved = await ImportAsync(
            $"\uFEFF{Header},tax_rate,stock,active\r\nBD-1,\"Bread, white\",safed bread|डबल "
                + $"रोटी,pack,crate:20,2.35,5.5,40,yes\r\nBD-2,Bun,,pcs,box:10;ctn:100,3,,,\r\n");
        Assert.Equal(2, saved.GetProperty("added").GetInt32());
        var list = await GetAsync("/api/products");
        Assert.Equal(2, list.GetProperty("total").GetInt32());
        var bread = list.GetProperty("items")[0];
        Assert.Equal("Bread, white", bread.GetProperty("name").GetString());
        Assert.Equal("2.35", bread.GetProperty("price").GetString());
        Assert.Equal(5.5m, bread.GetProperty("taxRate").GetDecimal());
        Assert.Equal(40m, bread.GetProperty("onHand").GetDecimal());
        Assert.Equal("डबल रोटी", bread.GetProperty("aliases")[1].GetString());

        var agent = new TestReplica(_client);
        var pulled = await agent.PullAsync();
        Assert.Equal(2, pulled.Rows(Tables.Products).Count());
        Assert.Single(pulled.Rows(Tables.StockMovements));
    }

    [Fact]
    public async Task Importing_the_same_again_changes_nothing_and_one_changed_price_travels_alone()
    {
        var file = $"{Header},stock\nBD-1,Bread,,pack,crate:20,2.35,40\nBD-2,Bun,,pcs,,3,\n";
        await ImportAsync(file);
        var agent = new TestReplica(_client);
        await agent.PullAsync();
        var again = await ImportAsync(file);
        Assert.Equal((0, 0, 2),
            (again.GetProperty("added").GetInt32(), again.GetProperty("changed")
                .GetInt32(), again.GetProperty("unchanged").GetInt32()));
        Assert.Equal(HttpStatusCode.NoContent, (await agent.PullAsync()).Status);
        await ImportAsync(file.Replace("2.35", "2.40"));
        Assert.Equal(240L,
            Assert.Single((await agent.PullAsync()).Lines.OfType<AnswerLine.Row>()).Values[Tables.Products.IndexOf(
                "price")]);
    }

    [Fact]
    public async Task A_file_with_faults_imports_nothing_and_names_each_with_its_line()
    {
        var problem = await ImportAsync(
            $"{Header},tax_rate\nBD-1,Bread,,pack,crate:20,2.35,\n,No sku,,pcs,,1,\nBD-3,Price,,pcs,,1.234,\n"
                + "BD-4,Pack,,pcs,ctn,1,\nBD-1,Twice,,pcs,,1,\nBD-6,Tax,,pcs,,1,101\nBD-7,Formula,,pcs,,=1+1,\n",
            HttpStatusCode.BadRequest);
        Assert.Equal("urn:sak:invalid", problem.GetProperty("type").GetString());
        var faults = problem.GetProperty("faults").EnumerateArray().Select(f => f.GetString()!).ToList();
        Assert.Equal(["line 3:", "line 4:", "line 5:", "line 6:", "line 7:", "line 8:"], faults.Select(f => f[..7]));
        Assert.Equal(0, (await GetAsync("/api/products")).GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData("")]
    [InlineData("name,price\nx,1\n")]
    [InlineData("sku,name,aliases,unit,pack,price\nBD-1,\"Br\"ead,,pcs,,1\n")]
    [InlineData("sku,name,aliases,unit,pack,price\nBD-1,Bread,,pcs,,1,145.00\n",
        "line 2: has 7 cells, the header names 6")]
    [InlineData("sku,name,aliases,unit,pack,price,tax_rat,stok\nBD-1,Bread,,pcs,,1,5,40\n",
        "line 1: names \"tax_rat\", \"stok\"")]
    [InlineData("sku,name,aliases,unit,pack,price,price\nBD-1,Bread,,pcs,,1,2\n", "line 1: names \"price\" twice")]
    public async Task A_file_that_is_no_catalog_is_refused_with_what_is_wrong(string csv, string fault = "line ")
    {
        var problem = await ImportAsync(csv, HttpStatusCode.BadRequest);
        Assert.Contains(fault, problem.GetProperty("detail").GetString());
        Assert.Equal(0, (await GetAsync("/api/products")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_file_that_is_not_UTF8_is_refused()
    {
        var bytes = new ByteArrayContent(
            [.. Encoding.ASCII.GetBytes(Header + "\nBD-1,Br"), 0xE9, .. Encoding.ASCII.GetBytes(",,pcs,,1\n")]);
        var problem = await JsonAsync(await _owner.PostAsync("/api/products/import", bytes), HttpStatusCode.BadRequest);
        Assert.Contains("UTF-8", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Saving_one_product_is_idempotent_and_bumps_only_when_something_changed()
    {
        var product = new { name = "Bread", unit = "pack", price = "2.35",
            packs = new[] { new { name = "crate", baseUnits = 20 } }, taxRate = 18, stock = 12 };
        await JsonAsync(await _owner.PutAsJsonAsync("/api/products/BD-1", product));
        var agent = new TestReplica(_client);
        await agent.PullAsync();
        var saved = await JsonAsync(await _owner.PutAsJsonAsync("/api/products/BD-1", product));
        Assert.Equal(12m, saved.GetProperty("onHand").GetDecimal());
        Assert.Equal(HttpStatusCode.NoContent, (await agent.PullAsync()).Status);
        await JsonAsync(
            await _owner.PutAsJsonAsync("/api/products/BD-1", new { name = "Bread", unit = "pack", price = "x" }),
            HttpStatusCode.BadRequest);
        await JsonAsync(await _owner.PutAsJsonAsync("/api/products/BD-1", new { unit = "pack" }),
            HttpStatusCode.BadRequest);
        Assert.Equal(HttpStatusCode.Forbidden,
            (await _client.PutAsJsonAsync("/api/products/BD-1", product)).StatusCode);
    }

    [Fact]
    public async Task A_SKU_with_a_slash_is_the_product_that_the_catalog_file_means()
    {
        await ImportAsync(Header + "\na/b,Bread,,pcs,,1\n");
        var product = new { name = "Bun", unit = "pcs", price = "2" };
        Assert.Equal("a/b",
            (await JsonAsync(await _owner.PutAsJsonAsync("/api/products/a%2fb", product))).GetProperty("sku")
                .GetString());
        Assert.Equal("a%2Fb",
            (await JsonAsync(await _owner.PutAsJsonAsync("/api/products/a%252Fb", product))).GetProperty("sku")
                .GetString());
        Assert.Equal(2, (await GetAsync("/api/products")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task What_is_wrong_with_a_products_body_is_told_by_its_name()
    {
        var lacking = await JsonAsync(await _owner.PutAsJsonAsync("/api/products/X", new { name = "x" }),
            HttpStatusCode.BadRequest);
        Assert.Contains("unit", lacking.GetProperty("detail").GetString());
        var number = await JsonAsync(
            await _owner.PutAsJsonAsync("/api/products/X", new { name = "x", unit = "pcs", price = 1 }),
            HttpStatusCode.BadRequest);
        Assert.Contains("$.price", number.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("exports/orders?form=2026-11-01", "\"form\" is not known here; known are from, to, format.")]
    [InlineData("orders?stat=confirmed", "\"stat\" is not known here; known are from, to, status, page, size.")]
    [InlineData("products?serach=x", "\"serach\" is not known here; known are search, page, size.")]
    [InlineData("customers?pge=2", "\"pge\" is not known here; known are search, page, size.")]
    public async Task A_misspelled_part_of_a_query_is_refused_and_never_all_rows(string path, string detail) =>
        Assert.Equal(detail,
            (await GetAsync("/api/" + path, HttpStatusCode.BadRequest)).GetProperty("detail").GetString());

    [Theory]
    [InlineData(70_000)]
    [InlineData(3_000_000)]
    public async Task A_field_that_never_ends_is_a_fault_of_the_file(int letters)
    {
        var csv = $"sku,name,aliases,unit,pack,price\nX-1,\"{new string('a', letters)},,pcs,,1.00\n";
        using var answer = await _owner.PostAsync("/api/products/import",
            new StringContent(csv, Encoding.UTF8, "text/csv"));
        Assert.Equal((HttpStatusCode.BadRequest, true),
            (answer.StatusCode, (await answer.Content.ReadAsStringAsync()).Contains("line 2: a cell is longer")));
    }
}

public sealed class CatalogOnSqlite() : CatalogContract(Engine.Sqlite);

public sealed class CatalogOnPostgres() : CatalogContract(Engine.Postgres);

public sealed class CatalogOnSqlServer() : CatalogContract(Engine.SqlServer);
