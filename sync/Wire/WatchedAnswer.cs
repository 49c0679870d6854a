using System.Text.Json;
using Sak.Sync.Replica;

namespace Sak.Sync.Wire;

/// <summary>
/// An answer on its way to the replica, with the hooks looking on. A pass over its bytes; a row is read only when
/// someone wants to see it.
/// </summary>
internal sealed class WatchedAnswer(Stream answer, SyncHooks hooks) : Stream
{
    /// <summary>Rows between two tellings of how far it is.</summary>
    private const int TellEach = 500;

    private readonly List<Refusal> _refusals = [];
    private byte[] _line = new byte[1024];
    private int _kept;
    private bool _begun;
    private bool _isRow;
    private bool _isBlind;
    private WireColumns _table;
    private string _name = "";
    private long _rows;
    private long _total;
    private long _told;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set =>
        throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel = default)
    {
        var read = await answer.ReadAsync(buffer, cancel);
        if (!_isBlind) Look(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancel) =>
        ReadAsync(buffer.AsMemory(offset, count), cancel).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("An answer is only read asynchronously.");

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>The answer was stored: what it refused, and that it is done.</summary>
    public void Stored(Batch? batch)
    {
        if (hooks.Conflict is { } tell && batch is not null && _refusals.Count > 0)
        {
            var refused = _refusals.ToLookup(r => r.Sequence);
            foreach (var change in batch.Changes)
                foreach (var refusal in refused[change.Sequence]) tell(new RefusedChange(change, refusal));
        }

        hooks.Progress?.Invoke(new SyncProgress(_name, _rows, _total, Done: true));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) answer.Dispose();
        base.Dispose(disposing);
    }

    private void Look(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOf((byte)'\n') is var end and >= 0 && !_isBlind)
        {
            Keep(bytes[..end]);
            EndLine();
            bytes = bytes[(end + 1)..];
        }

        Keep(bytes);
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        if (part.IsEmpty) return;
        if (!_begun) _isRow = part[0] == (byte)'[';
        _begun = true;
        if (_isRow && hooks.RowIncoming is null) return;
        if (_kept + part.Length > _line.Length)
            Array.Resize(ref _line, Math.Max(_line.Length * 2, _kept + part.Length));
        part.CopyTo(_line.AsSpan(_kept));
        _kept += part.Length;
    }

    private void EndLine()
    {
        if (_isRow && hooks.RowIncoming is null) _rows++;
        else Read();
        (_begun, _isRow, _kept) = (false, false, 0);
        if (_rows - _told < TellEach) return;
        _told = _rows;
        hooks.Progress?.Invoke(new SyncProgress(_name, _rows, _total, Done: false));
    }

    private void Read()
    {
        AnswerReader.Found found;
        try
        {
            found = AnswerReader.Read(_line.AsSpan(0, _kept), _table);
        }
        catch (Exception error) when (error is InvalidDataException or JsonException)
        {
            // The replica reads the same line after this and says what is wrong with it.
            _isBlind = true;
            return;
        }

        _rows += found.Rows;
        if (found.Table is { } table) (_table, _name) = (table, table.Table?.Name ?? "");
        foreach (var line in found.Lines) See(line);
    }

    private void See(AnswerLine line)
    {
        switch (line)
        {
            case AnswerLine.Row or AnswerLine.Gone:
                hooks.RowIncoming?.Invoke(line);
                break;
            case AnswerLine.Batch batch:
                _refusals.AddRange(batch.Answer.Refusals);
                break;
            case AnswerLine.Totals totals:
                _total = totals.Tables.Sum(t => t.Rows);
                _rows = _told = totals.Tables.Sum(t => t.Rows - t.ToCome);
                hooks.Progress?.Invoke(new SyncProgress("", _rows, _total, Done: false));
                break;
        }
    }
}
