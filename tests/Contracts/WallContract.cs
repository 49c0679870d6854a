using System.Data.Common;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Sak.Server.Data;
using Sak.Server.Sync;
using Sak.Sync.Replica;
using Sak.Sync.Wire;
using Sak.Tests.Support;

namespace Sak.Tests.Contracts;

/// <summary>
/// The second wall: the database itself keeps shops apart, also for a query that forgot to say whose rows it wants.
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

    // As a request has it.
    private SakDb In(Guid shop)
    {
        var db = _server.Database();
        db.Connection.Enter(shop);
        return db;
    }

    // As any other program has it.
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
    public async Task What_a_pooled_connection_was_told_does_not_leak_to_the_next_that_has_it(bool poolKeepsSettings)
    {
        var connection = engine == Engine.Postgres
            ? new NpgsqlConnectionStringBuilder(_server.Settings.Connection) { MaxPoolSize = 1,
                NoResetOnClose = poolKeepsSettings }.ConnectionString
            : new SqlConnectionStringBuilder(_server.Settings.Connection) { MaxPoolSize = 1 }.ConnectionString;
        var settings = _server.Settings with { Connection = connection };
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
        var settings = _server.Settings with
        {
            Connection = engine == Engine.Postgres
                ? new NpgsqlConnectionStringBuilder(_server.Settings.Connection) { MaxPoolSize = 1,
                    NoResetOnClose = poolKeepsSettings }.ConnectionString
                : new SqlConnectionStringBuilder(_server.Settings.Connection) { MaxPoolSize = 1 }.ConnectionString,
        };
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
    public async Task Every_table_that_holds_a_shops_rows_stands_behind_the_wall()
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
        await using var few = await _server.SecondAsync(engine == Engine.Postgres
            ? new NpgsqlConnectionStringBuilder(_server.Settings.Connection) { MaxPoolSize = 3,
                NoResetOnClose = poolKeepsSettings }.ConnectionString
            : new SqlConnectionStringBuilder(_server.Settings.Connection) { MaxPoolSize = 3 }.ConnectionString);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            var replica = i % 2 == 0 ? _mine : _theirs;
            var reader = new TestReplica(few.Client(replica.Client.DefaultRequestHeaders.Authorization!.Parameter));
            Assert.Equal(HttpStatusCode.OK, (await reader.PullAsync()).Status);
            Assert.Equal(replica.Rows.Keys.Order(), reader.Rows.Keys.Order());
        }));
    }

    private SakDb Unbound()
    {
        var services = new ServiceCollection();
        services.AddSakDb(_server.Settings);
        return services.BuildServiceProvider().GetRequiredService<SakDb>();
    }
}

