using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Sak.Server.Data;
using Sak.Server.Sync;
using Sak.Sync.Replica;
using Sak.Sync.Wire;
using Sak.Tests.Support;
using Sak.Tools.Bench;

namespace Sak.Tests.Contracts;

/// <summary>The promises of sync between the agent's own replica and a real server, on every engine.</summary>
public abstract class ReplicaContract(Engine engine) : IAsyncLifetime
{
    private const int Products = 60;
    private readonly Folder _folder = new();
    private readonly List<Pc> _pcs = [];
    private readonly SteppedClock _serverClock = new();
    private TestServer _server = null!;
    private BenchShop _filler = null!;
    private string _key = "";
    private Guid _shop;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(engine,
            replace: services => services.AddSingleton<TimeProvider>(_serverClock));
        var (made, _) = await _server.AddShopAsync();
        (_shop, _key) = (made.Shop, made.Key);
        _filler = new BenchShop(_server.Settings);
        await _filler.FillAsync(_shop, Products, customers: 5, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var pc in _pcs) await pc.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Orders_written_and_synced_without_a_pause_never_fail_a_sync_and_never_come_down_torn()
    {
        const int orders = 25;
        var (a, b, reader) = (Open("a"), Open("b"), Open("c"));
        foreach (var pc in _pcs) await pc.SyncOnceAsync();
        async Task SellAsync(Pc pc, string series)
        {
            for (var i = 0; i < orders; i++)
            {
                await pc.SellOneAsync($"{series}-{i}");
                await pc.SyncOnceAsync();
            }
        }

        var selling = Task.WhenAll(SellAsync(a, "A"), SellAsync(b, "B"));
        do
        {
            await reader.SyncOnceAsync();
            Assert.Equal(0,
                await reader.NumberAsync(
                    "SELECT count(*) FROM orders o WHERE (SELECT count(*) FROM order_lines l WHERE l.order_id = o.id) "
                        + "<> 3"));
            Assert.Equal(0, await reader.NumberAsync("SELECT count(*) FROM pragma_foreign_key_check"));
        }
        while (!selling.IsCompleted);
        await selling;
        await AtRestAsync();
        Assert.Equal(2 * orders, await reader.CountAsync("orders"));
        Assert.Equal(2 * orders * 3 * -1_000, await reader.NumberAsync("SELECT sum(on_hand) FROM products"));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(1, 0)]
    [InlineData(0, -1)]
    [InlineData(0, 1)]
    [InlineData(-1, 1)]
    public async Task A_clock_an_hour_back_or_ahead_on_either_side_has_no_effect(int agentHours, int serverHours)
    {
        var clock = new SteppedClock();
        var (a, b) = (Open("a", clock), Open("b"));
        await a.SyncOnceAsync();
        await b.SyncOnceAsync();
        await a.SellAsync("A", 2);
        (clock.Step, _serverClock.Step) = (TimeSpan.FromHours(agentHours), TimeSpan.FromHours(serverHours));
        var product = BenchShop.Id(1, 7);
        await b.ExecuteAsync($"UPDATE products SET name = 'first' WHERE id = '{product}'");
        await b.SyncOnceAsync();
        await a.SyncOnceAsync();
        await a.ExecuteAsync($"UPDATE products SET name = 'second' WHERE id = '{product}'");
        await a.SellAsync("B", 2);
        // A product that neither PC sold: one in use would stay.
        var unsold = await a.TextAsync(
            $"SELECT id FROM products p WHERE NOT EXISTS (SELECT 1 FROM stock_movements WHERE product_id = p.id) AND "
                + $"id <> '{product}' LIMIT 1");
        await b.ExecuteAsync($"DELETE FROM products WHERE id = '{unsold}'");
        await AtRestAsync();
        Assert.Equal("second", await b.TextAsync($"SELECT name FROM products WHERE id = '{product}'"));
        Assert.Equal((4, Products - 1L), (await b.CountAsync("orders"), await a.CountAsync("products")));
        Assert.Equal(0, await a.CountAsync("refusals"));
    }

