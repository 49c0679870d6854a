using Sak.Agent.Catalog;
using Sak.Agent.Database;
using Sak.Agent.Status;
using Sak.Agent.Sync;
using Sak.Sync.Replica;
using Sak.Sync.Wire;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Sync;

/// <summary>Rows that the cloud refused: kept, shown, and sent again when something changed.</summary>
public sealed class RefusedRowsTests : LocalReplica
{
    [Fact]
    public async Task A_row_that_is_parked_while_its_next_change_waits_is_sent_whole_and_once()
    {
        await Db.WriteAsync(
            connection =>
            {
                for (var i = 0; i < Protocol.BatchChanges; i++) connection.Execute(Insert($"p{i}", $"S{i}"));
            },
            Cancel);
        await ExecuteAsync("UPDATE products SET price = 250 WHERE id = 'p0'");
        await ExecuteAsync(Insert("x", "X"));
        var first = (await Replica.NextBatchAsync(Cancel))!;
        Assert.Equal(Protocol.BatchChanges, first.Changes.Count);

        await ApplyAsync(
            new AnswerLine.Answered(new BatchAnswer(first.Id, first.Sequence, 5, [Parked(first.Changes[0])])), Mark(5));
        var second = (await Replica.NextBatchAsync(Cancel))!;

        Assert.Equal([("x", ChangeKind.Insert), ("p0", ChangeKind.Insert)], second.Changes.Select(c => (c.Id, c.Kind)));
        Assert.Equal(250L, second.Changes[1].Row[Tables.Products.IndexOf("price")]);
    }

    [Fact]
    public async Task A_refused_row_is_kept_with_its_reason()
    {
        await ExecuteAsync(Insert("p1", "OIL"));
        var batch = await Replica.NextBatchAsync(Cancel);
        var refusal = new Refusal(batch!.Changes[0].Sequence, RefusalKind.Parked, null,
            "the currency is not the shop's");

        await ApplyAsync(new AnswerLine.Answered(new BatchAnswer(batch.Id, batch.Sequence, 0, [refusal])), Mark(1));

        Assert.Equal("p1|the currency is not the shop's",
            await Db.ReadAsync(c => c.Scalar<string>("SELECT id || '|' || reason FROM refusals"), Cancel));
        Assert.Equal(1, await ScalarAsync("SELECT count(*) FROM products"));
        Assert.Null(await Replica.NextBatchAsync(Cancel));
    }

    [Fact]
    public async Task A_refused_row_that_is_corrected_here_is_sent_again_whole_with_all_that_was_refused()
    {
        await ExecuteAsync(Insert("p1", "OIL"));
        await ExecuteAsync(Insert("p2", "SUGAR"));
        var batch = await Replica.NextBatchAsync(Cancel);
        await ApplyAsync(
            new AnswerLine.Answered(new BatchAnswer(batch!.Id, 1, 0, [.. batch.Changes.Select(c => Parked(c))])),
            Mark(1));
        Assert.Null(await Replica.NextBatchAsync(Cancel));

        await ExecuteAsync("UPDATE products SET sku = 'OIL-2' WHERE id = 'p1'");

        var again = (await Replica.NextBatchAsync(Cancel))!.Changes;
        Assert.Equal([(ChangeKind.Insert, "p1"), (ChangeKind.Insert, "p2")], again.Select(c => (c.Kind, c.Id)));
        Assert.Equal("OIL-2", Tables.Products.Value(again[0].Row, "sku"));
        Assert.Equal(0, await ScalarAsync("SELECT count(*) FROM refusals WHERE settled_at IS NULL"));
    }

    [Fact]
    public async Task An_order_refused_for_want_of_its_product_is_offered_again_when_the_product_comes()
    {
        await SoldOnceAsync();
        var batch = await Replica.NextBatchAsync(Cancel);
        await ApplyAsync(
            new AnswerLine.Answered(
                new BatchAnswer(batch!.Id, 1, 0,
                    [.. batch.Changes.Where(c => c.Table != Tables.Customers).Select(c => Parked(c))])), Mark(4));
        Assert.Null(await Replica.NextBatchAsync(Cancel));

        await ApplyAsync(Row("p1", "OIL", 5), Mark(5, 1));

        Assert.Equal(["o1", "l1"], (await Replica.NextBatchAsync(Cancel))!.Changes.Select(c => c.Id));
    }

