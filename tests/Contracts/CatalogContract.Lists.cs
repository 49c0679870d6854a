using System.Globalization;
using System.Net;
using System.Text;
using CsvHelper;
using Microsoft.EntityFrameworkCore;
using Sak.Sync.Replica;

namespace Sak.Tests.Contracts;

/// <summary>Pages, search, and the accountant's file.</summary>
public abstract partial class CatalogContract
{
    [Fact]
    public async Task Lists_come_in_pages_and_search_finds_by_name_sku_and_alias()
    {
        await ImportAsync(
            Header + "\n"
                + string.Concat(Enumerable.Range(0, 120).Select(i => $"P-{i:000},Thing {i},alias{i},pcs,,1\n")));
        var page = await GetAsync("/api/products?page=3&size=50");
        Assert.Equal((120, 20), (page.GetProperty("total").GetInt32(), page.GetProperty("items").GetArrayLength()));
        Assert.Equal("P-100", page.GetProperty("items")[0].GetProperty("sku").GetString());
        Assert.Equal(1, (await GetAsync("/api/products?search=ALIAS77")).GetProperty("total").GetInt32());
        Assert.Equal(1, (await GetAsync("/api/products?search=p-077")).GetProperty("total").GetInt32());
        Assert.Equal(0, (await GetAsync("/api/products?search=%25")).GetProperty("total").GetInt32());
        foreach (var list in new[] { "products", "customers" })
            Assert.Equal(HttpStatusCode.BadRequest,
                (await _owner.GetAsync($"/api/{list}?search=a%00b")).StatusCode);
        await GetAsync("/api/products?page=0", HttpStatusCode.BadRequest);
        await GetAsync("/api/products?size=9999", HttpStatusCode.BadRequest);
        await GetAsync("/api/products?page=x", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Orders_and_customers_are_listed_with_their_lines_and_of_this_shop_alone()
    {
        var agent = await SellAsync(_client, "Asha");
        var (_, other) = await _server.AddShopAsync("Other");
        await SellAsync(other, "Bela");
        var orders = await GetAsync("/api/orders");
        Assert.Equal(2, orders.GetProperty("total").GetInt32());
        var order = orders.GetProperty("items")[0];
        Assert.Equal(2, order.GetProperty("lines").GetArrayLength());
        Assert.Equal("9.40", order.GetProperty("gross").GetString());
        Assert.Equal("Asha", order.GetProperty("customer").GetString());
        Assert.Equal(1,
            (await GetAsync("/api/orders?from=2027-01-15&to=2027-01-15&status=confirmed")).GetProperty("total")
                .GetInt32());
        await GetAsync("/api/orders?status=eaten", HttpStatusCode.BadRequest);
        var customers = await GetAsync("/api/customers?search=91980");
        Assert.Equal(2, customers.GetProperty("items")[0].GetProperty("orders").GetInt32());
        Assert.Equal(1, customers.GetProperty("total").GetInt32());
        Assert.NotEmpty(agent.Rows);
    }

    [Fact]
    public async Task The_accountants_file_adds_up_to_the_orders_and_runs_no_formula()
    {
        await SellAsync(_client, "=HYPERLINK(\"http://evil\",\"x\")");
        using var response = await _client.GetAsync("/api/exports/orders?from=2027-01-01&to=2027-12-31&format=csv");
        var bytes = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal("text/csv", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("orders-2027-01-01-to-2027-12-31.csv",
            response.Content.Headers.ContentDisposition?.FileName?.Trim('"'));
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        using var csv = new CsvReader(new StringReader(Encoding.UTF8.GetString(bytes[3..])),
            CultureInfo.InvariantCulture);
        var rows = csv.GetRecords<dynamic>().Select(r => (IDictionary<string, object>)r).ToList();
        Assert.Equal(4, rows.Count);
        Assert.All(rows, r => Assert.StartsWith("'=HYPERLINK", (string)r["customer"]));
        Assert.Equal("2027-01-15T08:00:00Z", rows[0]["placed_at"]);
        Assert.Equal(("2", "2.35", "INR"),
            ((string)rows[0]["quantity"], (string)rows[0]["unit_price"], (string)rows[0]["currency"]));
        await using var db = _server.Database();
        foreach (var order in await db.Orders.ToListAsync())
        {
            var gross = rows.Where(r => (string)r["order_number"] == order.Number)
                .Sum(r => decimal.Parse((string)r["gross"], CultureInfo.InvariantCulture));
            Assert.Equal(order.Gross / 100m, gross);
        }
    }

    [Fact]
    public async Task An_export_of_a_wrong_period_or_format_is_refused_with_what_to_write()
    {
        foreach (var query in new[] { "from=yesterday", "to=2026-13-01", "from=2026-02-01&to=2026-01-01",
            "format=xlsx" })
            Assert.EndsWith(".",
                (await GetAsync("/api/exports/orders?" + query, HttpStatusCode.BadRequest)).GetProperty("detail")
                    .GetString());
    }

    // Two orders of two lines each, a day apart, from 2027-01-15T08:00:00Z.
    private static async Task<TestReplica> SellAsync(HttpClient client, string customer)
    {
        var agent = new TestReplica(client);
        var (product, who) = (TestReplica.NewId(), TestReplica.NewId());
        var late = agent.Order(TestReplica.NewId(), "A-2", who, product, lines: 2)
            .Select(c => c.Table == Tables.Orders ? Later(c) : c);
        var sold = await agent.PushAsync([
            agent.Product(product, "BD-1"),
            agent.Customer(who, customer),
            .. agent.Order(TestReplica.NewId(), "A-1", who, product, lines: 2),
            .. late.Select(c => c with { Sequence = c.Sequence + 1000 })]);
        Assert.Empty(sold.Batch.Refusals);
        return agent;
    }

    private static Change Later(Change order)
    {
        var row = order.Row.ToArray();
        row[Tables.Orders.IndexOf("placed_at")] = 1_800_086_400_000L;
        return order with { Row = row };
    }
}
