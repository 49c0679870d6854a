using Microsoft.Extensions.Time.Testing;
using Sak.Agent.Catalog;
using Sak.Agent.Database;
using Sak.Agent.Sync;
using Sak.Sync.Replica;
using Sak.Sync.Wire;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Sync;

/// <summary>The database of a PC without a cloud: answers are made by hand.</summary>
public abstract class LocalReplica : IAsyncDisposable
{
    private readonly Folder _folder = new();

    protected LocalReplica()
    {
        Db = OpenReplica.At(ShopFile, Clock);
        Replica = new SqliteReplica(Db, Clock);
    }

    protected ReplicaDb Db { get; }

    private protected SqliteReplica Replica { get; }

    protected FakeTimeProvider Clock { get; } = new(TestTime.Start);

    protected string ShopFile => _folder.File("shop.db");

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Db.DisposeAsync();
        _folder.Dispose();
    }

    // The product and the customer came from the cloud; the order is not sent yet.
    protected async Task SoldOnceAsync()
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

    protected static Refusal Parked(Change change) => new(change.Sequence, RefusalKind.Parked, null, "no such product");

    protected static string Insert(string id, string sku) =>
        $"INSERT INTO products (id, sku, name, aliases, unit, packs, price, currency, tax_rate, active) "
            + $"VALUES ('{id}', '{sku}', '{sku}', '', 'can', '', 100, 'INR', 0, 1)";

    protected static object?[] Product(string id, string sku, string? name = null) =>
        Tables.Products.Row(("id", id), ("sku", sku), ("name", name ?? sku), ("unit", "can"), ("price", 100),
            ("currency", "INR"), ("active", 1));

    protected static AnswerLine.Row Row(string id, string sku, long version, string? name = null) =>
        Row(Tables.Products, version, Product(id, sku, name));

    protected static AnswerLine.Row Row(Table table, long version, object?[] values) =>
        new(table, [.. Enumerable.Range(0, table.Columns.Count)], version, values);

    protected static AnswerLine.Row Asha(string id, long version) =>
        Row(Tables.Customers, version,
            Tables.Customers.Row(("id", id), ("phone", "1"), ("chat_id", "1@c.us"), ("name", "Asha"),
                ("language", "en"), ("words", "{}")));

    protected static AnswerLine.Differ Differ(params string[] ids) =>
        new(Tables.Products, [.. ids.Select(RowHash.Bucket).Distinct()]);

    protected static AnswerLine.Mark Mark(long version, long rows = 0) => new(version, rows, null);

    private protected async Task<AppliedAnswer> ApplyAsync(params AnswerLine[] lines) =>
        await Replica.ApplyAsync(await AnswerBody.OfAsync(lines), null, Cancel);

    protected Task ExecuteAsync(string sql) => Db.WriteAsync(c => { c.Execute(sql); }, Cancel);

    protected Task<long> ScalarAsync(string sql) => Db.ReadAsync(c => c.Scalar<long>(sql), Cancel);
}
