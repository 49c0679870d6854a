using Microsoft.EntityFrameworkCore;
using Sak.Server.Data;
using Sak.Server.Sync;
using Sak.Sync.Replica;

namespace Sak.Tests.Contracts;

/// <summary>What the nightly cleanup removes, and what it keeps.</summary>
public abstract class TrimContract(Engine engine)
{
    private const int Many = 100;
    protected const int Kept = 20;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_last_twenty_answers_of_each_replica_stay_and_older_ones_go()
    {
        await using var server = await TestServer.StartAsync(engine);
        var (mine, other) = ((await server.AddShopAsync()).Key.Shop,
            (await server.AddShopAsync("Ravi Traders")).Key.Shop);
        var (busy, quiet) = (Guid.NewGuid(), Guid.NewGuid());
        await KeepAsync(server, mine, busy, Many);
        await KeepAsync(server, mine, quiet, Kept);
        await KeepAsync(server, other, busy, Kept * 2);

        await using var db = server.Database();
        await TrimSync.TrimAsync(db.Connection, mine, TimeProvider.System.GetUtcNow(), Cancel);

        Assert.Equal((Kept, Many - Kept + 1L, (long)Many), await LeftAsync(db, mine, busy));
        Assert.Equal((Kept, 1L, (long)Kept), await LeftAsync(db, mine, quiet));
        Assert.Equal((Kept * 2, 1L, Kept * 2L), await LeftAsync(db, other, busy));
    }

    private static async Task KeepAsync(TestServer server, Guid shop, Guid replica, int answers)
    {
        await using var db = server.Database();
        await using var write = await ShopWrite.BeginAsync(db.Connection, shop, Cancel);
        for (var sequence = 1; sequence <= answers; sequence++)
            await PushChanges.KeepAsync(db.Connection, shop, replica, new BatchAnswer(Guid.NewGuid(), sequence, 0, []),
                TimeProvider.System.GetUtcNow(), Cancel);
        await write.CommitAsync(false, Cancel);
    }

    private static async Task<(int Count, long First, long Last)> LeftAsync(SakDb db, Guid shop, Guid replica)
    {
        var left = await db.SyncBatches.Where(b => b.ShopId == shop && b.Replica == replica).Select(b => b.Sequence)
            .ToListAsync(Cancel);
        return (left.Count, left.Min(), left.Max());
    }
}

public sealed class TrimOnSqlite() : TrimContract(Engine.Sqlite);

public sealed class TrimOnPostgres() : TrimContract(Engine.Postgres)
{
    [Fact]
    public async Task A_hundred_thousand_answers_of_two_hundred_replicas_are_trimmed_before_the_shop_waits_long()
    {
        await using var server = await TestServer.StartAsync(Engine.Postgres);
        var (key, _) = await server.AddShopAsync();
        await using var db = server.Database();
        await db.Database.ExecuteSqlRawAsync(
            """
            INSERT INTO sync_batches (shop_id, replica, sequence, batch_id, answer, at)
            SELECT {0}, r.id, s, gen_random_uuid(), repeat('x', 300), 1
              FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, 200)) r, generate_series(1, 500) s
            """,
            [key.Shop], Cancel);

        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        // With one statement that looks up the last answer of each replica it took 15 to 20.
        soon.CancelAfter(TimeSpan.FromSeconds(8));
        await TrimSync.TrimAsync(db.Connection, key.Shop, TimeProvider.System.GetUtcNow(), soon.Token);
        Assert.Equal(200 * Kept, await db.SyncBatches.CountAsync(Cancel));
    }
}

public sealed class TrimOnSqlServer() : TrimContract(Engine.SqlServer);
