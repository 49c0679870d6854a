using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sak.Agent.Database;
using Sak.Agent.Chats;
using Sak.Agent.Loops;
using Sak.Agent.Settings;

namespace Sak.Agent.Orders;

/// <summary>
/// Turns what waits into turns: a burst waits for a quiet moment and becomes one; one customer's turns run in order,
/// customers run side by side, so that a slow answer to one holds up nobody else.
/// </summary>
/// <param name="transcribes">Voice notes become words: their turn waits for them, up to a minute.</param>
public sealed class ReadTurns(
    ReplicaDb db, TakeOrder handler, WhatsAppLink link, NumberLease lease, Alarms alarms, TurnSettings settings,
    bool transcribes, TimeProvider clock, ILogger<ReadTurns> log)
{
    private const string Alarm = "Answering";
    private const int SideBySide = 16;
    private const int MostFailures = 3;
    private const int MostTimesQuiet = 5;
    private static readonly TimeSpan TypingHolds = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);
    // Longer than the quiet moment, typing and a transcriber together.
    private readonly TimeSpan _longestWait = (settings.Quiet * MostTimesQuiet) + TimeSpan.FromMinutes(2);
    private readonly ChatLoop _loop = new(db, link, lease, SideBySide, clock);
    private readonly ConcurrentDictionary<Guid, int> _failures = new();

    /// <summary>Starts what is due and waits until more is.</summary>
    public Task RunAsync(CancellationToken cancel) => _loop.RunAsync(StartDueAsync, cancel);

    private async Task<TimeSpan> StartDueAsync(CancellationToken cancel)
    {
        // After a gap a customer's messages come page by page: all of them make one turn.
        // Where all places are taken, the end of a turn wakes the loop; until then no commit need be looked at.
        if (link.Now.CatchingUp || !lease.MayAnswer || _loop.IsFull) return Idle;
        var next = Idle;
        foreach (var (chat, address, last) in await UnreadAsync(cancel))
        {
            if (_loop.IsBusy(chat)) continue;
            var wait = last + Quiet(address, last) - clock.GetUtcNow();
            if (wait > _longestWait) wait = TimeSpan.Zero; // Captured in the future: the clock was set back since.
            if (wait <= TimeSpan.Zero && !_loop.IsFull) _loop.Start(chat, () => HandleAsync(chat, cancel));
            else if (wait > TimeSpan.Zero && wait < next) next = wait;
        }

        return next;
    }

    private Task<List<UnreadChat>> UnreadAsync(CancellationToken cancel) =>
        db.ReadAsync(connection => Turns.Due(connection, transcribes), cancel);

    // Longer while the customer types, but not for ever: WhatsApp may never report that the typing stopped.
    private TimeSpan Quiet(string address, DateTimeOffset last)
    {
        var quiet = settings.Quiet;
        if (quiet <= TimeSpan.Zero || !link.Typing.TryGetValue(address, out var typing)) return quiet;
        var longer = typing + TypingHolds - last;
        return longer < quiet ? quiet : longer < quiet * MostTimesQuiet ? longer : quiet * MostTimesQuiet;
    }

    private async Task HandleAsync(string chat, CancellationToken cancel)
    {
        Turn? turn = null;
        try
        {
            turn = await db.WriteAsync(connection => Turns.Next(connection, chat, settings.TooOld, clock), cancel);
            if (turn is not null) await handler.HandleAsync(turn, cancel);
            alarms.Clear(Alarm);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The turn stays open and is taken up at the next start.
        }
        catch (Exception error)
        {
            await FailedAsync(turn, error, cancel);
        }
    }

    // A turn that fails again and again goes to the owner: it must not hold up what the customer writes next.
    private async Task FailedAsync(Turn? turn, Exception error, CancellationToken cancel)
    {
        log.LogError(error, "A turn could not be handled");
        var pause = Task.Delay(TimeSpan.FromSeconds(1), clock, cancel)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (turn is null || error is StoreException
            || _failures.AddOrUpdate(turn.Id, 1, (_, n) => n + 1) < MostFailures)
        {
            alarms.Raise(Alarm, $"A message could not be answered yet ({error.Message})", "SAK tries again by itself.");
            await pause;
            return;
        }

        try
        {
            await handler.GiveToOwnerAsync(turn, cancel);
        }
        catch (Exception again) when (again is StoreException or OperationCanceledException)
        {
            log.LogError(again, "The turn stays open");
        }
    }
}
