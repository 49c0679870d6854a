using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Sak.Sync;
using Sak.Sync.Wire;

namespace Sak.Tests.Contracts;

/// <summary>What sync promises, over HTTP, on every engine.</summary>
public abstract class SyncContract(Engine engine) : IAsyncLifetime
{
    private TestServer _server = null!;
    private HttpClient _client = null!;
    private Guid _shop;
    private TestReplica _a = null!;
    private TestReplica _b = null!;
    private readonly string _product = TestReplica.NewId();
    private readonly string _customer = TestReplica.NewId();

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(engine);
        var (key, client) = await _server.AddShopAsync();
        (_shop, _client) = (key.Shop, client);
        (_a, _b) = (new TestReplica(client), new TestReplica(client));
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task SeedAsync()
    {
        var seeded = await _a.PushAsync(_a.Product(_product, "BD-1"), _a.Customer(_customer));
        Assert.Empty(seeded.Batch.Refusals);
        await _b.PullAsync();
    }

    private async Task<int> CountAsync(Table table)
    {
        await using var db = _server.Database();
        return table.Name switch
        {
            "products" => await db.Products.CountAsync(),
            "customers" => await db.Customers.CountAsync(),
            "orders" => await db.Orders.CountAsync(),
            _ => await db.StockMovements.CountAsync(),
        };
    }

    private static void SameRows(TestReplica a, TestReplica b)
    {
        Assert.Equal(a.Rows.Keys.Order(), b.Rows.Keys.Order());
        foreach (var (key, row) in a.Rows) Assert.Equal(row.Values, b.Rows[key].Values);
    }

    [Fact]
    public async Task What_one_replica_pushes_another_pulls_equal_to_the_last_letter()
    {
        await SeedAsync();
        var pushed = await _a.PushAsync(_a.Order(TestReplica.NewId(), "A-1001", _customer, _product, lines: 3));
        Assert.Empty(pushed.Batch.Refusals);
        Assert.True(pushed.Batch.Version > 0);
        await _b.PullAsync();
        SameRows(_a, _b);
        Assert.Equal(3, _b.Rows.Keys.Count(k => k.Table == "order_lines"));
    }

    [Fact]
    public async Task When_nothing_is_new_the_answer_is_204_without_a_body()
    {
        await SeedAsync();
        var again = await _b.PullAsync();
        Assert.Equal(HttpStatusCode.NoContent, again.Status);
        Assert.Empty(again.Lines);
    }

    [Fact]
    public async Task A_repeated_batch_changes_nothing_and_gets_the_same_answer()
    {
        await SeedAsync();
        var first = await _a.PushAsync([.. _a.Order(TestReplica.NewId(), "A-1", _customer, _product), _a.Update(Tables.Products, _product, "on_hand", null, 7L), _a.Delete(Tables.Customers, _customer)]);
        var lost = _a.Last!;
        await _b.PullAsync();
        await _b.PushAsync(_b.Update(Tables.Products, _product, "name", "Product BD-1", "Bread"));
        var again = await _a.ExchangeAsync(lost);
        Assert.Equal(first.Batch.Version, again.Batch.Version);
        Assert.Equal(first.Batch.Refusals, again.Batch.Refusals);
        Assert.NotEmpty(again.Batch.Refusals);
        Assert.Equal(1, await CountAsync(Tables.Orders));
        Assert.Equal("Bread", again.Value(Tables.Products, _product, "name"));
    }

    [Fact]
    public async Task A_known_sequence_with_another_id_is_a_fork_and_a_skipped_one_a_gap()
    {
        await SeedAsync();
        var fork = await _a.ExchangeAsync(new Batch(Guid.NewGuid(), 1, [_a.Customer(TestReplica.NewId())]));
        Assert.Equal((HttpStatusCode.Conflict, SyncProblems.Forked), (fork.Status, fork.Problem));
        var gap = await _a.ExchangeAsync(new Batch(Guid.NewGuid(), 3, [_a.Customer(TestReplica.NewId())]));
        Assert.Equal((HttpStatusCode.Conflict, SyncProblems.Gap), (gap.Status, gap.Problem));
        Assert.Equal(1, await CountAsync(Tables.Customers));
    }

    [Fact]
    public async Task Price_edited_by_one_and_aliases_by_the_other_are_both_kept()
    {
        await SeedAsync();
        await _b.PushAsync(_b.Update(Tables.Products, _product, "aliases", "", "roti"));
        var a = await _a.PushAsync(_a.Update(Tables.Products, _product, "price", 235L, 250L));
        Assert.Empty(a.Batch.Refusals);
        Assert.Equal("roti", a.Value(Tables.Products, _product, "aliases"));
        await _b.PullAsync();
        SameRows(_a, _b);
        Assert.Equal(250L, _b.Rows[("products", _product)].Values[Tables.Products.IndexOf("price")]);
    }

