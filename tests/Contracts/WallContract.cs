using System.Data.Common;
using System.Net;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Sak.Server.Data;
using Sak.Server.Sync;
using Sak.Sync.Replica;

namespace Sak.Tests.Contracts;

/// <summary>
/// The second wall: the database itself separates shops, also for a query that forgot to name its shop.
/// </summary>
public abstract class WallContract(Engine engine) : IAsyncLifetime
{
    private TestServer _server = null!;
    private TestReplica _mine = null!;
    private TestReplica _theirs = null!;
    private Guid _shop;
    private Guid _other;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(engine);
        if (engine == Engine.SqlServer && await OpenDatabase.MigrateAsync(_server.Settings, Cancel) is (_, { } gap))
            Assert.Skip(gap);
        var ((key, client), (other, clientOfOther)) = (await _server.AddShopAsync(),
            await _server.AddShopAsync("Other"));
        (_shop, _other) = (key.Shop, other.Shop);
        (_mine, _theirs) = (new TestReplica(client), new TestReplica(clientOfOther));
        foreach (var replica in new[] { _mine, _theirs })
        {
            var (product, customer) = (TestReplica.NewId(), TestReplica.NewId());
            await replica.PushAsync(
                [replica.Product(product, "BD-1"), replica.Customer(customer),
                    .. replica.Order(TestReplica.NewId(), "A-1", customer, product)]);
            await replica.PushAsync(replica.Delete(Tables.Customers, TestReplica.NewId()),
                replica.Product(TestReplica.NewId(), "BD-2"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    // As a request uses it.
    private SakDb In(Guid shop)
    {
        var db = _server.Database();
        db.Connection.Enter(shop);
        return db;
    }

    // As any other program uses it.
    private async Task<DbConnection> PlainAsync()
    {
        DbConnection connection = engine == Engine.Postgres
            ? new NpgsqlConnection(_server.Settings.Connection)
            : new SqlConnection(_server.Settings.Connection);
        await connection.OpenAsync(Cancel);
        return connection;
    }

    private static async Task<object?> ScalarAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(Cancel);
    }

    private static async Task<long> CountAsync(DbConnection connection, string table) =>
        Convert.ToInt64(await ScalarAsync(connection, $"SELECT count(*) FROM {table}"),
            System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_query_that_forgot_its_shop_sees_only_the_shop_of_its_request()
    {
        await using var mine = In(_shop);
        Assert.Equal([_shop, _shop], (await mine.Products.ToListAsync(Cancel)).Select(p => p.ShopId));
        Assert.Equal(_shop, Assert.Single(await mine.Orders.ToListAsync(Cancel)).ShopId);
        Assert.All(await mine.SyncBatches.ToListAsync(Cancel), b => Assert.Equal(_shop, b.ShopId));
        Assert.Equal(_shop, Assert.Single(await mine.ShopVersions.ToListAsync(Cancel)).ShopId);
        Assert.Equal(_shop, Assert.Single(await mine.Shops.ToListAsync(Cancel)).Id);
        await using var all = _server.Database();
        Assert.Equal(4, await all.Products.CountAsync(Cancel));
    }

    [Fact]
    public async Task A_statement_that_forgot_its_shop_changes_only_the_shop_of_its_request()
    {
        await using (var mine = In(_shop))
        {
            Assert.Equal(2,
                await mine.Products.ExecuteUpdateAsync(
                    p => p.SetProperty(r => r.Price, 1L).SetProperty(r => r.Ver, r => r.Ver + 1), Cancel));
            Assert.Equal(1, await mine.OrderEvents.ExecuteDeleteAsync(Cancel));
        }

        await using var all = _server.Database();
        Assert.Equal(235L, (await all.Products.Where(p => p.ShopId == _other).ToListAsync(Cancel)).Max(p => p.Price));
        Assert.Equal(1, await all.OrderEvents.CountAsync(Cancel));
    }

    [Fact]
    public async Task A_row_for_another_shop_is_refused_however_it_is_written()
    {
        CustomerRow Customer(Guid shop) => new() { ShopId = shop, Id = Guid.CreateVersion7(), Ver = 1_000 };
        await using (var mine = In(_shop))
        {
            mine.Customers.Add(Customer(_other));
            await Assert.ThrowsAnyAsync<DbUpdateException>(() => mine.SaveChangesAsync(Cancel));
        }

        var id = Guid.CreateVersion7().ToString("D");
        await using (var mine = In(_shop))
        {
            await using var write = await ShopWrite.BeginAsync(mine.Connection, _shop, Cancel);
            await Assert.ThrowsAnyAsync<DbException>(
                () => new RowSql(mine.Connection, _other)
                    .InsertAsync(Tables.Customers,
                        [new StoredRow(id, [id, "1", "1@c.us", "x", "en", "{}"], 1_000, null)], Cancel));
        }

        await using (var mine = In(_shop))
            await Assert.ThrowsAnyAsync<DbException>(
                () => mine.Customers.ExecuteUpdateAsync(c => c.SetProperty(r => r.ShopId, _other), Cancel));
        await using var all = _server.Database();
        Assert.Equal(2, await all.Customers.CountAsync(Cancel));
    }

    [Fact]
    public async Task A_context_that_nobody_gave_a_shop_reads_nothing_at_all()
    {
        await using var db = Unbound();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => db.Products.CountAsync(Cancel));
        Assert.Contains("No shop was entered", error.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_shop_of_a_pooled_connection_does_not_leak_to_its_next_user(bool poolKeepsSettings)
    {
        var settings = _server.Settings with { Connection = Pooled(1, poolKeepsSettings) };
        for (var i = 0; i < 3; i++)
        {
            foreach (var shop in new[] { _shop, _other })
            {
                await using var one = OpenDatabase.New(settings);
                one.Connection.Enter(shop);
                Assert.Equal([shop, shop], await one.Products.Select(p => p.ShopId).ToListAsync(Cancel));
            }

            await using var all = OpenDatabase.New(settings);
            Assert.Equal(4, await all.Products.CountAsync(Cancel));
        }

        await using (var entered = OpenDatabase.New(settings))
        {
            await entered.Database.OpenConnectionAsync(Cancel);
            Assert.Throws<InvalidOperationException>(() => entered.Connection.Enter(_shop));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_transaction_shows_its_shop_alone_and_leaves_nothing_to_the_next_that_has_its_connection(
        bool poolKeepsSettings)
    {
        var settings = _server.Settings with { Connection = Pooled(1, poolKeepsSettings) };
        await using var db = OpenDatabase.New(settings);
        async Task<long> AllAsync()
        {
            await using var count = db.Connection.Command("SELECT count(*) FROM products");
            return Convert.ToInt64(await count.ExecuteScalarAsync(Cancel));
        }

        for (var i = 0; i < 3; i++)
        {
            foreach (var shop in new[] { _shop, _other })
            {
                db.Connection.Enter(shop);
                await using (await ShopRead.BeginAsync(db.Connection, shop, null, Cancel))
                    Assert.Equal(2, await AllAsync());
                await using (var write = await ShopWrite.BeginAsync(db.Connection, shop, Cancel))
                {
                    Assert.Equal(2, await AllAsync());
                    await write.CommitAsync(false, Cancel);
                    Assert.Equal(2, await db.Products.CountAsync(Cancel));
                }

                Assert.Equal(2, await db.Products.CountAsync(Cancel));
                await Assert.ThrowsAsync<InvalidOperationException>(
                    () => ShopRead.BeginAsync(db.Connection, shop == _shop ? _other : _shop, null, Cancel));
            }

            db.Connection.EnterAllShops();
            Assert.Equal(4, await db.Products.CountAsync(Cancel));
            await using (await ShopRead.BeginAsync(db.Connection, _shop, null, Cancel))
                Assert.Equal(4, await AllAsync());
        }
    }

    [Fact]
    public async Task A_program_of_the_operator_that_names_no_shop_reads_and_writes_all_and_the_agents_receive_it()
    {
        await using (var plain = await PlainAsync())
        {
            Assert.Equal(4, await CountAsync(plain, "products"));
            await ScalarAsync(plain, "UPDATE products SET price = 777");
        }

        foreach (var replica in new[] { _mine, _theirs })
        {
            var pulled = await replica.PullAsync();
            Assert.Equal([777L, 777L],
                pulled.Rows(Tables.Products).Select(r => r.Values[Tables.Products.IndexOf("price")]));
        }
    }

    [Fact]
    public async Task Every_table_that_holds_a_shops_rows_is_behind_the_wall()
    {
        await using var all = _server.Database();
        var holding = all.Model.GetEntityTypes().Where(e => e.GetProperties().Any(p => p.GetColumnName() == "shop_id"))
            .Select(e => e.GetTableName()!).Append("shops").Except(["keys"]).Order();
        var behind = engine == Engine.Postgres
            ? await all.Database.SqlQueryRaw<string>(
                "SELECT c.relname::text AS \"Value\" FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid WHERE "
                    + "c.relrowsecurity AND c.relforcerowsecurity").ToListAsync(Cancel)
            : await all.Database.SqlQueryRaw<string>(
                "SELECT DISTINCT OBJECT_NAME(target_object_id) AS [Value] FROM sys.security_predicates")
                .ToListAsync(Cancel);
        Assert.Equal(holding, behind.Order());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Requests_of_two_shops_side_by_side_over_few_connections_each_get_their_own(bool poolKeepsSettings)
    {
        await using var few = await _server.SecondAsync(Pooled(3, poolKeepsSettings));
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            var replica = i % 2 == 0 ? _mine : _theirs;
            var reader = new TestReplica(few.Client(replica.Client.DefaultRequestHeaders.Authorization!.Parameter));
            Assert.Equal(HttpStatusCode.OK, (await reader.PullAsync()).Status);
            Assert.Equal(replica.Rows.Keys.Order(), reader.Rows.Keys.Order());
        }));
    }

    private string Pooled(int connections, bool keepsSettings) => engine == Engine.Postgres
        ? new NpgsqlConnectionStringBuilder(_server.Settings.Connection)
            { MaxPoolSize = connections, NoResetOnClose = keepsSettings }.ConnectionString
        : new SqlConnectionStringBuilder(_server.Settings.Connection) { MaxPoolSize = connections }.ConnectionString;

    private SakDb Unbound()
    {
        var services = new ServiceCollection();
        services.AddSakDb(_server.Settings);
        return services.BuildServiceProvider().GetRequiredService<SakDb>();
    }
}

public sealed class WallOnSqlServer() : WallContract(Engine.SqlServer);
