using Microsoft.Extensions.Logging;
using Sak.Agent.Database;
using Sak.Agent.Settings;
using Sak.Agent.WhatsApp;

namespace Sak.Agent.Chats;

/// <summary>
/// Sees within a minute that WhatsApp looks connected and is not: the page gives no sign of life, WhatsApp does not
/// answer it, the page takes a message of ours and never acknowledges it, the page reports no message that its store
/// has, or the browser takes too much memory. Then the browser is opened again, on the same login; replies on their way
/// are settled by their ids. The owner finds it among the troubles of the day.
/// </summary>
public sealed class StallWatch(ReplicaDb db, Outbox outbox, WhatsAppLink link, WhatsAppSettings settings,
    TimeProvider clock, ILogger<StallWatch> log)
{
    private const int MostSilences = 2;
    // Two looks and two deadlines are less than a minute, and so are the patience for an acknowledgement and a look.
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PulseDeadline = TimeSpan.FromSeconds(13);
    private static readonly TimeSpan AckPatience = TimeSpan.FromSeconds(40);

    // Where opening it again did not help, doing it again at once does not either.
    private static readonly TimeSpan RestartAtMostEvery = TimeSpan.FromMinutes(5);
    private DateTimeOffset _restarted = DateTimeOffset.MinValue;
    private int _missed;

    /// <summary>
    /// Watches until something is wrong; then throws a <see cref="WhatsAppException"/> that says what.
    /// </summary>
    public async Task WatchAsync(IWhatsApp page, CancellationToken cancel)
    {
        var silences = 0;
        while (true)
        {
            await Task.Delay(LookEvery, clock, cancel);
            // Right after the phone was linked WhatsApp is still storing the login: the browser is left open.
            if (link.Ready is null || clock.GetUtcNow() - link.LinkedAt < settings.Settles) continue;
            var pulse = await PulseAsync(page, cancel);
            silences = pulse is null ? silences + 1 : 0;
            if (silences >= MostSilences) throw await StalledAsync("WhatsApp's page gives no sign of life.", cancel);
            if (clock.GetUtcNow() - _restarted < RestartAtMostEvery) continue;
            if (pulse?.IsSilent == true)
                throw await StalledAsync("WhatsApp looks connected and does not answer.", cancel);
            if (IsDeaf) throw await StalledAsync("WhatsApp's page tells of no message any more.", cancel);
            if (await outbox.LongestUnacknowledgedAsync(cancel) > AckPatience)
                throw await StalledAsync("WhatsApp looks connected and sends nothing.", cancel);
            if (settings.MemoryMegabytes > 0 && pulse?.Megabytes > settings.MemoryMegabytes
                && !await outbox.IsSendingAsync(cancel))
                throw await StalledAsync($"The browser takes {pulse.Megabytes:0} MB of memory.", cancel);
        }
    }

    private async Task<WhatsAppPulse?> PulseAsync(IWhatsApp page, CancellationToken cancel)
    {
        using var time = new CancellationTokenSource(PulseDeadline, clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel, time.Token);
        try
        {
            return await page.PulseAsync(deadline.Token);
        }
        catch (Exception error) when (error is WhatsAppException
            || (error is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            log.LogWarning("No sign of life from WhatsApp's page: {Reason}", error.Message);
            return null;
        }
    }

    /// <summary>The page reported a message.</summary>
    public void Heard() => _missed = 0;

    /// <summary>The store held messages of customers that no event had reported, in the middle of a run.</summary>
    /// <returns>True when this is the first time: from now on the store is read often.</returns>
    public bool Missed()
    {
        log.LogWarning("WhatsApp's store held messages that its page had not reported");
        return ++_missed == 1;
    }

    // Twice without an event between: the page reports nothing any more; once is an event that was lost.
    private bool IsDeaf => _missed >= 2;

    private async Task<WhatsAppException> StalledAsync(string what, CancellationToken cancel)
    {
        (_restarted, _missed) = (clock.GetUtcNow(), 0);
        var sentence = $"{what} SAK opens it anew; nothing is lost.";
        await db.WriteAsync(
            connection =>
                Troubles.Raise(connection, sentence,
                    "Nothing to do. If it comes again and again, restart the PC and run: sak-agent doctor", clock),
                    cancel);
        return new WhatsAppException(sentence);
    }
}
