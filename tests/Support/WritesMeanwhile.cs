using Sak.Sync.Replica;

namespace Sak.Tests.Support;

/// <summary>Writes into the replica's file before each request and at each part of its answer.</summary>
internal sealed class WritesMeanwhile(ICloud cloud, Action write) : ICloud
{
    public async Task<Stream?> ExchangeAsync(SyncHead head, Batch? batch, CancellationToken cancel)
    {
        write();
        await using var answer = await cloud.ExchangeAsync(head, batch, cancel);
        if (answer is null) return null;
        var copy = new SlowStream(write);
        await answer.CopyToAsync(copy, cancel);
        copy.Position = 0;
        return copy;
    }
}

internal sealed class SlowStream(Action beforeRead) : MemoryStream
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel = default)
    {
        beforeRead();
        return base.ReadAsync(buffer[..Math.Min(buffer.Length, 1_000)], cancel);
    }
}
