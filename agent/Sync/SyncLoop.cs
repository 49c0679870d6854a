using Microsoft.Extensions.Logging;
using Sak.Agent.Catalog;
using Sak.Agent.Database;
using Sak.Agent.Loops;
using Sak.Sync.Replica;

namespace Sak.Agent.Sync;

/// <summary>
/// Runs the sync session when the schedule says so, soon after something was written here, or when the cloud has news.
/// </summary>
/// <param name="watch">Waits for news of the cloud; false when it can't tell. Only a hint: the schedule goes on without
/// it.</param>
public sealed class SyncLoop(
    ReplicaDb db, SyncSession session, SyncSchedule schedule, Alarms alarms, TimeProvider clock, ILogger<SyncLoop> log,
    Func<CancellationToken, Task<bool>>? watch = null)
{
    private const string Alarm = "Cloud";
    private static readonly TimeSpan BetweenWatches = TimeSpan.FromMilliseconds(200);
    private readonly WakeUp _wake = new(clock);
    private int _failures;
    private volatile bool _news;

    public CloudState State { get; private set; } = CloudState.Unreachable;

    public string Detail { get; private set; } = "";

    public DateTimeOffset? LastContact { get; private set; }

    public async Task RunAsync(CancellationToken cancel)
    {
        db.Written += _wake.Ring;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var watching = WatchAsync(over.Token);
        try
        {
            while (true)
            {
                await TryAsync(cancel);
                await PauseAsync(cancel);
            }
        }
        finally
        {
            db.Written -= _wake.Ring;
            await over.CancelAsync();
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A first load is under way: the owner sees how far it is.</summary>
    public void Show(SyncProgress progress)
    {
        if (progress.Total > 0)
            (State, Detail) = (CloudState.Loading, $"{progress.Rows:N0} of {progress.Total:N0} rows");
    }

    // While the cloud is away there is nothing to hear; the schedule finds it when it is back.
    private async Task WatchAsync(CancellationToken cancel)
    {
        while (watch is not null)
        {
            if (State != CloudState.Connected)
            {
                await Task.Delay(schedule.Interval, clock, cancel);
                continue;
            }

            if (await watch(cancel))
            {
                _news = true;
                _wake.Ring();
            }

            await Task.Delay(BetweenWatches, clock, cancel);
        }
    }

    private async Task TryAsync(CancellationToken cancel)
    {
        try
        {
            _news = false;
            var result = await session.RunAsync(cancel);
            if (result.ChangesOut + result.RowsIn > 0)
                log.LogInformation("Synced: {Out} changes out, {In} rows in, {Refused} refused", result.ChangesOut,
                    result.RowsIn, result.Refused);
            if (result.Mismatch.Count > 0)
                log.LogError("The replica differed from the cloud in {Tables}; it was repaired",
                    string.Join(", ", result.Mismatch));
            _failures = 0;
            LastContact = clock.GetUtcNow();
            (State, Detail) = (CloudState.Connected, "");
            alarms.Clear(Alarm);
            await CatalogIndex.RefreshAsync(db, cancel); // So that the first customer does not wait for it.
        }
        catch (CloudUnavailableException error)
        {
            _failures++;
            (State, Detail) = (CloudState.Unreachable, error.Message);
            log.LogInformation("{Reason}", error.Message);
        }
        catch (CloudRefusedException error)
        {
            _failures++;
            (State, Detail) = (CloudState.Refused, error.Message);
            alarms.Raise(Alarm, $"The cloud refuses this PC: {error.Message}",
                "Orders are kept here meanwhile. Ask the operator of the server.");
            log.LogWarning("Refused: {Reason}", error.Message);
        }
    }

    // Waits for the schedule; a local write cuts the wait short, but not the back-off of a cloud that is away.
    private async Task PauseAsync(CancellationToken cancel)
    {
        if (_failures > 0)
        {
            await Task.Delay(schedule.Next(_failures, true, Random.Shared.NextDouble()), clock, cancel);
            return;
        }

        var over = clock.GetUtcNow() + schedule.Next(0, false, 0);
        while (over - clock.GetUtcNow() is { Ticks: > 0 } left)
        {
            if (!await _wake.WaitAsync(left, cancel)) continue;
            if (_news) return;
            if (!await HasPendingAsync(cancel)) continue;
            await Task.Delay(schedule.Next(0, true, 0), clock, cancel);
            return;
        }
    }

    private Task<bool> HasPendingAsync(CancellationToken cancel) =>
        db.ReadAsync(
            connection => connection.Scalar<long>("SELECT count(*) FROM (SELECT 1 FROM change_log LIMIT 1)") > 0,
            cancel);
}