    [Fact]
    public async Task A_price_edited_by_both_keeps_the_clouds_tells_and_both_agree()
    {
        await SeedAsync();
        await _b.PushAsync(_b.Update(Tables.Products, _product, "price", 235L, 260L));
        var a = await _a.PushAsync(_a.Update(Tables.Products, _product, "price", 235L, 250L));
        var refusal = Assert.Single(a.Batch.Refusals);
        Assert.Equal((Refusal.Conflict, "price"), (refusal.Kind, refusal.Column));
        await _b.PullAsync();
        SameRows(_a, _b);
        Assert.Equal(260L, _a.Rows[("products", _product)].Values[Tables.Products.IndexOf("price")]);
    }

    [Fact]
    public async Task A_phone_edited_by_both_is_the_agents_and_what_it_overruled_is_told()
    {
        await SeedAsync();
        await _b.PushAsync(_b.Update(Tables.Customers, _customer, "phone", "919800000001", "2"));
        var a = await _a.PushAsync(_a.Update(Tables.Customers, _customer, "phone", "919800000001", "3"));
        var refusal = Assert.Single(a.Batch.Refusals);
        Assert.Equal((Refusal.Conflict, "phone"), (refusal.Kind, refusal.Column));
        Assert.Contains("not the cloud's \"2\"", refusal.Reason);
        await _b.PullAsync();
        SameRows(_a, _b);
        Assert.Equal("3", _b.Rows[("customers", _customer)].Values[Tables.Customers.IndexOf("phone")]);
    }

    [Fact]
    public async Task Two_products_may_swap_their_SKUs_in_one_batch_and_three_go_round()
    {
        await SeedAsync();
        var (second, third) = (TestReplica.NewId(), TestReplica.NewId());
        Assert.Empty((await _a.PushAsync(_a.Product(second, "BD-2"), _a.Product(third, "BD-3"))).Batch.Refusals);
        var swapped = await _a.PushAsync(
            _a.Update(Tables.Products, _product, "sku", "BD-1", "swap"), _a.Update(Tables.Products, second, "sku", "BD-2", "BD-1"), _a.Update(Tables.Products, _product, "sku", "swap", "BD-2"));
        Assert.Empty(swapped.Batch.Refusals);
        var round = await _a.PushAsync(
            _a.Update(Tables.Products, _product, "sku", "BD-2", "x"), _a.Update(Tables.Products, third, "sku", "BD-3", "BD-2"),
            _a.Update(Tables.Products, second, "sku", "BD-1", "BD-3"), _a.Update(Tables.Products, _product, "sku", "x", "BD-1"),
            _a.Product(TestReplica.NewId(), "BD-4"));
        Assert.Empty(round.Batch.Refusals);
        await _b.PullAsync();
        SameRows(_a, _b);
        string Sku(string id) => (string)_b.Rows[("products", id)].Values[Tables.Products.IndexOf("sku")]!;
        Assert.Equal(("BD-1", "BD-3", "BD-2"), (Sku(_product), Sku(second), Sku(third)));
    }

    [Fact]
    public async Task A_lost_answer_then_a_newer_edit_by_another_then_the_retry_keeps_the_newer_edit()
    {
        await SeedAsync();
        await _a.PushAsync(_a.Update(Tables.Products, _product, "name", "Product BD-1", "by A"));
        var lost = _a.Last!;
        await _b.PullAsync();
        await _b.PushAsync(_b.Update(Tables.Products, _product, "name", "by A", "by B"));
        await _a.ExchangeAsync(lost);
        Assert.Equal("by B", _a.Rows[("products", _product)].Values[Tables.Products.IndexOf("name")]);
    }

    [Fact]
    public async Task Stock_is_the_sum_of_its_movements_whoever_sold()
    {
        await SeedAsync();
        await _a.PushAsync(_a.Insert(Tables.StockMovements, TestReplica.NewId(), _product, 100_000L, "count", null, 1L));
        await _b.PullAsync();
        await _a.PushAsync(_a.Order(TestReplica.NewId(), "A-1", _customer, _product, quantity: 30_000));
        await _b.PushAsync(_b.Order(TestReplica.NewId(), "B-1", _customer, _product, quantity: 50_000));
        await _a.PullAsync();
        Assert.Equal(20_000L, _a.Rows[("products", _product)].Values[Tables.Products.IndexOf("on_hand")]);
        await using var db = _server.Database();
        Assert.Equal(await db.StockMovements.SumAsync(m => m.Quantity), (await db.Products.SingleAsync()).OnHand);
    }

    [Fact]
    public async Task A_deletion_reaches_the_other_replica()
    {
        await SeedAsync();
        await _a.PushAsync(_a.Delete(Tables.Customers, _customer));
        var b = await _b.PullAsync();
        Assert.Equal(_customer, Assert.Single(b.Lines.OfType<AnswerLine.Gone>()).Id);
        SameRows(_a, _b);
    }

