using System.Runtime.CompilerServices;
using System.Text.Json;

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
        await using var lines = new LineWriter(to);
        HeadLine.Write(lines.Json, head);
        await lines.EndAsync(cancel);
        var last = 0L;
        foreach (var change in batch?.Changes ?? [])
        {
            WriteChange(lines.Json, change, change.Sequence - last);
            last = change.Sequence;
            await lines.EndAsync(cancel);
        }

        lines.Json.WriteStartObject();
        lines.Json.WriteNumber("end", batch?.Changes.Count ?? 0);
        lines.Json.WriteEndObject();
        await lines.EndAsync(cancel);
        await lines.FlushAsync(cancel);
    }

    /// <summary>Reads the head; the changes follow lazily. At most <see cref="Protocol.MaxSyncBody"/> bytes are read.</summary>
    public static async Task<SyncRequest> ReadRequestAsync(Stream from, CancellationToken cancel)
    {
        var lines = new LineReader(from, Protocol.MaxSyncBody);
        if (!await lines.NextAsync(cancel)) throw lines.Wrong("the body is empty; the first line is the head");
        var (head, columns) = lines.Read(HeadLine.Read);
        var known = columns.Where(c => c.Table is not null).Select(c => new WireTable(c.Table!, c.Known)).ToList();
        return new SyncRequest(head, known, ReadChangesAsync(lines, columns, cancel));
    }

    /// <summary>Writes the lines as they come.</summary>
    public static async Task WriteAnswerAsync(Stream to, IAsyncEnumerable<AnswerLine> answer, CancellationToken cancel)
    {
        await using var writer = new AnswerWriter(to);
        await foreach (var line in answer.WithCancellation(cancel)) await writer.WriteAsync(line, cancel);
        await writer.FlushAsync(cancel);
    }

    /// <summary>Reads an answer; nothing for an empty stream (204). Ends with the mark, or throws when the stream ends before it.</summary>
    public static async IAsyncEnumerable<AnswerLine> ReadAnswerAsync(Stream from, [EnumeratorCancellation] CancellationToken cancel)
    {
        var lines = new LineReader(from, long.MaxValue);
        var table = default(WireColumns);
        var rows = 0L;
        while (await lines.NextAsync(cancel))
        {
            var known = table;
            var found = lines.Read((ref Utf8JsonReader json) => AnswerReader.Read(ref json, known));
            table = found.Table ?? table;
            rows += found.Rows;
            foreach (var line in found.Lines) yield return line;
            if (found.Mark is not { } mark) continue;
            if (mark.Rows != rows) throw lines.Wrong($"the mark counts {mark.Rows} rows, {rows} came");
            yield return mark;
            yield break;
        }

        if (lines.Number > 0) throw lines.Wrong("the answer ends before its mark");
    }

    private static async IAsyncEnumerable<Change> ReadChangesAsync(LineReader lines, WireColumns[] tables, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (count, last) = (0L, 0L);
        while (await lines.NextAsync(cancel))
        {
            var before = last;
            var (change, end) = lines.Read((ref Utf8JsonReader json) => ReadChangeOrEnd(ref json, tables, before));
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

    // Sequences go as steps, nearly always 1: what is the same on each line costs next to nothing on the wire.
    private static void WriteChange(Utf8JsonWriter json, Change change, long step)
    {
        json.WriteStartArray();
        json.WriteNumberValue(TableIndex(change.Table));
        json.WriteStringValue(change.Kind switch { ChangeKind.Insert => "i", ChangeKind.Update => "u", _ => "d" });
        json.WriteNumberValue(step);
        if (change.Kind == ChangeKind.Insert)
        {
            if (change.Row is JsonRow raw) json.WriteRawValue(raw.Inside, skipInputValidation: true);
            else foreach (var value in change.Row) WriteValue(json, value);
        }
        else
        {
            json.WriteStringValue(change.Id);
            foreach (var column in change.Columns)
            {
                json.WriteNumberValue(column.Column);
                WriteValue(json, column.Old);
                WriteValue(json, column.New);
            }
        }

        json.WriteEndArray();
    }

    private static int TableIndex(Table table)
    {
        for (var i = 0; i < Tables.All.Count; i++)
            if (Tables.All[i] == table) return i;
        throw new ArgumentException($"{table.Name} is not a synced table.", nameof(table));
    }

    private static (Change? Change, long End) ReadChangeOrEnd(ref Utf8JsonReader json, WireColumns[] tables, long before)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.StartObject) return (null, ReadEnd(ref json));
        if (json.TokenType != JsonTokenType.StartArray) throw new InvalidDataException("a change is an array");
        var at = ReadWhole(ref json, "the table's index");
        if (at < 0 || at >= tables.Length) throw new InvalidDataException($"table {at} is not in the head");
        if (!json.Read() || json.TokenType != JsonTokenType.String) throw new InvalidDataException("the kind of change is missing");
        var kind = json.GetString();
        var step = ReadWhole(ref json, "the step of the change's sequence");
        if (step < 1 || step > long.MaxValue - before) throw new InvalidDataException($"the change's sequence must rise, its step is {step}");
        var sequence = before + step;
        // Of a newer agent: what the row holds can't be known here, but that it came must be answered, or nothing after it ever comes.
        if (tables[at].Table is not { } table) return (new Change(sequence, tables[at].Unknown!, ChangeKind.Update, "", [], []), 0);
        return (kind switch
        {
            "i" => ReadInsert(ref json, sequence, table, tables[at].Indexes),
            "u" => ReadUpdate(ref json, sequence, table, tables[at].Indexes),
            "d" => new Change(sequence, table, ChangeKind.Delete, ReadId(ref json), Ended(ref json), []),
            _ => throw new InvalidDataException($"\"{kind}\" is not a kind of change"),
        }, 0);
    }

    private static long ReadEnd(ref Utf8JsonReader json)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.PropertyName || !json.ValueTextEquals("end"))
            throw new InvalidDataException("only {\"end\":N} may stand here");
        return ReadWhole(ref json, "the number of changes");
    }

    private static Change ReadInsert(ref Utf8JsonReader json, long sequence, Table table, int[] columns)
    {
        var row = new object?[table.Columns.Count];
        Array.Fill(row, Absent.Value);
        foreach (var column in columns)
        {
            if (!json.Read() || json.TokenType == JsonTokenType.EndArray) throw new InvalidDataException("the row has too few values");
            var value = ReadValue(ref json);
            if (column >= 0) row[column] = value;
        }

        Ended(ref json);
        return new Change(sequence, table, ChangeKind.Insert, row[0] as string ?? throw new InvalidDataException("the row has no id"), row, []);
    }

    private static Change ReadUpdate(ref Utf8JsonReader json, long sequence, Table table, int[] columns)
    {
        var id = ReadId(ref json);
        var changed = new List<ColumnChange>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt32(out var at) || at < 0 || at >= columns.Length)
                throw new InvalidDataException("a column's index is wrong");
            json.Read();
            var old = ReadValue(ref json);
            json.Read();
            var now = ReadValue(ref json);
            if (columns[at] >= 0) changed.Add(new ColumnChange(columns[at], old, now));
        }

        return new Change(sequence, table, ChangeKind.Update, id, [], changed);
    }

    private static string ReadId(ref Utf8JsonReader json) =>
        json.Read() && json.TokenType == JsonTokenType.String ? json.GetString()! : throw new InvalidDataException("the id is missing");

    private static object?[] Ended(ref Utf8JsonReader json) =>
        json.Read() && json.TokenType == JsonTokenType.EndArray ? [] : throw new InvalidDataException("the line has too many values");

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
            case null or Absent:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            default:
                throw new ArgumentException($"A {value.GetType().Name} can't travel; values are text, whole numbers and null.", nameof(value));
        }
    }
}
