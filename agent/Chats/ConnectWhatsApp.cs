using Microsoft.Extensions.Logging;
using Sak.Agent.Loops;
using Sak.Agent.WhatsApp;

namespace Sak.Agent.Chats;

/// <summary>
/// Keeps WhatsApp open and captures what comes: events as they happen, and the store's scan whenever something may have
/// been missed. Events are hints, the scan is the truth; both meet in one insert-or-ignore.
/// </summary>
public sealed class ConnectWhatsApp(
    Func<IWhatsApp> open, WhatsAppLink link, CaptureMessages capture, Outbox outbox, StallWatch watch, Alarms alarms,
    TimeProvider clock, ILogger<ConnectWhatsApp> log)
{
    private const string Alarm = "WhatsApp";
    private const int ScanPage = 500;
    private const int SecondLook = 200;
    private const int MostScanFailures = 3;
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ScanEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ReadOften = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan LookAgainEvery = TimeSpan.FromMinutes(10);
    private readonly WakeUp _scan = new(clock);

    // A scan reads and stores with no event between: an older event must not undo what the scan saw, and an older scan
    // not what an event brought.
    private readonly OneAtATime _oneByOne = new();
    private bool _isFresh;
    private bool _asksForLogin;
    private DateTimeOffset _looked;

    /// <summary>Opens WhatsApp and stays with it until its page closes or breaks.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        await using var page = open();
        _isFresh = true;
        link.Set(s => s with { Page = null, State = WhatsAppState.Starting, Reason = "", LoginCode = "" });
        using var session = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] work = [];
        try
        {
            await page.OpenAsync(cancel);
            await outbox.PageOpenedAsync(cancel);
            link.Set(s => s with { Page = page });
            work = [ListenAsync(page, session.Token), ScanAsync(page, session.Token),
                watch.WatchAsync(page, session.Token)];
            await await Task.WhenAny(work);
        }
        finally
        {
            session.Cancel();
            await Task.WhenAll(work)
                .ConfigureAwait(
                    ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            link.Set(s => s with { Page = null, State = WhatsAppState.Closed, LoginCode = "", CatchingUp = false });
        }
    }

    /// <summary>Reads what may have been missed; until then nothing is answered.</summary>
    public void CatchUp()
    {
        link.Set(s => s.State == WhatsAppState.Ready ? s with { CatchingUp = true } : s);
        _scan.Ring();
    }

    private async Task ListenAsync(IWhatsApp page, CancellationToken cancel)
    {
        while (await page.Events.WaitToReadAsync(cancel))
        {
            while (page.Events.TryRead(out var what))
            {
                if (what is WhatsAppEvent.StateChanged { State: WhatsAppState.Closed } closed)
                    throw new WhatsAppException(
                        closed.Reason.Length > 0 ? closed.Reason : "The browser closed. It is opened again.");
                await TakeAsync(what, cancel);
            }
        }

        throw new WhatsAppException("The browser closed. It is opened again.");
    }

    private async Task TakeAsync(WhatsAppEvent what, CancellationToken cancel)
    {
        switch (what)
        {
            case WhatsAppEvent.Received or WhatsAppEvent.Edited or WhatsAppEvent.Revoked:
                await _oneByOne.RunAsync(() => StoreAsync(what, cancel));
                break;
            case WhatsAppEvent.Acked acked:
                await outbox.AckedAsync(acked.MessageIds, acked.Ack, cancel);
                if (acked.Ack >= WhatsAppAck.Sent)
                    foreach (var id in acked.MessageIds) alarms.Clear(SendReplies.AlarmOf(id));
                break;
            case WhatsAppEvent.StateChanged changed:
                if (changed.State == WhatsAppState.Ready) await capture.LinkedAsync(cancel);
                Show(changed);
                break;
            default:
                Note(what);
                break;
        }
    }

    private async Task<bool> StoreAsync(WhatsAppEvent what, CancellationToken cancel)
    {
        switch (what)
        {
            case WhatsAppEvent.Received received:
                if (!received.Message.FromMe) watch.Heard();
                await capture.CaptureAsync([received.Message], null, cancel);
                break;
            case WhatsAppEvent.Edited edited:
                await capture.EditAsync(edited.MessageId, edited.Text, cancel);
                break;
            case WhatsAppEvent.Revoked revoked:
                await capture.DeleteAsync(revoked.MessageId, cancel);
                break;
        }

        return true;
    }

    // Events that only this run of the program needs.
    private void Note(WhatsAppEvent what)
    {
        switch (what)
        {
            case WhatsAppEvent.Typing { On: true } typing:
                link.Typing[typing.ChatId] = clock.GetUtcNow();
                break;
            case WhatsAppEvent.Typing typing:
                link.Typing.TryRemove(typing.ChatId, out _);
                break;
            case WhatsAppEvent.LoginCode login:
                _asksForLogin |= login.Code.Length > 0;
                link.Set(s => s with { LoginCode = login.Code });
                break;
            case WhatsAppEvent.CatchUpDue:
                _scan.Ring();
                break;
            case WhatsAppEvent.Limited limited:
                log.LogWarning("{What}", limited.What);
                alarms.Raise("bridge", limited.What,
                    "Orders are taken all the same. Get a newer bridge: sak-agent bridge update");
                break;
        }
    }

    private void Show(WhatsAppEvent.StateChanged changed)
    {
        log.LogInformation("WhatsApp is {State} {Reason}", changed.State, changed.Reason);
        var isReady = changed.State == WhatsAppState.Ready;
        _asksForLogin |= changed.State is WhatsAppState.NeedsLogin or WhatsAppState.LoggedOut;
        link.Set(
            s => s with { State = changed.State, Reason = changed.Reason, LoginCode = isReady ? "" : s.LoginCode,
                CatchingUp = isReady || s.CatchingUp });
        if (changed.State is WhatsAppState.Changed or WhatsAppState.LoggedOut)
            alarms.Raise(Alarm, changed.Reason,
                "Messages are kept by WhatsApp and will be read as soon as this is solved.");
        if (changed.State != WhatsAppState.Ready) return;
        if (_asksForLogin) link.NoteLinked(clock.GetUtcNow());
        _asksForLogin = false;
        alarms.Clear(Alarm);
        _scan.Ring();
    }

    private async Task ScanAsync(IWhatsApp page, CancellationToken cancel)
    {
        var failures = 0;
        var often = DateTimeOffset.MinValue;
        var before = (await capture.PlaceAsync(cancel)).Row;
        while (true)
        {
            var isCalled = await _scan.WaitAsync(failures > 0 || clock.GetUtcNow() < often ? TryAgainAfter : ScanEvery,
                cancel);
            if (link.Ready is null) continue;
            try
            {
                var found = await CatchUpAsync(page, cancel);
                // A scan in the middle of a run should find nothing: events failed, and until they work again the store
                // is read often enough to do without them.
                if (!isCalled && found > 0 && watch.Missed()) often = clock.GetUtcNow() + ReadOften;
                link.Set(s => s with { CatchingUp = false });
                // Changes from before this start are in rows before the new ones, which may be many.
                if (_isFresh) await _oneByOne.RunAsync(() => LookAgainAsync(page, before, cancel));
                if (_isFresh || clock.GetUtcNow() - _looked >= LookAgainEvery)
                    await _oneByOne.RunAsync(() => LookAgainAsync(page, long.MaxValue, cancel));
                _isFresh = false;
                failures = 0;
            }
            catch (WhatsAppException error) when (++failures < MostScanFailures)
            {
                // The page may just be loading again; the browser is opened again only when it keeps failing.
                log.LogWarning("The store could not be read: {Reason}", error.Message);
                link.Set(s => s with { CatchingUp = false });
            }
        }
    }

    /// <returns>How many messages of customers were new.</returns>
    private async Task<int> CatchUpAsync(IWhatsApp page, CancellationToken cancel)
    {
        var all = 0;
        while (true)
        {
            var (found, isAll) = await _oneByOne.RunAsync(() => ReadPageAsync(page, cancel));
            all += found;
            if (isAll) return all;
        }
    }

    private async Task<(int New, bool IsAll)> ReadPageAsync(IWhatsApp page, CancellationToken cancel)
    {
        var place = await capture.PlaceAsync(cancel);
        var found = await page.ScanAsync(place, ScanPage, cancel);
        if (found.Messages.Count == 0 && found.Cursor == place.Row) return (0, true);
        var captured = await capture.CaptureAsync(found.Messages, found.Cursor, cancel, found.Anchor);
        if (captured.New > 0)
            log.LogInformation("The scan found {New} messages that no event had brought", captured.New);
        return (found.Messages.Any(m => m is { FromMe: false, Type: not "ciphertext" })
            ? captured.New
            : 0, found.Complete);
    }

    // The last messages up to a row once more: an edit, a deletion, or words that came late have no row of their own.
    private async Task<bool> LookAgainAsync(IWhatsApp page, long end, CancellationToken cancel)
    {
        var place = await capture.PlaceAsync(cancel);
        end = Math.Min(end, place.Row);
        var from = Math.Max(0, end - SecondLook);
        while (from < end)
        {
            var found = await page.ScanAsync(from, SecondLook, cancel);
            var captured = await capture.CaptureAsync(found.Messages, place.Row, cancel);
            if (captured.New > 0)
                log.LogInformation("A second look found {New} changes that no event had brought", captured.New);
            if (found.Complete || found.Cursor <= from) break;
            from = found.Cursor;
        }

        _looked = clock.GetUtcNow();
        return true;
    }
}
