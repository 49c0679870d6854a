using Sak.Agent.Catalog;
using Sak.Agent.Database;
using Sak.Agent.Sync;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Tests.Agent.Sync;

/// <summary>What is captured on this PC, and the batches in which it goes up.</summary>
public sealed class ChangeLogTests : LocalReplica
{
    [Fact]
    public async Task Every_change_is_captured_with_what_it_replaced()
    {
        await ExecuteAsync(Insert("p1", "OIL"));
        await ExecuteAsync("UPDATE products SET price = 250, name = 'Oil 5 L' WHERE id = 'p1'");
        await ExecuteAsync("UPDATE products SET price = 250 WHERE id = 'p1'");
        await ExecuteAsync("DELETE FROM products WHERE id = 'p1'");

        var batch = await Replica.NextBatchAsync(Cancel);

        Assert.Equal([ChangeKind.Insert, ChangeKind.Update, ChangeKind.Delete], batch!.Changes.Select(c => c.Kind));
        Assert.Equal(Product("p1", "OIL"), batch.Changes[0].Row);
        Assert.Equal(
            [new ColumnChange(Tables.Products.IndexOf("name"), "OIL", "Oil 5 L"),
                new ColumnChange(Tables.Products.IndexOf("price"), 100L, 250L)],
            batch.Changes[1].Columns.OrderBy(c => c.Column));
    }

    [Fact]
    public async Task What_another_program_writes_into_the_file_is_captured_too()
    {
        using (var other = new Microsoft.Data.Sqlite.SqliteConnection(
            $"Data Source={ShopFile};Pooling=False"))
        {
            other.Open();
            other.Execute(Insert("p1", "OIL"));
        }

        Assert.Equal("p1", (await Replica.NextBatchAsync(Cancel))!.Changes.Single().Id);
    }

    [Fact]
    public async Task A_text_of_another_program_that_is_no_UTF_8_goes_up_as_it_can_be_read()
    {
        await ExecuteAsync(Insert("p1", "OIL").Replace("'OIL'", "CAST(x'4F494CFF' AS TEXT)"));

        using var body = new MemoryStream();
        var batch = (await Replica.NextBatchAsync(Cancel))!;
        await SyncWire.WriteRequestAsync(body,
            new SyncHead(Protocol.Version, Tables.SchemaVersion, Guid.NewGuid(), 0, false, batch.Id, batch.Sequence),
            batch, Cancel);
        body.Position = 0;
        var sent = await (await SyncWire.ReadRequestAsync(body, Cancel)).Changes.SingleAsync(Cancel);

        Assert.Equal("OIL\uFFFD", sent.Row[Tables.Products.IndexOf("sku")]);
    }

    [Fact]
    public async Task A_batch_stays_the_same_until_it_is_settled_whatever_happens_meanwhile()
    {
        await ExecuteAsync(Insert("p1", "OIL"));
        var first = await Replica.NextBatchAsync(Cancel);
        await ExecuteAsync("UPDATE products SET price = 999 WHERE id = 'p1'");

        await using var reopened = OpenReplica.At(ShopFile, Clock);
        var again = await new SqliteReplica(reopened, Clock).NextBatchAsync(Cancel);

        Assert.Equal((first!.Id, first.Sequence), (again!.Id, again.Sequence));
        Assert.Equal(first.Changes.Single().Row, again.Changes.Single().Row);
    }

    [Fact]
    public async Task A_batch_never_cuts_a_local_transaction()
    {
        await Db.WriteAsync(
            c =>
            {
                for (var i = 0; i < Protocol.BatchChanges + 500; i++) c.Execute(Insert($"p{i}", $"S{i}"));
            },
            Cancel);
        await ExecuteAsync(Insert("last", "LAST"));

        var batch = await Replica.NextBatchAsync(Cancel);

        Assert.Equal(Protocol.BatchChanges + 500, batch!.Changes.Count);
    }

    [Fact]
    public async Task A_settled_batch_leaves_the_log_and_its_rows_carry_the_clouds_version()
    {
        await ExecuteAsync(Insert("p1", "OIL"));
        var batch = await Replica.NextBatchAsync(Cancel);

        await ApplyAsync(new AnswerLine.Answered(new BatchAnswer(batch!.Id, batch.Sequence, 5, [])), Mark(5));

        Assert.Null(await Replica.NextBatchAsync(Cancel));
        Assert.Equal(5, await ScalarAsync("SELECT ver FROM products"));
        Assert.Equal(5, (await Replica.PositionAsync(Cancel)).Since);
    }

    [Fact]
    public async Task What_the_cloud_sends_is_not_sent_back()
    {
        await ApplyAsync(Row("p1", "OIL", 3), Mark(3, 1));

        Assert.Null(await Replica.NextBatchAsync(Cancel));
        Assert.Equal(3, await ScalarAsync("SELECT ver FROM products"));
    }

    [Fact]
    public async Task A_catalog_file_of_any_size_goes_up_in_batches_that_a_body_can_hold()
    {
        var file = "sku,name,aliases,unit,pack,price\n"
            + string.Concat(Enumerable.Range(0, 12_000).Select(n => $"S-{n},Soap {n},,pcs,,1.00\n"));
        await CatalogImport.RunAsync(Db, new StringReader(file), "INR", Clock, Cancel);
        var batch = (await Replica.NextBatchAsync(Cancel))!;
        Assert.InRange(batch.Changes.Count, Protocol.BatchChanges, Protocol.BatchChanges + 2_000);
        await ApplyAsync(new AnswerLine.Answered(new BatchAnswer(batch.Id, batch.Sequence, 3, [])), Mark(3));
        Assert.NotEmpty((await Replica.NextBatchAsync(Cancel))!.Changes);
    }
}
