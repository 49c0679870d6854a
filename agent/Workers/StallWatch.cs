using Microsoft.Extensions.Logging;
using Sak.Agent.Store;
using Sak.Agent.WhatsApp;

namespace Sak.Agent.Workers;

/// <summary>
/// Sees within a minute that WhatsApp looks connected and is not: the page gives no sign of life, a message of ours is
/// taken by the page and never acknowledged, or the browser eats the PC's memory. Then the browser is opened anew, on the
/// same login; what was on its way is settled by its id.
/// </summary>
/// <param name="mostMegabytes">Of the browser; 0 is no limit.</param>
public sealed class StallWatch(Outbox outbox, WhatsAppLink link, double mostMegabytes, TimeProvider clock, ILogger<StallWatch> log)
{
    private const int MostSilences = 2;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PulseDeadline = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AckPatience = TimeSpan.FromSeconds(60);

    // Where opening anew did not help, doing it again at once does not either.
    private static readonly TimeSpan RestartAtMostEvery = TimeSpan.FromMinutes(5);
    private DateTimeOffset restarted = DateTimeOffset.MinValue;

    /// <summary>Watches until something is wrong; then throws a <see cref="WhatsAppException"/> that says what.</summary>
    public async Task WatchAsync(IWhatsApp page, CancellationToken cancel)
    {
        var silences = 0;
        while (true)
        {
            await Task.Delay(LookEvery, clock, cancel);
            if (link.Ready is null) continue;
            var pulse = await PulseAsync(page, cancel);
            silences = pulse is null ? silences + 1 : 0;
            if (silences >= MostSilences) throw Stalled("WhatsApp's page gives no sign of life.");
            if (clock.GetUtcNow() - restarted < RestartAtMostEvery) continue;
            if (await outbox.LongestUnacknowledgedAsync(cancel) > AckPatience)
                throw Stalled("WhatsApp looks connected and sends nothing.");
            if (mostMegabytes > 0 && pulse?.Megabytes > mostMegabytes && !await outbox.IsSendingAsync(cancel))
                throw Stalled($"The browser takes {pulse.Megabytes:0} MB of memory.");
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
        catch (Exception error) when (error is WhatsAppException || (error is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            log.LogWarning("No sign of life from WhatsApp's page: {Reason}", error.Message);
            return null;
        }
    }

    private WhatsAppException Stalled(string what)
    {
        restarted = clock.GetUtcNow();
        return new WhatsAppException($"{what} SAK opens it anew; nothing is lost.");
    }
}
