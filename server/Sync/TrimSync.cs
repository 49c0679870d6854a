using Microsoft.EntityFrameworkCore;
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
    public static async Task TrimAsync(SakDb db, Guid shop, DateTimeOffset now, CancellationToken cancel)
    {
        await using var write = await ShopWrite.BeginAsync(db, shop, cancel);
        var before = (now - KeepDeletions).ToUnixTimeMilliseconds();
        // A deletion by another program has no time: it goes with the first of ours that came after it.
        var floor = await db.Tombstones.Where(t => t.ShopId == shop && t.At > 0 && t.At < before).MaxAsync(t => (long?)t.Ver, cancel);
        if (floor is not null)
        {
            await db.Tombstones.Where(t => t.ShopId == shop && t.Ver <= floor).ExecuteDeleteAsync(cancel);
            await db.ShopVersions.Where(v => v.ShopId == shop && v.Floor < floor).ExecuteUpdateAsync(v => v.SetProperty(r => r.Floor, floor.Value), cancel);
        }

        var last = await db.SyncBatches.Where(b => b.ShopId == shop).GroupBy(b => b.Replica).Select(g => new { Replica = g.Key, Sequence = g.Max(b => b.Sequence) }).ToListAsync(cancel);
        foreach (var replica in last)
            await db.SyncBatches.Where(b => b.ShopId == shop && b.Replica == replica.Replica && b.Sequence <= replica.Sequence - KeepAnswers).ExecuteDeleteAsync(cancel);
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
            var db = scope.ServiceProvider.GetRequiredService<SakDb>();
            db.EnterAllShops();
            await TryAsync(async () =>
            {
                // One shop that can't be trimmed keeps no other from it.
                foreach (var shop in await db.Shops.Select(s => s.Id).ToListAsync(cancel)) await TryAsync(() => TrimAsync(db, shop, clock.GetUtcNow(), cancel));
            });
        }
    }

    private async Task TryAsync(Func<Task> trim)
    {
        try
        {
            await trim();
        }
        catch (Exception error) when (error is System.Data.Common.DbException or InvalidOperationException)
        {
            log.LogWarning("Old deletions could not be trimmed ({Reason}); it is tried again tomorrow.", error.GetBaseException().Message);
        }
    }
}
