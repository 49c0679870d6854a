using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Sak.Agent.Database;
using Sak.Agent.Sync;
using Sak.Sync.Wire;
using Sak.Tests.Support;
using Sak.Tools;
using Sak.Tools.Bench;

namespace Sak.Tests.EndToEnd;

/// <summary>
/// sak-agent sync and sak-server as processes over PostgreSQL, SIGKILLed at each step of an exchange, then run again:
/// every order is in the cloud exactly once, and both sides hold the same rows.
/// </summary>
[Collection(ProcessCollection.Name)]
public sealed class SyncKillTests : IAsyncLifetime
{
    private const int Orders = 4;
    private const int Products = (2 * Protocol.PageRows) + 1_500;
    private readonly Folder _folder = new();
    private CloudProcesses _cloud = null!;
    private Child? _agent;
    private Guid _shop;
    private string _key = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Replica => _folder.File("shop.db");

    public async ValueTask InitializeAsync()
    {
        _cloud = await CloudProcesses.StartAsync(servers: 1);
        var made = await _cloud.AddShopAsync();
        (_shop, _key) = (made.Shop, made.Key);
        await new BenchShop(_cloud.Settings).FillAsync(_shop, Products, customers: 20, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_agent is not null) await _agent.DisposeAsync();
        if (_cloud is not null) await _cloud.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(LineStep.Asked)]
    [InlineData(LineStep.HalfSent)]
    [InlineData(LineStep.Answered)]
    [InlineData(LineStep.HalfAnswered)]
    [InlineData(LineStep.Whole)]
    public async Task The_agent_killed_at_a_step_of_its_upload_and_run_again_has_each_order_in_the_cloud_once(
        LineStep at)
    {
        await SyncAsync();
        await SellAsync();
        var killed = KillAt(at, HttpMethods.IsPost, () => _agent!.KillAsync());
        await RunAgentAsync();
        Assert.True(await killed(), "the agent was not killed there");
        await EachOrderIsThereOnceAsync();
    }

    [Theory]
    [InlineData(LineStep.Asked)]
    [InlineData(LineStep.HalfSent)]
    [InlineData(LineStep.Answered)]
    [InlineData(LineStep.HalfAnswered)]
    public async Task The_server_killed_at_a_step_of_an_upload_and_started_again_has_each_order_once(LineStep at)
    {
        await SyncAsync();
        await SellAsync();
        var killed = KillAt(at, HttpMethods.IsPost, () => _cloud.KillAsync(0));
        var exit = await RunAgentAsync();
        Assert.True(await killed(), "the server was not killed there");
        // Once the server has sent its answer, the agent may have all of it.
        if (at < LineStep.Answered) Assert.Equal(1, exit);
        await _cloud.StartAsync(0, Cancel);
        await EachOrderIsThereOnceAsync();
    }

    [Theory]
    [InlineData("SELECT version FROM shop_versions FOR UPDATE")]
    [InlineData("LOCK TABLE orders IN SHARE MODE")]
    [InlineData("LOCK TABLE sync_batches IN SHARE MODE")]
    public async Task The_server_killed_inside_the_transaction_of_a_batch_leaves_nothing_of_it_and_takes_it_again(
        string hold)
    {
        await SyncAsync();
        await SellAsync();
        await using (var holder = new NpgsqlConnection(_cloud.Settings.Connection))
        {
            await holder.OpenAsync(Cancel);
            await using var transaction = await holder.BeginTransactionAsync(Cancel);
            await ExecuteAsync(holder, hold);
            var running = RunAgentAsync();
            await WaitsAsync();
            await _cloud.KillAsync(0);
            Assert.Equal(1, await running);
        }

        await Eventually.IsTrueAsync(async () => await WaitersAsync("state <> 'idle'") == 0,
            "the killed server's connection to end");
        await using (var db = _cloud.Database()) Assert.Equal(0, await db.Orders.CountAsync(Cancel));
        await _cloud.StartAsync(0, Cancel);
        await EachOrderIsThereOnceAsync();
    }

