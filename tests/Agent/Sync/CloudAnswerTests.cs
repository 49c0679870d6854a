using Sak.Agent.Database;
using Sak.Agent.Sync;
using Sak.Sync.Replica;
using Sak.Sync.Wire;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Sync;

/// <summary>What an answer of the cloud changes on this PC: rows, deletions, repairs, first loads.</summary>
public sealed class CloudAnswerTests : LocalReplica
{
    [Fact]
    public async Task An_answer_that_ends_before_its_mark_changes_nothing()
    {
        await ExecuteAsync(Insert("p1", "OIL"));
        var batch = await Replica.NextBatchAsync(Cancel);

        await Assert.ThrowsAsync<CloudUnavailableException>(
            () => ApplyAsync(new AnswerLine.Answered(new BatchAnswer(batch!.Id, batch.Sequence, 5, [])),
                Row("p2", "SUGAR", 5)));

        Assert.Equal(batch!.Id, (await Replica.NextBatchAsync(Cancel))!.Id);
        Assert.Equal(1, await ScalarAsync("SELECT count(*) FROM products"));
    }

    [Fact]
    public async Task A_column_changed_here_and_not_sent_yet_is_not_covered_by_the_clouds_row()
    {
        await ApplyAsync(Row("p1", "OIL", 3), Mark(3, 1));
        await ExecuteAsync("UPDATE products SET price = 777");

        await ApplyAsync(Row("p1", "OIL", 4, name: "Oil, new name"), Mark(4, 1));

        Assert.Equal(777, await ScalarAsync("SELECT price FROM products"));
        Assert.Equal(1, await ScalarAsync("SELECT name = 'Oil, new name' FROM products"));
        Assert.Single((await Replica.NextBatchAsync(Cancel))!.Changes);
    }

    [Fact]
    public async Task A_row_that_differs_from_the_cloud_is_found_and_repaired()
    {
        await ApplyAsync(Row("p1", "OIL", 3), Row("p2", "SUGAR", 3), Mark(3, 2));
        var sums = await Db.ReadAsync(c => Checksums.Of(c, Tables.Products), Cancel);
        Assert.Empty((await ApplyAsync(new AnswerLine.Mark(3, 0, [sums]))).Mismatch);

        await Db.WriteAsync(
            c => { c.Execute(
                "UPDATE replica SET applying = 1; DELETE FROM products WHERE id = 'p2'; "
                    + "UPDATE replica SET applying = 0"); }, Cancel);

        Assert.Equal(["products"], (await ApplyAsync(new AnswerLine.Mark(3, 0, [sums]))).Mismatch);
        await Replica.StartRepairAsync("test", Cancel);
        Assert.Equal(Tables.All.Count, (await Replica.PositionAsync(Cancel)).Sums!.Count);
        var repaired = await ApplyAsync(Differ("p1", "p2"), Row("p1", "OIL", 3), Row("p2", "SUGAR", 3),
            new AnswerLine.Mark(3, 2, [sums]));
        Assert.Empty(repaired.Mismatch);
        Assert.Equal(1, repaired.Repaired);
        Assert.Null((await Replica.PositionAsync(Cancel)).Sums);
    }

    [Fact]
    public async Task A_repair_drops_what_the_cloud_no_longer_has_and_keeps_what_it_never_had()
    {
        await ApplyAsync(Row("gone", "OLD", 3), Row("p1", "OIL", 3), Mark(3, 2));
        await ExecuteAsync(Insert("mine", "NEW"));
        await Replica.StartRepairAsync("test", Cancel);

        await ApplyAsync(Differ("gone", "p1", "mine"), Row("p1", "OIL", 3), Mark(4, 1));

        Assert.Equal("mine,p1",
            await Db.ReadAsync(
                c => c.Scalar<string>("SELECT group_concat(id, ',') FROM (SELECT id FROM products ORDER BY id)"),
                Cancel));
        Assert.Equal("mine", (await Replica.NextBatchAsync(Cancel))!.Changes.Single().Id);
    }

