using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Sak.Sync.Replica;
using Sak.Sync.Wire;
using Sak.Tests.Support;

namespace Sak.Tests.Contracts;

/// <summary>A shop never sees another.</summary>
public abstract partial class SyncContract
{
    [Fact]
    public async Task Two_shops_with_the_same_ids_never_see_each_other()
    {
        await SeedAsync();
        var order = TestReplica.NewId();
        await _a.PushAsync(_a.Order(order, "A-1", _customer, _product));
        var (_, other) = await _server.AddShopAsync("Other");
        var c = new TestReplica(other);
        await c.PushAsync(c.Product(_product, "BD-1", price: 999), c.Customer(_customer));
        Assert.Equal(2, c.Rows.Count);
        await c.PushAsync(c.Delete(Tables.Customers, _customer),
            c.Update(Tables.Products, _product, "price", 999L, 1L));
        var refused = await c.PushAsync(c.Update(Tables.Orders, order, "status", "confirmed", "cancelled"),
            c.Delete(Tables.Orders, order));
        Assert.Equal(RefusalKind.Parked, Assert.Single(refused.Batch.Refusals).Kind);

        var fresh = new TestReplica(_client);
        await fresh.PullAsync();
        SameRows(_a, fresh);
        Assert.Equal(235L, fresh.Rows[("products", _product)].Values[Tables.Products.IndexOf("price")]);
        var freshOther = new TestReplica(other);
        await freshOther.PullAsync();
        Assert.Equal(1L, Assert.Single(freshOther.Rows).Value.Values[Tables.Products.IndexOf("price")]);
    }

    [Fact]
    public async Task Three_shops_with_the_same_ids_and_numbers_trade_side_by_side_and_each_has_its_own()
    {
        await SeedAsync();
        var (order, shops) = (TestReplica.NewId(), new List<TestReplica> { _a });
        for (var i = 2; i <= 3; i++)
        {
            var replica = new TestReplica((await _server.AddShopAsync($"Shop {i}")).Client);
            await replica.PushAsync(replica.Product(_product, "BD-1", price: 100 * i), replica.Customer(_customer));
            shops.Add(replica);
        }

        await Task.WhenAll(shops.Select(async (shop, i) =>
        {
            Assert.Empty(
                (await shop.PushAsync(shop.Order(order, "A-1", _customer, _product, lines: i + 1))).Batch.Refusals);
            Assert.Empty(
                (await shop.PushAsync(
                    shop.Update(Tables.Orders, order, "status", "confirmed",
                        i == 1 ? "cancelled" : "delivered"))).Batch.Refusals);
        }));
        foreach (var (shop, i) in shops.Select((s, i) => (s, i)))
        {
            var fresh = new TestReplica(shop.Client);
            await fresh.PullAsync();
            Assert.Equal(i == 1 ? "cancelled" : "delivered",
                fresh.Rows[("orders", order)].Values[Tables.Orders.IndexOf("status")]);
            Assert.Equal(-2_000L * (i + 1),
                fresh.Rows[("products", _product)].Values[Tables.Products.IndexOf("on_hand")]);
            Assert.Equal(i + 1, fresh.Rows.Keys.Count(k => k.Table == "order_lines"));
            Assert.Equal(3 + ((i + 1) * 2) + 1, fresh.Rows.Count);
        }
    }

    [Fact]
    public async Task A_request_that_names_another_shop_in_body_query_or_header_stays_in_its_own()
    {
        await SeedAsync();
        var (other, client) = await _server.AddShopAsync("Other");
        var (id, replica) = (TestReplica.NewId(), TestReplica.NewId());
        var head = new HeadText(replica, ("customers", "id shop_id phone chat_id name language words"),
            ("shops", "id name")) { More = $"\"shop\":\"{_shop}\",\"shop_id\":\"{_shop}\"" };
        var body = $$"""
            {{head}}
            [0,"i",1,"{{id}}","{{_shop}}","91","91@c.us","Mallory","en","{}"]
            [0,"u",2,"{{_customer}}",4,"Asha","Stolen",1,"{{other.Shop}}","{{_shop}}"]
            [0,"d",3,"{{_customer}}"]
            {"end":3}

            """;
        using var content = new StringContent(body, Encoding.UTF8, Protocol.ContentType);
        content.Headers.Add("X-Shop", _shop.ToString());
        using var response = await client.PostAsync($"/api/sync?shop={_shop}&shop_id={_shop}", content);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        foreach (var secret in new[] { "Asha", "BD-1", _product }) Assert.DoesNotContain(secret, answer);
        foreach (var path in new[] { $"/api/sync?p=1&s=1&r={_a.Id:N}&v=0&shop={_shop}", $"/api/products?shop={_shop}",
            $"/api/customers?shop_id={_shop}&search=Asha", $"/api/orders?shop={_shop}" })
        {
            using var read = await client.GetAsync(path);
            Assert.DoesNotContain("Asha", await read.Content.ReadAsStringAsync());
            Assert.Equal(
                path.StartsWith("/api/sync", StringComparison.Ordinal) ? HttpStatusCode.OK : HttpStatusCode.BadRequest,
                read.StatusCode);
        }

        await using var db = _server.Database();
        Assert.Equal(other.Shop, (await db.Customers.SingleAsync(c => c.Name == "Mallory")).ShopId);
        Assert.Equal("Asha", (await db.Customers.SingleAsync(c => c.ShopId == _shop)).Name);
        Assert.Equal(0, await db.Tombstones.CountAsync());
    }