    [Fact]
    public async Task An_agent_killed_during_the_servers_commit_or_its_own_has_each_order_in_the_cloud_once()
    {
        await SyncAsync();
        await SellAsync();
        await using (var holder = new NpgsqlConnection(_cloud.Settings.Connection))
        {
            await holder.OpenAsync(Cancel);
            await using var transaction = await holder.BeginTransactionAsync(Cancel);
            await ExecuteAsync(holder, "LOCK TABLE sync_batches IN SHARE MODE");
            var running = RunAgentAsync();
            await WaitsAsync();
            await _agent!.KillAsync();
            await running;
        }

        // Now the answer arrives while another program holds the replica's file: the agent is killed while it waits to
        // write.
        var wrote = new TaskCompletionSource();
        using var other = new SqliteConnection($"Data Source={Replica};Pooling=False");
        _cloud.Line.At = (step, _) =>
        {
            if (step == LineStep.Answered && other.State != System.Data.ConnectionState.Open)
            {
                other.Open();
                other.Execute("BEGIN IMMEDIATE");
            }

            if (step == LineStep.Whole) wrote.TrySetResult();
            return Task.FromResult(true);
        };
        var again = RunAgentAsync();
        await wrote.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        await _agent!.KillAsync();
        await again;
        other.Execute("ROLLBACK");
        other.Close();
        _cloud.Line.At = (_, _) => Task.FromResult(true);
        Assert.Equal(1, Count("SELECT count(*) FROM push_batch"));
        await EachOrderIsThereOnceAsync();
    }

    [Fact]
    public async Task A_first_load_goes_on_after_its_page_when_the_agent_is_killed_and_when_the_server_is()
    {
        var killed = KillAt(LineStep.HalfAnswered, HttpMethods.IsGet, async () =>
        {
            await Eventually.IsTrueAsync(
                () => File.Exists(Replica) && Count("SELECT count(*) FROM replica WHERE page <> ''") == 1,
                "a page to be stored");
            await _agent!.KillAsync();
        });
        await RunAgentAsync();
        Assert.True(await killed());
        Assert.Equal(Protocol.PageRows, Count("SELECT count(*) FROM products"));
        Assert.Contains($"of {Products + 20:N0} rows.", _agent!.Output);

        killed = KillAt(LineStep.Asked, HttpMethods.IsGet, () => _cloud.KillAsync(0));
        Assert.Equal(1, await RunAgentAsync());
        Assert.True(await killed());
        Assert.Equal(Protocol.PageRows, Count("SELECT count(*) FROM products"));
        await _cloud.StartAsync(0, Cancel);
        await SyncAsync();
        await SellAsync();
        await EachOrderIsThereOnceAsync();
    }

    private async Task EachOrderIsThereOnceAsync()
    {
        await SyncAsync();
        await using var db = _cloud.Database();
        Assert.Equal(Orders, await db.Orders.CountAsync(Cancel));
        Assert.Equal(Orders * 3, await db.OrderLines.CountAsync(Cancel));
        Assert.Equal(0, Count("SELECT count(*) FROM change_log"));
        Assert.Equal(0, Count("SELECT count(*) FROM refusals"));
        await Agreement.HoldsAsync(db, _shop, Replica);
    }

    /// <summary>
    /// Kills a process once, at this step of the first request with this method, and closes the connection there.
    /// </summary>
    private Func<Task<bool>> KillAt(LineStep at, Func<string, bool> method, Func<Task> kill)
    {
        var (struck, done) = (0, new TaskCompletionSource<bool>());
        _cloud.Line.At = async (step, request) =>
        {
            if (step != at || !method(request.Method) || Interlocked.Increment(ref struck) > 1) return true;
            await kill();
            _cloud.Line.At = (_, _) => Task.FromResult(true);
            done.SetResult(true);
            return false;
        };
        return () => done.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
    }

    private async Task SyncAsync() => Assert.True(await RunAgentAsync() == 0, $"{_agent!.Output}\n{_cloud.Said(0)}");

    private async Task<int> RunAgentAsync()
    {
        if (_agent is not null) await _agent.DisposeAsync();
        _agent = Child.Start("dotnet", [House.AgentProgram, "sync"], _folder.Path, new Dictionary<string, string?>
        {
            ["SAK_Agent__DataFolder"] = _folder.Path,
            ["SAK_Shop__Name"] = "Asha Stores",
            ["SAK_Shop__Currency"] = "INR",
            ["SAK_Cloud__Address"] = _cloud.Line.Address.ToString(),
            ["SAK_Cloud__Key"] = _key,
        });
        await _agent.WaitAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(90), Cancel);
        return _agent.ExitCode;
    }

    private async Task SellAsync()
    {
        await using var db = OpenReplica.At(Replica, TimeProvider.System);
        for (var i = 0; i < Orders; i++)
        {
            var number = i;
            await db.WriteAsync(connection => BenchOrders.Write(connection, 1, 3, 1 + number), Cancel);
        }
    }

    private long Count(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Replica};Mode=ReadOnly;Pooling=False");
        connection.Open();
        return connection.Scalar<long>(sql);
    }

    private Task WaitsAsync() =>
        Eventually.IsTrueAsync(async () => await WaitersAsync("wait_event_type = 'Lock'") > 0,
            "the server to wait for the lock");

    private async Task<long> WaitersAsync(string where)
    {
        await using var connection = new NpgsqlConnection(_cloud.Settings.Connection);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
                + $"AND {where}", connection);
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
