using System.Text.RegularExpressions;
using Npgsql;
using Sak.Server.Data;
using Sak.Server.Sync;
using Sak.Sync.Replica;
using Sak.Sync.Wire;
using Sak.Tests.Support;

namespace Sak.Tests.Contracts;

public sealed class WallOnPostgres() : WallContract(Engine.Postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_that_a_program_writes_reaches_the_agents_when_its_constraints_are_immediate()
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
    public async Task Looking_for_changes_of_a_table_reads_its_index_and_never_the_whole_table()
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
