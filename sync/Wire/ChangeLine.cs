using System.Text.Json;
using Sak.Sync.Replica;

namespace Sak.Sync.Wire;

/// <summary>
/// One change of a request's body, as a JSON array: the table's index in the head, the kind, the step of its sequence,
/// then its values in the order of the head's columns.
/// </summary>
internal static class ChangeLine
{
    // Sequences go as steps, nearly always 1: equal lines compress well.
    public static void Write(Utf8JsonWriter json, Change change, long step, RequestTables tables)
    {
        var at = tables.IndexOf(change);
        var columns = tables.All[at].Columns;
        json.WriteStartArray();
        json.WriteNumberValue(at);
        json.WriteStringValue(ChangeLetter.Of(change.Kind));
        json.WriteNumberValue(step);
        if (change.Kind == ChangeKind.Insert)
        {
            foreach (var column in columns) SyncWire.WriteValue(json, change.Row[column]);
        }
        else
        {
            json.WriteStringValue(change.Id);
            foreach (var changed in change.Columns) WriteColumn(json, columns, changed);
        }

        json.WriteEndArray();
    }

    /// <param name="before">The sequence of the change before it.</param>
    public static (Change? Change, long End) ReadOrEnd(ref Utf8JsonReader json, WireColumns[] tables, long before)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.StartObject) return (null, ReadEnd(ref json));
        if (json.TokenType != JsonTokenType.StartArray) throw new InvalidDataException("a change is an array");
        var at = SyncWire.ReadWhole(ref json, "the table's index");
        if (at < 0 || at >= tables.Length) throw new InvalidDataException($"table {at} is not in the head");
        if (!json.Read() || json.TokenType != JsonTokenType.String)
            throw new InvalidDataException("the kind of change is missing");
        var kind = ChangeLetter.Find(json.GetString());
        var step = SyncWire.ReadWhole(ref json, "the step of the change's sequence");
        if (step < 1 || step > long.MaxValue - before)
            throw new InvalidDataException($"the change's sequence must rise, its step is {step}");
        var sequence = before + step;
        // A newer agent's table: this server can't read the row, but must answer that it came, or the agent would send
        // it again for ever.
        if (tables[at].Table is not { } table)
            return (new Change(sequence, tables[at].Unknown!, ChangeKind.Update, "", [], []), 0);
        return (kind switch
        {
            ChangeKind.Insert => ReadInsert(ref json, sequence, table, tables[at].Indexes),
            ChangeKind.Update => ReadUpdate(ref json, sequence, table, tables[at].Indexes),
            ChangeKind.Delete => new Change(sequence, table, ChangeKind.Delete, ReadId(ref json), Ended(ref json), []),
            _ => throw new InvalidDataException("that is not a kind of change, which is i, u or d"),
        }, 0);
    }

    private static void WriteColumn(Utf8JsonWriter json, IReadOnlyList<int> columns, ColumnChange changed)
    {
        for (var at = 0; at < columns.Count; at++)
            if (columns[at] == changed.Column) json.WriteNumberValue(at);
        SyncWire.WriteValue(json, changed.Old);
        SyncWire.WriteValue(json, changed.New);
    }

    private static long ReadEnd(ref Utf8JsonReader json)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.PropertyName || !json.ValueTextEquals("end"))
            throw new InvalidDataException("only {\"end\":N} may stand here");
        return SyncWire.ReadWhole(ref json, "the number of changes");
    }

    private static Change ReadInsert(ref Utf8JsonReader json, long sequence, Table table, int[] columns)
    {
        var row = new object?[table.Columns.Count];
        Array.Fill(row, Absent.Value);
        foreach (var column in columns)
        {
            if (!json.Read() || json.TokenType == JsonTokenType.EndArray)
                throw new InvalidDataException("the row has too few values");
            var value = SyncWire.ReadValue(ref json);
            if (column >= 0) row[column] = value;
        }

        Ended(ref json);
        return new Change(sequence, table, ChangeKind.Insert,
            row[0] as string ?? throw new InvalidDataException("the row has no id"), row, []);
    }

    private static Change ReadUpdate(ref Utf8JsonReader json, long sequence, Table table, int[] columns)
    {
        var id = ReadId(ref json);
        var changed = new List<ColumnChange>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt32(out var at) || at < 0
                || at >= columns.Length)
                throw new InvalidDataException("a column's index is wrong");
            json.Read();
            var old = SyncWire.ReadValue(ref json);
            json.Read();
            var now = SyncWire.ReadValue(ref json);
            if (columns[at] >= 0) changed.Add(new ColumnChange(columns[at], old, now));
        }

        return new Change(sequence, table, ChangeKind.Update, id, [], changed);
    }

    private static string ReadId(ref Utf8JsonReader json) =>
        json.Read() && json.TokenType == JsonTokenType.String
            ? json.GetString()!
            : throw new InvalidDataException("the id is missing");

    private static object?[] Ended(ref Utf8JsonReader json) =>
        json.Read() && json.TokenType == JsonTokenType.EndArray
            ? []
            : throw new InvalidDataException("the line has too many values");
}
