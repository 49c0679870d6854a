using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Sak.Sync.Wire;
using Sak.Tests.Support;
using Sak.Tools.Bench;

namespace Sak.Tests.EndToEnd;

/// <summary>
/// Two server processes over one PostgreSQL behind a round-robin proxy without stickiness: servers keep no
/// state between requests.
/// </summary>
[Collection(ProcessCollection.Name)]
public sealed class TwoServersTests : IAsyncLifetime
{
    private const int Products = (2 * Protocol.PageRows) + 1_000;
    private const int Orders = 30;
    private readonly Folder _folder = new();
    private readonly List<Pc> _pcs = [];
    private CloudProcesses _cloud = null!;
    private Guid _shop;
    private string _key = "";
    private int _cuts;
    private int _lost;
    private int _uploads;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cloud = await CloudProcesses.StartAsync(servers: 2);
        var made = await _cloud.AddShopAsync();
        (_shop, _key) = (made.Shop, made.Key);
        await new BenchShop(_cloud.Settings).FillAsync(_shop, Products, customers: 50, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var pc in _pcs) await pc.DisposeAsync();
        if (_cloud is not null) await _cloud.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Two_agents_load_sell_and_watch_through_lost_answers_and_a_killed_server_with_every_row_once()
    {
        _cloud.Line.At = CutAsync;
        var (a, b) = (Open("a"), Open("b"));
        await Task.WhenAll(a.SyncAsync(), b.SyncAsync());
        Assert.Equal((Products, Products), (await a.CountAsync("products"), await b.CountAsync("products")));
        Assert.True(a.Resumed + b.Resumed >= 2, "no first load went on after a page");

        var hearing = a.HearsAsync(
            () => _cloud.Line.Served(0, "GET /api/sync/watch") > 0 && _cloud.Line.Served(1, "GET /api/sync/watch") > 0);
        var selling = Task.WhenAll(a.SellAsync("A", Orders), b.SellAsync("B", Orders));
        await Eventually.IsTrueAsync(() => _uploads > 10, "uploads to be under way");
        await _cloud.KillAsync(server: 0);
        var before = _cloud.Line.Served(1, "POST /api/sync");
        await Eventually.IsTrueAsync(() => _cloud.Line.Served(1, "POST /api/sync") > before + 5,
            "the other server to go on alone");
        await _cloud.StartAsync(server: 0, Cancel);
        await selling;
        Assert.True(await hearing, "the agent that watched heard nothing of the other's sales");

        _cloud.Line.At = (_, _) => Task.FromResult(true);
        for (var i = 0; i < 2; i++)
            foreach (var pc in _pcs) await pc.SyncAsync();
        Assert.True(_lost > 5, $"only {_lost} answers were lost");
        foreach (var what in new[] { "GET /api/sync", "POST /api/sync", "GET /api/sync/watch" })
            Assert.True(_cloud.Line.Served(0, what) > 0 && _cloud.Line.Served(1, what) > 0,
                $"{what} went to one server only");
        await EverythingIsThereOnceAsync();
    }

    // Every first load is cut once in the middle of its answer; every fourth answer to an upload is lost.
    private async Task<bool> CutAsync(LineStep step, HttpRequest request)
    {
        if (step == LineStep.HalfAnswered && IsFirstLoad(request)
            && Interlocked.Increment(ref _cuts) is <= 2 and var cut)
        {
            // Bytes in transit may be lost when the connection is closed, so the page must be stored first.
            await Eventually.IsTrueAsync(async () => await PagesAsync() >= cut, "a page to be stored");
            return false;
        }

        if (step != LineStep.Answered || !HttpMethods.IsPost(request.Method)
            || Interlocked.Increment(ref _uploads) % 4 != 3)
            return true;
        Interlocked.Increment(ref _lost);
        return false;
    }

    private async Task<int> PagesAsync()
    {
        var places = await Task.WhenAll(_pcs.Select(p => p.PageAsync()));
        return places.Count(p => p.Length > 0);
    }

    private static bool IsFirstLoad(HttpRequest request) =>
        request.Query["v"] == "0" && request.Query["page"].ToString() is { Length: > 0 } page && page.Length < 10;

    private async Task EverythingIsThereOnceAsync()
    {
        await using var db = _cloud.Database();
        var numbers = await db.Orders.Select(o => o.Number).ToListAsync(Cancel);
        Assert.Equal(Enumerable.Range(0, Orders).SelectMany(i => new[] { $"A-{i}", $"B-{i}" }).Order(),
            numbers.Order());
        Assert.Equal(2 * Orders * 3, await db.OrderLines.CountAsync(Cancel));
        var sold = await db.StockMovements.GroupBy(m => m.ProductId)
            .Select(g => new { g.Key, Sum = g.Sum(m => m.Quantity) }).ToDictionaryAsync(g => g.Key, g => g.Sum, Cancel);
        var onHand = await db.Products.Where(p => p.OnHand != null)
            .ToDictionaryAsync(p => p.Id, p => p.OnHand!.Value, Cancel);
        Assert.Equal(sold.OrderBy(s => s.Key), onHand.OrderBy(s => s.Key));
        Assert.Equal(-2L * Orders * 3 * 1_000, sold.Values.Sum());
        foreach (var pc in _pcs) await Agreement.HoldsAsync(db, _shop, pc.File);
    }

    private Pc Open(string name)
    {
        var pc = new Pc(_folder.File($"{name}.db"), _cloud.Client(_key));
        _pcs.Add(pc);
        return pc;
    }
}