public sealed class WallOnPostgres() : WallContract(Engine.Postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_that_a_program_writes_is_heard_of_when_it_has_its_constraints_looked_at_at_once()
    {
        await using var server = await TestServer.StartAsync(Engine.Postgres);
        var (_, client) = await server.AddShopAsync();
        var replica = new TestReplica(client);
        await replica.PushAsync(replica.Product(TestReplica.NewId(), "A"), replica.Product(TestReplica.NewId(), "B"));
        await replica.PullAsync();
        await using var connection = new NpgsqlConnection(server.Settings.Connection);
        await connection.OpenAsync(Cancel);
        await RunAsync(connection, "BEGIN");
        await RunAsync(connection, "SET CONSTRAINTS ALL IMMEDIATE");
        await RunAsync(connection, "UPDATE products SET price = 7 WHERE sku = 'A'");
        await RunAsync(connection, "UPDATE products SET price = 8 WHERE sku = 'B'");
        await RunAsync(connection, "COMMIT");
        Assert.Equal(2, (await replica.PullAsync()).Rows(Tables.Products).Count());
    }

    [Fact]
    public async Task What_a_pull_reads_is_still_found_by_its_index()
    {
        await using var server = await TestServer.StartAsync(Engine.Postgres);
        var (key, client) = await server.AddShopAsync();
        var replica = new TestReplica(client);
        await replica.PushAsync(Enumerable.Range(0, 4_000).Select(i => replica.Product(TestReplica.NewId(), $"P-{i}")));
        await replica.PushAsync(replica.Product(TestReplica.NewId(), "LAST"));
        await using var connection = new NpgsqlConnection(server.Settings.Connection);
        await connection.OpenAsync(Cancel);
        await RunAsync(connection, "ANALYZE products");
        await RunAsync(connection, $"SET sak.shop = '{key.Shop}'");
        var news = await RunAsync(connection,
            $"EXPLAIN SELECT ver, id, sku FROM products WHERE shop_id = '{key.Shop}' AND ver > 1 AND (origin IS NULL "
                + $"OR origin <> '{Guid.NewGuid()}') ORDER BY ver");
        Assert.Contains("Index Scan using \"IX_products_shop_id_ver\"", news);
        Assert.Contains("ver > 1", news.Split("Index Cond")[1].Split('\n')[0]);
        await RunAsync(connection, "SET plan_cache_mode = force_generic_plan");
        await RunAsync(connection,
            "PREPARE news (uuid, bigint, uuid) AS SELECT ver, id, sku FROM products WHERE shop_id = $1 AND ver > $2 "
                + "AND (origin IS NULL OR origin <> $3) ORDER BY ver");
        var kept = await RunAsync(connection, $"EXPLAIN EXECUTE news ('{key.Shop}', 1, '{Guid.NewGuid()}')");
        Assert.Contains("Index Scan on \"IX_products_shop_id_ver\"", kept);
        Assert.Contains("ver > $2", kept.Split("Index Cond")[1].Split('\n')[0]);
        var found = await RunAsync(connection,
            $"EXPLAIN SELECT ver FROM products WHERE shop_id = '{key.Shop}' AND id = "
                + $"ANY(ARRAY['{Guid.NewGuid()}'::uuid, '{Guid.NewGuid()}'::uuid])");
        Assert.Contains("PK_products", found);
    }

    [Fact]
    public async Task To_ask_whether_a_table_has_news_reads_its_index_and_never_the_whole_table()
    {
        await using var server = await TestServer.StartAsync(Engine.Postgres);
        var (key, client) = await server.AddShopAsync();
        // As a table looks that several write, the cloud itself too: a third of its rows has no origin.
        foreach (var replica in new[] { new TestReplica(client), new TestReplica(client) })
            await replica.PushAsync(
                Enumerable.Range(0, 4_000).Select(i => replica.Product(TestReplica.NewId(), $"P-{replica.Id}-{i}")));
        await using var connection = new NpgsqlConnection(server.Settings.Connection);
        await connection.OpenAsync(Cancel);
        await RunAsync(connection,
            $"SET sak.shop = '{key.Shop}'; SET sak.writer = 'on'; UPDATE products SET origin = NULL WHERE sku LIKE "
                + $"'%0' OR sku LIKE '%3' OR sku LIKE '%6'");
        await RunAsync(connection, "ANALYZE products");

        await using var db = OpenDatabase.DialectOf(server.Settings).Connect();
        await using var command = db.Command("", ("@shop", key.Shop));
        new RowFeed(db, key.Shop).AskNews(command, WireTable.Of(Tables.SchemaVersion), 7, Guid.NewGuid());
        var asked = Regex.Replace(command.CommandText.Split(';')[1], @"FROM \w+", "FROM products")
            .Replace("@shop", "$1").Replace("@since", "$2").Replace("@origin", "$3");
        await RunAsync(connection,
            $"SET plan_cache_mode = force_generic_plan; PREPARE news (uuid, bigint, uuid) AS {asked}");
        var plan = await RunAsync(connection, $"EXPLAIN EXECUTE news ('{key.Shop}', 7, '{Guid.NewGuid()}')");

        Assert.Contains("IX_products_shop_id_ver", plan);
        Assert.DoesNotContain("Seq Scan", plan);
    }

    [Fact]
    public async Task A_row_of_a_shop_that_came_after_the_last_ANALYZE_is_still_found_by_its_key()
    {
        await using var server = await TestServer.StartAsync(Engine.Postgres);
        var old = new TestReplica((await server.AddShopAsync()).Client);
        await old.PushAsync(Enumerable.Range(0, 4_000).Select(i => old.Product(TestReplica.NewId(), $"P-{i}")));
        await using var connection = new NpgsqlConnection(server.Settings.Connection);
        await connection.OpenAsync(Cancel);
        await RunAsync(connection, "ANALYZE products");

        var (late, client) = await server.AddShopAsync();
        var replica = new TestReplica(client);
        await replica.PushAsync(Enumerable.Range(0, 4_000).Select(i => replica.Product(TestReplica.NewId(), $"L-{i}")));

        var found = await RunAsync(connection,
            $"EXPLAIN SELECT ver FROM products WHERE shop_id = '{late.Shop}' AND id = '{Guid.NewGuid()}'");
        Assert.Contains("id = ", found.Split("Index Cond")[1].Split('\n')[0]);
    }

    [Fact]
    public async Task A_login_that_passes_the_wall_is_named_with_what_to_do_and_another_is_not()
    {
        await using var server = await TestServer.StartAsync(Engine.Postgres);
        var passes = server.Settings
            with { Connection = (await PostgresServer.GetAsync(Cancel)).AsGiven(server.Settings.Connection) };
        if (await OpenDatabase.MigrateAsync(passes, Cancel) is not (_, { } gap))
        {
            Assert.Skip(
                "PostgreSQL: the login that SAK_TEST_POSTGRES names is no superuser, so there is nobody to warn of.");
            return;
        }

        Assert.Contains("OPERATOR.md", gap);
        Assert.Null((await OpenDatabase.MigrateAsync(server.Settings, Cancel)).Gap);
    }

    private static async Task<string> RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var lines = new List<string>();
        while (await reader.ReadAsync(Cancel)) lines.Add(reader.GetString(0));
        return string.Join('\n', lines);
    }
}

public sealed class WallOnSqlServer() : WallContract(Engine.SqlServer);
