using Microsoft.Extensions.Time.Testing;
using Sak.Agent.Catalog;
using Sak.Agent.Database;
using Sak.Agent.Status;
using Sak.Agent.Sync;
using Sak.Sync.Replica;
using Sak.Sync.Wire;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Sync;

public sealed class ChangeLogTests : IAsyncDisposable
{
    private readonly Folder _folder = new();
    private readonly FakeTimeProvider _clock = new(TestTime.Start);
    private readonly ReplicaDb _db;
    private readonly SqliteReplica _replica;

    public ChangeLogTests()
    {
        _db = OpenReplica.At(_folder.File("shop.db"), _clock);
        _replica = new SqliteReplica(_db, _clock);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_change_is_captured_with_what_it_replaced()
    {
        await ExecuteAsync(Insert("p1", "OIL"));
        await ExecuteAsync("UPDATE products SET price = 250, name = 'Oil 5 L' WHERE id = 'p1'");
        await ExecuteAsync("UPDATE products SET price = 250 WHERE id = 'p1'");
        await ExecuteAsync("DELETE FROM products WHERE id = 'p1'");

        var batch = await _replica.NextBatchAsync(Cancel);

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
            $"Data Source={_folder.File("shop.db")};Pooling=False"))
        {
            other.Open();
            other.Execute(Insert("p1", "OIL"));
        }

