using System.Text.Json;
using Sak.Sync.Replica;

namespace Sak.Agent.Sync;

/// <summary>
/// One entry of change_log. Its body names its columns, so that it is read the same whichever version of the program
/// wrote it: {column: value} for an insert, {column: [old, new]} for an update, nothing for a delete.
/// </summary>
internal static class LogEntry
{
    public static Change Read(long sequence, Table table, string op, string id, string body) =>
        ChangeLetter.Find(op) switch
        {
            ChangeKind.Insert => new Change(sequence, table, ChangeKind.Insert, id, Row(table, body), []),
            ChangeKind.Update => new Change(sequence, table, ChangeKind.Update, id, [], Columns(table, body)),
            ChangeKind.Delete => new Change(sequence, table, ChangeKind.Delete, id, [], []),
            _ => throw new InvalidDataException($"Entry {sequence} of the change log is of no known kind, \"{op}\"."),
        };

    /// <summary>The columns that an update names.</summary>
    public static IEnumerable<string> Names(string body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.EnumerateObject().Select(p => p.Name).ToList();
    }

    /// <summary>Text, a whole number or null.</summary>
    public static object? Value(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.Number => element.GetInt64(),
            _ => element.GetString(),
        };

    // What the entry does not name, its writer did not know; a column that the cloud computes is never captured.
    private static object?[] Row(Table table, string body)
    {
        var row = table.Columns.Select(c => c.CloudOwned ? null : (object)Absent.Value).ToArray();
        using var json = JsonDocument.Parse(body);
        foreach (var column in json.RootElement.EnumerateObject())
            if (table.IndexOf(column.Name) is >= 0 and var at) row[at] = Value(column.Value);
        return row;
    }

    private static List<ColumnChange> Columns(Table table, string body)
    {
        using var json = JsonDocument.Parse(body);
        return
        [
            .. json.RootElement.EnumerateObject()
                .Select(c => new ColumnChange(table.IndexOf(c.Name), Value(c.Value[0]), Value(c.Value[1])))
                .Where(c => c.Column >= 0),
        ];
    }
}