    [Fact]
    public async Task A_product_deleted_by_one_and_edited_by_the_other_stays_deleted_and_both_know()
    {
        await SeedAsync();
        await _b.PushAsync(_b.Delete(Tables.Products, _product));
        var a = await _a.PushAsync(_a.Update(Tables.Products, _product, "price", 235L, 240L));
        Assert.Equal(Refusal.Conflict, Assert.Single(a.Batch.Refusals).Kind);
        await _b.PullAsync();
        SameRows(_a, _b);
        Assert.DoesNotContain(("products", _product), _a.Rows.Keys);
    }

    [Fact]
    public async Task An_order_deleted_by_one_and_edited_by_the_other_stays_edited_and_both_know()
    {
        await SeedAsync();
        var order = TestReplica.NewId();
        Assert.Empty((await _a.PushAsync(_a.Insert(Tables.Orders, order, "A-1", _customer, TestReplica.NewId(), "confirmed", "INR", 0L, 0L, 0L, 1L, 1L))).Batch.Refusals);
        await _b.PullAsync();
        Assert.Empty((await _b.PushAsync(_b.Update(Tables.Orders, order, "status", "confirmed", "delivered"))).Batch.Refusals);
        var a = await _a.PushAsync(_a.Delete(Tables.Orders, order));
        Assert.Equal(Refusal.Conflict, Assert.Single(a.Batch.Refusals).Kind);
        await _b.PullAsync();
        SameRows(_a, _b);
        Assert.Equal("delivered", _a.Rows[("orders", order)].Values[Tables.Orders.IndexOf("status")]);
    }

    [Fact]
    public async Task A_row_that_breaks_a_rule_is_parked_with_its_reason_and_the_rest_goes_on()
    {
        await SeedAsync();
        var nobody = TestReplica.NewId();
        Change[] bad =
        [
            _a.Product(TestReplica.NewId(), "X-1", currency: "EUR"),
            _a.Product(TestReplica.NewId(), "X-2", price: -1),
            _a.Product(TestReplica.NewId(), "BD-1"),
            _a.Insert(Tables.Products, TestReplica.NewId(), "X-3", "n", "", "pcs", "ctn", 1L, "INR", 0L, 1L, null),
            _a.Insert(Tables.Products, TestReplica.NewId(), "X-4", "n", "", "pcs", "", "12", "INR", 0L, 1L, null),
            _a.Insert(Tables.Products, TestReplica.NewId(), "X-5", "n\0", "", "pcs", "", 1L, "INR", 0L, 1L, null),
            _a.Insert(Tables.Customers, "not-an-id", "", "", "", "", ""),
            _a.Insert(Tables.Orders, TestReplica.NewId(), "A-7", nobody, TestReplica.NewId(), "confirmed", "INR", 0L, 0L, 0L, 1L, 1L),
            _a.Insert(Tables.Orders, TestReplica.NewId(), "A-8", _customer, TestReplica.NewId(), "eaten", "INR", 0L, 0L, 0L, 1L, 1L),
            _a.Insert(Tables.StockMovements, TestReplica.NewId(), nobody, 1L, "count", null, 1L),
            _a.Update(Tables.Customers, nobody, "name", "", "x"),
            _a.Delete(Tables.StockMovements, nobody),
        ];
        var good = _a.Order(TestReplica.NewId(), "A-9", _customer, _product);
        var a = await _a.PushAsync([.. bad, .. good]);
        Assert.Equal(bad[..^1].Select(c => c.Sequence), a.Batch.Refusals.Select(r => r.Sequence));
        Assert.All(a.Batch.Refusals, r => Assert.Equal(Refusal.Parked, r.Kind));
        Assert.All(a.Batch.Refusals, r => Assert.EndsWith(".", r.Reason));
        await _b.PullAsync();
        SameRows(_a, _b);
        Assert.Equal(1, await CountAsync(Tables.Orders));
    }

    [Theory]
    [InlineData("unknown product")]
    [InlineData("negative quantity")]
    public async Task An_order_with_a_line_that_is_refused_is_parked_with_all_its_rows(string fault)
    {
        await SeedAsync();
        var order = _a.Order(TestReplica.NewId(), "A-1", _customer, _product, lines: 3).ToList();
        var bad = order.FindIndex(c => c.Table == Tables.OrderLines);
        var row = order[bad].Row.ToArray();
        if (fault == "unknown product") row[Tables.OrderLines.IndexOf("product_id")] = TestReplica.NewId();
        else row[Tables.OrderLines.IndexOf("quantity")] = -2_000L;
        order[bad] = order[bad] with { Row = row };
        var a = await _a.PushAsync([.. order, .. _a.Order(TestReplica.NewId(), "A-2", _customer, _product)]);
        Assert.Equal(order.Select(c => c.Sequence), a.Batch.Refusals.Select(r => r.Sequence));
        await using var db = _server.Database();
        Assert.Equal("A-2", (await db.Orders.SingleAsync()).Number);
        Assert.Equal(-2_000L, (await db.Products.SingleAsync()).OnHand);
    }

