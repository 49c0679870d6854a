using System.Runtime.CompilerServices;
using System.Text.Json;
using Sak.Sync.Replica;

namespace Sak.Sync.Wire;

/// <summary>
/// The body of <c>POST /api/sync</c>, both ways and for both sides: one JSON value a line. Holds one line at a time.
/// Reading throws <see cref="InvalidDataException"/>, which names the line and what is wrong with it.
/// </summary>
public static class SyncWire
{
    /// <summary>Longest line, in bytes: far above any row, far below what hurts.</summary>
    public const int MaxLine = 1024 * 1024;

    /// <summary>Head, one line a change, and the number of changes; without a batch just head and end.</summary>
    public static async Task WriteRequestAsync(Stream to, SyncHead head, Batch? batch, CancellationToken cancel)
    {
        using var lines = new JsonLineWriter(to);
        var changes = batch?.Changes ?? [];
        var tables = new RequestTables(changes);
        HeadLine.Write(lines.Json, head, tables.All);
        await lines.EndAsync(cancel);
        var last = 0L;
        foreach (var change in changes)
        {
            ChangeLine.Write(lines.Json, change, change.Sequence - last, tables);
            await lines.EndAsync(cancel);
            last = change.Sequence;
        }

        lines.Json.WriteStartObject();
        lines.Json.WriteNumber("end", changes.Count);
        lines.Json.WriteEndObject();
        await lines.EndAsync(cancel);
        await lines.FlushAsync(cancel);
    }

    /// <summary>
    /// Reads the head; the changes follow lazily. At most <see cref="Protocol.MaxSyncBody"/> bytes are read.
    /// </summary>
    public static Task<SyncRequest> ReadRequestAsync(Stream from, CancellationToken cancel) =>
        ReadRequestAsync(from, Tables.All, cancel);

    /// <param name="tables">What this side knows.</param>
    internal static async Task<SyncRequest> ReadRequestAsync(Stream from, IReadOnlyList<Table> tables,
        CancellationToken cancel)
    {
        var lines = new JsonLineReader(from, Protocol.MaxSyncBody);
        if (!await lines.NextAsync(cancel)) throw lines.Wrong("the body is empty; the first line is the head");
        var (head, columns) = lines.Read((ref Utf8JsonReader json) => HeadLine.Read(ref json, tables));
        var known = columns.Where(c => c.Table is not null).Select(c => new WireTable(c.Table!, c.Known)).ToList();
        return new SyncRequest(head, known, ReadChangesAsync(lines, columns, cancel));
    }

    /// <summary>
    /// Reads an answer; nothing for an empty stream (204). Ends with the mark, or throws when the stream ends before
    /// it.
    /// </summary>
    public static async IAsyncEnumerable<AnswerLine> ReadAnswerAsync(Stream from,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        var lines = new JsonLineReader(from, long.MaxValue);
        var table = default(WireColumns);
        var rows = 0L;
        while (await lines.NextAsync(cancel))
        {
            var known = table;
            var found = lines.Read((ref Utf8JsonReader json) => AnswerReader.Read(ref json, known));
            table = found.Table ?? table;
            rows += found.Rows;
            foreach (var gone in found.Gone ?? []) yield return gone;
            if (found.Line is not AnswerLine.Mark mark)
            {
                if (found.Line is { } line) yield return line;
                continue;
            }

            if (mark.Rows != rows) throw lines.Wrong($"the mark counts {mark.Rows} rows, {rows} came");
            yield return mark;
            yield break;
        }

        if (lines.Number > 0) throw lines.Wrong("the answer ends before its mark");
    }

    private static async IAsyncEnumerable<Change> ReadChangesAsync(JsonLineReader lines, WireColumns[] tables,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        var (count, last) = (0L, 0L);
        while (await lines.NextAsync(cancel))
        {
            var before = last;
            var (change, end) = lines.Read(
                (ref Utf8JsonReader json) => ChangeLine.ReadOrEnd(ref json, tables, before));
            if (change is not null)
            {
                last = change.Sequence;
                count++;
                yield return change;
                continue;
            }

            if (end != count) throw lines.Wrong($"the end counts {end} changes, {count} came");
            if (await lines.NextAsync(cancel)) throw lines.Wrong("nothing may follow the end");
            yield break;
        }

        throw lines.Wrong("the body ends before its end line; it was cut off");
    }

    internal static long ReadWhole(ref Utf8JsonReader json, string what) =>
        json.Read() && json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var number)
            ? number
            : throw new InvalidDataException($"{what} is not a whole number");

    internal static object? ReadValue(ref Utf8JsonReader json) =>
        json.TokenType switch
        {
            JsonTokenType.String => json.GetString(),
            JsonTokenType.Null => null,
            JsonTokenType.Number when json.TryGetInt64(out var number) => number,
            _ => throw new InvalidDataException("a value is neither text, whole number nor null"),
        };

    internal static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            default:
                throw new ArgumentException(
                    $"A {value.GetType().Name} can't travel; values are text, whole numbers and null.", nameof(value));
        }
    }
}
