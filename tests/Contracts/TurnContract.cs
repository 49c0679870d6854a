using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Sak.Sync.Model;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Tests.Contracts;

/// <summary>The reply to a turn and the size limits of its request, on every engine.</summary>
public abstract class TurnContract(Engine engine)
{
    [Fact]
    public async Task One_turn_asked_eight_times_at_once_has_one_reply()
    {
        await using var server = await TestServer.StartAsync(engine);
        var (_, client) = await server.AddShopAsync();
        var request = new ProcessMessageRequest(
            Protocol.Version, Guid.CreateVersion7(), [new TurnMessage("m1", "hello", DateTimeOffset.UnixEpoch)], [],
            BasketState.Empty, [], "en", new Dictionary<string, string>(), 0);
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using var response = await client.PostAsJsonAsync("/api/process-message", request);
            response.EnsureSuccessStatusCode();
            return await response.Content.ReadAsStringAsync();
        }));
        Assert.Single(replies.Distinct());
        await using var db = server.Database();
        Assert.Equal(1, await db.Replies.CountAsync());
    }

    [Fact]
    public async Task Replies_are_forgotten_after_a_day()
    {
        await using var server = await TestServer.StartAsync(engine);
        var (key, client) = await server.AddShopAsync();
        await using var db = server.Database();
        db.Replies.Add(
            new Sak.Server.Data.ReplyRow { ShopId = key.Shop, TurnId = Guid.NewGuid(), Reply = "{}",
                At = DateTimeOffset.UnixEpoch.ToUnixTimeMilliseconds() });
        await db.SaveChangesAsync();
        var request = new ProcessMessageRequest(
            Protocol.Version, Guid.CreateVersion7(), [new TurnMessage("m1", "hello", DateTimeOffset.UnixEpoch)], [],
            BasketState.Empty, [], "en", new Dictionary<string, string>(), 0);
        (await client.PostAsJsonAsync("/api/process-message", request)).EnsureSuccessStatusCode();
        Assert.Equal(request.TurnId, (await db.Replies.SingleAsync()).TurnId);
    }

    [Fact]
    public async Task An_outage_of_five_hundred_orders_goes_up_in_one_batch_and_comes_down_whole()
    {
        await using var server = await TestServer.StartAsync(engine);
        var (_, client) = await server.AddShopAsync();
        var replica = new TestReplica(client);
        var (product, customer) = (TestReplica.NewId(), TestReplica.NewId());
        await replica.PushAsync(replica.Product(product, "BD-1"), replica.Customer(customer));
        var orders = Enumerable.Range(0, 500)
            .SelectMany(i => replica.Order(TestReplica.NewId(), $"A-{i}", customer, product, lines: 3)).ToList();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var pushed = await replica.PushAsync(orders);
        var up = watch.Elapsed;
        Assert.Empty(pushed.Batch.Refusals);
        var other = new TestReplica(client);
        await other.PullAsync();
        TestContext.Current.SendDiagnosticMessage(
            $"{engine}: {orders.Count} rows up in {up.TotalSeconds:0.00} s, down in "
                + $"{(watch.Elapsed - up).TotalSeconds:0.00} s");
        Assert.Equal(500, other.Rows.Keys.Count(k => k.Table == "orders"));
        Assert.Equal(1_500, other.Rows.Keys.Count(k => k.Table == "order_lines"));
        Assert.Equal(-3_000_000L, other.Rows[("products", product)].Values[Tables.Products.IndexOf("on_hand")]);
        Assert.True(up < TimeSpan.FromSeconds(30), $"took {up}");
    }
}

public sealed class TurnOnSqlite() : TurnContract(Engine.Sqlite);

public sealed class TurnOnPostgres() : TurnContract(Engine.Postgres);

public sealed class TurnOnSqlServer() : TurnContract(Engine.SqlServer);
