using System.Text.Json;
using Sak.Sync.Replica;

namespace Sak.Sync.Wire;

/// <summary>
/// The first line of a request: who asks, from where, and with which columns. A field that an older side does not know
/// is left alone.
/// </summary>
internal static class HeadLine
{
    public static void Write(Utf8JsonWriter json, SyncHead head, IReadOnlyList<WireTable> tables)
    {
        json.WriteStartObject();
        json.WriteNumber("protocol", head.Protocol);
        json.WriteNumber("schema", head.Schema);
        json.WriteString("replica", head.Replica);
        json.WriteNumber("since", head.Since);
        json.WriteBoolean("check", head.Check);
        if (head.BatchId is { } id) json.WriteString("batchId", id);
        else json.WriteNull("batchId");
        json.WriteNumber("batchSequence", head.BatchSequence);
        if (head.Page is { } page) json.WriteString("page", page.ToText());
        if (head.Sums is { } sums) WriteSums(json, sums);
        if (head.Totals) json.WriteBoolean("totals", true);
        json.WriteStartArray("tables");
        foreach (var (table, columns) in tables)
        {
            json.WriteStartObject();
            json.WriteString("name", table.Name);
            json.WriteStartArray("columns");
            foreach (var column in columns) json.WriteStringValue(table.Columns[column].Name);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static (SyncHead Head, WireColumns[] Tables) Read(ref Utf8JsonReader json, IReadOnlyList<Table> known)
    {
        var node = JsonElement.ParseValue(ref json);
        var head = new SyncHead(
            (int)Whole(node, "protocol"),
            (int)Whole(node, "schema"),
            Id(node, "replica"),
            Whole(node, "since"),
            node.TryGetProperty("check", out var check) && check.ValueKind == JsonValueKind.True,
            node.TryGetProperty("batchId", out var batch) && batch.ValueKind != JsonValueKind.Null
                ? Id(node, "batchId")
                : null,
            Whole(node, "batchSequence"),
            node.TryGetProperty("page", out var page) ? PageMark.Parse(page.GetString()) : null,
            node.TryGetProperty("sums", out var sums) ? ReadSums(sums) : null,
            node.TryGetProperty("totals", out var totals) && totals.ValueKind == JsonValueKind.True);
        if (head.Since < 0) throw new InvalidDataException("\"since\" is negative");
        if (head.BatchId is not null && head.BatchSequence < 1)
            throw new InvalidDataException("\"batchSequence\" is below 1");
        if (!node.TryGetProperty("tables", out var tables) || tables.ValueKind != JsonValueKind.Array)
            throw new InvalidDataException("\"tables\" is missing");
        return (head, [.. tables.EnumerateArray().Select(t => WireColumns.Read(t, known))]);
    }

    private static void WriteSums(Utf8JsonWriter json, IReadOnlyList<TableSums> sums)
    {
        json.WriteStartObject("sums");
        foreach (var table in sums)
        {
            json.WriteStartArray(table.Table);
            foreach (var sum in table.Sums) json.WriteNumberValue(sum);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static List<TableSums> ReadSums(JsonElement sums)
    {
        var read = sums.EnumerateObject()
            .Select(t => new TableSums(t.Name, [.. t.Value.EnumerateArray().Select(v => v.GetInt64())])).ToList();
        return read.All(t => t.Sums.Count == RowHash.Buckets)
            ? read
            : throw new InvalidDataException($"a table has not {RowHash.Buckets} sums");
    }

    private static long Whole(JsonElement node, string name) =>
        node.ValueKind == JsonValueKind.Object && node.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : throw new InvalidDataException($"\"{name}\" is missing or not a whole number");

    private static Guid Id(JsonElement node, string name) =>
        node.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            && value.TryGetGuid(out var id)
            ? id
            : throw new InvalidDataException($"\"{name}\" is missing or not a Guid");
}