    [Fact]
    public async Task A_first_load_cut_at_each_of_its_pages_sends_no_page_twice()
    {
        await _filler.EmptyAsync(_shop, Cancel);
        await _filler.FillAsync(_shop, 3 * Protocol.PageRows + 100, customers: Protocol.PageRows + 1, Cancel);
        var pc = Open("a");
        for (var page = 1; page <= 4; page++)
        {
            pc.Line = cloud => new CutAfterPage(cloud);
            await Assert.ThrowsAsync<CloudUnavailableException>(pc.SyncOnceAsync);
            Assert.Equal(Math.Min(page, 3) * Protocol.PageRows + (page > 3 ? 100 : 0), await pc.CountAsync("products"));
            Assert.Equal(page > 3 ? Protocol.PageRows : 0, await pc.CountAsync("customers"));
        }

        pc.Line = cloud => cloud;
        Assert.Equal(1, (await pc.SyncOnceAsync()).RowsIn);
        await AtRestAsync();
    }

    [Fact]
    public async Task What_another_program_writes_into_the_replica_while_it_syncs_is_captured_and_nothing_is_lost()
    {
        var (a, b) = (Open("a"), Open("b"));
        await b.SyncOnceAsync();
        var written = 0;
        void Write()
        {
            // Each is a change that is sent in its turn: without an end the sync would have none.
            if (written == 10) return;
            a.ExecuteBesides(
                $"INSERT INTO customers (id, phone, chat_id, name, language, words) VALUES ('{TestReplica.NewId()}', "
                    + $"'{++written}', '{written}@c.us', 'n', 'en', '{{}}')");
        }

        a.Line = cloud => new WritesMeanwhile(cloud, Write);
        await a.SyncOnceAsync();
        await a.SellOneAsync("A-1");
        await a.SyncOnceAsync();
        Assert.Equal(10, written);
        a.Line = cloud => cloud;
        await AtRestAsync();
        Assert.Equal(5 + written, await b.CountAsync("customers"));
    }

    [Fact]
    public async Task A_replica_below_the_floor_of_deletions_with_orders_waiting_sends_them_and_comes_out_right()
    {
        var (late, other) = (Open("a"), Open("b"));
        await late.SyncOnceAsync();
        await other.SyncOnceAsync();
        for (var i = 0; i < 3; i++) await late.SellOneAsync($"L-{i}");
        await other.ExecuteAsync($"DELETE FROM products WHERE id NOT IN (SELECT id FROM products LIMIT 50)");
        await other.SyncOnceAsync();
        await using (var db = _server.Database())
        {
            await TrimSync.TrimAsync(db.Connection, _shop,
                TimeProvider.System.GetUtcNow() + TrimSync.KeepDeletions * 2, Cancel);
            Assert.Equal(0, await db.Tombstones.CountAsync(Cancel));
        }

        await late.SyncOnceAsync();
        await AtRestAsync();
        Assert.Equal((3, 3), (await late.CountAsync("orders"), await other.CountAsync("orders")));
        Assert.Equal(9, await other.CountAsync("order_lines"));
    }

    [Fact]
    public async Task A_difference_planted_in_a_replica_is_found_at_the_next_check_repaired_and_reported()
    {
        var clock = new SteppedClock();
        var pc = Open("a", clock);
        await pc.SyncOnceAsync();
        await pc.SellAsync("A", 2);
        await pc.ExecuteAsync(
            "UPDATE replica SET applying = 1; DELETE FROM order_lines WHERE id = (SELECT min(id) FROM order_lines); "
                + "UPDATE products SET ver = ver + 100 WHERE id = (SELECT min(id) FROM products); UPDATE replica SET "
                    + "applying = 0");
        Assert.Empty((await pc.SyncOnceAsync()).Mismatch);
        clock.Step = TimeSpan.FromHours(2);
        var found = await pc.SyncOnceAsync();
        Assert.Equal(["order_lines", "products"], found.Mismatch.Order());
        Assert.True(found.Repaired >= 2);
        await AtRestAsync();
    }

