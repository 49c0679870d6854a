using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Sak.Agent.Database;
using Sak.Agent.Sync;
using Sak.Sync.Replica;
using Sak.Sync.Wire;
using Sak.Tests.Contracts;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Sync;

/// <summary>A PC that gets a new version of the program over the file of an older release, and a real server.</summary>
public sealed class ReleaseTests : IAsyncLifetime
{
    private readonly Folder _folder = new();
    private TestServer _server = null!;
    private FlakyCloud _line = null!;
    private Guid _shop;
    private string _key = "";

    public static TheoryData<string> Releases => Release.All;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string File => _folder.File("shop.db");

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(Engine.Sqlite);
        _line = await FlakyCloud.StartAsync(_server.Address, Cancel);
        var (key, _) = await _server.AddShopAsync();
        (_shop, _key) = (key.Shop, key.Key);
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task Changes_and_a_waiting_batch_of_an_older_release_go_up_and_replica_and_cloud_agree(string release)
    {
        Release.Restore(release, File);
        var waiting = Ask("SELECT id || ' ' || sequence || ' ' || last_seq FROM push_batch");
        await using var pc = Open();

        var batch = (await new SqliteReplica(pc.Db, TimeProvider.System).NextBatchAsync(Cancel))!;
        Assert.Equal(waiting, $"{batch.Id} {batch.Sequence} {batch.Changes[^1].Sequence}");
        await pc.SyncAsync();

        await AgreeAsync(pc);
        await using var cloud = _server.Database();
        Assert.Equal(["A-1001 confirmed 38600", "A-1002 cancelled 9900"],
            await cloud.Orders.OrderBy(o => o.Number).Select(o => $"{o.Number} {o.Status} {o.Gross}")
                .ToListAsync(Cancel));
        Assert.Equal(["BRD-1", "OIL-1", "RIC-5", "SUG-1", "TEA-1"],
            await cloud.Products.Select(p => p.Sku).OrderBy(s => s).ToListAsync(Cancel));
        Assert.Equal(["Asha Devi, corner shop", "Omar"],
            await cloud.Customers.Select(c => c.Name).OrderBy(n => n).ToListAsync(Cancel));
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task A_waiting_batch_whose_answer_was_lost_is_still_the_same_batch_after_the_upgrade(string release)
    {
        Release.Restore(release, File);
        await using var pc = Open();
        _line.Fault = LineFault.LostAnswer;
        await Assert.ThrowsAsync<CloudUnavailableException>(pc.SyncOnceAsync);
        _line.Fault = LineFault.None;
        await using var cloud = _server.Database();
        Assert.Equal(1, await cloud.Orders.CountAsync(Cancel));

        await pc.SyncAsync();

        await AgreeAsync(pc);
        Assert.Equal([1L, 2L], await cloud.SyncBatches.Select(b => b.Sequence).Order().ToListAsync(Cancel));
        Assert.Equal(2, await cloud.Orders.CountAsync(Cancel));
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task A_column_that_comes_with_the_upgrade_stops_no_waiting_row_and_an_older_server_ignores_it(
        string release)
    {
        Release.Restore(release, File);
        await using var pc = Open();
        await pc.Db.WriteAsync(NewColumn.Upgrade, Cancel);
        await pc.ExecuteAsync(
            """
            UPDATE products SET brand = 'Tata', price = price + 1 WHERE sku = 'TEA-1';
            INSERT INTO products (id, sku, name, aliases, unit, packs, price, currency, tax_rate, active, brand)
              VALUES ('0198a000-0000-7000-8000-0000000000a3', 'SALT-1', 'Salt', '', 'pack', '', 2800, 'INR', 0, 1,
                'Tata');
            """);

        var sent = await SendAllAsync(pc);
        await pc.SyncAsync();

        var brands = sent.Where(c => c.Table == NewColumn.Products && c.Kind == ChangeKind.Insert)
            .Select(c => c.Row[NewColumn.Brand]).ToList();
        Assert.Equal("Tata", brands[^1]);
        Assert.All(brands[..^1], brand => Assert.Same(Absent.Value, brand));
        Assert.Contains(sent, c => c.Columns.Any(u => u.Column == NewColumn.Brand && Equals(u.New, "Tata")));
        await AgreeAsync(pc);
        Assert.Equal(9901, await pc.NumberAsync("SELECT price FROM products WHERE sku = 'TEA-1'"));
        Assert.Equal("Tata", await pc.TextAsync("SELECT brand FROM products WHERE sku = 'SALT-1'"));
    }

    [Fact]
    public async Task A_table_that_an_older_release_did_not_capture_is_captured_after_the_upgrade()
    {
        Release.Restore("2026-11", File);
        Run(CaptureTriggers.Drop([Tables.PriceRules]));
        await using var pc = Open();
        var before = await pc.CountAsync("change_log");

        await pc.ExecuteAsync(
            "INSERT INTO price_rules (id, kind, sku, pack, from_quantity, amount, rate, from_amount) VALUES "
                + "('0198a000-0000-7000-8000-000000000301', 'price', 'SUG-1', '', 0, 4500, 0, 0)");

        Assert.Equal(before + 1, await pc.CountAsync("change_log"));
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task An_upgraded_file_has_the_columns_and_capture_triggers_of_a_new_one(string release)
    {
        Release.Restore(release, File);
        await using (Open()) Assert.Equal(FileVersion.Current.Number, int.Parse(Ask("PRAGMA user_version")));
        await using var fresh = OpenReplica.At(_folder.File("fresh.db"), TimeProvider.System);

        foreach (var sql in new[]
        {
            $"SELECT name || char(10) || sql FROM sqlite_schema WHERE name IN ({CaptureTriggers.Names}) ORDER BY name",
            "SELECT t.name || '.' || c.name || ' ' || c.type || c.`notnull` FROM sqlite_schema t, "
                + "pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY 1",
        })
        {
            var expected = await fresh.ReadAsync(c => c.List(sql, r => r.GetString(0)), Cancel);
            Assert.True(expected.Count > 20);
            Assert.Equal(expected, Rows(sql));
        }
    }

    [Fact]
    public async Task A_command_leaves_the_file_of_an_older_release_alone_while_an_agent_runs_on_it()
    {
        Release.Restore("2026-11", File);
        var before = await System.IO.File.ReadAllBytesAsync(File, Cancel);
        using (DataLock.Take(_folder.Path))
        {
            var told = Assert.Throws<StoreException>(() => OpenReplica.At(File, TimeProvider.System)).Message;

            Assert.Contains("an agent is running on it. Stop that agent and start the new one", told);
            Assert.Equal(before, await System.IO.File.ReadAllBytesAsync(File, Cancel));
        }

        await using (OpenReplica.At(File, TimeProvider.System)) { }
        Assert.Equal(FileVersion.Current.Number, int.Parse(Ask("PRAGMA user_version")));
    }

    [Fact]
    public async Task The_agent_that_holds_the_folder_upgrades_its_file_and_commands_then_work_beside_it()
    {
        Release.Restore("2026-11", File);
        using var held = DataLock.Take(_folder.Path);

        await using var agent = OpenReplica.At(File, TimeProvider.System, held);
        await using var command = OpenReplica.At(File, TimeProvider.System);

        Assert.Equal(FileVersion.Current.Number, int.Parse(Ask("PRAGMA user_version")));
    }

    [Fact]
    public async Task Rows_that_came_before_this_PC_knew_a_column_get_its_values_after_the_upgrade()
    {
        await using var other = Open("other.db");
        await other.ExecuteAsync(
            "INSERT INTO price_rules (id, kind, sku, pack, from_quantity, amount, rate, from_amount) VALUES "
                + "('0198a000-0000-7000-8000-000000000301', 'price', 'SUG-1', '', 0, 4500, 0, 0)");
        await other.SyncAsync();
        await using var pc = Open();
        await pc.SyncAsync();
        // As a program leaves it that does not know the amount: the row has its version, but not this value.
        await pc.ExecuteAsync(
            "UPDATE replica SET applying = 1; UPDATE price_rules SET amount = 0; "
                + $"UPDATE replica SET applying = 0, schema = {Tables.SchemaVersion - 1}");

        await pc.Db.WriteAsync(ReplicaRow.LearnColumns, Cancel);
        await pc.SyncAsync();

        Assert.Equal(4500, await pc.NumberAsync("SELECT amount FROM price_rules"));
        Assert.Equal(("", Tables.SchemaVersion),
            (await pc.TextAsync("SELECT repairing FROM replica"),
                await pc.NumberAsync("SELECT schema FROM replica")));
        await AgreeAsync(pc);
    }

    public async ValueTask DisposeAsync()
    {
        if (_line is not null) await _line.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
        _folder.Dispose();
    }

    // Batch after batch, read by a program that knows the new column, to a server that does not.
    private async Task<List<Change>> SendAllAsync(Pc pc)
    {
        var (sent, replica) = (new List<Change>(), new SqliteReplica(pc.Db, TimeProvider.System));
        using var http = CloudClient.Connect(_server.Address, _key);
        var cloud = new CloudClient(http, TimeSpan.FromSeconds(30));
        while (await replica.NextBatchAsync(Cancel) is not null)
        {
            var batch = (await pc.Db.ReadAsync(c => ChangeLog.Waiting(c, NewColumn.All), Cancel))!;
            var at = await replica.PositionAsync(Cancel);
            var head = new SyncHead(Protocol.Version, Tables.SchemaVersion + 1, at.Replica, at.Since, false, batch.Id,
                batch.Sequence, at.Page, at.Sums);
            await using var answer = await cloud.ExchangeAsync(head, batch, Cancel);
            Assert.Equal(0, (await replica.ApplyAsync(answer!, null, Cancel)).Refused);
            sent.AddRange(batch.Changes);
        }

        return sent;
    }

    private async Task AgreeAsync(Pc pc)
    {
        Assert.Equal(0, await pc.CountAsync("change_log"));
        Assert.Equal(0, await pc.CountAsync("refusals"));
        await using var cloud = _server.Database();
        await Agreement.HoldsAsync(cloud, _shop, pc.File);
    }

    private Pc Open(string file = "shop.db") =>
        new(_folder.File(file), CloudClient.Connect(new Uri(_line.Address), _key));

    private string Ask(string sql) => Rows(sql).Single();

    private List<string> Rows(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        return connection.List(sql, r => r.GetString(0));
    }

    private void Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        connection.Execute(sql);
    }
}
