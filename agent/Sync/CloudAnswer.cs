namespace Sak.Agent.Sync;

/// <summary>
/// The cloud's answer as it arrives: each read has its own deadline, and every failure
/// is a <see cref="CloudUnavailableException"/>.
/// </summary>
internal sealed class CloudAnswer(HttpResponseMessage response, Stream body, CancellationTokenSource deadline,
    TimeSpan patience, CancellationToken given) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set =>
        throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel = default)
    {
        deadline.CancelAfter(patience);
        return await CloudClient.CallAsync(() => body.ReadAsync(buffer, deadline.Token).AsTask(), given);
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("The line is only read asynchronously.");

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            body.Dispose();
            response.Dispose();
            deadline.Dispose();
        }

        base.Dispose(disposing);
    }
}
