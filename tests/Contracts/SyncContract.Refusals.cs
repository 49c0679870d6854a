using Microsoft.EntityFrameworkCore;
using Sak.Sync.Replica;

namespace Sak.Tests.Contracts;

/// <summary>Changes that the cloud refuses, and their result.</summary>
public abstract partial class SyncContract
{
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
            BadProduct("X-3", "packs", "ctn"),
            BadProduct("X-4", "price", "12"),
            BadProduct("X-5", "name", "n\0"),
            _a.Insert(Tables.Customers, "not-an-id"),
            _a.Head(TestReplica.NewId(), "A-7", nobody, 0),
            _a.Head(TestReplica.NewId(), "A-8", _customer, 0, status: "eaten"),
            _a.Movement(nobody, 1, "counted"),
            _a.Update(Tables.Customers, nobody, "name", "", "x"),
            _a.Delete(Tables.StockMovements, nobody),
        ];
        var good = _a.Order(TestReplica.NewId(), "A-9", _customer, _product);
        var a = await _a.PushAsync([.. bad, .. good]);
        Assert.Equal(bad[..^1].Select(c => c.Sequence), a.Batch.Refusals.Select(r => r.Sequence));
        Assert.All(a.Batch.Refusals, r => Assert.Equal(RefusalKind.Parked, r.Kind));
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
        Assert.Equal(RefusalKind.Conflict, Assert.Single(a.Batch.Refusals).Kind);
        Assert.Equal(1, await CountAsync(Tables.Products));
        await _b.PullAsync();
        SameRows(_a, _b);
    }

    [Fact]
    public async Task A_change_that_is_refused_goes_back_to_what_the_cloud_has()
    {
        await SeedAsync();
        var a = await _a.PushAsync(_a.Update(Tables.Products, _product, "price", 235L, -5L));
        Assert.Equal(RefusalKind.Conflict, Assert.Single(a.Batch.Refusals).Kind);
        Assert.Equal(235L, a.Value(Tables.Products, _product, "price"));
        var corrected = await _a.PushAsync(_a.Update(Tables.Products, _product, "price", 235L, 5L));
        Assert.Empty(corrected.Batch.Refusals);
        await _b.PullAsync();
        SameRows(_a, _b);
    }

    // In a long log a row may wait to be pushed as a complete insert while the cloud's version comes down, which is
    // ignored until then.
    [Fact]
    public async Task A_row_pushed_as_new_that_the_cloud_has_comes_back_as_the_cloud_has_it()
    {
        await SeedAsync();
        await _b.PushAsync(_b.Order(TestReplica.NewId(), "B-1", _customer, _product));
        await _a.PullAsync();

        var told = await _a.PushAsync(_a.Product(_product, "BD-1"));

        Assert.Empty(told.Batch.Refusals);
        Assert.Equal(-2_000L, told.Value(Tables.Products, _product, "on_hand"));
        await _b.PullAsync();
        SameRows(_a, _b);
    }

    private Change BadProduct(string sku, string column, object value)
    {
        var good = _a.Product(TestReplica.NewId(), sku);
        var row = good.Row.ToArray();
        row[Tables.Products.IndexOf(column)] = value;
        return good with { Row = row };
    }
}
