using System.Collections.Concurrent;
using System.Data.Common;
using FastEndpoints;
using Sak.Server.Api;
using Sak.Server.Api.Document;
using Sak.Server.Data;
using Sak.Sync.Replica;

namespace Sak.Server.Sync;

/// <summary>
/// <c>GET /api/sync/watch?v=VERSION</c>: answers as soon as the shop's version has changed, whichever program changed
/// it, or 204 after some seconds. Only a hint: changes are pulled as always, so nothing depends on it.
/// </summary>
public sealed class WatchChanges(Versions versions) : ShopEndpoint<WatchChanges.Request, object?>
{
    public sealed record Request
    {
        /// <summary>The version that the agent has.</summary>
        /// <example>41</example>
        [QueryParam, BindFrom("v")]
        public long Version { get; init; }
    }

    public override void Configure()
    {
        Get("/api/sync/watch");
        Group<Devices>();
        Description(d => d.Produces(StatusCodes.Status200OK).Produces(StatusCodes.Status204NoContent)
            .Refuses(StatusCodes.Status400BadRequest));
        Summary(s => s.Summary = "Waits until the shop's version differs from v.");
    }

    public override async Task HandleAsync(Request request, CancellationToken cancel) =>
        await Send.ResultAsync(await versions.ChangesAsync(Caller.ShopId, request.Version, cancel)
            ? TypedResults.Ok()
            : TypedResults.NoContent());
}

/// <summary>
/// Looks at the versions of all watched shops with one query every half second, however many wait. Nothing is kept for
/// a shop that nobody watches, and nothing is shared between processes but the database.
/// </summary>
public sealed class Versions(IServiceScopeFactory scopes, TimeProvider clock, ILogger<Versions> log) : BackgroundService
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(500);
    private readonly ConcurrentDictionary<Guid, Watched> _shops = new();

    /// <summary>True when the version differs from <paramref name="since"/>; false after some seconds.</summary>
    public async Task<bool> ChangesAsync(Guid shop, long since, CancellationToken cancel)
    {
        // Not CancelAfter on the linked source: its timer may fire while the source is being disposed, which would
        // end the server.
        using var late = new CancellationTokenSource(Longest, clock);
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        var watched = _shops.AddOrUpdate(shop, _ => new Watched(1), (_, w) => w with { Count = w.Count + 1 });
        try
        {
            while (true)
            {
                var seen = _shops[shop];
                if (seen.Version >= 0 && seen.Version != since) return true;
                await seen.Next.Task.WaitAsync(time.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            var left = _shops.AddOrUpdate(shop, watched, (_, w) => w with { Count = w.Count - 1 });
            if (left.Count <= 0) _shops.TryRemove(new KeyValuePair<Guid, Watched>(shop, left));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Between, clock);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            try
            {
                if (!_shops.IsEmpty) await LookAsync(cancel);
            }
            catch (Exception error) when (error is DbException or InvalidOperationException or TimeoutException)
            {
                log.LogWarning(
                    "The versions of watched shops could not be read ({Reason}); agents will ask by themselves.",
                    error.GetBaseException().Message);
            }
        }
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ShopConnection>();
        db.EnterAllShops();
        var look = Look(db, [.. _shops.Keys.Select(id => id.ToString("D"))]);
        foreach (var (shop, version) in await db.ListAsync(look,
            row => (ShopConnection.ReadId(row, 0), row.GetInt64(1)), cancel)) See(shop, version);
    }

    internal static DbCommand Look(ShopConnection db, IReadOnlyCollection<string> shops)
    {
        var command = db.Command("");
        var among = db.Dialect.Among(command, new Column("shop_id", ColumnKind.Id), shops);
        command.CommandText = $"SELECT shop_id, version FROM shop_versions WHERE {among}";
        return command;
    }

    private void See(Guid shop, long version)
    {
        if (!_shops.TryGetValue(shop, out var seen) || seen.Version == version) return;
        // If a watcher came or left just now, the next look reports the change.
        if (_shops.TryUpdate(shop,
            seen with { Version = version,
                Next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) }, seen))
            seen.Next.TrySetResult();
    }

    private sealed record Watched(int Count)
    {
        /// <summary>−1 until it was first read.</summary>
        public long Version { get; init; } = -1;

        public TaskCompletionSource Next { get; init; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
