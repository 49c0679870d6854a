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
    // What became of a batch is one line, and of a big one that is refused as a whole it is as long as the batch: a line
    // that is never taken would be sent again for ever, and no order after it would go up.
    private const int LongestLine = 3 * Sak.Sync.Wire.Protocol.MaxSyncBody;
    private byte[] block = AnswerPiece.RentBlock();
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
                while (block.AsSpan(scanned, length - scanned).IndexOf((byte)'\n') is var end and >= 0)
                {
                    var next = scanned + end + 1;
                    piece.IsLast = block.AsSpan(line, next - line).StartsWith("{\"mark\""u8);
                    var isEnd = piece.IsLast || block.AsSpan(line, next - line).StartsWith("{\"page\""u8);
                    (line, scanned) = (next, next);
                    if (!isEnd) continue;
                    await HandOverAsync(piece, line, cancel);
                    return piece;
                }

                scanned = length;
                if (length == block.Length)
                {
                    await HandOverAsync(piece, line, cancel);
                    (line, scanned) = (0, length);
                }

                if (length > LongestLine) throw new CloudUnavailableException("The cloud's answer holds a line without an end; nothing of it was used.");
                var read = await from.ReadAsync(block.AsMemory(length), cancel);
                length += read;
                if (read > 0) continue;
                if (length > 0 || piece.HoldsAny) throw new CloudUnavailableException("The cloud's answer was cut off before its end; what came after the last mark was not used.");
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
        ArrayPool<byte>.Shared.Return(block);
        block = [];
    }

    // The block with its whole lines goes to the piece; what has begun of the next line is moved to another, a larger one
    // when the line alone filled this.
    private async Task HandOverAsync(AnswerPiece piece, int lines, CancellationToken cancel)
    {
        var (full, rest) = (block, length - lines);
        block = lines > 0 ? AnswerPiece.RentBlock(rest) : ArrayPool<byte>.Shared.Rent(full.Length * 2);
        full.AsSpan(lines, rest).CopyTo(block);
        length = rest;
        if (lines > 0) await piece.AddAsync(full, lines, cancel);
        else ArrayPool<byte>.Shared.Return(full);
    }
}

/// <summary>Whole lines of an answer, to be read once, in memory or in a file that goes with them.</summary>
internal sealed class AnswerPiece(string folder) : IDisposable
{
    private const int MostInMemory = 4 * 1024 * 1024;

    // The pool keeps few of each size, and what it must make anew is cleared and touched for the first time; above this size
    // .NET puts it with its large objects, which stay long.
    private const int Block = 64 * 1024;
    private const int Window = 256 * 1024;

    private readonly Queue<(byte[] Bytes, int Length)> blocks = [];
    private int held;
    private FileStream? file;
    private byte[] window = [];
    private int start;
    private int end;

    /// <summary>It ends with the mark: nothing comes after it.</summary>
    public bool IsLast { get; set; }

    public bool HoldsAny => held > 0 || file is not null;

    public static byte[] RentBlock(int atLeast = 0) => ArrayPool<byte>.Shared.Rent(Math.Max(Block, atLeast + 1));

    /// <summary>Takes a rented block that begins with so many bytes of whole lines.</summary>
    public async Task AddAsync(byte[] block, int length, CancellationToken cancel)
    {
        blocks.Enqueue((block, length));
        held += length;
        if (file is null && held <= MostInMemory) return;
        file ??= new FileStream(Path.Combine(folder, $"answer-{Guid.NewGuid():N}.tmp"), new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose, BufferSize = 0,
        });
        while (blocks.TryPeek(out var next))
        {
            await file.WriteAsync(next.Bytes.AsMemory(0, next.Length), cancel);
            Drop();
        }
    }

    /// <summary>To the first line. Then <see cref="TryRead"/>.</summary>
    public void Begin()
    {
        if (file is null)
        {
            (window, end) = blocks.Peek();
            return;
        }

        file.Position = 0;
        window = new byte[Window];
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
            if (!(file is null ? NextBlock() : Refill(file))) return false;
        }
    }

    public void Dispose()
    {
        file?.Dispose();
        while (blocks.Count > 0) Drop();
        window = [];
    }

    private void Drop()
    {
        var (bytes, length) = blocks.Dequeue();
        held -= length;
        ArrayPool<byte>.Shared.Return(bytes);
    }

    // A block holds whole lines, so nothing of this one is left. The pool may have it for the page that comes off the line.
    private bool NextBlock()
    {
        Drop();
        (start, end) = (0, 0);
        if (!blocks.TryPeek(out var next)) return false;
        (window, end) = next;
        return true;
    }

    private bool Refill(FileStream from)
    {
        window.AsSpan(start, end - start).CopyTo(window);
        (start, end) = (0, end - start);
        if (end == window.Length) Array.Resize(ref window, window.Length * 2);
        var read = from.Read(window, end, window.Length - end);
        end += read;
        return read > 0;
    }
}
