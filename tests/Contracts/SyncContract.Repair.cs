using System.Net;
using Microsoft.EntityFrameworkCore;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Tests.Contracts;

/// <summary>Replicas that lost, missed or never had rows end up with the same rows as the cloud.</summary>
public abstract partial class SyncContract
{
    [Fact]
    public async Task Checksums_agree_with_what_the_replicas_hold()
    {
        await SeedAsync();
        await _a.PushAsync(_a.Order(TestReplica.NewId(), "A-1", _customer, _product, lines: 3));
        await _b.PullAsync();
        await _b.PushAsync(_b.Update(Tables.Products, _product, "price", 235L, 1L),
            _b.Delete(Tables.Customers, TestReplica.NewId()));
        await _a.PushAsync(_a.Update(Tables.Products, _product, "price", 235L, 2L), _a.Product(_product, "BD-1"),
            _a.Customer(_customer));
        foreach (var replica in new[] { _a, _b })
        {
            var checkedNow = await replica.PullAsync(check: true);
            Assert.Equal(checkedNow.Mark.Checksums, replica.Checksums());
        }

        SameRows(_a, _b);
    }

    [Fact]
    public async Task A_replica_that_starts_again_gets_its_own_rows_too()
    {
        await SeedAsync();
        var before = _a.Rows.Count;
        _a.Rows.Clear();
        _a.Since = 0;
        await _a.PullAsync();
        Assert.Equal(before, _a.Rows.Count);
    }

    [Fact]
    public async Task A_watermark_that_was_never_given_gets_everything_again()
    {
        await SeedAsync();
        _b.Rows.Clear();
        _b.Since = 1_000_000;
        await _b.PullAsync();
        SameRows(_a, _b);
    }

    [Fact]
    public async Task A_replica_below_the_floor_of_deletions_is_told_to_repair_itself_and_its_orders_arrive()
    {
        await SeedAsync();
        var gone = TestReplica.NewId();
        await _a.PushAsync(_a.Customer(gone));
        await _b.PullAsync();
        await _a.PushAsync(_a.Delete(Tables.Customers, gone));
        await _a.PushAsync(_a.Customer(TestReplica.NewId()));
        await using var db = _server.Database();
        await Sak.Server.Sync.TrimSync.TrimAsync(db.Connection, _shop,
            TimeProvider.System.GetUtcNow() + Sak.Server.Sync.TrimSync.KeepDeletions * 2,
            TestContext.Current.CancellationToken);
        Assert.Equal(0, await db.Tombstones.CountAsync());
        var late = await _b.PushAsync(_b.Order(TestReplica.NewId(), "B-1", _customer, _product));
        Assert.Empty(late.Batch.Refusals);
        Assert.True(late.Mark.Outdated);
        Assert.Equal(1, await CountAsync(Tables.Orders));
        Assert.False((await _a.PullAsync()).Mark.Outdated);
    }

    [Fact]
    public async Task A_repair_sends_only_what_differs()
    {
        await SeedAsync();
        await _a.PushAsync(Enumerable.Range(0, 500).Select(n => _a.Product(TestReplica.NewId(), $"P-{n}")));
        await _b.PullAsync();
        var lost = _b.Rows.Keys.First(k => k.Table == "products" && k.Id != _product);
        _b.Rows.Remove(lost);
        using var body = new MemoryStream();
        var head = new SyncHead(Protocol.Version, Tables.SchemaVersion, _b.Id, _b.Since, false, null, 0, null,
            _b.Sums());
        await SyncWire.WriteRequestAsync(body, head, null, TestContext.Current.CancellationToken);
        var repair = await TestReplica.SendAsync(_client, body.ToArray());
        var rows = repair.Lines.OfType<AnswerLine.Row>().Select(r => (string)r.Values[0]!).ToList();
        Assert.Contains(lost.Id, rows);
        Assert.All(rows, id => Assert.Equal(RowHash.Bucket(lost.Id), RowHash.Bucket(id)));
        Assert.Equal(RowHash.Bucket(lost.Id),
            Assert.Single(Assert.Single(repair.Lines.OfType<AnswerLine.Differ>()).Buckets));
    }

    [Fact]
    public async Task A_first_load_comes_in_pages_and_goes_on_after_each_of_them()
    {
        for (var i = 0; i < 3; i++)
            await _a.PushAsync(
                Enumerable.Range(0, Protocol.PageRows - 10).Select(n => _a.Product(TestReplica.NewId(), $"{i}-{n}")));

        var whole = await LoadAsync(PageMark.Start);
        var ids = whole.Rows(Tables.Products).Select(r => (string)r.Values[0]!).ToList();
        Assert.Equal(3 * (Protocol.PageRows - 10), ids.Distinct().Count());
        var pages = whole.Lines.OfType<AnswerLine.Page>().Select(p => p.At).ToList();
        Assert.Equal(2, pages.Count);
        foreach (var page in pages)
        {
            var rest = await LoadAsync(page);
            Assert.Equal(ids[(ids.IndexOf(page.Id) + 1)..],
                rest.Rows(Tables.Products).Select(r => (string)r.Values[0]!));
            Assert.Equal(whole.Mark.Version, rest.Mark.Version);
        }

        await TotalsAreAsync("//0", 3 * (Protocol.PageRows - 10));
        await TotalsAreAsync(pages[0].ToText(), 2 * Protocol.PageRows - 30);

        var (_, other) = await _server.AddShopAsync("Other");
        using var forged = await other.GetAsync($"/api/sync?p=1&s=1&r={_b.Id:N}&v=0&page=products/{ids[0]}/1");
        Assert.DoesNotContain(ids[1], await forged.Content.ReadAsStringAsync());
        using var nonsense = await _client.GetAsync($"/api/sync?p=1&s=1&r={_b.Id:N}&v=0&page=shops/1/1");
        Assert.Equal(HttpStatusCode.BadRequest, nonsense.StatusCode);
    }

    private async Task<Exchanged> LoadAsync(PageMark from)
    {
        using var body = new MemoryStream();
        await SyncWire.WriteRequestAsync(body,
            new SyncHead(Protocol.Version, Tables.SchemaVersion, _b.Id, 0, false, null, 0, from), null,
            TestContext.Current.CancellationToken);
        return await TestReplica.SendAsync(_client, body.ToArray());
    }

    // The totals of a first load that goes on after this page: the table's rows, and how many of them are to come.
    private async Task TotalsAreAsync(string page, int toCome)
    {
        using var counted = await _client.GetAsync($"/api/sync?p=1&s=1&r={_b.Id:N}&v=0&page={page}&n=1",
            TestContext.Current.CancellationToken);
        Assert.StartsWith(
            $"{{\"totals\":[{{\"table\":\"products\",\"rows\":{3 * (Protocol.PageRows - 10)},\"toCome\":{toCome}}},",
            await counted.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
