namespace Sak.Agent.Loops;

/// <summary>
/// Something to wait on until there is work or time has passed. Many rings before a wait count as one; none is lost.
/// </summary>
public sealed class WakeUp(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<bool>? _waiting;
    private bool _rung;

    public void Ring()
    {
        lock (_gate)
        {
            _rung = true;
            _waiting?.TrySetResult(true);
        }
    }

    /// <summary>Only one caller may wait at a time.</summary>
    /// <returns>True when it was rung, false when the time was over.</returns>
    public async Task<bool> WaitAsync(TimeSpan most, CancellationToken cancel)
    {
        var wait = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting = wait;
            if (_rung) wait.TrySetResult(true);
        }

        await using var timer = clock.CreateTimer(_ => wait.TrySetResult(false), null, most, Timeout.InfiniteTimeSpan);
        await using var cancelled = cancel.UnsafeRegister(_ => wait.TrySetCanceled(cancel), null);
        var result = await wait.Task;
        lock (_gate)
        {
            _waiting = null;
            if (result) _rung = false;
        }

        return result;
    }
}
