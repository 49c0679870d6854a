using Microsoft.Extensions.Logging;
using Sak.Agent.Database;
using Sak.Agent.Loops;
using Sak.Agent.Settings;
using Sak.Agent.WhatsApp;

namespace Sak.Agent.Chats;

/// <summary>
/// Sends queued replies: in order within a chat, chats side by side, at a human pace. If WhatsApp was asked for a reply
/// before and never answered, it is first looked up in WhatsApp by its id. So a reply reaches the customer at most
/// once, and at least once unless it was given up and shown to the owner.
/// </summary>
public sealed class SendReplies(
    ReplicaDb db, Outbox outbox, WhatsAppLink link, NumberLease lease, Alarms alarms, SendSettings send,
    TurnSettings turns, TimeProvider clock, ILogger<SendReplies> log)
{
    private const string Alarm = "a reply";
    private const int SideBySide = 4;
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SendDeadline = TimeSpan.FromSeconds(30);
    private readonly Pace _pace = Pace.Of(send);
    private readonly ChatLoop _loop = new(db, link, lease, SideBySide, clock);

    /// <summary>
    /// The alarm of a reply that was given up; WhatsApp may acknowledge it later all the same, under either name
    /// of the chat.
    /// </summary>
    public static string AlarmOf(string messageId) => $"reply {MessageIds.Key(messageId)}";

    public Task RunAsync(CancellationToken cancel) => _loop.RunAsync(StartDueAsync, cancel);

    /// <returns>How long nothing will be due.</returns>
    private async Task<TimeSpan> StartDueAsync(CancellationToken cancel)
    {
        // Where all places are taken, the end of a send wakes the loop.
        if (link.Ready is not { } page || !lease.MayAnswer || _loop.IsFull) return Idle;
        var wait = Idle;
        // One moment for both questions: what falls due between them must not wait for the next bell.
        var now = clock.GetUtcNow();
        var due = await outbox.DueAsync(now, cancel);
        var recent = due.Count > 0 ? await outbox.RecentAsync(cancel) : [];
        foreach (var reply in due)
        {
            if (_loop.IsBusy(reply.Chat)) continue;
            if (_loop.IsFull) return Idle;
            var hold = reply.InDoubt ? TimeSpan.Zero : Hold(reply, recent);
            if (hold <= TimeSpan.Zero) _loop.Start(reply.Chat, () => TryAsync(page, reply, cancel));
            else if (hold < wait) wait = hold;
        }

        if (await outbox.NextDueAsync(now, cancel) is not { } next || next - now >= wait) return wait;
        return next - clock.GetUtcNow() is { Ticks: > 0 } left ? left : TimeSpan.FromMilliseconds(1);
    }

    private TimeSpan Hold(QueuedReply reply, List<(string Chat, DateTimeOffset At)> recent) => _pace.Wait(
        clock.GetUtcNow(), clock.LocalTimeZone,
        [.. recent.Select(r => r.At), .. Enumerable.Repeat(clock.GetUtcNow(), _loop.Running)],
        [.. recent.Where(r => r.Chat == reply.Chat).Select(r => r.At)]);

    private async Task TryAsync(IWhatsApp page, QueuedReply reply, CancellationToken cancel)
    {
        try
        {
            await SendAsync(page, reply, cancel);
            alarms.Clear(Alarm);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // It waits in the outbox for the next start.
        }
        catch (Exception error)
        {
            log.LogError(error, "A reply could not be handled");
            alarms.Raise(Alarm, $"A reply could not be sent yet ({error.Message})", "SAK tries again by itself.");
            await Task.Delay(TimeSpan.FromSeconds(5), clock, cancel)
                .ConfigureAwait(
                    ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private async Task SendAsync(IWhatsApp page, QueuedReply reply, CancellationToken cancel)
    {
        using var time = new CancellationTokenSource(SendDeadline + _pace.MostTyping, clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel, time.Token);
        try
        {
            if (reply.InDoubt)
            {
                await outbox.SettleAsync(reply.MessageId, await page.FindSentAsync(reply.MessageId, deadline.Token),
                    cancel);
                return;
            }

            if (clock.GetUtcNow() - reply.QueuedAt > turns.TooOld)
            {
                await outbox.ExpireAsync(reply, cancel);
                return;
            }

            await TypeAsync(page, reply, deadline.Token);
            // Asked last: this PC may have slept a moment ago, and another one may answer now.
            if (!await lease.MaySendAsync(deadline.Token)) return;
            if (!await outbox.SendingAsync(reply, cancel)) return;
            var ack = await page.SendTextAsync(reply.ChatId, reply.Text, reply.MessageId, deadline.Token);
            await outbox.SentAsync(reply.MessageId, ack, cancel);
        }
        catch (WhatsAppException error)
        {
            await FailedAsync(reply, error.Message, error.IsRefusal, cancel);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            await FailedAsync(reply, "WhatsApp did not answer in time.", false, cancel);
        }
    }

    // As a person would type; a reply that failed before is late already and is not held up further.
    private async Task TypeAsync(IWhatsApp page, QueuedReply reply, CancellationToken cancel)
    {
        var time = _pace.Typing(reply.Text);
        if (time <= TimeSpan.Zero || reply.Attempts > 0) return;
        try
        {
            await page.ShowTypingAsync(reply.ChatId, time, cancel);
        }
        catch (WhatsAppException error)
        {
            log.LogInformation("Typing is not shown: {Reason}", error.Message);
        }

        await Task.Delay(time, clock, cancel);
    }

    private async Task FailedAsync(QueuedReply reply, string why, bool refused, CancellationToken cancel)
    {
        log.LogWarning("Reply {Id} is not out yet: {Why}", reply.MessageId, why);
        if (await outbox.FailedAsync(reply, why, refused, cancel))
            alarms.Raise(AlarmOf(reply.MessageId), $"A reply could not be sent ({why})",
                "Open the chat in WhatsApp and answer by hand.");
    }
}
