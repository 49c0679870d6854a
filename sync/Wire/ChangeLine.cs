using System.Text.Json;
using Sak.Sync.Replica;

namespace Sak.Sync.Wire;

/// <summary>
/// One change of a request's body, as a JSON array: the table's index in the head, the kind, the step of its sequence,
/// then its values.
/// </summary>
internal static class ChangeLine
{
    // Sequences go as steps, nearly always 1: what is the same on each line costs next to nothing on the wire.
    public static void Write(Utf8JsonWriter json, Change change, long step)
    {
        json.WriteStartArray();
        json.WriteNumberValue(TableIndex(change.Table));
        json.WriteStringValue(change.Kind switch { ChangeKind.Insert => "i", ChangeKind.Update => "u", _ => "d" });
        json.WriteNumberValue(step);
        if (change.Kind == ChangeKind.Insert)
        {
            if (change.Row is JsonRow raw) json.WriteRawValue(raw.Inside, skipInputValidation: true);
            else foreach (var value in change.Row) SyncWire.WriteValue(json, value);
        }
        else
        {
            json.WriteStringValue(change.Id);
            foreach (var column in change.Columns)
            {
                json.WriteNumberValue(column.Column);
                SyncWire.WriteValue(json, column.Old);
                SyncWire.WriteValue(json, column.New);
            }
        }

        json.WriteEndArray();
    }

    /// <param name="before">The sequence of the change before it.</param>
    /// <param name="rows">By table, the row that was inserted last. The next one repeats most of it, and takes these
    /// values instead of the same again.</param>
    public static (Change? Change, long End) ReadOrEnd(ref Utf8JsonReader json, WireColumns[] tables, long before,
        object?[]?[] rows)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.StartObject) return (null, ReadEnd(ref json));
        if (json.TokenType != JsonTokenType.StartArray) throw new InvalidDataException("a change is an array");
        var at = SyncWire.ReadWhole(ref json, "the table's index");
        if (at < 0 || at >= tables.Length) throw new InvalidDataException($"table {at} is not in the head");
        if (!json.Read() || json.TokenType != JsonTokenType.String)
            throw new InvalidDataException("the kind of change is missing");
        var kind = KindOf(ref json);
        var step = SyncWire.ReadWhole(ref json, "the step of the change's sequence");
        if (step < 1 || step > long.MaxValue - before)
            throw new InvalidDataException($"the change's sequence must rise, its step is {step}");
        var sequence = before + step;
        // Of a newer agent: what the row holds can't be known here, but that it came must be answered, or nothing after
        // it ever comes.
        if (tables[at].Table is not { } table)
            return (new Change(sequence, tables[at].Unknown!, ChangeKind.Update, "", [], []), 0);
        return (kind switch
        {
            ChangeKind.Insert => ReadInsert(ref json, sequence, table, tables[at].Indexes, ref rows[at]),
            ChangeKind.Update => ReadUpdate(ref json, sequence, table, tables[at].Indexes),
            ChangeKind.Delete => new Change(sequence, table, ChangeKind.Delete, ReadId(ref json), Ended(ref json), []),
            _ => throw new InvalidDataException("that is not a kind of change, which is i, u or d"),
        }, 0);
    }

    private static ChangeKind? KindOf(ref Utf8JsonReader json) =>
        json.ValueTextEquals("i"u8) ? ChangeKind.Insert : json.ValueTextEquals("u"u8) ? ChangeKind.Update
            : json.ValueTextEquals("d"u8) ? ChangeKind.Delete : null;

    private static int TableIndex(Table table)
    {
        for (var i = 0; i < Tables.All.Count; i++)
            if (Tables.All[i] == table) return i;
        throw new ArgumentException($"{table.Name} is not a synced table.", nameof(table));
    }

    private static long ReadEnd(ref Utf8JsonReader json)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.PropertyName || !json.ValueTextEquals("end"))
            throw new InvalidDataException("only {\"end\":N} may stand here");
        return SyncWire.ReadWhole(ref json, "the number of changes");
    }

    private static Change ReadInsert(ref Utf8JsonReader json, long sequence, Table table, int[] columns,
        ref object?[]? last)
    {
        var row = new object?[table.Columns.Count];
        Array.Fill(row, Absent.Value);
        foreach (var column in columns)
        {
            if (!json.Read() || json.TokenType == JsonTokenType.EndArray)
                throw new InvalidDataException("the row has too few values");
            var value = SyncWire.ReadValue(ref json, column >= 0 ? last?[column] : null);
            if (column >= 0) row[column] = value;
        }

        Ended(ref json);
        last = row;
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