    [Fact]
    public async Task An_order_number_that_is_taken_is_parked()
    {
        await SeedAsync();
        await _a.PushAsync(_a.Order(TestReplica.NewId(), "A-1", _customer, _product));
        var b = await _b.PushAsync(_b.Order(TestReplica.NewId(), "A-1", _customer, _product));
        Assert.NotEmpty(b.Batch.Refusals);
        Assert.Contains("taken", b.Batch.Refusals[0].Reason);
        Assert.Equal(1, await CountAsync(Tables.Orders));
        Assert.Equal(1, await CountAsync(Tables.StockMovements));
    }

    [Fact]
    public async Task A_product_that_orders_name_is_not_deleted()
    {
        await SeedAsync();
        await _a.PushAsync(_a.Order(TestReplica.NewId(), "A-1", _customer, _product));
        var a = await _a.PushAsync(_a.Delete(Tables.Products, _product));
        Assert.Equal(Refusal.Conflict, Assert.Single(a.Batch.Refusals).Kind);
        Assert.Equal(1, await CountAsync(Tables.Products));
        await _b.PullAsync();
        SameRows(_a, _b);
    }

    [Fact]
    public async Task A_change_that_is_refused_goes_back_to_what_the_cloud_has()
    {
        await SeedAsync();
        var a = await _a.PushAsync(_a.Update(Tables.Products, _product, "price", 235L, -5L));
        Assert.Equal(Refusal.Conflict, Assert.Single(a.Batch.Refusals).Kind);
        Assert.Equal(235L, a.Value(Tables.Products, _product, "price"));
        var corrected = await _a.PushAsync(_a.Update(Tables.Products, _product, "price", 235L, 5L));
        Assert.Empty(corrected.Batch.Refusals);
        await _b.PullAsync();
        SameRows(_a, _b);
    }

    [Fact]
    public async Task Checksums_agree_with_what_the_replicas_hold()
    {
        await SeedAsync();
        await _a.PushAsync(_a.Order(TestReplica.NewId(), "A-1", _customer, _product, lines: 3));
        await _b.PullAsync();
        await _b.PushAsync(_b.Update(Tables.Products, _product, "price", 235L, 1L), _b.Delete(Tables.Customers, TestReplica.NewId()));
        await _a.PushAsync(_a.Update(Tables.Products, _product, "price", 235L, 2L), _a.Product(_product, "BD-1"), _a.Customer(_customer));
        foreach (var replica in new[] { _a, _b })
        {
            var checkedNow = await replica.PullAsync(check: true);
            Assert.Equal(checkedNow.Mark.Checksums, replica.Checksums());
        }

        SameRows(_a, _b);
    }

    [Fact]
    public async Task A_replica_that_starts_again_gets_its_own_rows_too()
    {
        await SeedAsync();
        var before = _a.Rows.Count;
        _a.Rows.Clear();
        _a.Since = 0;
        await _a.PullAsync();
        Assert.Equal(before, _a.Rows.Count);
    }

