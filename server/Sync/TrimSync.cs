using System.Data.Common;
using Sak.Server.Data;

namespace Sak.Server.Sync;

/// <summary>
/// Forgets, once a day, deletions that every living agent has long seen, and answers that no agent will ask for again. A
/// replica below the floor that this raises repairs itself by comparing; its pending orders go up as always.
/// </summary>
public sealed class TrimSync(IServiceScopeFactory scopes, TimeProvider clock, ILogger<TrimSync> log) : BackgroundService
{
    public static readonly TimeSpan KeepDeletions = TimeSpan.FromDays(90);
    private static readonly TimeSpan First = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Between = TimeSpan.FromDays(1);

    /// <summary>Answers kept for each replica. Only the last can be asked for; the others are for whoever looks into an incident.</summary>
    private const int KeepAnswers = 20;

    /// <summary>Trims one shop, in one transaction.</summary>
    public static async Task TrimAsync(ShopConnection db, Guid shop, DateTimeOffset now, CancellationToken cancel)
    {
        await using var write = await ShopWrite.BeginAsync(db, shop, cancel);
        var id = ("@shop", db.IdValue(shop));
        // A deletion by another program has no time: it goes with the first of ours that came after it.
        await using var old = db.Command(
            "SELECT MAX(ver) FROM tombstones WHERE shop_id = @shop AND at > 0 AND at < @before", id, ("@before", (now - KeepDeletions).ToUnixTimeMilliseconds()));
        if (await old.ExecuteScalarAsync(cancel) is long floor)
        {
            await db.ExecuteAsync("DELETE FROM tombstones WHERE shop_id = @shop AND ver <= @floor", [id, ("@floor", floor)], cancel);
            await db.ExecuteAsync("UPDATE shop_versions SET floor = @floor WHERE shop_id = @shop AND floor < @floor", [id, ("@floor", floor)], cancel);
        }

        await db.ExecuteAsync(
            """
            DELETE FROM sync_batches WHERE shop_id = @shop AND sequence <=
              (SELECT MAX(l.sequence) FROM sync_batches l WHERE l.shop_id = sync_batches.shop_id AND l.replica = sync_batches.replica) - @keep
            """,
            [id, ("@keep", KeepAnswers)], cancel);
        await write.CommitAsync(false, cancel);
    }

    protected override async Task ExecuteAsync(CancellationToken cancel)
    {
        // Soon after the start: a server that is started anew each night never runs for a day.
        using var timer = new PeriodicTimer(First, clock);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            timer.Period = Between;
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<ShopConnection>();
            db.EnterAllShops();
            await TryAsync(async () =>
            {
                // One shop that can't be trimmed keeps no other from it.
                foreach (var shop in await ShopsAsync(db, cancel)) await TryAsync(() => TrimAsync(db, shop, clock.GetUtcNow(), cancel));
            });
        }
    }

    private static Task<List<Guid>> ShopsAsync(ShopConnection db, CancellationToken cancel) =>
        db.AskAsync(db.Command("SELECT id FROM shops"), async row =>
        {
            var shops = new List<Guid>();
            while (await row.ReadAsync(cancel)) shops.Add(ShopConnection.ReadId(row, 0));
            return shops;
        }, cancel);

    private async Task TryAsync(Func<Task> trim)
    {
        try
        {
            await trim();
        }
        catch (Exception error) when (error is DbException or InvalidOperationException)
        {
            log.LogWarning("Old deletions could not be trimmed ({Reason}); it is tried again tomorrow.", error.GetBaseException().Message);
        }
    }
}
