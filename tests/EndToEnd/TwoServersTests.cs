using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Sak.Agent.OrderTaking;
using Sak.Agent.Store;
using Sak.Server.Data;
using Sak.Sync;
using Sak.Sync.Wire;
using Sak.Tests.Contracts;
using Sak.Tests.Support;
using Sak.Tools.Bench;

namespace Sak.Tests.EndToEnd;

/// <summary>Two server processes over one PostgreSQL behind a round-robin proxy without stickiness: nothing is kept between requests.</summary>
[Collection(ProcessTests.Name)]
public sealed class TwoServersTests : IAsyncLifetime
{
    private const int Products = (2 * Protocol.PageRows) + 1_000;
    private const int Orders = 30;
    private readonly Folder folder = new();
    private readonly List<Pc> pcs = [];
    private CloudProcesses cloud = null!;
    private Guid shop;
    private string key = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        cloud = await CloudProcesses.StartAsync(servers: 2);
        var made = await cloud.AddShopAsync();
        (shop, key) = (made.Shop, made.Key);
        await new BenchShop(cloud.Settings).FillAsync(shop, Products, customers: 50, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var pc in pcs) await pc.DisposeAsync();
        if (cloud is not null) await cloud.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Two_agents_load_sell_and_watch_through_lost_answers_and_a_killed_server_and_everything_is_there_once()
    {
        // Every first load is cut in the middle of its answer once; every fourth answer to an upload is lost.
        var (cuts, lost, uploads) = (0, 0, 0);
        cloud.Line.At = async (step, request) =>
        {
            if (step == LineStep.HalfAnswered && IsFirstLoad(request) && Interlocked.Increment(ref cuts) is <= 2 and var cut)
            {
                // What is on the line when it is cut may not arrive: the page is to be stored first.
                await Eventually.IsTrueAsync(async () => await PagesAsync() >= cut, "a page to be stored");
                return false;
            }

            if (step != LineStep.Answered || !HttpMethods.IsPost(request.Method) || Interlocked.Increment(ref uploads) % 4 != 3) return true;
            Interlocked.Increment(ref lost);
            return false;
        };
        var (a, b) = (Open("a"), Open("b"));
        await Task.WhenAll(a.SyncAsync(), b.SyncAsync());
        Assert.Equal((Products, Products), (await a.CountAsync("products"), await b.CountAsync("products")));
        Assert.True(a.Resumed + b.Resumed >= 2, "no first load went on after a page");

        var hearing = a.HearsAsync();
        var selling = Task.WhenAll(a.SellAsync("A"), b.SellAsync("B"));
        await Eventually.IsTrueAsync(() => uploads > 10, "uploads to be under way");
        await cloud.KillAsync(server: 0);
        var before = cloud.Line.Served(1, "POST /api/sync");
        await Eventually.IsTrueAsync(() => cloud.Line.Served(1, "POST /api/sync") > before + 5, "the other server to go on alone");
        await cloud.StartAsync(server: 0, Cancel);
        await selling;
        Assert.True(await hearing, "the agent that watched heard nothing of the other's sales");

        cloud.Line.At = (_, _) => Task.FromResult(true);
        for (var i = 0; i < 2; i++)
            foreach (var pc in pcs) await pc.SyncAsync();
        Assert.True(lost > 5, $"only {lost} answers were lost");
        foreach (var what in new[] { "GET /api/sync", "POST /api/sync", "GET /api/sync/watch" })
            Assert.True(cloud.Line.Served(0, what) > 0 && cloud.Line.Served(1, what) > 0, $"{what} went to one server only");
        await EverythingIsThereOnceAsync();
    }

    private async Task<int> PagesAsync()
    {
        var places = await Task.WhenAll(pcs.Select(p => p.PageAsync()));
        return places.Count(p => p.Length > 0);
    }

    private static bool IsFirstLoad(HttpRequest request) => request.Query["v"] == "0" && request.Query["page"].ToString() is { Length: > 0 } page && page.Length < 10;