    [Fact]
    public async Task A_watermark_that_was_never_given_gets_everything_again()
    {
        await SeedAsync();
        _b.Rows.Clear();
        _b.Since = 1_000_000;
        await _b.PullAsync();
        SameRows(_a, _b);
    }

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
        await c.PushAsync(c.Delete(Tables.Customers, _customer), c.Update(Tables.Products, _product, "price", 999L, 1L));
        var refused = await c.PushAsync(c.Update(Tables.Orders, order, "status", "confirmed", "cancelled"), c.Delete(Tables.Orders, order));
        Assert.Equal(Refusal.Parked, Assert.Single(refused.Batch.Refusals).Kind);

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
            Assert.Empty((await shop.PushAsync(shop.Order(order, "A-1", _customer, _product, lines: i + 1))).Batch.Refusals);
            Assert.Empty((await shop.PushAsync(shop.Update(Tables.Orders, order, "status", "confirmed", i == 1 ? "cancelled" : "delivered"))).Batch.Refusals);
        }));
        foreach (var (shop, i) in shops.Select((s, i) => (s, i)))
        {
            var fresh = new TestReplica(shop.Client);
            await fresh.PullAsync();
            Assert.Equal(i == 1 ? "cancelled" : "delivered", fresh.Rows[("orders", order)].Values[Tables.Orders.IndexOf("status")]);
            Assert.Equal(-2_000L * (i + 1), fresh.Rows[("products", _product)].Values[Tables.Products.IndexOf("on_hand")]);
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
        var body = $$"""
            {"protocol":1,"schema":1,"replica":"{{replica}}","since":0,"check":false,"batchId":"{{TestReplica.NewId()}}","batchSequence":1,"shop":"{{_shop}}","shop_id":"{{_shop}}","tables":[{"name":"customers","columns":["id","shop_id","phone","chat_id","name","language","words"]},{"name":"shops","columns":["id","name"]}]}
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
        foreach (var path in new[] { $"/api/sync?p=1&s=1&r={_a.Id:N}&v=0&shop={_shop}", $"/api/products?shop={_shop}", $"/api/customers?shop_id={_shop}&search=Asha", $"/api/orders?shop={_shop}" })
            Assert.DoesNotContain("Asha", await client.GetStringAsync(path));
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
            "p=1&s=1&r=nobody&v=0", $"p=1&s=1&r={_a.Id:N}&v=-1", $"p=1&s=1&r={_a.Id:N}&v=x", $"p=1&s=1&r={_a.Id:N}&v=99999999999999999999", $"p=1&s=0&r={_a.Id:N}&v=0", "p=1",
            $"p=1&s=1&r={_a.Id:N}&v=0&page=products/x/1", $"p=1&s=1&r={_a.Id:N}&v=0&page=products/{_product}/-1", $"p=1&s=1&r={_a.Id:N}&v=0&page=keys/{_product}/1", $"p=1&s=1&r={_a.Id:N}&v=0&page=1=1",
        })
        {
            using var refused = await _client.GetAsync($"/api/sync?{query}");
            Assert.True(refused.StatusCode == HttpStatusCode.BadRequest, $"{query}: {refused.StatusCode}");
            Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        }

        string Head(string batch, string sequence, string since = "0", string more = "") =>
            $"{{\"protocol\":1,\"schema\":1,\"replica\":\"{_a.Id}\",\"since\":{since},\"check\":false,\"batchId\":{batch},\"batchSequence\":{sequence}{more},\"tables\":[{{\"name\":\"customers\",\"columns\":[\"id\",\"phone\",\"chat_id\",\"name\",\"language\",\"words\"]}}]}}\n"
            + $"[0,\"i\",1,\"{TestReplica.NewId()}\",\"1\",\"1@c.us\",\"Mallory\",\"en\",\"{{}}\"]\n{{\"end\":1}}\n";
        var guid = $"\"{Guid.NewGuid()}\"";
        foreach (var body in new[]
        {
            Head("\"x\"", "2"), Head("7", "2"), Head(guid, "0"), Head(guid, "-2"), Head(guid, "2.5"), Head(guid, "99999999999999999999"), Head(guid, "2", since: "-1"), Head("null", "0"),
            Head(guid, "2", more: ",\"page\":\"shops/1/1\""), Head(guid, "2", more: ",\"sums\":{\"products\":[1,2]}"), Head(guid, "1"), Head(guid, "3"), Head(guid, "9223372036854775807"),
        })
        {
            var refused = await TestReplica.SendAsync(_client, Encoding.UTF8.GetBytes(body));
            Assert.True(refused.Status is HttpStatusCode.BadRequest or HttpStatusCode.Conflict, $"{body}: {refused.Status}");
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
        await SyncWire.WriteRequestAsync(body, head, new Batch(head.BatchId!.Value, 1, [_a.Customer(TestReplica.NewId())]), TestContext.Current.CancellationToken);
        var answer = await TestReplica.SendAsync(other, body.ToArray());
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Single(answer.Rows(Tables.Customers));
    }

    [Fact]
    public async Task A_newer_protocol_is_refused_with_426()
    {
        using var body = new MemoryStream();
        await SyncWire.WriteRequestAsync(body, new SyncHead(Protocol.Version + 1, Tables.SchemaVersion, _a.Id, 0, false, null, 0), null, TestContext.Current.CancellationToken);
        var answer = await TestReplica.SendAsync(_client, body.ToArray());
        Assert.Equal((HttpStatusCode.UpgradeRequired, SyncProblems.Version), (answer.Status, answer.Problem));
    }

    [Fact]
    public async Task An_agent_of_a_newer_schema_pushes_what_this_server_does_not_know_and_loses_nothing_else()
    {
        await SeedAsync();
        var id = TestReplica.NewId();
        var body = $$"""
            {"protocol":1,"schema":{{Tables.SchemaVersion + 1}},"replica":"{{TestReplica.NewId()}}","since":0,"check":false,"batchId":"{{TestReplica.NewId()}}","batchSequence":1,"tables":[{"name":"loyalty","columns":["id","points"]},{"name":"customers","columns":["id","phone","chat_id","name","language","words","birthday"]}]}
            [1,"i",1,"{{id}}","91","91@c.us","Bela","hi","{}","1990-01-01"]
            [1,"u",2,"{{_customer}}",6,null,"1980-01-01",3,"Asha","Asha B"]
            {"end":2}

            """;
        var answer = await TestReplica.SendAsync(_client, Encoding.UTF8.GetBytes(body));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Empty(answer.Batch.Refusals);
        await _b.PullAsync();
        Assert.Equal("Bela", _b.Rows[("customers", id)].Values[3]);
        Assert.Equal("Asha B", _b.Rows[("customers", _customer)].Values[3]);
    }

    [Fact]
    public async Task An_agent_of_an_older_schema_gets_and_changes_only_the_columns_that_it_knows()
    {
        await SeedAsync();
        var replica = TestReplica.NewId();
        string Body(int sequence, string lines, int count) => $$"""
            {"protocol":1,"schema":1,"replica":"{{replica}}","since":0,"check":false,"batchId":"{{TestReplica.NewId()}}","batchSequence":{{sequence}},"tables":[{"name":"customers","columns":["id","phone","chat_id","name"]}]}
            {{lines}}
            {"end":{{count}}}

            """;
        await _b.PushAsync(_b.Update(Tables.Customers, _customer, "words", "{}", "{\"soap\":\"S-1\"}"));
        var answer = await TestReplica.SendAsync(_client, Encoding.UTF8.GetBytes(Body(1, $"[0,\"u\",1,\"{_customer}\",3,\"Asha\",\"Asha C\"]", 1)));
        Assert.Equal([0, 1, 2, 3], Assert.Single(answer.Lines.OfType<AnswerLine.Row>()).Columns);
        await _a.PullAsync();
        Assert.Equal(("Asha C", "{\"soap\":\"S-1\"}"), ((string?)_a.Rows[("customers", _customer)].Values[3], (string?)_a.Rows[("customers", _customer)].Values[5]));
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task Compressed_bodies_are_read_and_bodies_that_only_say_so_are_refused(string encoding)
    {
        using var body = new MemoryStream();
        var head = new SyncHead(Protocol.Version, Tables.SchemaVersion, _a.Id, 0, false, Guid.NewGuid(), 1);
        await SyncWire.WriteRequestAsync(body, head, new Batch(head.BatchId!.Value, 1, [_a.Customer(_customer)]), TestContext.Current.CancellationToken);
        var lied = await TestReplica.SendAsync(_client, body.ToArray(), encoding);
        Assert.Equal((HttpStatusCode.BadRequest, SyncProblems.Malformed), (lied.Status, lied.Problem));
        var whole = Compress(body.ToArray(), encoding);
        var cut = await TestReplica.SendAsync(_client, whole[..^12], encoding);
        Assert.Equal((HttpStatusCode.BadRequest, SyncProblems.Malformed), (cut.Status, cut.Problem));
        Assert.Equal(0, await CountAsync(Tables.Customers));
        Assert.Equal(HttpStatusCode.OK, (await TestReplica.SendAsync(_client, whole, encoding)).Status);
        Assert.Equal(1, await CountAsync(Tables.Customers));
    }

    [Fact]
    public async Task A_zip_bomb_is_refused_and_changes_nothing()
    {
        using var body = new MemoryStream();
        var head = new SyncHead(Protocol.Version, Tables.SchemaVersion, _a.Id, 0, false, Guid.NewGuid(), 1);
        await SyncWire.WriteRequestAsync(body, head, null, TestContext.Current.CancellationToken);
        var first = Encoding.UTF8.GetString(body.ToArray()).Split('\n')[0] + "\n";
        var line = "[0,\"d\",1,\"" + new string('a', 900_000) + "\"]\n";
        var bomb = Compress(Encoding.UTF8.GetBytes(first + string.Concat(Enumerable.Repeat(line, 60))), "br");
        Assert.True(bomb.Length < 100_000);
        var answer = await TestReplica.SendAsync(_client, bomb, "br");
        Assert.True(answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge, $"{answer.Status}");
        Assert.Equal(0, await CountAsync(Tables.Customers));
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_and_changes_nothing()
    {
        // Asks before it sends, since the server does not wait for 32 MB that it will not read.
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/sync") { Content = new ByteArrayContent(new byte[Protocol.MaxSyncBody + 1]) };
        request.Headers.ExpectContinue = true;
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("urn:sak:size", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_body_cut_anywhere_is_refused_and_changes_nothing()
    {
        using var body = new MemoryStream();
        var head = new SyncHead(Protocol.Version, Tables.SchemaVersion, _a.Id, 0, false, Guid.NewGuid(), 1);
        await SyncWire.WriteRequestAsync(body, head, new Batch(head.BatchId!.Value, 1, [_a.Customer(_customer), _a.Product(_product, "BD-1")]), TestContext.Current.CancellationToken);
        var whole = body.ToArray();
        for (var length = 0; length < whole.Length; length += 37)
        {
            var answer = await TestReplica.SendAsync(_client, whole[..length]);
            Assert.Equal((HttpStatusCode.BadRequest, SyncProblems.Malformed), (answer.Status, answer.Problem));
        }

        Assert.Equal(0, await CountAsync(Tables.Customers));
        Assert.Equal(HttpStatusCode.OK, (await TestReplica.SendAsync(_client, whole)).Status);
    }

    [Fact]
    public async Task Eight_writers_and_a_reader_lose_no_row_by_the_watermark()
    {
        const int writers = 8;
        const int batches = 30;
        const int lines = 12;
        await SeedAsync();
        await using var second = await _server.SecondAsync();
        using var otherClient = second.Client(_client.DefaultRequestHeaders.Authorization!.Parameter);
        var left = writers;
        var writing = Enumerable.Range(0, writers).Select(async w =>
        {
            var replica = new TestReplica(w % 2 == 0 ? _client : otherClient);
            for (var i = 0; i < batches; i++)
            {
                var pushed = await replica.PushAsync(replica.Order(TestReplica.NewId(), $"{w}-{i}", _customer, _product, lines: lines));
                Assert.Empty(pushed.Batch.Refusals);
            }

            Interlocked.Decrement(ref left);
        }).ToList();
        var reader = new TestReplica(otherClient);
        while (Volatile.Read(ref left) > 0 && !writing.Any(w => w.IsFaulted))
        {
            await reader.PullAsync();
            AssertNoTornOrder(reader, lines);
        }

        await Task.WhenAll(writing);
        await reader.PullAsync();
        var fresh = new TestReplica(_client);
        await fresh.PullAsync();
        Assert.Equal(writers * batches, fresh.Rows.Keys.Count(k => k.Table == "orders"));
        SameRows(fresh, reader);
        Assert.True(fresh.Rows.Count >= 6_000, $"only {fresh.Rows.Count} rows");
        Assert.Equal(-writers * batches * lines * 2_000L, fresh.Rows[("products", _product)].Values[Tables.Products.IndexOf("on_hand")]);
    }

    [Fact]
    public async Task Plain_SQL_on_the_clouds_database_reaches_the_agents()
    {
        await SeedAsync();
        var other = TestReplica.NewId();
        await _a.PushAsync(_a.Customer(other), _a.Insert(Tables.StockMovements, TestReplica.NewId(), _product, 5_000L, "count", null, 1L));
        await _b.PullAsync();
        await using var db = _server.Database();
        var (product, movement) = (Guid.Parse(_product), Guid.CreateVersion7());
        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            await db.Products.Where(p => p.Id == product).ExecuteUpdateAsync(p => p.SetProperty(r => r.Price, 999L));
            await db.Customers.Where(c => c.Id == Guid.Parse(other)).ExecuteDeleteAsync();
            var (id, at) = (db.IdValue(movement), db.IdValue(product));
            await db.Database.ExecuteSqlRawAsync(
                "INSERT INTO stock_movements (shop_id, id, product_id, quantity, reason, at) VALUES ({0}, {1}, {2}, 2000, 'found', 1)", db.IdValue(_shop), id, at);
            await transaction.CommitAsync();
        }

        foreach (var replica in new[] { _a, _b })
        {
            await replica.PullAsync();
            Assert.Equal(999L, replica.Rows[("products", _product)].Values[Tables.Products.IndexOf("price")]);
            Assert.Equal(7_000L, replica.Rows[("products", _product)].Values[Tables.Products.IndexOf("on_hand")]);
            Assert.DoesNotContain(("customers", other), replica.Rows.Keys);
            Assert.Contains(("stock_movements", movement.ToString("D")), replica.Rows.Keys);
            Assert.Equal(HttpStatusCode.NoContent, (await replica.PullAsync()).Status);
            Assert.Equal((await replica.PullAsync(check: true)).Mark.Checksums, replica.Checksums());
        }
    }

    [Fact]
    public async Task A_replica_below_the_floor_of_deletions_is_told_to_repair_itself_and_its_orders_arrive()
    {
        await SeedAsync();
        var gone = TestReplica.NewId();
        await _a.PushAsync(_a.Customer(gone));
        await _b.PullAsync();
        await _a.PushAsync(_a.Delete(Tables.Customers, gone));
        await _a.PushAsync(_a.Customer(TestReplica.NewId()));
        await using var db = _server.Database();
        await Sak.Server.Sync.TrimSync.TrimAsync(db, _shop, TimeProvider.System.GetUtcNow() + Sak.Server.Sync.TrimSync.KeepDeletions * 2, TestContext.Current.CancellationToken);
        Assert.Equal(0, await db.Tombstones.CountAsync());
        var late = await _b.PushAsync(_b.Order(TestReplica.NewId(), "B-1", _customer, _product));
        Assert.Empty(late.Batch.Refusals);
        Assert.True(late.Mark.Outdated);
        Assert.Equal(1, await CountAsync(Tables.Orders));
        Assert.False((await _a.PullAsync()).Mark.Outdated);
    }

    [Fact]
    public async Task A_repair_sends_only_what_differs()
    {
        await SeedAsync();
        await _a.PushAsync(Enumerable.Range(0, 500).Select(n => _a.Product(TestReplica.NewId(), $"P-{n}")));
        await _b.PullAsync();
        var lost = _b.Rows.Keys.First(k => k.Table == "products" && k.Id != _product);
        _b.Rows.Remove(lost);
        using var body = new MemoryStream();
        var head = new SyncHead(Protocol.Version, Tables.SchemaVersion, _b.Id, _b.Since, false, null, 0, null, _b.Sums());
        await SyncWire.WriteRequestAsync(body, head, null, TestContext.Current.CancellationToken);
        var repair = await TestReplica.SendAsync(_client, body.ToArray());
        var rows = repair.Lines.OfType<AnswerLine.Row>().Select(r => (string)r.Values[0]!).ToList();
        Assert.Contains(lost.Id, rows);
        Assert.All(rows, id => Assert.Equal(RowHash.Bucket(lost.Id), RowHash.Bucket(id)));
        Assert.Equal(RowHash.Bucket(lost.Id), Assert.Single(Assert.Single(repair.Lines.OfType<AnswerLine.Differ>()).Buckets));
    }

    [Fact]
    public async Task Whoever_watches_hears_of_a_change_made_in_another_process_in_about_a_second()
    {
        await SeedAsync();
        await using var second = await _server.SecondAsync();
        using var watcher = second.Client(_client.DefaultRequestHeaders.Authorization!.Parameter);
        var watching = watcher.GetAsync($"/api/sync/watch?v={_a.Since}");
        Assert.Equal(HttpStatusCode.OK, (await watcher.GetAsync($"/api/sync/watch?v={_a.Since - 1}")).StatusCode);
        Assert.False(watching.IsCompleted);
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        await _b.PushAsync(_b.Update(Tables.Products, _product, "price", 235L, 240L));
        Assert.Equal(HttpStatusCode.OK, (await watching).StatusCode);
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 10);
    }

    [Fact]
    public async Task A_first_load_comes_in_pages_and_goes_on_after_each_of_them()
    {
        for (var i = 0; i < 3; i++)
            await _a.PushAsync(Enumerable.Range(0, Protocol.PageRows - 10).Select(n => _a.Product(TestReplica.NewId(), $"{i}-{n}")));
        async Task<Exchanged> LoadAsync(PageMark from)
        {
            using var body = new MemoryStream();
            await SyncWire.WriteRequestAsync(body, new SyncHead(Protocol.Version, Tables.SchemaVersion, _b.Id, 0, false, null, 0, from), null, TestContext.Current.CancellationToken);
            return await TestReplica.SendAsync(_client, body.ToArray());
        }

        var whole = await LoadAsync(PageMark.Start);
        var ids = whole.Rows(Tables.Products).Select(r => (string)r.Values[0]!).ToList();
        Assert.Equal(3 * (Protocol.PageRows - 10), ids.Distinct().Count());
        var pages = whole.Lines.OfType<AnswerLine.Page>().Select(p => p.At).ToList();
        Assert.Equal(2, pages.Count);
        foreach (var page in pages)
        {
            var rest = await LoadAsync(page);
            Assert.Equal(ids[(ids.IndexOf(page.Id) + 1)..], rest.Rows(Tables.Products).Select(r => (string)r.Values[0]!));
            Assert.Equal(whole.Mark.Version, rest.Mark.Version);
        }

        var all = 3 * (Protocol.PageRows - 10);
        foreach (var (page, toCome) in new[] { ("//0", all), (pages[0].ToText(), all - Protocol.PageRows) })
        {
            using var counted = await _client.GetAsync($"/api/sync?p=1&s=1&r={_b.Id:N}&v=0&page={page}&n=1");
            Assert.StartsWith($"{{\"totals\":[{{\"table\":\"products\",\"rows\":{all},\"toCome\":{toCome}}},", await counted.Content.ReadAsStringAsync());
        }

        var (_, other) = await _server.AddShopAsync("Other");
        using var forged = await other.GetAsync($"/api/sync?p=1&s=1&r={_b.Id:N}&v=0&page=products/{ids[0]}/1");
        Assert.DoesNotContain(ids[1], await forged.Content.ReadAsStringAsync());
        using var nonsense = await _client.GetAsync($"/api/sync?p=1&s=1&r={_b.Id:N}&v=0&page=shops/1/1");
        Assert.Equal(HttpStatusCode.BadRequest, nonsense.StatusCode);
    }

    private static void AssertNoTornOrder(TestReplica reader, int expected)
    {
        var order = Tables.OrderLines.IndexOf("order_id");
        var lines = reader.Rows.Where(r => r.Key.Table == "order_lines").GroupBy(r => (string)r.Value.Values[order]!).ToDictionary(g => g.Key, g => g.Count());
        Assert.All(reader.Rows.Keys.Where(k => k.Table == "orders"), k => Assert.Equal(expected, lines.GetValueOrDefault(k.Id)));
        Assert.All(lines.Keys, id => Assert.Contains(("orders", id), reader.Rows.Keys));
    }

    private static byte[] Compress(byte[] body, string encoding)
    {
        using var to = new MemoryStream();
        using (Stream stream = encoding == "br" ? new BrotliStream(to, CompressionLevel.Fastest) : new GZipStream(to, CompressionLevel.Fastest)) stream.Write(body);
        return to.ToArray();
    }
}

public sealed class SyncOnSqlite() : SyncContract(Engine.Sqlite);

public sealed class SyncOnPostgres() : SyncContract(Engine.Postgres);

public sealed class SyncOnSqlServer() : SyncContract(Engine.SqlServer);
