using System.Buffers;
using System.IO.Pipelines;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Agent.Sync;

/// <summary>
/// Receives an answer page by page, each page whole before a write transaction opens for it: a slow connection must not
/// hold up the capture of messages. A large page waits in a temporary file, so that memory stays flat.
/// </summary>
internal sealed class AnswerSpool(Stream answer, string folder) : IDisposable
{
    // The cloud's answer to a batch is one line. If a large batch is refused as a whole, that line is as long as the
    // batch; refusing to read it would have it sent again for ever, and no later order would go up.
    private const int LongestLine = 3 * Protocol.MaxSyncBody;

    private readonly PipeReader _lines = PipeReader.Create(answer,
        new StreamPipeReaderOptions(bufferSize: 64 * 1024));

    // One is filled while the other is applied.
    private AnswerPage _next = new(folder);
    private AnswerPage _other = new(folder);

    /// <summary>
    /// The next page, valid until the page after it was returned; null when the answer ended. Throws
    /// <see cref="CloudUnavailableException"/> when it was cut off.
    /// </summary>
    public async Task<AnswerPage?> NextAsync(CancellationToken cancel)
    {
        var page = _next;
        (_next, _other) = (_other, page);
        page.Clear();
        while (!page.IsComplete)
        {
            var read = await _lines.ReadAsync(cancel);
            var end = EndOfLines(read.Buffer, page);
            await page.AddAsync(read.Buffer.Slice(0, end), cancel);
            var rest = read.Buffer.Slice(end);
            // Examined up to the end unless the page is complete: then the rest belongs to the next page.
            _lines.AdvanceTo(end, page.IsComplete ? end : read.Buffer.End);
            if (page.IsComplete) return page;
            if (rest.Length > LongestLine)
                throw new CloudUnavailableException(
                    "The cloud's answer holds a line without an end; nothing of it was used.");
            if (!read.IsCompleted) continue;
            if (rest.IsEmpty && page.IsEmpty) return null;
            throw new CloudUnavailableException(
                "The cloud's answer was cut off before its end; what came after the last mark was not used.");
        }

        return page;
    }

    public void Dispose()
    {
        _lines.Complete();
        _next.Dispose();
        _other.Dispose();
    }

    // Where the page ends, or else the last whole line.
    private static SequencePosition EndOfLines(ReadOnlySequence<byte> bytes, AnswerPage page)
    {
        var lines = new SequenceReader<byte>(bytes);
        while (!page.IsComplete)
        {
            var isMark = lines.IsNext("{\"mark\""u8);
            var isPage = lines.IsNext("{\"page\""u8);
            if (!lines.TryAdvanceTo((byte)'\n')) break;
            (page.IsLast, page.IsComplete) = (isMark, isMark || isPage);
        }

        return lines.Position;
    }
}
