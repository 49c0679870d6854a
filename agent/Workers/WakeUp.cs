using System.Threading.Channels;

namespace Sak.Agent.Workers;

/// <summary>Something to wait on until there is work or time has passed. Many rings before a wait count as one; none is lost.</summary>
public sealed class WakeUp(TimeProvider clock)
{
    private readonly Channel<bool> bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Ring() => bell.Writer.TryWrite(true);

    /// <returns>True when it was rung, false when the time was over.</returns>
    public async Task<bool> WaitAsync(TimeSpan most, CancellationToken cancel)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var rung = bell.Reader.WaitToReadAsync(wait.Token).AsTask();
        var first = await Task.WhenAny(rung, Task.Delay(most, clock, wait.Token));
        await wait.CancelAsync();
        cancel.ThrowIfCancellationRequested();
        return first == rung && bell.Reader.TryRead(out _);
    }
}