        Assert.Equal("p1", (await _replica.NextBatchAsync(Cancel))!.Changes.Single().Id);
    }

    [Fact]
    public async Task A_text_of_another_program_that_is_no_UTF_8_goes_up_as_it_can_be_read()
    {
        await ExecuteAsync(Insert("p1", "OIL").Replace("'OIL'", "CAST(x'4F494CFF' AS TEXT)"));

        using var body = new MemoryStream();
        var batch = (await _replica.NextBatchAsync(Cancel))!;
        await SyncWire.WriteRequestAsync(body,
            new SyncHead(Protocol.Version, Tables.SchemaVersion, Guid.NewGuid(), 0, false, batch.Id, batch.Sequence),
            batch, Cancel);
        body.Position = 0;
        var sent = await (await SyncWire.ReadRequestAsync(body, Cancel)).Changes.SingleAsync(Cancel);

        Assert.Equal("OIL\uFFFD", sent.Row[Tables.Products.IndexOf("sku")]);
    }

    [Fact]
    public async Task A_row_that_is_parked_while_its_next_change_waits_is_sent_whole_and_once()
    {
        await _db.WriteAsync(
            connection =>
            {
                for (var i = 0; i < Protocol.BatchChanges; i++) connection.Execute(Insert($"p{i}", $"S{i}"));
            },
            Cancel);
        await ExecuteAsync("UPDATE products SET price = 250 WHERE id = 'p0'");
        await ExecuteAsync(Insert("x", "X"));
        var first = (await _replica.NextBatchAsync(Cancel))!;
        Assert.Equal(Protocol.BatchChanges, first.Changes.Count);

        await ApplyAsync(
            new AnswerLine.Answered(new BatchAnswer(first.Id, first.Sequence, 5, [Parked(first.Changes[0])])), Mark(5));
        var second = (await _replica.NextBatchAsync(Cancel))!;

        Assert.Equal([("x", ChangeKind.Insert), ("p0", ChangeKind.Insert)], second.Changes.Select(c => (c.Id, c.Kind)));
        Assert.Equal(250L, second.Changes[1].Row[Tables.Products.IndexOf("price")]);
    }

    [Fact]
    public async Task A_batch_stays_the_same_until_it_is_settled_whatever_happens_meanwhile()
    {
        await ExecuteAsync(Insert("p1", "OIL"));
        var first = await _replica.NextBatchAsync(Cancel);
        await ExecuteAsync("UPDATE products SET price = 999 WHERE id = 'p1'");

        await using var reopened = OpenReplica.At(_folder.File("shop.db"), _clock);
        var again = await new SqliteReplica(reopened, _clock).NextBatchAsync(Cancel);

        Assert.Equal((first!.Id, first.Sequence), (again!.Id, again.Sequence));
        Assert.Equal(first.Changes.Single().Row, again.Changes.Single().Row);
    }

    [Fact]
    public async Task A_batch_never_cuts_a_local_transaction()
    {
        await _db.WriteAsync(
            c =>
            {
                for (var i = 0; i < Protocol.BatchChanges + 500; i++) c.Execute(Insert($"p{i}", $"S{i}"));
            },
            Cancel);
        await ExecuteAsync(Insert("last", "LAST"));

        var batch = await _replica.NextBatchAsync(Cancel);

        Assert.Equal(Protocol.BatchChanges + 500, batch!.Changes.Count);
    }

    [Fact]
    public async Task A_settled_batch_leaves_the_log_and_its_rows_carry_the_clouds_version()
    {
        await ExecuteAsync(Insert("p1", "OIL"));
        var batch = await _replica.NextBatchAsync(Cancel);

        await ApplyAsync(new AnswerLine.Answered(new BatchAnswer(batch!.Id, batch.Sequence, 5, [])), Mark(5));

        Assert.Null(await _replica.NextBatchAsync(Cancel));
        Assert.Equal(5, await ScalarAsync("SELECT ver FROM products"));
        Assert.Equal(5, (await _replica.PositionAsync(Cancel)).Since);
    }

    [Fact]
    public async Task An_answer_that_ends_before_its_mark_changes_nothing()
    {
        await ExecuteAsync(Insert("p1", "OIL"));
        var batch = await _replica.NextBatchAsync(Cancel);

        await Assert.ThrowsAsync<CloudUnavailableException>(
            () => ApplyAsync(new AnswerLine.Answered(new BatchAnswer(batch!.Id, batch.Sequence, 5, [])),
                Row("p2", "SUGAR", 5)));

        Assert.Equal(batch!.Id, (await _replica.NextBatchAsync(Cancel))!.Id);
        Assert.Equal(1, await ScalarAsync("SELECT count(*) FROM products"));
    }

    [Fact]
    public async Task What_the_cloud_sends_is_not_sent_back()
    {
        await ApplyAsync(Row("p1", "OIL", 3), Mark(3, 1));

        Assert.Null(await _replica.NextBatchAsync(Cancel));
        Assert.Equal(3, await ScalarAsync("SELECT ver FROM products"));
    }

    [Fact]
    public async Task A_column_changed_here_and_not_sent_yet_is_not_covered_by_the_clouds_row()
    {
        await ApplyAsync(Row("p1", "OIL", 3), Mark(3, 1));
        await ExecuteAsync("UPDATE products SET price = 777");

        await ApplyAsync(Row("p1", "OIL", 4, name: "Oil, new name"), Mark(4, 1));

        Assert.Equal(777, await ScalarAsync("SELECT price FROM products"));
        Assert.Equal(1, await ScalarAsync("SELECT name = 'Oil, new name' FROM products"));
        Assert.Single((await _replica.NextBatchAsync(Cancel))!.Changes);
    }

    [Fact]
    public async Task A_refused_row_is_kept_with_its_reason()
    {
        await ExecuteAsync(Insert("p1", "OIL"));
        var batch = await _replica.NextBatchAsync(Cancel);
        var refusal = new Refusal(batch!.Changes[0].Sequence, RefusalKind.Parked, null,
            "the currency is not the shop's");

        await ApplyAsync(new AnswerLine.Answered(new BatchAnswer(batch.Id, batch.Sequence, 0, [refusal])), Mark(1));

        Assert.Equal("p1|the currency is not the shop's",
            await _db.ReadAsync(c => c.Scalar<string>("SELECT id || '|' || reason FROM refusals"), Cancel));
        Assert.Equal(1, await ScalarAsync("SELECT count(*) FROM products"));
        Assert.Null(await _replica.NextBatchAsync(Cancel));
    }

    [Fact]
    public async Task A_row_that_differs_from_the_cloud_is_found_and_repaired()
    {
        await ApplyAsync(Row("p1", "OIL", 3), Row("p2", "SUGAR", 3), Mark(3, 2));
        var sums = await _db.ReadAsync(c => Checksums.Of(c, Tables.Products), Cancel);
        Assert.Empty((await ApplyAsync(new AnswerLine.Mark(3, 0, [sums]))).Mismatch);

        await _db.WriteAsync(
            c => { c.Execute(
                "UPDATE replica SET applying = 1; DELETE FROM products WHERE id = 'p2'; "
                    + "UPDATE replica SET applying = 0"); }, Cancel);

        Assert.Equal(["products"], (await ApplyAsync(new AnswerLine.Mark(3, 0, [sums]))).Mismatch);
        await _replica.StartRepairAsync("test", Cancel);
        Assert.Equal(Tables.All.Count, (await _replica.PositionAsync(Cancel)).Sums!.Count);
        var repaired = await ApplyAsync(Differ("p1", "p2"), Row("p1", "OIL", 3), Row("p2", "SUGAR", 3),
            new AnswerLine.Mark(3, 2, [sums]));
        Assert.Empty(repaired.Mismatch);
        Assert.Equal(1, repaired.Repaired);
        Assert.Null((await _replica.PositionAsync(Cancel)).Sums);
    }

    [Fact]
    public async Task A_repair_drops_what_the_cloud_no_longer_has_and_keeps_what_it_never_had()
    {
        await ApplyAsync(Row("gone", "OLD", 3), Row("p1", "OIL", 3), Mark(3, 2));
        await ExecuteAsync(Insert("mine", "NEW"));
        await _replica.StartRepairAsync("test", Cancel);

        await ApplyAsync(Differ("gone", "p1", "mine"), Row("p1", "OIL", 3), Mark(4, 1));

        Assert.Equal("mine,p1",
            await _db.ReadAsync(
                c => c.Scalar<string>("SELECT group_concat(id, ',') FROM (SELECT id FROM products ORDER BY id)"),
                Cancel));
        Assert.Equal("mine", (await _replica.NextBatchAsync(Cancel))!.Changes.Single().Id);
    }

    [Fact]
    public async Task A_refused_row_that_is_corrected_here_is_sent_again_whole_with_all_that_was_refused()
    {
        await ExecuteAsync(Insert("p1", "OIL"));
        await ExecuteAsync(Insert("p2", "SUGAR"));
        var batch = await _replica.NextBatchAsync(Cancel);
        await ApplyAsync(
            new AnswerLine.Answered(new BatchAnswer(batch!.Id, 1, 0, [.. batch.Changes.Select(c => Parked(c))])),
            Mark(1));
        Assert.Null(await _replica.NextBatchAsync(Cancel));

        await ExecuteAsync("UPDATE products SET sku = 'OIL-2' WHERE id = 'p1'");

        var again = (await _replica.NextBatchAsync(Cancel))!.Changes;
        Assert.Equal([(ChangeKind.Insert, "p1"), (ChangeKind.Insert, "p2")], again.Select(c => (c.Kind, c.Id)));
        Assert.Equal("OIL-2", Tables.Products.Value(again[0].Row, "sku"));
        Assert.Equal(0, await ScalarAsync("SELECT count(*) FROM refusals WHERE settled_at IS NULL"));
    }

    [Fact]
    public async Task A_product_deleted_in_the_cloud_that_an_order_here_names_is_told_again_as_no_longer_sold()
    {
        await SoldOnceAsync();

        await ApplyAsync(new AnswerLine.Gone(Tables.Products, "p1", 4), Mark(4, 1));

        Assert.Equal(0, await ScalarAsync("SELECT active FROM products WHERE id = 'p1'"));
        Assert.Contains((await _replica.NextBatchAsync(Cancel))!.Changes,
            c => c is { Kind: ChangeKind.Insert, Id: "p1" });
    }

    [Fact]
    public async Task An_order_refused_for_want_of_its_product_is_offered_again_when_the_product_comes()
    {
        await SoldOnceAsync();
        var batch = await _replica.NextBatchAsync(Cancel);
        await ApplyAsync(
            new AnswerLine.Answered(
                new BatchAnswer(batch!.Id, 1, 0,
                    [.. batch.Changes.Where(c => c.Table != Tables.Customers).Select(c => Parked(c))])), Mark(4));
        Assert.Null(await _replica.NextBatchAsync(Cancel));

        await ApplyAsync(Row("p1", "OIL", 5), Mark(5, 1));

        Assert.Equal(["o1", "l1"], (await _replica.NextBatchAsync(Cancel))!.Changes.Select(c => c.Id));
    }

    [Fact]
    public async Task What_was_refused_before_its_order_went_up_again_in_a_later_batch_is_offered_again()
    {
        await SoldOnceAsync();
        await ExecuteAsync("INSERT INTO order_events VALUES ('e1', 'o1', 'delivered', '', 1, 0)");
        var small = new SqliteReplica(_db, _clock, full: 1);
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
    public async Task A_row_of_the_cloud_that_names_one_deleted_here_does_not_stop_the_sync()
    {
        await ApplyAsync(Asha("c1", 3), Mark(3, 1));
        await ExecuteAsync("DELETE FROM customers WHERE id = 'c1'");

        await ApplyAsync(
            Row(Tables.Orders, 4,
                Tables.Orders.Row(("id", "o1"), ("number", "A-1"), ("customer_id", "c1"), ("turn_id", "t1"),
                    ("status", "confirmed"), ("currency", "INR"))), Mark(4, 1));

        Assert.Equal(1, await ScalarAsync("SELECT count(*) FROM orders"));
        Assert.Equal(ChangeKind.Delete, (await _replica.NextBatchAsync(Cancel))!.Changes.Single().Kind);
        await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(
            () => ExecuteAsync("DELETE FROM orders; INSERT INTO order_events VALUES ('e', 'nobody', 'k', '', 1, 0)"));
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
        var batch = await _replica.NextBatchAsync(Cancel);
        await ExecuteAsync("DELETE FROM products");

        await ApplyAsync(
            new AnswerLine.Answered(new BatchAnswer(batch!.Id, 1, 0, [Parked(batch.Changes[0])])), Mark(1));

        Assert.Equal(0, await ScalarAsync("SELECT count(*) FROM refusals WHERE settled_at IS NULL"));
    }

    [Fact]
    public async Task What_a_cloud_restored_from_a_backup_has_lost_is_told_again()
    {
        await ApplyAsync(Row("old", "OLD", 3), Row("new", "NEW", 9), Mark(9, 2));
        await _replica.StartRepairAsync("test", Cancel);

        await ApplyAsync(Differ("old", "new"), Row("old", "OLD", 3), Mark(5, 1));

        Assert.Equal((ChangeKind.Insert, "new"),
            (await _replica.NextBatchAsync(Cancel))!.Changes.Select(c => (c.Kind, c.Id)).Single());
        Assert.Equal(2, await ScalarAsync("SELECT count(*) FROM products"));
    }

    [Fact]
    public async Task A_big_batch_that_is_refused_as_a_whole_is_settled()
    {
        await ExecuteAsync(Insert("p1", "OIL"));
        var batch = (await _replica.NextBatchAsync(Cancel))!;
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
    public async Task A_catalog_file_of_any_size_goes_up_in_batches_that_a_body_can_hold()
    {
        var file = "sku,name,aliases,unit,pack,price\n"
            + string.Concat(Enumerable.Range(0, 12_000).Select(n => $"S-{n},Soap {n},,pcs,,1.00\n"));
        await CatalogImport.RunAsync(_db, new StringReader(file), "INR", _clock, Cancel);
        var batch = (await _replica.NextBatchAsync(Cancel))!;
        Assert.InRange(batch.Changes.Count, Protocol.BatchChanges, Protocol.BatchChanges + 2_000);
        await ApplyAsync(new AnswerLine.Answered(new BatchAnswer(batch.Id, batch.Sequence, 3, [])), Mark(3));
        Assert.NotEmpty((await _replica.NextBatchAsync(Cancel))!.Changes);
    }

    [Fact]
    public async Task A_refused_product_is_not_told_as_a_safe_order()
    {
        foreach (var table in new[] { "products", "orders" })
            await ExecuteAsync(
                $"INSERT INTO refusals (seq, kind, tbl, id, op, reason, at) "
                    + $"VALUES (1, 'parked', '{table}', 'x', 'i', 'Currency', 1)");

        var told = await _db.ReadAsync(c => StatusQuery.Troubles(c, DateTimeOffset.UnixEpoch), Cancel);

        Assert.StartsWith("The order is safe",
            Assert.Single(told, t => t.What.Contains("a row of orders", StringComparison.Ordinal)).Next,
            StringComparison.Ordinal);
        Assert.DoesNotContain("order",
            Assert.Single(told, t => t.What.Contains("a row of products", StringComparison.Ordinal)).Next,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sums_of_all_tables_are_asked_for_only_when_nothing_is_left_to_send()
    {
        await ApplyAsync(Row("p1", "OIL", 3), Mark(3, 1));
        _clock.Advance(TimeSpan.FromHours(2));
        await _db.WriteAsync(
            connection => { for (var i = 2; i <= Protocol.BatchChanges + 2; i++)
                connection.Execute(Insert($"p{i}", $"S{i}")); }, Cancel);
        await ExecuteAsync(Insert("last", "LAST"));
        var first = (await _replica.NextBatchAsync(Cancel))!;
        Assert.False((await _replica.PositionAsync(Cancel)).CheckDue);
        await ApplyAsync(new AnswerLine.Answered(new BatchAnswer(first.Id, first.Sequence, 4, [])), Mark(4));
        await _replica.NextBatchAsync(Cancel);
        Assert.True((await _replica.PositionAsync(Cancel)).CheckDue);
    }

    [Fact]
    public async Task A_first_load_that_is_cut_goes_on_after_its_last_page()
    {
        Assert.Equal(PageMark.Start, (await _replica.PositionAsync(Cancel)).Page);
        var at = new PageMark("products", "0198a000-0000-7000-8000-0000000000aa", 7);

        await Assert.ThrowsAsync<CloudUnavailableException>(
            () => ApplyAsync(Row("p1", "OIL", 3), new AnswerLine.Page(at), Row("p2", "SUGAR", 3)));

        Assert.Equal(at, (await _replica.PositionAsync(Cancel)).Page);
        Assert.Equal("p1", await _db.ReadAsync(c => c.Scalar<string>("SELECT group_concat(id) FROM products"), Cancel));
        Assert.Null(await _replica.NextBatchAsync(Cancel));
        await ApplyAsync(Row("p2", "SUGAR", 3), Mark(7, 1));
        Assert.Null((await _replica.PositionAsync(Cancel)).Page);
        Assert.Equal(7, (await _replica.PositionAsync(Cancel)).Since);
    }

    public async ValueTask DisposeAsync()
    {
        await _db.DisposeAsync();
        _folder.Dispose();
    }

    // The product and the customer came from the cloud; the order is not sent yet.
    private async Task SoldOnceAsync()
    {
        await ApplyAsync(Row("p1", "OIL", 3),
            Asha("c1", 3),
            Mark(3, 2));
        await ExecuteAsync(
            """
            INSERT INTO orders VALUES ('o1', 'A-1', 'c1', 't1', 'confirmed', 'INR', 100, 0, 100, 1, 1, 0);
            INSERT INTO order_lines
              VALUES ('l1', 'o1', 0, 'p1', 'OIL', 'OIL', 1000, 'can', 1000, 'can', 100, 0, 100, 0, 100, 'm', 'oil', 0);
            """);
    }

    private static Refusal Parked(Change change) => new(change.Sequence, RefusalKind.Parked, null, "no such product");

    private static string Insert(string id, string sku) =>
        $"INSERT INTO products (id, sku, name, aliases, unit, packs, price, currency, tax_rate, active) "
            + $"VALUES ('{id}', '{sku}', '{sku}', '', 'can', '', 100, 'INR', 0, 1)";

    private static object?[] Product(string id, string sku, string? name = null) =>
        Tables.Products.Row(("id", id), ("sku", sku), ("name", name ?? sku), ("unit", "can"), ("price", 100),
            ("currency", "INR"), ("active", 1));

    private static AnswerLine.Row Row(string id, string sku, long version, string? name = null) =>
        Row(Tables.Products, version, Product(id, sku, name));

    private static AnswerLine.Row Row(Table table, long version, object?[] values) =>
        new(table, [.. Enumerable.Range(0, table.Columns.Count)], version, values);

    private static AnswerLine.Row Asha(string id, long version) =>
        Row(Tables.Customers, version,
            Tables.Customers.Row(("id", id), ("phone", "1"), ("chat_id", "1@c.us"), ("name", "Asha"),
                ("language", "en"), ("words", "{}")));

    private static AnswerLine.Differ Differ(params string[] ids) =>
        new(Tables.Products, [.. ids.Select(RowHash.Bucket).Distinct()]);

    private static AnswerLine.Mark Mark(long version, long rows = 0) => new(version, rows, null);

    private async Task<AppliedAnswer> ApplyAsync(params AnswerLine[] lines)
    {
        var answer = new MemoryStream();
        await SyncWire.WriteAnswerAsync(answer, lines.ToAsyncEnumerable(), Cancel);
        answer.Position = 0;
        return await _replica.ApplyAsync(answer, null, Cancel);
    }

    private Task ExecuteAsync(string sql) => _db.WriteAsync(c => { c.Execute(sql); }, Cancel);

    private Task<long> ScalarAsync(string sql) => _db.ReadAsync(c => c.Scalar<long>(sql), Cancel);
}
