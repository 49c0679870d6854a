using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Sak.Agent.Catalog;
using Sak.Agent.Database;
using Sak.Agent.Sync;
using Sak.Sync.Replica;
using Sak.Sync.Wire;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Sync;

public sealed class FirstLoadTests : IAsyncDisposable
{
    private readonly Folder _folder = new();
    private readonly FakeTimeProvider _clock = new(TestTime.Start);
    private readonly ReplicaDb _db;
    private readonly SqliteReplica _replica;

    public FirstLoadTests()
    {
        _db = OpenReplica.At(_folder.File("shop.db"), _clock);
        _replica = new SqliteReplica(_db, _clock);
    }

    private const string P1 = "01980000-0000-7000-8000-000000000001";
    private const string P2 = "01980000-0000-7000-8000-000000000002";
    private const string P3 = "01980000-0000-7000-8000-000000000003";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_row_that_is_here_already_becomes_the_clouds_and_nothing_is_captured()
    {
        await ExecuteAsync(Insert(P1, "OIL"));
        await ExecuteAsync("DELETE FROM change_log");

        await LoadAsync(Row(P1, "OIL 5 L", 3), Row(P2, "SUGAR", 3));

        Assert.Equal(["OIL 5 L", "SUGAR"],
            await _db.ReadAsync(c => c.List("SELECT name FROM products ORDER BY id", r => r.GetString(0)), Cancel));
        Assert.Equal(0, await ScalarAsync("SELECT count(*) FROM change_log"));
    }

    [Fact]
    public async Task After_it_every_insert_is_captured_again_by_whoever_it_is_made()
    {
        await LoadAsync(Row(P1, "OIL", 3));

        await ExecuteAsync(Insert(P2, "SUGAR"));
        using (var other = new SqliteConnection($"Data Source={_folder.File("shop.db")};Pooling=False"))
        {
            other.Open();
            other.Execute(Insert(P3, "RICE"));
        }

        Assert.Equal([P2, P3], (await _replica.NextBatchAsync(Cancel))!.Changes.Select(c => c.Id));
    }

    [Fact]
    public async Task What_it_brought_is_found_by_the_first_search_and_by_those_after_a_second_page()
    {
        var index = new CatalogIndex(_db.OpenReader);
        await ApplyAsync(Row(P1, "Sunflower Oil", 3), new AnswerLine.Page(new PageMark("products", P1, 3)));
        Assert.Equal("Sunflower Oil", Assert.Single(await index.FindAsync(["sunflower"], 5, Cancel)).Name);

        await ApplyAsync(Row(P2, "Basmati Rice", 3), new AnswerLine.Mark(3, 1, null));

        Assert.Equal("Basmati Rice", Assert.Single(await index.FindAsync(["basmati"], 5, Cancel)).Name);
    }

    [Fact]
    public async Task A_product_that_was_searchable_before_it_is_found_by_the_name_that_the_cloud_has()
    {
        var index = new CatalogIndex(_db.OpenReader);
        await ExecuteAsync(Insert(P1, "Groundnut Oil"));
        await ExecuteAsync("DELETE FROM change_log");
        Assert.Single(await index.FindAsync(["groundnut"], 5, Cancel));

        await LoadAsync(Row(P1, "Sesame Oil", 3));

        Assert.Single(await index.FindAsync(["sesame"], 5, Cancel));
        Assert.Empty(await index.FindAsync(["groundnut"], 5, Cancel));
    }

    [Fact]
    public async Task When_it_fails_the_triggers_are_there_as_before()
    {
        var before = await ScalarAsync("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'");

        await Assert.ThrowsAsync<CloudUnavailableException>(
            () => ApplyAsync(Row(P1, "OIL", 3), new AnswerLine.Mark(3, 99, null)));

        Assert.Equal(before, await ScalarAsync("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'"));
        Assert.Equal(0, await ScalarAsync("SELECT count(*) FROM products"));
    }

    public async ValueTask DisposeAsync()
    {
        await _db.DisposeAsync();
        _folder.Dispose();
    }

    private Task<AppliedAnswer> LoadAsync(params AnswerLine[] rows) =>
        ApplyAsync([.. rows, new AnswerLine.Mark(3, rows.Length, null)]);

    private async Task<AppliedAnswer> ApplyAsync(params AnswerLine[] lines)
    {
        var answer = await AnswerBody.OfAsync(lines);
        if (lines[^1] is AnswerLine.Mark) return await _replica.ApplyAsync(answer, null, Cancel);
        // Cut off after its page.
        await Assert.ThrowsAsync<CloudUnavailableException>(() => _replica.ApplyAsync(answer, null, Cancel));
        return new AppliedAnswer(0, 0, []);
    }

    private static string Insert(string id, string name) =>
        $"""
        INSERT INTO products (id, sku, name, aliases, unit, packs, price, currency, tax_rate, active)
        VALUES ('{id}', 'S-{id}', '{name}', '', 'can', '', 100, 'INR', 0, 1)
        """;

    private static AnswerLine.Row Row(string id, string name, long version) =>
        new(Tables.Products, [.. Enumerable.Range(0, Tables.Products.Columns.Count)], version,
            [id, $"S-{id}", name, "", "can", "", 100L, "INR", 0L, 1L, null]);

    private Task ExecuteAsync(string sql) => _db.WriteAsync(c => { c.Execute(sql); }, Cancel);

    private Task<long> ScalarAsync(string sql) => _db.ReadAsync(c => c.Scalar<long>(sql), Cancel);
}
