using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Tests.Support;

/// <summary>The connection breaks a few bytes after the first page of an answer.</summary>
public sealed class CutAfterPage(ICloud cloud) : ICloud
{
    public async Task<Stream?> ExchangeAsync(SyncHead head, Batch? batch, CancellationToken cancel)
    {
        await using var whole = await cloud.ExchangeAsync(head, batch, cancel);
        using var copy = new MemoryStream();
        await whole!.CopyToAsync(copy, cancel);
        var bytes = copy.ToArray();
        var page = bytes.AsSpan().IndexOf("{\"page\""u8);
        var end = page + bytes.AsSpan(page).IndexOf((byte)'\n');
        return new MemoryStream(bytes[..(end + 20)]);
    }
}
