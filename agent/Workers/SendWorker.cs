using Microsoft.Extensions.Logging;
using Sak.Agent.Store;
using Sak.Agent.WhatsApp;

namespace Sak.Agent.Workers;

/// <summary>
/// Sends queued replies, one after another. What was asked for before and never answered is looked up in WhatsApp by its
/// id first: at most once to the customer, and at least once unless it was given up in the owner's sight.
/// </summary>
public sealed class SendWorker(ReplicaDb db, Outbox outbox, WhatsAppLink link, Alarms alarms, TimeProvider clock, ILogger<SendWorker> log)
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SendDeadline = TimeSpan.FromSeconds(30);
    private readonly WakeUp wake = new(clock);

    public async Task RunAsync(CancellationToken cancel)
    {
        db.Written += wake.Ring;
        link.Changed += wake.Ring;
        try
        {
            while (true)
            {
                if (link.Ready is { } page && await outbox.NextAsync(cancel) is { } reply) await SendAsync(page, reply, cancel);
                else await wake.WaitAsync(Idle, cancel);
            }
        }
        finally
        {
            db.Written -= wake.Ring;
            link.Changed -= wake.Ring;
        }
    }

    private async Task SendAsync(IWhatsApp page, QueuedReply reply, CancellationToken cancel)
    {
        using var time = new CancellationTokenSource(SendDeadline, clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel, time.Token);
        try
        {
            if (reply.InDoubt && await page.FindSentAsync(reply.MessageId, deadline.Token) is { } known && known != WhatsAppAck.Failed)
            {
                await outbox.SentAsync(reply.MessageId, known, cancel);
                return;
            }

            await outbox.SendingAsync(reply.MessageId, cancel);
            var ack = await page.SendTextAsync(reply.ChatId, reply.Text, reply.MessageId, deadline.Token);
            await outbox.SentAsync(reply.MessageId, ack, cancel);
        }
        catch (Exception error) when (error is WhatsAppException || error is OperationCanceledException && !cancel.IsCancellationRequested)
        {
            await FailedAsync(reply, error is WhatsAppException ? error.Message : "WhatsApp did not answer in time.", cancel);
        }
    }

    private async Task FailedAsync(QueuedReply reply, string why, CancellationToken cancel)
    {
        log.LogWarning("Reply {Id} is not out yet: {Why}", reply.MessageId, why);
        if (await outbox.FailedAsync(reply, why, cancel))
            alarms.Raise(reply.MessageId, $"A reply could not be sent ({why})", "Open the chat in WhatsApp and answer by hand.");
    }
}
