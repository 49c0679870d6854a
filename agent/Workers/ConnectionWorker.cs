using Microsoft.Extensions.Logging;
using Sak.Agent.Store;
using Sak.Agent.WhatsApp;

namespace Sak.Agent.Workers;

/// <summary>
/// Keeps WhatsApp open and captures what comes: events as they happen, and the store's scan whenever something may have
/// been missed. Events are hints, the scan is the truth; both meet in one insert-or-ignore.
/// </summary>
public sealed class ConnectionWorker(Func<IWhatsApp> open, WhatsAppLink link, Conversations conversations, Outbox outbox, Alarms alarms, TimeSpan ownerKeepsChat, TimeProvider clock, ILogger<ConnectionWorker> log)
{
    private const string Alarm = "WhatsApp";
    private const int ScanPage = 500;
    private static readonly TimeSpan ScanEvery = TimeSpan.FromMinutes(1);
    private readonly WakeUp scan = new(clock);

    /// <summary>Opens WhatsApp and stays with it until its page closes or breaks.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        await using var page = open();
        link.Set(s => s with { Page = null, State = WhatsAppState.Starting, Reason = "", LoginCode = "" });
        using var session = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] work = [];
        try
        {
            await page.OpenAsync(cancel);
            link.Set(s => s with { Page = page });
            work = [ListenAsync(page, session.Token), ScanAsync(page, session.Token)];
            await await Task.WhenAny(work);
        }
        finally
        {
            session.Cancel();
            await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            link.Set(s => s with { Page = null, State = WhatsAppState.Closed, LoginCode = "" });
        }
    }

    private async Task ListenAsync(IWhatsApp page, CancellationToken cancel)
    {
        await foreach (var what in page.Events.ReadAllAsync(cancel))
        {
            if (what is WhatsAppEvent.StateChanged { State: WhatsAppState.Closed } closed)
                throw new WhatsAppException(closed.Reason.Length > 0 ? closed.Reason : "The browser closed. It is opened again.");
            await TakeAsync(what, cancel);
        }

        throw new WhatsAppException("The browser closed. It is opened again.");
    }

    private async Task TakeAsync(WhatsAppEvent what, CancellationToken cancel)
    {
        switch (what)
        {
            case WhatsAppEvent.Received received:
                await conversations.CaptureAsync([received.Message], null, ownerKeepsChat, cancel);
                break;
            case WhatsAppEvent.Edited edited:
                await conversations.EditAsync(edited.MessageId, edited.Text, cancel);
                break;
            case WhatsAppEvent.Revoked revoked:
                await conversations.RevokeAsync(revoked.MessageId, cancel);
                break;
            case WhatsAppEvent.Acked acked:
                await outbox.AckedAsync(acked.MessageIds, acked.Ack, cancel);
                break;
            case WhatsAppEvent.LoginCode login:
                link.Set(s => s with { LoginCode = login.Code });
                break;
            case WhatsAppEvent.StateChanged changed:
                Show(changed);
                break;
            case WhatsAppEvent.CatchUpDue:
                scan.Ring();
                break;
        }
    }

    private void Show(WhatsAppEvent.StateChanged changed)
    {
        log.LogInformation("WhatsApp is {State} {Reason}", changed.State, changed.Reason);
        link.Set(s => s with { State = changed.State, Reason = changed.Reason, LoginCode = changed.State == WhatsAppState.Ready ? "" : s.LoginCode });
        if (changed.State is WhatsAppState.Changed or WhatsAppState.LoggedOut) alarms.Raise(Alarm, changed.Reason, "Messages are kept by WhatsApp and will be read as soon as this is solved.");
        if (changed.State != WhatsAppState.Ready) return;
        alarms.Clear(Alarm);
        scan.Ring();
    }

    private async Task ScanAsync(IWhatsApp page, CancellationToken cancel)
    {
        while (true)
        {
            await scan.WaitAsync(ScanEvery, cancel);
            if (link.Ready is not null) await CatchUpAsync(page, cancel);
        }
    }

    private async Task CatchUpAsync(IWhatsApp page, CancellationToken cancel)
    {
        WhatsAppScan found;
        do
        {
            var cursor = await conversations.CursorAsync(cancel);
            found = await page.ScanAsync(cursor, ScanPage, cancel);
            if (found.Messages.Count == 0 && found.Cursor == cursor) return;
            var captured = await conversations.CaptureAsync(found.Messages, found.Cursor, ownerKeepsChat, cancel);
            if (captured.New > 0) log.LogInformation("The scan found {New} messages that no event had told of", captured.New);
        }
        while (!found.Complete);
    }
}
