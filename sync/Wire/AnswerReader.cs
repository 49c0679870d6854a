using System.Text.Json;
using Sak.Sync.Replica;

namespace Sak.Sync.Wire;

/// <summary>Reads one line of an answer.</summary>
public static class AnswerReader
{
    internal static readonly JsonSerializerOptions Names = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <param name="Line">What the line says, except deleted rows, of which one line holds many.</param>
    /// <param name="Rows">How many rows the line holds, those of unknown tables included.</param>
    /// <param name="Table">Set when the line names the table of the lines after it.</param>
    public readonly record struct Found(AnswerLine? Line = null, AnswerLine.Gone[]? Gone = null, long Rows = 0,
        WireColumns? Table = null);

    /// <summary>Reads one line. Throws <see cref="InvalidDataException"/> or <see cref="JsonException"/>.</summary>
    public static Found Read(ReadOnlySpan<byte> line, WireColumns table)
    {
        var json = new Utf8JsonReader(line);
        try
        {
            return Read(ref json, table);
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException)
        {
            // What Utf8JsonReader throws at text that is not UTF-8 and at numbers that are not whole.
            throw new InvalidDataException("a line is not JSON", error);
        }
    }

    internal static Found Read(ref Utf8JsonReader json, WireColumns table)
    {
        var start = json;
        json.Read();
        if (json.TokenType == JsonTokenType.StartArray) return ReadRow(ref json, table);
        var node = JsonElement.ParseValue(ref start);
        json = start;
        if (node.ValueKind != JsonValueKind.Object) throw new InvalidDataException("a line is a row or an object");
        if (node.TryGetProperty("table", out _)) return new Found(Table: WireColumns.Read(node, Tables.All));
        if (node.TryGetProperty("gone", out var gone)) return ReadGone(gone, table);
        if (node.TryGetProperty("page", out var page))
            return new Found(new AnswerLine.Page(page.Deserialize<PageMark>(Names)!));
        if (node.TryGetProperty("totals", out var totals))
            return new Found(new AnswerLine.Totals(totals.Deserialize<TableTotal[]>(Names)!));
        if (node.TryGetProperty("buckets", out var buckets))
            return table.Table is { } differing
                ? new Found(new AnswerLine.Differ(differing, buckets.Deserialize<int[]>()!))
                : new Found();
        if (node.TryGetProperty("batch", out var batch))
            return new Found(new AnswerLine.Answered(batch.Deserialize<BatchAnswer>(Names)!));
        if (node.TryGetProperty("mark", out var mark))
            return new Found(mark.Deserialize<AnswerLine.Mark>(Names));
        throw new InvalidDataException("the line is no batch, table, gone or mark");
    }

    private static Found ReadRow(ref Utf8JsonReader json, WireColumns table)
    {
        if (table.Indexes is null) throw new InvalidDataException("a row stands before its table");
        var version = SyncWire.ReadWhole(ref json, "the row's version");
        var (values, count) = (new object?[table.Known.Length], 0);
        foreach (var column in table.Indexes)
        {
            if (!json.Read() || json.TokenType == JsonTokenType.EndArray)
                throw new InvalidDataException("the row has too few values");
            var value = SyncWire.ReadValue(ref json);
            if (column >= 0) values[count++] = value;
        }

        if (!json.Read() || json.TokenType != JsonTokenType.EndArray)
            throw new InvalidDataException("the row has too many values");
        if (table.Table is not { } known) return new Found(Rows: 1);
        if (values[0] is not string) throw new InvalidDataException("the row has no id");
        return new Found(new AnswerLine.Row(known, table.Known, version, values), Rows: 1);
    }

    private static Found ReadGone(JsonElement gone, WireColumns table)
    {
        if (table.Indexes is null) throw new InvalidDataException("gone rows stand before their table");
        if (gone.ValueKind != JsonValueKind.Array) throw new InvalidDataException("\"gone\" is not a list");
        var rows = gone.EnumerateArray().Select(ReadGoneRow).ToList();
        return table.Table is { } known
            ? new Found(Gone: [.. rows.Select(r => new AnswerLine.Gone(known, r.Id, r.Version))], Rows: rows.Count)
            : new Found(Rows: rows.Count);
    }

    private static (string Id, long Version) ReadGoneRow(JsonElement gone) =>
        gone.ValueKind == JsonValueKind.Array && gone.GetArrayLength() == 2 && gone[0].ValueKind == JsonValueKind.String
            && gone[1].ValueKind == JsonValueKind.Number && gone[1].TryGetInt64(out var version)
            ? (gone[0].GetString()!, version)
            : throw new InvalidDataException("a gone row is not [id, version]");
}
