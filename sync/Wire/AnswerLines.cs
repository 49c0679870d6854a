using System.Text.Json;
using Sak.Sync.Replica;

namespace Sak.Sync.Wire;

/// <summary>Writes answer lines: a column header where the table changes, rows, gone rows together, the mark.</summary>
/// <param name="sendWhole">How an answer leaves that is complete before any of it went to the stream (32 kB at most);
/// null for like the others.</param>
public sealed class AnswerWriter(Stream to, Func<ReadOnlyMemory<byte>, CancellationToken, Task>? sendWhole = null)
    : IDisposable
{
    private const int GoneInLine = 500;
    private readonly JsonLineWriter _lines = new(to, sendWhole);
    private Table? _table;
    private IReadOnlyList<int>? _columns;
    private int _gone;

    /// <summary>
    /// Begins a row of the table named last: its values are to be written, in order, into what is returned.
    /// </summary>
    public Utf8JsonWriter BeginRow(long version)
    {
        _lines.Json.WriteStartArray();
        _lines.Json.WriteNumberValue(version);
        return _lines.Json;
    }

    public ValueTask EndRowAsync(CancellationToken cancel)
    {
        _lines.Json.WriteEndArray();
        return _lines.EndAsync(cancel);
    }

    /// <summary>Names the table of the rows after it.</summary>
    public ValueTask TableAsync(Table table, IReadOnlyList<int> columns, CancellationToken cancel) =>
        HeaderAsync(table, columns, cancel);

    /// <summary>What was written is on its way.</summary>
    public ValueTask FlushAsync(CancellationToken cancel) => _lines.FlushAsync(cancel);

    /// <summary>
    /// The mark is written: the rest is on its way, or leaves with the end of the stream that carries it.
    /// </summary>
    public ValueTask CompleteAsync(CancellationToken cancel) => _lines.CompleteAsync(cancel);

    public void Dispose() => _lines.Dispose();

    public async ValueTask WriteAsync(AnswerLine line, CancellationToken cancel)
    {
        if (line is AnswerLine.Gone gone)
        {
            await HeaderAsync(gone.Table, _table == gone.Table ? _columns! : [0], cancel);
            await GoneAsync(gone, cancel);
            return;
        }

        await EndGoneAsync(cancel);
        if (line is AnswerLine.Row row) await HeaderAsync(row.Table, row.Columns, cancel);
        switch (line)
        {
            case AnswerLine.Row r:
                WriteRow(_lines.Json, r);
                break;
            case AnswerLine.Batch b:
                WriteBatch(_lines.Json, b.Answer);
                break;
            case AnswerLine.Page p:
                WritePage(_lines.Json, p.At);
                // What comes after can be read by itself.
                _table = null;
                break;
            case AnswerLine.Totals t:
                WriteTotals(_lines.Json, t.Tables);
                break;
            case AnswerLine.Differ d:
                await HeaderAsync(d.Table, _table == d.Table ? _columns! : [0], cancel);
                WriteBuckets(_lines.Json, d.Buckets);
                break;
            case AnswerLine.Mark m:
                WriteMark(_lines.Json, m);
                break;
        }

        await _lines.EndAsync(cancel);
    }

    private static void WritePage(Utf8JsonWriter json, PageMark at)
    {
        json.WriteStartObject();
        json.WriteStartObject("page");
        json.WriteString("table", at.Table);
        json.WriteString("id", at.Id);
        json.WriteNumber("version", at.Version);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTotals(Utf8JsonWriter json, IReadOnlyList<TableTotal> tables)
    {
        json.WriteStartObject();
        json.WriteStartArray("totals");
        foreach (var total in tables)
        {
            json.WriteStartObject();
            json.WriteString("table", total.Table);
            json.WriteNumber("rows", total.Rows);
            json.WriteNumber("toCome", total.ToCome);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteBuckets(Utf8JsonWriter json, IReadOnlyList<int> buckets)
    {
        json.WriteStartObject();
        json.WriteStartArray("buckets");
        foreach (var bucket in buckets) json.WriteNumberValue(bucket);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private async ValueTask HeaderAsync(Table table, IReadOnlyList<int> columns, CancellationToken cancel)
    {
        if (_table == table && (ReferenceEquals(_columns, columns) || _columns!.SequenceEqual(columns))) return;
        await EndGoneAsync(cancel);
        (_table, _columns) = (table, columns);
        _lines.Json.WriteStartObject();
        _lines.Json.WriteString("table", table.Name);
        _lines.Json.WriteStartArray("columns");
        foreach (var column in columns) _lines.Json.WriteStringValue(table.Columns[column].Name);
        _lines.Json.WriteEndArray();
        _lines.Json.WriteEndObject();
        await _lines.EndAsync(cancel);
    }

    private async ValueTask GoneAsync(AnswerLine.Gone gone, CancellationToken cancel)
    {
        if (_gone == 0)
        {
            _lines.Json.WriteStartObject();
            _lines.Json.WriteStartArray("gone");
        }

        _lines.Json.WriteStartArray();
        _lines.Json.WriteStringValue(gone.Id);
        _lines.Json.WriteNumberValue(gone.Version);
        _lines.Json.WriteEndArray();
        if (++_gone == GoneInLine) await EndGoneAsync(cancel);
    }

    private async ValueTask EndGoneAsync(CancellationToken cancel)
    {
        if (_gone == 0) return;
        _gone = 0;
        _lines.Json.WriteEndArray();
        _lines.Json.WriteEndObject();
        await _lines.EndAsync(cancel);
    }

    private static void WriteRow(Utf8JsonWriter json, AnswerLine.Row row)
    {
        json.WriteStartArray();
        json.WriteNumberValue(row.Version);
        foreach (var value in row.Values) SyncWire.WriteValue(json, value);
        json.WriteEndArray();
    }

    private static void WriteBatch(Utf8JsonWriter json, BatchAnswer answer)
    {
        json.WriteStartObject();
        json.WritePropertyName("batch");
        JsonSerializer.Serialize(json, answer, AnswerReader.Names);
        json.WriteEndObject();
    }

    private static void WriteMark(Utf8JsonWriter json, AnswerLine.Mark mark)
    {
        json.WriteStartObject();
        json.WriteStartObject("mark");
        json.WriteNumber("version", mark.Version);
        json.WriteNumber("rows", mark.Rows);
        if (mark.Outdated) json.WriteBoolean("outdated", true);
        if (mark.Checksums is null)
        {
            json.WriteNull("checksums");
        }
        else
        {
            json.WriteStartArray("checksums");
            foreach (var sum in mark.Checksums)
            {
                json.WriteStartObject();
                json.WriteString("table", sum.Table);
                json.WriteNumber("count", sum.Count);
                json.WriteNumber("xor", sum.Xor);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}

/// <summary>Reads one line of an answer.</summary>
public static class AnswerReader
{
    internal static readonly JsonSerializerOptions Names = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <param name="Table">Set when the line names the table of the lines after it.</param>
    /// <param name="Rows">How many rows the line holds, those of unknown tables included.</param>
    public readonly record struct Found(IReadOnlyList<AnswerLine> Lines, long Rows = 0, WireColumns? Table = null,
        AnswerLine.Mark? Mark = null);

    /// <summary>Reads one line. Throws <see cref="InvalidDataException"/> or <see cref="JsonException"/>.</summary>
    public static Found Read(ReadOnlySpan<byte> line, WireColumns table)
    {
        var json = new Utf8JsonReader(line);
        return Read(ref json, table);
    }

    internal static Found Read(ref Utf8JsonReader json, WireColumns table)
    {
        var start = json;
        json.Read();
        if (json.TokenType == JsonTokenType.StartArray) return ReadRow(ref json, table);
        var node = JsonElement.ParseValue(ref start);
        json = start;
        if (node.ValueKind != JsonValueKind.Object) throw new InvalidDataException("a line is a row or an object");
        if (node.TryGetProperty("table", out _)) return new Found([], Table: WireColumns.Read(node, Tables.All));
        if (node.TryGetProperty("gone", out var gone)) return ReadGone(gone, table);
        if (node.TryGetProperty("page", out var page))
            return new Found([new AnswerLine.Page(page.Deserialize<PageMark>(Names)!)]);
        if (node.TryGetProperty("totals", out var totals))
            return new Found([new AnswerLine.Totals(totals.Deserialize<TableTotal[]>(Names)!)]);
        if (node.TryGetProperty("buckets", out var buckets))
            return table.Table is { } differing
                ? new Found([new AnswerLine.Differ(differing, buckets.Deserialize<int[]>()!)])
                : new Found([]);
        if (node.TryGetProperty("batch", out var batch))
            return new Found([new AnswerLine.Batch(batch.Deserialize<BatchAnswer>(Names)!)]);
        if (node.TryGetProperty("mark", out var mark))
            return new Found([], Mark: mark.Deserialize<AnswerLine.Mark>(Names));
        throw new InvalidDataException("the line is no batch, table, gone or mark");
    }

    private static Found ReadRow(ref Utf8JsonReader json, WireColumns table)
    {
        if (table.Indexes is null) throw new InvalidDataException("a row stands before its table");
        var version = SyncWire.ReadWhole(ref json, "the row's version");
        var values = new List<object?>(table.Indexes.Length);
        foreach (var column in table.Indexes)
        {
            if (!json.Read() || json.TokenType == JsonTokenType.EndArray)
                throw new InvalidDataException("the row has too few values");
            var value = SyncWire.ReadValue(ref json);
            if (column >= 0) values.Add(value);
        }

        if (!json.Read() || json.TokenType != JsonTokenType.EndArray)
            throw new InvalidDataException("the row has too many values");
        if (table.Table is not { } known) return new Found([], Rows: 1);
        if (values[0] is not string) throw new InvalidDataException("the row has no id");
        return new Found([new AnswerLine.Row(known, table.Known, version, values)], Rows: 1);
    }

    private static Found ReadGone(JsonElement gone, WireColumns table)
    {
        if (table.Indexes is null) throw new InvalidDataException("gone rows stand before their table");
        if (gone.ValueKind != JsonValueKind.Array) throw new InvalidDataException("\"gone\" is not a list");
        var rows = gone.EnumerateArray().Select(ReadGoneRow).ToList();
        return table.Table is { } known
            ? new Found([.. rows.Select(r => new AnswerLine.Gone(known, r.Id, r.Version))], rows.Count)
            : new Found([], rows.Count);
    }

    private static (string Id, long Version) ReadGoneRow(JsonElement gone) =>
        gone.ValueKind == JsonValueKind.Array && gone.GetArrayLength() == 2 && gone[0].ValueKind == JsonValueKind.String
            && gone[1].ValueKind == JsonValueKind.Number && gone[1].TryGetInt64(out var version)
            ? (gone[0].GetString()!, version)
            : throw new InvalidDataException("a gone row is not [id, version]");
}