    [Fact]
    public async Task What_was_refused_before_its_order_went_up_again_in_a_later_batch_is_offered_again()
    {
        await SoldOnceAsync();
        await ExecuteAsync("INSERT INTO order_events VALUES ('e1', 'o1', 'delivered', '', 1, 0)");
        var small = new SqliteReplica(Db, Clock, full: 1);
        async Task SettleAsync(Batch batch, long version, params Change[] refused) =>
            await ApplyAsync(
                new AnswerLine.Answered(
                    new BatchAnswer(batch.Id, batch.Sequence, version, [.. refused.Select(Parked)])),
                Mark(version));

        var order = (await small.NextBatchAsync(Cancel))!;
        await SettleAsync(order, 4, [.. order.Changes]);
        await ExecuteAsync("UPDATE order_lines SET quantity = 2000");
        var between = (await small.NextBatchAsync(Cancel))!;
        Assert.Equal("e1", Assert.Single(between.Changes).Id);
        await SettleAsync(between, 5, between.Changes[0]);
        var again = (await small.NextBatchAsync(Cancel))!;
        Assert.Equal(["o1", "l1"], again.Changes.Select(c => c.Id));
        await SettleAsync(again, 6);

        var offered = (await small.NextBatchAsync(Cancel))!;
        Assert.Equal("e1", Assert.Single(offered.Changes).Id);
        await SettleAsync(offered, 7);
        Assert.Null(await small.NextBatchAsync(Cancel));
        Assert.Equal(0, await ScalarAsync("SELECT count(*) FROM refusals WHERE settled_at IS NULL"));
    }

    [Fact]
    public async Task An_order_number_that_another_PC_used_too_does_not_stop_the_sync()
    {
        await SoldOnceAsync();

        await ApplyAsync(
            Row(Tables.Orders, 4,
                Tables.Orders.Row(("id", "o2"), ("number", "A-1"), ("customer_id", "c1"), ("turn_id", "t2"),
                    ("status", "confirmed"), ("currency", "INR"))), Mark(4, 1));

        Assert.Equal(2, await ScalarAsync("SELECT count(*) FROM orders WHERE number = 'A-1'"));
    }

    [Fact]
    public async Task A_row_refused_after_it_was_deleted_here_is_no_longer_anyones_trouble()
    {
        await ExecuteAsync(Insert("p1", "OIL"));
        var batch = await Replica.NextBatchAsync(Cancel);
        await ExecuteAsync("DELETE FROM products");

        await ApplyAsync(
            new AnswerLine.Answered(new BatchAnswer(batch!.Id, 1, 0, [Parked(batch.Changes[0])])), Mark(1));

        Assert.Equal(0, await ScalarAsync("SELECT count(*) FROM refusals WHERE settled_at IS NULL"));
    }

    [Fact]
    public async Task A_big_batch_that_is_refused_as_a_whole_is_settled()
    {
        await ExecuteAsync(Insert("p1", "OIL"));
        var batch = (await Replica.NextBatchAsync(Cancel))!;
        // As long as the answer to a hundred thousand products of a wrong currency.
        var refusals = Enumerable.Range(0, 100_000)
            .Select(n =>
                new Refusal(batch.Changes[0].Sequence + n, RefusalKind.Parked, null,
                    $"Currency \"EUR\" of product SKU-{n:000000} is not the shop's INR."));
        await ApplyAsync(new AnswerLine.Answered(new BatchAnswer(batch.Id, batch.Sequence, 0, [.. refusals])), Mark(3));
        Assert.Equal(0, await ScalarAsync("SELECT count(*) FROM push_batch"));
        Assert.Equal(1, await ScalarAsync("SELECT count(*) FROM refusals WHERE settled_at IS NULL"));
    }

    [Fact]
    public async Task A_refused_product_is_not_told_as_a_safe_order()
    {
        foreach (var table in new[] { "products", "orders" })
            await ExecuteAsync(
                $"INSERT INTO refusals (seq, kind, tbl, id, op, reason, at) "
                    + $"VALUES (1, 'parked', '{table}', 'x', 'i', 'Currency', 1)");

        var told = await Db.ReadAsync(c => StatusQuery.Troubles(c, DateTimeOffset.UnixEpoch), Cancel);

        Assert.StartsWith("The order is safe",
            Assert.Single(told, t => t.What.Contains("a row of orders", StringComparison.Ordinal)).Next,
            StringComparison.Ordinal);
        Assert.DoesNotContain("order",
            Assert.Single(told, t => t.What.Contains("a row of products", StringComparison.Ordinal)).Next,
            StringComparison.Ordinal);
    }
}
