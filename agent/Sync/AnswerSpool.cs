using System.Buffers;
using Sak.Sync.Replica;

namespace Sak.Agent.Sync;

/// <summary>
/// Takes an answer off the line in pieces that can be committed, each ending with a page or the mark, before a write
/// transaction opens: a slow line must not hold up the capture of messages. Beyond a few megabytes a piece waits in a
/// temporary file, so that memory stays flat.
/// </summary>
internal sealed class AnswerSpool(Stream from, string folder) : IDisposable
{
    // What became of a batch is one line, and of a big one that is refused as a whole it is as long as the batch: a
    // line that is never taken would be sent again for ever, and no order after it would go up.
    private const int LongestLine = 3 * Sak.Sync.Wire.Protocol.MaxSyncBody;
    private byte[] _block = AnswerPiece.RentBlock();
    private int _length;

    /// <summary>
    /// The next piece; null when the answer ended. Throws <see cref="CloudUnavailableException"/> when it was cut off.
    /// </summary>
    public async Task<AnswerPiece?> NextAsync(CancellationToken cancel)
    {
        var piece = new AnswerPiece(folder);
        try
        {
            var (line, scanned) = (0, 0);
            while (true)
            {
                while (_block.AsSpan(scanned, _length - scanned).IndexOf((byte)'\n') is var end and >= 0)
                {
                    var next = scanned + end + 1;
                    piece.IsLast = _block.AsSpan(line, next - line).StartsWith("{\"mark\""u8);
                    var isEnd = piece.IsLast || _block.AsSpan(line, next - line).StartsWith("{\"page\""u8);
                    (line, scanned) = (next, next);
                    if (!isEnd) continue;
                    await HandOverAsync(piece, line, cancel);
                    return piece;
                }

                scanned = _length;
                if (_length == _block.Length)
                {
                    await HandOverAsync(piece, line, cancel);
                    (line, scanned) = (0, _length);
                }

                if (_length > LongestLine)
                    throw new CloudUnavailableException(
                        "The cloud's answer holds a line without an end; nothing of it was used.");
                var read = await from.ReadAsync(_block.AsMemory(_length), cancel);
                _length += read;
                if (read > 0) continue;
                if (_length > 0 || piece.HoldsAny)
                    throw new CloudUnavailableException(
                        "The cloud's answer was cut off before its end; what came after the last mark was not used.");
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
        ArrayPool<byte>.Shared.Return(_block);
        _block = [];
    }

    // The block with its whole lines goes to the piece; what has begun of the next line is moved to another, a larger
    // one when the line alone filled this.
    private async Task HandOverAsync(AnswerPiece piece, int lines, CancellationToken cancel)
    {
        var (full, rest) = (_block, _length - lines);
        _block = lines > 0 ? AnswerPiece.RentBlock(rest) : ArrayPool<byte>.Shared.Rent(full.Length * 2);
        full.AsSpan(lines, rest).CopyTo(_block);
        _length = rest;
        if (lines > 0) await piece.AddAsync(full, lines, cancel);
        else ArrayPool<byte>.Shared.Return(full);
    }
}

/// <summary>Whole lines of an answer, to be read once, in memory or in a file that goes with them.</summary>
internal sealed class AnswerPiece(string folder) : IDisposable
{
    private const int MostInMemory = 4 * 1024 * 1024;

    // The pool keeps few of each size, and what it must make anew is cleared and touched for the first time; above this
    // size .NET puts it with its large objects, which stay long.
    private const int Block = 64 * 1024;
    private const int Window = 256 * 1024;

    private readonly Queue<(byte[] Bytes, int Length)> _blocks = [];
    private int _held;
    private FileStream? _file;
    private byte[] _window = [];
    private int _start;
    private int _end;

    /// <summary>It ends with the mark: nothing comes after it.</summary>
    public bool IsLast { get; set; }

    public bool HoldsAny => _held > 0 || _file is not null;

    public static byte[] RentBlock(int atLeast = 0) => ArrayPool<byte>.Shared.Rent(Math.Max(Block, atLeast + 1));

    /// <summary>Takes a rented block that begins with so many bytes of whole lines.</summary>
    public async Task AddAsync(byte[] block, int length, CancellationToken cancel)
    {
        _blocks.Enqueue((block, length));
        _held += length;
        if (_file is null && _held <= MostInMemory) return;
        _file ??= new FileStream(Path.Combine(folder, $"answer-{Guid.NewGuid():N}.tmp"), new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose,
            BufferSize = 0,
        });
        while (_blocks.TryPeek(out var next))
        {
            await _file.WriteAsync(next.Bytes.AsMemory(0, next.Length), cancel);
            Drop();
        }
    }

    /// <summary>To the first line. Then <see cref="TryRead"/>.</summary>
    public void Begin()
    {
        if (_file is null)
        {
            (_window, _end) = _blocks.Peek();
            return;
        }

        _file.Position = 0;
        _window = new byte[Window];
    }

    /// <summary>The next line without its end; valid until the next call.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            var at = _window.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (at >= 0)
            {
                line = _window.AsSpan(_start, at);
                _start += at + 1;
                return true;
            }

            line = default;
            if (!(_file is null ? NextBlock() : Refill(_file))) return false;
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        while (_blocks.Count > 0) Drop();
        _window = [];
    }

    private void Drop()
    {
        var (bytes, length) = _blocks.Dequeue();
        _held -= length;
        ArrayPool<byte>.Shared.Return(bytes);
    }

    // A block holds whole lines, so nothing of this one is left. The pool may have it for the page that comes off the
    // line.
    private bool NextBlock()
    {
        Drop();
        (_start, _end) = (0, 0);
        if (!_blocks.TryPeek(out var next)) return false;
        (_window, _end) = next;
        return true;
    }

    private bool Refill(FileStream from)
    {
        _window.AsSpan(_start, _end - _start).CopyTo(_window);
        (_start, _end) = (0, _end - _start);
        if (_end == _window.Length) Array.Resize(ref _window, _window.Length * 2);
        var read = from.Read(_window, _end, _window.Length - _end);
        _end += read;
        return read > 0;
    }
}
