using System.Data.Common;
using Sak.Server.Data;

namespace Sak.Server.Sync;

/// <summary>
/// Deletes, once a day, records of deletions that every active agent has seen, and answers that no agent will ask for
/// again. A replica below the floor that this raises repairs itself by comparing; its pending orders go up as always.
/// </summary>
public sealed class TrimSync(IServiceScopeFactory scopes, TimeProvider clock, ILogger<TrimSync> log) : BackgroundService
{
    public static readonly TimeSpan KeepDeletions = TimeSpan.FromDays(90);
    private static readonly TimeSpan First = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Between = TimeSpan.FromDays(1);

    /// <summary>
    /// Answers kept for each replica. Only the last can be asked for; the others are for whoever looks
    /// into an incident.
    /// </summary>
    private const int KeepAnswers = 20;

    /// <summary>Trims one shop, in one transaction.</summary>
    public static async Task TrimAsync(ShopConnection db, Guid shop, DateTimeOffset now, CancellationToken cancel)
    {
        await using var write = await ShopWrite.BeginAsync(db, shop, cancel);
        var id = ("@shop", db.IdValue(shop));
        // A deletion by another program has no time: it is trimmed with the first later one that has.
        await using var old = db.Command(
            "SELECT MAX(ver) FROM tombstones WHERE shop_id = @shop AND at > 0 AND at < @before", id,
            ("@before", (now - KeepDeletions).ToUnixTimeMilliseconds()));
        if (await old.ExecuteScalarAsync(cancel) is long floor)
        {
            await db.ExecuteAsync("DELETE FROM tombstones WHERE shop_id = @shop AND ver <= @floor",
                [id, ("@floor", floor)], cancel);
            await db.ExecuteAsync("UPDATE shop_versions SET floor = @floor WHERE shop_id = @shop AND floor < @floor",
                [id, ("@floor", floor)], cancel);
        }

        foreach (var (replica, last) in await LongKeptAsync(db, shop, cancel))
        {
            await db.ExecuteAsync(
                "DELETE FROM sync_batches WHERE shop_id = @shop AND replica = @replica AND sequence <= @last",
                [id, ("@replica", db.IdValue(replica)), ("@last", last - KeepAnswers)], cancel);
        }

        await write.CommitAsync(false, cancel);
    }

    protected override async Task ExecuteAsync(CancellationToken cancel)
    {
        // Soon after the start: a server that is restarted each night never runs for a day.
        using var timer = new PeriodicTimer(First, clock);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            timer.Period = Between;
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<ShopConnection>();
            db.EnterAllShops();
            await TryAsync(async () =>
            {
                // One shop that can't be trimmed does not stop the others.
                foreach (var shop in await ShopsAsync(db, cancel))
                    await TryAsync(() => TrimAsync(db, shop, clock.GetUtcNow(), cancel));
            });
        }
    }

    // Asked first, and not by one statement that looks up each row's last: behind PostgreSQL's wall that reads
    // all answers of the replica once for each of them (15 seconds for 100,000 of 200 replicas, in which the
    // shop can't write).
    private static async Task<List<(Guid Replica, long Last)>> LongKeptAsync(ShopConnection db, Guid shop,
        CancellationToken cancel)
    {
        await using var ask = db.Command(
            "SELECT replica, MAX(sequence) FROM sync_batches WHERE shop_id = @shop GROUP BY replica HAVING "
                + "MIN(sequence) <= MAX(sequence) - @keep",
            ("@shop", db.IdValue(shop)), ("@keep", KeepAnswers));
        await using var row = await ask.ExecuteReaderAsync(cancel);
        var replicas = new List<(Guid, long)>();
        while (await row.ReadAsync(cancel)) replicas.Add((ShopConnection.ReadId(row, 0), row.GetInt64(1)));
        return replicas;
    }

    private static Task<List<Guid>> ShopsAsync(ShopConnection db, CancellationToken cancel) =>
        db.ListAsync(db.Command("SELECT id FROM shops"), row => ShopConnection.ReadId(row, 0), cancel);

    private async Task TryAsync(Func<Task> trim)
    {
        try
        {
            await trim();
        }
        catch (Exception error) when (error is DbException or InvalidOperationException or TimeoutException)
        {
            log.LogWarning("Old deletions could not be trimmed ({Reason}); it is tried again tomorrow.",
                error.GetBaseException().Message);
        }
    }
}
