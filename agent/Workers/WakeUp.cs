namespace Sak.Agent.Workers;

/// <summary>Something to wait on until there is work or time has passed. Many rings before a wait count as one; none is lost.</summary>
public sealed class WakeUp(TimeProvider clock)
{
    private volatile TaskCompletionSource bell = New();

    public void Ring() => bell.TrySetResult();

    /// <returns>True when it was rung, false when the time was over.</returns>
    public async Task<bool> WaitAsync(TimeSpan most, CancellationToken cancel)
    {
        var rung = bell.Task;
        await rung.WaitAsync(most, clock, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        cancel.ThrowIfCancellationRequested();
        if (!rung.IsCompleted) return false;
        bell = New();
        return true;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
