using Microsoft.EntityFrameworkCore;
using Sak.Sync.Replica;

namespace Sak.Tests.Contracts;

/// <summary>Two replicas change the same row.</summary>
public abstract partial class SyncContract
{
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
    public async Task A_price_edited_by_both_keeps_the_clouds_and_reports_the_other()
    {
        await SeedAsync();
        await _b.PushAsync(_b.Update(Tables.Products, _product, "price", 235L, 260L));
        var a = await _a.PushAsync(_a.Update(Tables.Products, _product, "price", 235L, 250L));
        var refusal = Assert.Single(a.Batch.Refusals);
        Assert.Equal((RefusalKind.Conflict, "price"), (refusal.Kind, refusal.Column));
        await _b.PullAsync();
        SameRows(_a, _b);
        Assert.Equal(260L, _a.Rows[("products", _product)].Values[Tables.Products.IndexOf("price")]);
    }

    [Fact]
    public async Task A_phone_edited_by_both_is_the_agents_and_the_overruled_one_is_reported()
    {
        await SeedAsync();
        await _b.PushAsync(_b.Update(Tables.Customers, _customer, "phone", "919800000001", "2"));
        var a = await _a.PushAsync(_a.Update(Tables.Customers, _customer, "phone", "919800000001", "3"));
        var refusal = Assert.Single(a.Batch.Refusals);
        Assert.Equal((RefusalKind.Conflict, "phone"), (refusal.Kind, refusal.Column));
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
            _a.Update(Tables.Products, _product, "sku", "BD-1", "swap"),
            _a.Update(Tables.Products, second, "sku", "BD-2", "BD-1"),
            _a.Update(Tables.Products, _product, "sku", "swap", "BD-2"));
        Assert.Empty(swapped.Batch.Refusals);
        var round = await _a.PushAsync(
            _a.Update(Tables.Products, _product, "sku", "BD-2", "x"),
            _a.Update(Tables.Products, third, "sku", "BD-3", "BD-2"),
            _a.Update(Tables.Products, second, "sku", "BD-1", "BD-3"),
            _a.Update(Tables.Products, _product, "sku", "x", "BD-1"),
            _a.Product(TestReplica.NewId(), "BD-4"));
        Assert.Empty(round.Batch.Refusals);
        await _b.PullAsync();
        SameRows(_a, _b);
        string Sku(string id) => (string)_b.Rows[("products", id)].Values[Tables.Products.IndexOf("sku")]!;
        Assert.Equal(("BD-1", "BD-3", "BD-2"), (Sku(_product), Sku(second), Sku(third)));
    }

    [Fact]
    public async Task Stock_is_the_sum_of_its_movements_whoever_sold()
    {
        await SeedAsync();
        await _a.PushAsync(_a.Movement(_product, 100_000, "counted"));
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
        Assert.Equal(RefusalKind.Conflict, Assert.Single(a.Batch.Refusals).Kind);
        await _b.PullAsync();
        SameRows(_a, _b);
        Assert.DoesNotContain(("products", _product), _a.Rows.Keys);
    }

    [Fact]
    public async Task An_order_deleted_by_one_and_edited_by_the_other_stays_edited_and_both_know()
    {
        await SeedAsync();
        var order = TestReplica.NewId();
        Assert.Empty(
            (await _a.PushAsync(_a.Head(order, "A-1", _customer, 0))).Batch.Refusals);
        await _b.PullAsync();
        Assert.Empty(
            (await _b.PushAsync(_b.Update(Tables.Orders, order, "status", "confirmed", "delivered"))).Batch.Refusals);
        var a = await _a.PushAsync(_a.Delete(Tables.Orders, order));
        Assert.Equal(RefusalKind.Conflict, Assert.Single(a.Batch.Refusals).Kind);
        await _b.PullAsync();
        SameRows(_a, _b);
        Assert.Equal("delivered", _a.Rows[("orders", order)].Values[Tables.Orders.IndexOf("status")]);
    }
}
