using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Sak.Agent.Catalog;
using Sak.Agent.Database;
using Sak.Agent.Sync;
using Sak.Sync.Replica;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Database;

public sealed class ReplicaDbTests : IDisposable
{
    private readonly Folder _folder = new();
    private readonly FakeTimeProvider _clock = new(TestTime.Start);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_replica_has_exactly_the_declared_columns()
    {
        await using var db = OpenReplica.At(_folder.File("shop.db"), _clock);
        foreach (var table in Tables.All)
        {
            var columns = await db.ReadAsync(
                c => c.List($"SELECT name, type, `notnull`, pk FROM pragma_table_info('{table.Name}')",
                    r => (Name: r.GetString(0), Type: r.GetString(1), Needed: r.GetBoolean(2), Key: r.GetBoolean(3))),
                    Cancel);

            Assert.Equal(table.Columns.Select(c => c.Name).Append("ver"), columns.Select(c => c.Name));
            foreach (var (declared, actual) in table.Columns.Zip(columns))
            {
                Assert.Equal(declared.Kind is ColumnKind.Id or ColumnKind.Text ? "TEXT" : "INTEGER", actual.Type);
                Assert.Equal(!declared.Nullable, actual.Needed || actual.Key);
            }
        }
    }

    [Fact]
    public async Task Rows_of_the_cloud_may_name_a_parent_that_is_missing_and_rows_of_this_PC_after_them_may_not()
    {
        const string Orphan = "INSERT INTO stock_movements VALUES ('m1', 'no such product', 1000, 'sold', NULL, 1, 0)";
        await using var db = OpenReplica.At(_folder.File("shop.db"), _clock);
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.WriteCloudRowsAsync<bool>(
            c =>
            {
                c.Execute(Orphan);
                throw new InvalidOperationException("the answer is broken");
            }, Cancel));