    private async Task EverythingIsThereOnceAsync()
    {
        await using var db = cloud.Database();
        var numbers = await db.Orders.Select(o => o.Number).ToListAsync(Cancel);
        Assert.Equal(Enumerable.Range(0, Orders).SelectMany(i => new[] { $"A-{i}", $"B-{i}" }).Order(), numbers.Order());
        Assert.Equal(2 * Orders * 3, await db.OrderLines.CountAsync(Cancel));
        var sold = await db.StockMovements.GroupBy(m => m.ProductId).Select(g => new { g.Key, Sum = g.Sum(m => m.Quantity) }).ToDictionaryAsync(g => g.Key, g => g.Sum, Cancel);
        var onHand = await db.Products.Where(p => p.OnHand != null).ToDictionaryAsync(p => p.Id, p => p.OnHand!.Value, Cancel);
        Assert.Equal(sold.OrderBy(s => s.Key), onHand.OrderBy(s => s.Key));
        Assert.Equal(-2L * Orders * 3 * 1_000, sold.Values.Sum());
        foreach (var pc in pcs) await Agreement.HoldsAsync(db, shop, pc.File);
    }

    private Pc Open(string name)
    {
        var pc = new Pc(folder.File($"{name}.db"), cloud.Client(key));
        pcs.Add(pc);
        return pc;
    }

    /// <summary>The agent's own store, session and client, through the proxy.</summary>
    private sealed class Pc(string file, HttpClient http) : IAsyncDisposable
    {
        private readonly ReplicaDb db = ReplicaDb.Open(file, TimeProvider.System);
        private readonly CloudClient client = new(http, TimeSpan.FromSeconds(30));

        public string File => file;

        public int Resumed { get; private set; }

        /// <summary>Until a whole run succeeds, as the schedule would, but without its pauses.</summary>
        public Task SyncAsync() => Eventually.IsTrueAsync(TryAsync, "a sync to come through", TimeSpan.FromSeconds(90));

        public async Task SellAsync(string series)
        {
            for (var i = 0; i < Orders; i++)
            {
                var number = i;
                await db.WriteAsync(connection => { Sell(connection, $"{series}-{number}"); }, Cancel);
                await SyncAsync();
            }
        }

        /// <summary>True as soon as the cloud's version is another than this replica's.</summary>
        public async Task<bool> HearsAsync()
        {
            var since = (await new SqliteReplica(db, TimeProvider.System).PositionAsync(Cancel)).Since;
            for (var i = 0; i < 8; i++)
                if (!await client.WatchAsync(since, Cancel)) return false;
            return true;
        }

        public Task<long> CountAsync(string table) => db.ReadAsync(c => c.Scalar<long>($"SELECT count(*) FROM {table}"), Cancel);

        /// <summary>How far a first load has come.</summary>
        public Task<string> PageAsync() => db.ReadAsync(c => c.Scalar<string>("SELECT page FROM replica"), Cancel);

        public ValueTask DisposeAsync()
        {
            http.Dispose();
            return db.DisposeAsync();
        }

        private async Task<bool> TryAsync()
        {
            var replica = new SqliteReplica(db, TimeProvider.System);
            if ((await replica.PositionAsync(Cancel)).Page is { Table.Length: > 0 }) Resumed++;
            try
            {
                await new SyncSession(replica, client).RunAsync(Cancel);
                return true;
            }
            catch (CloudUnavailableException)
            {
                return false;
            }
        }

        private static void Sell(Microsoft.Data.Sqlite.SqliteConnection connection, string number)
        {
            var (order, customer) = (TestReplica.NewId(), connection.Scalar<string>("SELECT id FROM customers ORDER BY random() LIMIT 1"));
            connection.Execute(
                $"INSERT INTO orders (id, number, customer_id, turn_id, status, currency, net, tax, gross, price_version, placed_at) VALUES ('{order}', '{number}', '{customer}', '{TestReplica.NewId()}', 'confirmed', 'INR', 3000, 0, 3000, 1, 1800000000000)");
            foreach (var (product, i) in connection.List("SELECT id FROM products ORDER BY random() LIMIT 3", r => r.GetString(0)).Select((p, i) => (p, i)))
            {
                var line = TestReplica.NewId();
                connection.Execute(
                    $"""
                    INSERT INTO order_lines (id, order_id, position, product_id, sku, name, quantity, unit, asked_quantity, asked_unit, unit_price, tax_rate, net, tax, gross, message_id, words)
                    VALUES ('{line}', '{order}', {i}, '{product}', 'S', 'pipe', 1000, 'pcs', 1000, 'pcs', 1000, 0, 1000, 0, 1000, 'm', '1 pipe');
                    INSERT INTO stock_movements (id, product_id, quantity, reason, order_line_id, at) VALUES ('{TestReplica.NewId()}', '{product}', -1000, 'sale', '{line}', 1);
                    """);
            }
        }
    }
}
