using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Agent.Sync;

/// <summary>The body of a push, compressed as it is written; it is never whole in memory.</summary>
internal sealed class SyncBody : HttpContent
{
    private readonly SyncHead _head;
    private readonly Batch? _batch;

    public SyncBody(SyncHead head, Batch? batch)
    {
        (_head, _batch) = (head, batch);
        Headers.ContentType = new MediaTypeHeaderValue(Protocol.ContentType);
        Headers.ContentEncoding.Add("br");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context,
        CancellationToken cancel)
    {
        await using var brotli = new BrotliStream(stream, CompressionLevel.Fastest, leaveOpen: true);
        await SyncWire.WriteRequestAsync(brotli, _head, _batch, cancel);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