    [Fact]
    public async Task A_product_deleted_in_the_cloud_that_an_order_here_names_is_told_again_as_no_longer_sold()
    {
        await SoldOnceAsync();

        await ApplyAsync(new AnswerLine.Gone(Tables.Products, "p1", 4), Mark(4, 1));

        Assert.Equal(0, await ScalarAsync("SELECT active FROM products WHERE id = 'p1'"));
        Assert.Contains((await Replica.NextBatchAsync(Cancel))!.Changes,
            c => c is { Kind: ChangeKind.Insert, Id: "p1" });
    }

    [Fact]
    public async Task A_row_of_the_cloud_that_names_one_deleted_here_does_not_stop_the_sync()
    {
        await ApplyAsync(Asha("c1", 3), Mark(3, 1));
        await ExecuteAsync("DELETE FROM customers WHERE id = 'c1'");

        await ApplyAsync(
            Row(Tables.Orders, 4,
                Tables.Orders.Row(("id", "o1"), ("number", "A-1"), ("customer_id", "c1"), ("turn_id", "t1"),
                    ("status", "confirmed"), ("currency", "INR"))), Mark(4, 1));

        Assert.Equal(1, await ScalarAsync("SELECT count(*) FROM orders"));
        Assert.Equal(ChangeKind.Delete, (await Replica.NextBatchAsync(Cancel))!.Changes.Single().Kind);
        await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(
            () => ExecuteAsync("DELETE FROM orders; INSERT INTO order_events VALUES ('e', 'nobody', 'k', '', 1, 0)"));
    }

    [Fact]
    public async Task What_a_cloud_restored_from_a_backup_has_lost_is_told_again()
    {
        await ApplyAsync(Row("old", "OLD", 3), Row("new", "NEW", 9), Mark(9, 2));
        await Replica.StartRepairAsync("test", Cancel);

        await ApplyAsync(Differ("old", "new"), Row("old", "OLD", 3), Mark(5, 1));

        Assert.Equal((ChangeKind.Insert, "new"),
            (await Replica.NextBatchAsync(Cancel))!.Changes.Select(c => (c.Kind, c.Id)).Single());
        Assert.Equal(2, await ScalarAsync("SELECT count(*) FROM products"));
    }

    [Fact]
    public async Task Sums_of_all_tables_are_asked_for_only_when_nothing_is_left_to_send()
    {
        await ApplyAsync(Row("p1", "OIL", 3), Mark(3, 1));
        Clock.Advance(TimeSpan.FromHours(2));
        await Db.WriteAsync(
            connection => { for (var i = 2; i <= Protocol.BatchChanges + 2; i++)
                connection.Execute(Insert($"p{i}", $"S{i}")); }, Cancel);
        await ExecuteAsync(Insert("last", "LAST"));
        var first = (await Replica.NextBatchAsync(Cancel))!;
        Assert.False((await Replica.PositionAsync(Cancel)).CheckDue);
        await ApplyAsync(new AnswerLine.Answered(new BatchAnswer(first.Id, first.Sequence, 4, [])), Mark(4));
        await Replica.NextBatchAsync(Cancel);
        Assert.True((await Replica.PositionAsync(Cancel)).CheckDue);
    }

    [Fact]
    public async Task A_first_load_that_is_cut_goes_on_after_its_last_page()
    {
        Assert.Equal(PageMark.Start, (await Replica.PositionAsync(Cancel)).Page);
        var at = new PageMark("products", "0198a000-0000-7000-8000-0000000000aa", 7);

        await Assert.ThrowsAsync<CloudUnavailableException>(
            () => ApplyAsync(Row("p1", "OIL", 3), new AnswerLine.Page(at), Row("p2", "SUGAR", 3)));

        Assert.Equal(at, (await Replica.PositionAsync(Cancel)).Page);
        Assert.Equal("p1", await Db.ReadAsync(c => c.Scalar<string>("SELECT group_concat(id) FROM products"), Cancel));
        Assert.Null(await Replica.NextBatchAsync(Cancel));
        await ApplyAsync(Row("p2", "SUGAR", 3), Mark(7, 1));
        Assert.Null((await Replica.PositionAsync(Cancel)).Page);
        Assert.Equal(7, (await Replica.PositionAsync(Cancel)).Since);
    }
}
