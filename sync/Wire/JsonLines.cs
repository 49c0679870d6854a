using System.Buffers;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sak.Sync.Wire;

internal delegate T ReadJson<T>(ref Utf8JsonReader json);

/// <summary>JSON lines in memory, until somebody takes them.</summary>
internal sealed class LineBuffer : IDisposable
{
    private const int FullAt = 32 * 1024;

    // Compact, and letters of every script as they are: names in Hindi or Arabic would take six bytes a letter escaped.
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _buffer = new(FullAt + 4096);
    private Utf8JsonWriter? _json;

    public Utf8JsonWriter Json => _json ??= new Utf8JsonWriter(_buffer, Compact);

    public bool IsFull => _buffer.WrittenCount >= FullAt;

    public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    public void EndLine()
    {
        Json.Flush();
        Json.Reset();
        _buffer.GetSpan(1)[0] = (byte)'\n';
        _buffer.Advance(1);
    }

    public void Clear() => _buffer.ResetWrittenCount();

    public void Dispose() => _json?.Dispose();
}

/// <summary>Writes JSON lines into one buffer that is handed on when it is full.</summary>
internal sealed class JsonLineWriter(Stream to) : IDisposable
{
    private readonly LineBuffer _lines = new();

    public Utf8JsonWriter Json => _lines.Json;

    public async ValueTask EndAsync(CancellationToken cancel)
    {
        _lines.EndLine();
        if (_lines.IsFull) await HandOnAsync(cancel);
    }

    /// <summary>Sends everything written so far to where the reader can use it. Each flush costs compression.</summary>
    public async ValueTask FlushAsync(CancellationToken cancel)
    {
        await HandOnAsync(cancel);
        await to.FlushAsync(cancel);
    }

    public void Dispose() => _lines.Dispose();

    private async ValueTask HandOnAsync(CancellationToken cancel)
    {
        await to.WriteAsync(_lines.Written, cancel);
        _lines.Clear();
    }
}

/// <summary>Hands out one line at a time; counts lines and bytes.</summary>
internal sealed class JsonLineReader(Stream from, long most)
{
    // Larger pieces mean fewer lines that lie in two of them, and fewer calls into the decompressor.
    private const int Piece = 32 * 1024;

    private readonly PipeReader _pipe = PipeReader.Create(from,
        new StreamPipeReaderOptions(bufferSize: Piece, minimumReadSize: Piece / 4, leaveOpen: true));
    private ReadOnlySequence<byte> _line;
    private ReadOnlySequence<byte> _seen;
    private long _bytes;
    private bool _holding;

    public int Number { get; private set; }

    public InvalidDataException Wrong(string why) => new($"Line {Number}: {why}.");

    public async ValueTask<bool> NextAsync(CancellationToken cancel)
    {
        if (_holding) _pipe.AdvanceTo(_seen.GetPosition(1, _line.End));
        _holding = false;
        while (true)
        {
            var result = await _pipe.ReadAsync(cancel);
            var buffer = result.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                _seen = buffer;
                _line = buffer.Slice(0, end);
                _holding = true;
                Number++;
                _bytes += _line.Length + 1;
                if (_line.Length > SyncWire.MaxLine) throw Wrong($"it is longer than {SyncWire.MaxLine} bytes");
                if (_bytes > most) throw Wrong($"the body is larger than {most} bytes");
                return true;
            }

            if (buffer.Length > SyncWire.MaxLine) throw Wrong($"the next line is longer than {SyncWire.MaxLine} bytes");
            _pipe.AdvanceTo(buffer.Start, buffer.End);
            if (!result.IsCompleted) continue;
            if (buffer.Length > 0) throw Wrong("the line after it has no end; the body was cut off");
            return false;
        }
    }

    public T Read<T>(ReadJson<T> read)
    {
        try
        {
            var json = _line.IsSingleSegment ? new Utf8JsonReader(_line.FirstSpan) : new Utf8JsonReader(_line);
            var value = read(ref json);
            while (json.Read())
            {
            }

            return value;
        }
        catch (InvalidDataException e)
        {
            throw Wrong(e.Message);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // InvalidOperationException is what the reader throws at text that is not UTF-8, FormatException at a
            // number that is not whole.
            throw new InvalidDataException($"Line {Number}: not JSON.", e);
        }
    }
}
