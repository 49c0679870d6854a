using System.Collections;
using System.Text.Json;
using Sak.Sync.Replica;

namespace Sak.Sync.Wire;

/// <summary>
/// The changes of a batch as the lines in which they go up: this batch and the one after it are held at once, and as
/// objects they would take three times as much, each of them for so long that it outlives the youngest generation. Read
/// only if someone looks, from the beginning and made anew each time: a change is known by its sequence.
/// </summary>
public sealed class ChangeLines : IReadOnlyList<Change>
{
    private static readonly WireColumns[] Own =
        [.. Tables.All.Select(t => new WireColumns(t, AllColumns(t), AllColumns(t)))];

    // Each of whole lines, and smaller than what .NET puts with its large objects.
    private readonly List<byte[]> _pieces = [];

    public ChangeLines(IEnumerable<Change> changes)
    {
        using var lines = new LineBuffer();
        var last = 0L;
        foreach (var change in changes)
        {
            ChangeLine.Write(lines.Json, change, change.Sequence - last);
            lines.EndLine();
            last = change.Sequence;
            Count++;
            if (lines.IsFull) Take(lines);
        }

        Take(lines);
    }

    public int Count { get; }

    internal IReadOnlyList<byte[]> Pieces => _pieces;

    public Change this[int index] => this.Skip(index).First();

    public IEnumerator<Change> GetEnumerator()
    {
        var last = 0L;
        var rows = new object?[]?[Own.Length];
        foreach (var piece in _pieces)
        {
            for (var at = 0; at < piece.Length;)
            {
                var end = Array.IndexOf(piece, (byte)'\n', at);
                var change = Read(piece.AsSpan(at, end - at), last, rows);
                yield return change;
                (at, last) = (end + 1, change.Sequence);
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Take(LineBuffer lines)
    {
        if (lines.Written.Length > 0) _pieces.Add(lines.Written.ToArray());
        lines.Clear();
    }

    private static Change Read(ReadOnlySpan<byte> line, long last, object?[]?[] rows)
    {
        var json = new Utf8JsonReader(line);
        return ChangeLine.ReadOrEnd(ref json, Own, last, rows).Change!;
    }

    private static int[] AllColumns(Table table) => [.. Enumerable.Range(0, table.Columns.Count)];
}
