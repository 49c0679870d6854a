using System.Buffers;
using Sak.Sync;

namespace Sak.Agent.Store;

/// <summary>
/// Takes an answer off the line in pieces that can be committed, each ending with a page or the mark, before a write
/// transaction opens: a slow line must not hold up the capture of messages. Beyond a few megabytes a piece waits in a
/// temporary file, so that memory stays flat.
/// </summary>
internal sealed class AnswerSpool(Stream from, string folder) : IDisposable
{
    private const int Chunk = 128 * 1024;
    private const int MostInMemory = 4 * 1024 * 1024;

    // What became of a batch is one line, and of a big one that is refused as a whole it is as long as the batch: a line
    // that is never taken would be sent again for ever, and no order after it would go up.
    private const int LongestLine = 3 * Sak.Sync.Wire.Protocol.MaxSyncBody;
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(Chunk);
    private int length;

    /// <summary>The next piece; null when the answer ended. Throws <see cref="CloudUnavailableException"/> when it was cut off.</summary>
    public async Task<AnswerPiece?> NextAsync(CancellationToken cancel)
    {
        var piece = new AnswerPiece(folder);
        try
        {
            var (line, scanned) = (0, 0);
            while (true)
            {
                while (buffer.AsSpan(scanned, length - scanned).IndexOf((byte)'\n') is var end and >= 0)
                {
                    var next = scanned + end + 1;
                    piece.IsLast = buffer.AsSpan(line, next - line).StartsWith("{\"mark\""u8);
                    var isEnd = piece.IsLast || buffer.AsSpan(line, next - line).StartsWith("{\"page\""u8);
                    (line, scanned) = (next, next);
                    if (!isEnd) continue;
                    await piece.AddAsync(buffer.AsMemory(0, line), cancel);
                    Keep(line);
                    return piece;
                }

                scanned = length;
                if (length >= MostInMemory && line > 0)
                {
                    await piece.SpillAsync(buffer.AsMemory(0, line), cancel);
                    Keep(line);
                    (line, scanned) = (0, length);
                }

                if (length > LongestLine) throw new CloudUnavailableException("The cloud's answer holds a line without an end; nothing of it was used.");
                if (await FillAsync(cancel)) continue;
                if (length > 0 || piece.Length > 0) throw new CloudUnavailableException("The cloud's answer was cut off before its end; what came after the last mark was not used.");
                piece.Dispose();
                return null;
            }
        }
        catch
        {
            piece.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        from.Dispose();
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    private void Keep(int from)
    {
        buffer.AsSpan(from, length - from).CopyTo(buffer);
        length -= from;
    }

    private static byte[] Larger(byte[] buffer, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private async Task<bool> FillAsync(CancellationToken cancel)
    {
        if (buffer.Length - length < Chunk / 2) buffer = Larger(buffer, length);
        var read = await from.ReadAsync(buffer.AsMemory(length), cancel);
        length += read;
        return read > 0;
    }
}

/// <summary>Whole lines of an answer, to be read once, in memory or in a file that goes with them.</summary>
internal sealed class AnswerPiece(string folder) : IDisposable
{
    private byte[] memory = [];
    private int held;
    private FileStream? file;
    private byte[] window = [];
    private int start;
    private int end;

    /// <summary>It ends with the mark: nothing comes after it.</summary>
    public bool IsLast { get; set; }

    public long Length => held + (file?.Length ?? 0);

    public Task AddAsync(ReadOnlyMemory<byte> lines, CancellationToken cancel)
    {
        if (file is not null) return SpillAsync(lines, cancel);
        // Rented: pages of a first load are of a size, and each new array would be cleared and touched for the first time.
        (memory, held) = (ArrayPool<byte>.Shared.Rent(lines.Length), lines.Length);
        lines.CopyTo(memory);
        return Task.CompletedTask;
    }

    public async Task SpillAsync(ReadOnlyMemory<byte> lines, CancellationToken cancel)
    {
        file ??= new FileStream(Path.Combine(folder, $"answer-{Guid.NewGuid():N}.tmp"), new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose, BufferSize = 0,
        });
        await file.WriteAsync(lines, cancel);
    }

    /// <summary>To the first line. Then <see cref="TryRead"/>.</summary>
    public void Begin()
    {
        (window, start, end) = (memory, 0, held);
        if (file is null) return;
        file.Position = 0;
        (window, end) = (new byte[256 * 1024], 0);
    }

    /// <summary>The next line without its end; valid until the next call.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            var at = window.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (at >= 0)
            {
                line = window.AsSpan(start, at);
                start += at + 1;
                return true;
            }

            line = default;
            if (!Refill()) return false;
        }
    }

    public void Dispose()
    {
        file?.Dispose();
        if (memory.Length > 0) ArrayPool<byte>.Shared.Return(memory);
        (memory, window) = ([], []);
    }

    private bool Refill()
    {
        if (file is null) return false;
        window.AsSpan(start, end - start).CopyTo(window);
        (start, end) = (0, end - start);
        if (end == window.Length) Array.Resize(ref window, window.Length * 2);
        var read = file.Read(window, end, window.Length - end);
        end += read;
        return read > 0;
    }
}