    [Fact]
    public async Task Forged_cursors_and_batch_ids_are_refused_in_words_and_change_nothing()
    {
        await SeedAsync();
        var before = await CountAsync(Tables.Customers);
        foreach (var query in new[]
        {
            "p=1&s=1&r=nobody&v=0", $"p=1&s=1&r={_a.Id:N}&v=-1", $"p=1&s=1&r={_a.Id:N}&v=x",
            $"p=1&s=1&r={_a.Id:N}&v=99999999999999999999", $"p=1&s=0&r={_a.Id:N}&v=0", "p=1",
            $"p=1&s=1&r={_a.Id:N}&v=0&page=products/x/1", $"p=1&s=1&r={_a.Id:N}&v=0&page=products/{_product}/-1",
            $"p=1&s=1&r={_a.Id:N}&v=0&page=keys/{_product}/1", $"p=1&s=1&r={_a.Id:N}&v=0&page=1=1",
        })
        {
            using var refused = await _client.GetAsync($"/api/sync?{query}");
            Assert.True(refused.StatusCode == HttpStatusCode.BadRequest, $"{query}: {refused.StatusCode}");
            Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        }

        string Head(string batch, string sequence, string since = "0", string more = "") =>
            new HeadText($"{_a.Id}", ("customers", "id phone chat_id name language words"))
                { Batch = batch, Sequence = sequence, Since = since, More = more }
            + $"\n[0,\"i\",1,\"{TestReplica.NewId()}\",\"1\",\"1@c.us\",\"Mallory\",\"en\",\"{{}}\"]\n{{\"end\":1}}\n";
        var guid = $"\"{Guid.NewGuid()}\"";
        foreach (var body in new[]
        {
            Head("\"x\"", "2"), Head("7", "2"), Head(guid, "0"), Head(guid, "-2"), Head(guid, "2.5"),
            Head(guid, "99999999999999999999"), Head(guid, "2", since: "-1"), Head("null", "0"),
            Head(guid, "2", more: "\"page\":\"shops/1/1\""), Head(guid, "2", more: "\"sums\":{\"products\":[1,2]}"),
            Head(guid, "1"), Head(guid, "3"), Head(guid, "9223372036854775807"),
        })
        {
            var refused = await TestReplica.SendAsync(_client, Encoding.UTF8.GetBytes(body));
            Assert.True(refused.Status is HttpStatusCode.BadRequest or HttpStatusCode.Conflict,
                $"{body}: {refused.Status}");
        }

        Assert.Equal(before, await CountAsync(Tables.Customers));
        Assert.Empty((await _a.PushAsync(_a.Customer(TestReplica.NewId()))).Batch.Refusals);
    }

    [Fact]
    public async Task The_same_replica_id_in_two_shops_is_two_replicas()
    {
        await SeedAsync();
        var (_, other) = await _server.AddShopAsync("Other");
        using var body = new MemoryStream();
        var head = new SyncHead(Protocol.Version, Tables.SchemaVersion, _a.Id, 0, false, Guid.NewGuid(), 1);
        await SyncWire.WriteRequestAsync(body, head,
            new Batch(head.BatchId!.Value, 1, [_a.Customer(TestReplica.NewId())]),
            TestContext.Current.CancellationToken);
        var answer = await TestReplica.SendAsync(other, body.ToArray());
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Single(answer.Rows(Tables.Customers));
    }
}
