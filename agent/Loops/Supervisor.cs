using Microsoft.Extensions.Logging;
using Sak.Agent.Database;
using Sak.Agent.WhatsApp;
using Sak.Sync.Replica;

namespace Sak.Agent.Loops;

/// <summary>
/// Keeps a worker's loop running: what goes wrong is logged, shown to the owner, and tried again after 1, 2, 4 … 30 s.
/// </summary>
public sealed class Supervisor(Alarms alarms, TimeProvider clock, ILogger<Supervisor> log)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <param name="step">One round of work; returns when there is nothing to do for now, after a wait
    /// of its own.</param>
    public async Task RunAsync(string name, Func<CancellationToken, Task> step, CancellationToken cancel)
    {
        var failures = 0;
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await step(cancel);
                if (failures > 0) alarms.Clear(name);
                failures = 0;
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                failures++;
                Tell(name, error);
                var pause = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(failures - 1, 5)));
                await Task.Delay(pause < LongestPause ? pause : LongestPause, clock, cancel)
                    .ConfigureAwait(
                        ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }
    }

    private void Tell(string name, Exception error)
    {
        if (error is StoreException or WhatsAppException or CloudUnavailableException or CloudRefusedException)
        {
            log.LogWarning("{Worker}: {Message}", name, error.Message);
            alarms.Raise(name, error.Message, "SAK tries again by itself.");
            return;
        }

        log.LogError(error, "{Worker} failed", name);
        alarms.Raise(name, $"Something went wrong in {name} ({error.GetType().Name}).",
            "SAK tries again by itself. If it stays, send the newest file of the log folder to support.");
    }
}
