using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Sak.Agent.Catalog;
using Sak.Agent.Database;
using Sak.Agent.Sync;
using Sak.Sync.Replica;
using Sak.Sync.Wire;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Sync;

/// <summary>
/// The statements that take an answer are kept for the next one, and an index is touched only where it must be.
/// </summary>
public sealed class IncomingRowsTests : IAsyncDisposable
{
    private static readonly int[] AllColumns = [.. Enumerable.Range(0, Tables.Products.Columns.Count)];
    private readonly Folder _folder = new();
    private readonly FakeTimeProvider _clock = new(TestTime.Start);
    private readonly ReplicaDb _db;
    private readonly SqliteReplica _replica;

    public IncomingRowsTests()
    {
        _db = OpenReplica.At(_folder.File("shop.db"), _clock);
        _replica = new SqliteReplica(_db, _clock);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_product_whose_SKU_changed_in_the_cloud_is_found_by_the_new_one_and_by_no_other()
    {
        await ApplyAsync(2, Row("p1", "OIL", 100, 2), Row("p2", "SUGAR", 100, 2));

        await ApplyAsync(3, Row("p1", "OIL-5", 120, 3), Row("p2", "SUGAR", 130, 3), Row("p3", "OIL", 140, 3));

        Assert.Equal("OIL/p3/140/3 OIL-5/p1/120/3 SUGAR/p2/130/3",
            await ScalarAsync(
                "SELECT group_concat(sku || '/' || id || '/' || price || '/' || ver, ' ') FROM (SELECT * FROM "
                    + "products INDEXED BY products_sku WHERE sku > '' ORDER BY sku)"));
        Assert.Equal("ok", await ScalarAsync("PRAGMA integrity_check"));
        Assert.False((await _replica.PositionAsync(Cancel)).Waits);
    }

    [Fact]
    public async Task An_answer_that_names_its_columns_otherwise_than_the_one_before_is_put_where_it_says()
    {
        await ApplyAsync(2, Row("p1", "OIL", 100, 2));
        await ApplyAsync(3, Row("p1", "OIL", 110, 3));

        var row = Row("p1", "OIL-5", 120, 4);
        await ApplyAsync(4,
            row with { Columns = [0, .. AllColumns[1..].Reverse()],
                Values = [row.Values[0], .. row.Values.Skip(1).Reverse()] });
        Assert.Equal("OIL-5/120/4", await ScalarAsync("SELECT sku || '/' || price || '/' || ver FROM products"));
        await ExecuteAsync("UPDATE products SET on_hand = 7");
        await ApplyAsync(5,
            row with { Version = 5, Columns = AllColumns[..^1], Values = [.. row.Values.Take(AllColumns.Length - 1)] });
        Assert.Equal("7/5", await ScalarAsync("SELECT on_hand || '/' || ver FROM products"));

        await ApplyAsync(6, Row("p1", "OIL", 130, 6));
        Assert.Equal("OIL/130/6",
            await ScalarAsync("SELECT sku || '/' || price || '/' || ver FROM products WHERE on_hand IS NULL"));
    }

    [Fact]
    public async Task What_the_PC_writes_is_captured_and_held_to_its_parents_though_the_clouds_rows_are_not()
    {
        await ApplyAsync(2, Row("p1", "OIL", 100, 2));
        await ApplyAsync(3,
            new AnswerLine.Row(Tables.StockMovements, [0, 1, 2, 3, 4, 5], 3,
                ["m1", "never came", 1000L, "sold", null, 1L]));

        await Assert.ThrowsAsync<SqliteException>(
            () => ExecuteAsync("INSERT INTO stock_movements VALUES ('m2', 'never came', 1000, 'sold', NULL, 1, 0)"));
        Assert.False((await _replica.PositionAsync(Cancel)).Waits);

        await ExecuteAsync("UPDATE products SET price = 90");
        Assert.True((await _replica.PositionAsync(Cancel)).Waits);
    }

    [Fact]
    public async Task An_index_and_a_trigger_that_another_program_adds_between_two_answers_are_kept_true()
    {
        await ApplyAsync(2, Row("p1", "OIL", 100, 2));
        await ElsewhereAsync("CREATE INDEX products_name ON products (lower(name), unit)");
        await ApplyAsync(3, Row("p1", "GHEE", 110, 3));
        await ElsewhereAsync(
            "CREATE TABLE prices (price INTEGER); CREATE TRIGGER catalog_product_prices AFTER UPDATE OF price ON "
                + "products BEGIN INSERT INTO prices VALUES (new.price); END");

        await ApplyAsync(4, Row("p1", "GHEE", 120, 4));

        Assert.Equal("120", await ScalarAsync("SELECT group_concat(price) FROM prices"));
        Assert.Equal("p1",
            await ScalarAsync("SELECT id FROM products INDEXED BY products_name WHERE lower(name) = 'ghee'"));
    }

    [Fact]
    public async Task A_product_is_found_by_the_last_name_from_the_cloud_also_after_a_first_load_that_was_broken_off()
    {
        string[] ids = [.. Enumerable.Range(1, 3).Select(i => $"01980000-0000-7000-8000-00000000000{i}")];
        var index = new CatalogIndex(_db.OpenReader);
        var sound = Encoding.UTF8.GetString(
            await AnswerAsync(2, Row(ids[0], "OIL", 100, 2), Row(ids[1], "SUGAR", 100, 2)));
        var broken = Encoding.UTF8.GetBytes(sound.Replace("\"SUGAR\"", "1.5"));
        await Assert.ThrowsAsync<CloudUnavailableException>(
            () => _replica.ApplyAsync(new MemoryStream(broken), null, Cancel));
        Assert.Equal("0", await ScalarAsync("SELECT count(*) FROM products"));
        await _replica.ApplyAsync(new MemoryStream(Encoding.UTF8.GetBytes(sound)), null, Cancel);

        Assert.Equal("OIL", Assert.Single(await index.FindAsync(["oil"], 5, Cancel)).Name);

        await ApplyAsync(3, Row(ids[0], "GHEE", 100, 3), Row(ids[2], "RICE", 100, 3),
            new AnswerLine.Gone(Tables.Products, ids[1], 3));

        Assert.False(await _db.ReadAsync(CatalogIndex.IsBehind, Cancel));
        Assert.Equal("GHEE", Assert.Single(await index.FindAsync(["ghee"], 5, Cancel)).Name);
        Assert.Equal("RICE", Assert.Single(await index.FindAsync(["rice"], 5, Cancel)).Name);
        Assert.Empty(await index.FindAsync(["oil"], 5, Cancel));
        Assert.Empty(await index.FindAsync(["sugar"], 5, Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        await _db.DisposeAsync();
        _folder.Dispose();
    }

    private static AnswerLine.Row Row(string id, string sku, long price, long version) =>
        new(Tables.Products, AllColumns, version, [id, sku, sku, "", "can", "", price, "INR", 0L, 1L, null]);

    private static async Task<byte[]> AnswerAsync(long version, params AnswerLine[] rows) =>
        (await AnswerBody.OfAsync([.. rows, new AnswerLine.Mark(version, rows.Length, null)])).ToArray();

    private async Task ApplyAsync(long version, params AnswerLine[] rows) =>
        await _replica.ApplyAsync(new MemoryStream(await AnswerAsync(version, rows)), null, Cancel);

    private async Task ElsewhereAsync(string sql)
    {
        await using var other = new SqliteConnection($"Data Source={_folder.File("shop.db")};Pooling=False");
        await other.OpenAsync(Cancel);
        other.Execute(sql);
    }

    private Task ExecuteAsync(string sql) => _db.WriteAsync(c => { c.Execute(sql); }, Cancel);

    private Task<string> ScalarAsync(string sql) => _db.ReadAsync(c => c.Scalar<string>(sql), Cancel);
}