    [Fact]
    public async Task A_PC_with_a_catalog_and_orders_of_its_own_adopts_the_catalog_of_the_cloud()
    {
        await CountInCloudAsync("SKU-000001", BenchShop.Id(1, 1), 40_000);
        var pc = Open("a");
        await FillAsync(pc, "SKU-000001", "SKU-000002", "MINE");
        await pc.SellOneAsync("A-1");
        await pc.SyncOnceAsync();
        await AtRestAsync();
        Assert.Equal(Products + 1, await pc.CountAsync("products"));
        Assert.Equal((1, 3), (await pc.CountAsync("orders"), await pc.CountAsync("order_lines")));
        Assert.Equal(0, await pc.NumberAsync("SELECT count(*) FROM refusals WHERE settled_at IS NULL"));
        Assert.Equal(39_000 * 3, await pc.NumberAsync("SELECT sum(on_hand) FROM products"));
        await using var cloud = _server.Database();
        Assert.Equal("A-1", (await cloud.Orders.SingleAsync(Cancel)).Number);
        Assert.Equal(BenchShop.Id(1, 1), await pc.TextAsync("SELECT id FROM products WHERE sku = 'SKU-000001'"));
    }

    [Fact]
    public async Task A_second_SKU_that_is_taken_later_is_left_to_the_owner()
    {
        var pc = Open("a");
        await pc.SyncOnceAsync();
        await pc.ExecuteAsync(
            $"""
            INSERT INTO products (id, sku, name, aliases, unit, packs, price, currency, tax_rate, active)
            VALUES ('{TestReplica.NewId()}', 'SKU-000001', 'slip', '', 'pcs', '', 5, 'INR', 0, 1)
            """);
        await pc.SyncOnceAsync();
        Assert.Equal("parked", await pc.TextAsync("SELECT kind FROM refusals WHERE settled_at IS NULL"));
        await pc.ExecuteAsync("UPDATE products SET sku = 'NEW' WHERE name = 'slip'");
        await AtRestAsync();
        Assert.Equal(Products + 1, await pc.CountAsync("products"));
    }

    private async Task CountInCloudAsync(string sku, string product, long quantity)
    {
        await using var db = _server.Database();
        await using var write = await ShopWrite.BeginAsync(db.Connection, _shop, Cancel);
        var counted = TestReplica.NewId();
        await new RowSql(db.Connection, _shop)
            .InsertAsync(Tables.StockMovements,
                [new StoredRow(counted, [counted, product, quantity, "counted", null, 1L], write.Version,
                    null)], Cancel);
        await db.Products.Where(p => p.Sku == sku)
            .ExecuteUpdateAsync(p => p.SetProperty(r => r.OnHand, quantity).SetProperty(r => r.Ver, write.Version),
                Cancel);
        await write.CommitAsync(true, Cancel);
    }

    // As a PC that was used without the cloud: a customer, and products that were counted.
    private static async Task FillAsync(Pc pc, params string[] skus)
    {
        await pc.ExecuteAsync(
            "INSERT INTO customers (id, phone, chat_id, name, language, words) VALUES ('" + TestReplica.NewId()
                + "', '1', '1@c.us', 'Asha', 'en', '{}')");
        foreach (var sku in skus)
        {
            var id = TestReplica.NewId();
            await pc.ExecuteAsync(
                $"""
                INSERT INTO products (id, sku, name, aliases, unit, packs, price, currency, tax_rate, active)
                VALUES ('{id}', '{sku}', 'mine', '', 'pcs', '', 5, 'INR', 0, 1);
                INSERT INTO stock_movements (id, product_id, quantity, reason, at)
                VALUES ('{TestReplica.NewId()}', '{id}', 40000, 'counted', 1)
                """);
        }
    }

    private Pc Open(string name, TimeProvider? clock = null)
    {
        var pc = new Pc(_folder.File($"{name}.db"), _server.Client(_key), clock);
        _pcs.Add(pc);
        return pc;
    }

    /// <summary>Syncs until nothing waits; then cloud and replicas hold the same rows, value by value.</summary>
    private async Task AtRestAsync()
    {
        for (var i = 0; i < 2; i++)
            foreach (var pc in _pcs) await pc.SyncOnceAsync();
        await using var db = _server.Database();
        foreach (var pc in _pcs)
        {
            Assert.Equal(0, await pc.CountAsync("change_log"));
            await Agreement.HoldsAsync(db, _shop, pc.File);
        }
    }
}

public sealed class ReplicaOnSqlite() : ReplicaContract(Engine.Sqlite);

public sealed class ReplicaOnPostgres() : ReplicaContract(Engine.Postgres);

public sealed class ReplicaOnSqlServer() : ReplicaContract(Engine.SqlServer);