        await Assert.ThrowsAsync<SqliteException>(() => db.WriteAsync(c => { c.Execute(Orphan); }, Cancel));
        Assert.Equal(1, await db.WriteCloudRowsAsync(c => c.Execute(Orphan), Cancel));
        await Assert.ThrowsAsync<SqliteException>(
            () => db.WriteAsync(c => { c.Execute(Orphan.Replace("m1", "m2")); }, Cancel));
    }

    [Fact]
    public async Task A_database_from_the_future_is_refused_with_what_to_do_and_left_alone()
    {
        await using (var db = OpenReplica.At(_folder.File("shop.db"), _clock))
            await db.WriteAsync(c => { c.Execute("PRAGMA user_version = 99"); }, Cancel);

        var error = Assert.Throws<StoreException>(() => OpenReplica.At(_folder.File("shop.db"), _clock));

        Assert.Contains("newer version of SAK", error.Message);
    }

    [Fact]
    public async Task A_database_of_the_first_version_is_brought_up_to_date_and_keeps_its_rows()
    {
        using (var old = new SqliteConnection($"Data Source={_folder.File("shop.db")};Pooling=false"))
        {
            old.Open();
            old.Execute(
                await File.ReadAllTextAsync(Path.Combine(Sak.Tools.House.Root, "agent", "Database", "Schema.sql"),
                    Cancel));
            CatalogIndex.CreateSchema(old);
            old.Execute(
                "INSERT INTO replica (one, id, txn, applying, since, batches, checked_at, repairing) VALUES (1, "
                    + "'0198a000-0000-7000-8000-000000000001', 7, 0, 41, 3, 0, '')");
            old.Execute(
                "INSERT INTO products (id, sku, name, aliases, unit, packs, price, currency, tax_rate, active) VALUES "
                    + "('0198a000-0000-7000-8000-0000000000a1', 'OIL', 'Oil', 'fones', 'can', '', 100, 'INR', 0, 1)");
            CatalogIndex.Refresh(old);
            old.Execute("DELETE FROM change_log; PRAGMA user_version = 1");
        }

        await using var db = OpenReplica.At(_folder.File("shop.db"), _clock);

        Assert.Equal((FileVersion.Current.Number, 1L, 41L),
            (await db.ReadAsync(
                c => (c.Scalar<int>("PRAGMA user_version"), c.Scalar<long>("SELECT count(*) FROM products"),
                    c.Scalar<long>("SELECT since FROM replica")), Cancel)));
        Assert.NotEqual("", await db.ReadAsync(c => c.Scalar<string>("SELECT repairing FROM replica"), Cancel));
        await db.WriteAsync(
            c => { c.Execute(
                "INSERT INTO price_rules (id, kind, sku, pack, from_quantity, amount, rate, from_amount) VALUES "
                    + "('r1', 'price', 'OIL', '', 0, 5, 0, 0)"); }, Cancel);
        Assert.Equal(1,
            await db.ReadAsync(c => c.Scalar<long>("SELECT count(*) FROM change_log WHERE tbl = 'price_rules'"),
                Cancel));
        Assert.Single(await new CatalogIndex(db.OpenReader).FindAsync(["fone"], 10, Cancel));
    }

    [Fact]
    public async Task A_database_of_the_second_version_gets_the_indexes_of_the_later_ones()
    {
        await using (var db = OpenReplica.At(_folder.File("shop.db"), _clock))
            await db.WriteAsync(
                c => { c.Execute(
                    "DROP INDEX lids_chat; DROP INDEX outbox_chat; DROP INDEX messages_sak; DROP INDEX messages_key; "
                        + "ALTER TABLE replica DROP COLUMN schema; ALTER TABLE messages DROP COLUMN quoted; "
                        + "ALTER TABLE messages DROP COLUMN forwarded; PRAGMA user_version = 2"); }, Cancel);

        await using var again = OpenReplica.At(_folder.File("shop.db"), _clock);

        Assert.Equal(5,
            await again.ReadAsync(
                c => c.Scalar<long>(
                    "SELECT count(*) FROM sqlite_schema WHERE name IN ('lids_chat', 'outbox_chat', 'messages_sak', "
                        + "'messages_beside', 'messages_key')"), Cancel));
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_with_what_to_do()
    {
        File.WriteAllText(_folder.File("shop.db"), new string('x', 5000));

        Assert.Contains("is damaged or is no SAK database",
            Assert.Throws<StoreException>(() => OpenReplica.At(_folder.File("shop.db"), _clock)).Message);
    }

    [Theory]
    [InlineData("CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)")]
    [InlineData("CREATE TABLE theirs (a); PRAGMA user_version = 3")]
    [InlineData("CREATE TABLE replica (a)")]
    public void A_database_of_another_program_is_refused_and_left_as_it_is(string sql)
    {
        using (var theirs = new SqliteConnection($"Data Source={_folder.File("shop.db")};Pooling=false"))
        {
            theirs.Open();
            theirs.Execute(sql);
        }

        var before = File.ReadAllBytes(_folder.File("shop.db"));
        Assert.Contains("the database of another program",
            Assert.Throws<StoreException>(() => OpenReplica.At(_folder.File("shop.db"), _clock)).Message);
        Assert.Equal(before, File.ReadAllBytes(_folder.File("shop.db")));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_one_sentence()
    {
        Assert.Contains("can't be opened",
            Assert.Throws<StoreException>(
                () => OpenReplica.At(Path.Combine(_folder.Path, "none", "shop.db"), _clock)).Message);
    }

    [Fact]
    public async Task A_full_disk_loses_nothing_and_says_what_to_do()
    {
        await using var db = OpenReplica.At(_folder.File("shop.db"), _clock);
        await db.WriteAsync(c => { c.Execute("INSERT INTO counters VALUES ('kept', 1)"); }, Cancel);
        await db.WriteAsync(c => { c.Execute($"PRAGMA max_page_count = {c.Scalar<long>("PRAGMA page_count")}"); },
            Cancel);

        var error = await Assert.ThrowsAsync<StoreException>(() => db.WriteAsync(
            c =>
            {
                c.Execute("UPDATE counters SET value = 2");
                c.Execute(
                    "INSERT INTO counters VALUES ('big', 1); CREATE TABLE filler (x); INSERT INTO filler VALUES "
                        + "(zeroblob(1000000))");
            },
            Cancel));

        Assert.Contains("disk is full", error.Message);
        Assert.Equal(1,
            await db.ReadAsync(c => c.Scalar<long>("SELECT value FROM counters WHERE name = 'kept'"), Cancel));
    }

    [Fact]
    public void A_second_agent_on_the_same_folder_is_refused()
    {
        using var first = DataLock.Take(_folder.Path);

        Assert.Contains("Another agent already runs",
            Assert.Throws<StoreException>(() => DataLock.Take(_folder.Path)).Message);
    }

    public void Dispose() => _folder.Dispose();
}
