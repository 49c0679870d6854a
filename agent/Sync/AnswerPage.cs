using System.Buffers;

namespace Sak.Agent.Sync;

/// <summary>
/// Whole lines of an answer up to a place at which they can be committed, in memory or, when there are many, in a
/// temporary file that is deleted with the page.
/// </summary>
internal sealed class AnswerPage(string folder) : IDisposable
{
    private const int MostInMemory = 512 * 1024;

    private readonly MemoryStream _memory = new();
    private FileStream? _file;
    private byte[] _window = [];
    private int _start;
    private int _end;

    /// <summary>It ends with the mark: nothing comes after it.</summary>
    public bool IsLast { get; set; }

    /// <summary>Its last line was added.</summary>
    public bool IsComplete { get; set; }

    public bool IsEmpty => _memory.Length == 0 && _file is null;

    private Stream Bytes => _file is null ? _memory : _file;

    public async Task AddAsync(ReadOnlySequence<byte> lines, CancellationToken cancel)
    {
        if (_file is null && _memory.Length + lines.Length > MostInMemory) await MoveToFileAsync(cancel);
        foreach (var part in lines) await Bytes.WriteAsync(part, cancel);
    }

    /// <summary>Goes to the first line; then <see cref="TryRead"/>.</summary>
    public void Begin()
    {
        Bytes.Position = 0;
        (_start, _end) = (0, 0);
        if (_window.Length == 0) _window = new byte[64 * 1024];
    }

    /// <summary>The next line without its end; valid until the next call.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            var length = _window.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                line = _window.AsSpan(_start, length);
                _start += length + 1;
                return true;
            }

            line = default;
            if (!FillWindow()) return false;
        }
    }

    /// <summary>Makes it empty, to be filled again.</summary>
    public void Clear()
    {
        _memory.SetLength(0);
        _file?.Dispose();
        _file = null;
        (IsLast, IsComplete) = (false, false);
    }

    public void Dispose()
    {
        _memory.Dispose();
        _file?.Dispose();
    }

    private async Task MoveToFileAsync(CancellationToken cancel)
    {
        _file = new FileStream(Path.Combine(folder, $"answer-{Guid.NewGuid():N}.tmp"), new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose,
            BufferSize = 0,
        });
        await _file.WriteAsync(_memory.GetBuffer().AsMemory(0, (int)_memory.Length), cancel);
        _memory.SetLength(0);
    }

    private bool FillWindow()
    {
        _window.AsSpan(_start, _end - _start).CopyTo(_window);
        (_start, _end) = (0, _end - _start);
        if (_end == _window.Length) Array.Resize(ref _window, _window.Length * 2);
        var read = Bytes.Read(_window, _end, _window.Length - _end);
        _end += read;
        return read > 0;
    }
}
