using System.Text.Json;
using Sak.Sync.Replica;

namespace Sak.Sync.Wire;

/// <summary>Writes answer lines: a column header where the table changes, rows, gone rows together, the mark.</summary>
public sealed class AnswerWriter(Stream to) : IDisposable
{
    private const int GoneInLine = 500;
    private readonly JsonLineWriter _lines = new(to);
    private Table? _table;
    private IReadOnlyList<int>? _columns;
    private int _gone;

    /// <summary>
    /// Begins a row of the table named last: the caller writes its values, in order, into the returned writer.
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

    /// <summary>Sends everything written so far to the reader.</summary>
    public ValueTask FlushAsync(CancellationToken cancel) => _lines.FlushAsync(cancel);

    public void Dispose() => _lines.Dispose();

    /// <summary>Names the table and columns of the rows after it, unless they are those of the rows before.</summary>
    public async ValueTask TableAsync(Table table, IReadOnlyList<int> columns, CancellationToken cancel)
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

    public async ValueTask WriteAsync(AnswerLine line, CancellationToken cancel)
    {
        if (line is AnswerLine.Gone gone)
        {
            await TableAsync(gone.Table, _table == gone.Table ? _columns! : [0], cancel);
            await GoneAsync(gone, cancel);
            return;
        }

        await EndGoneAsync(cancel);
        if (line is AnswerLine.Row row) await TableAsync(row.Table, row.Columns, cancel);
        switch (line)
        {
            case AnswerLine.Row r:
                WriteRow(_lines.Json, r);
                break;
            case AnswerLine.Answered b:
                WriteBatch(_lines.Json, b.Answer);
                break;
            case AnswerLine.Page p:
                WritePage(_lines.Json, p.At);
                // The next page must be readable by itself, so it names its table again.
                _table = null;
                break;
            case AnswerLine.Totals t:
                WriteTotals(_lines.Json, t.Tables);
                break;
            case AnswerLine.Differ d:
                await TableAsync(d.Table, _table == d.Table ? _columns! : [0], cancel);
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
