using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Sync.Replica;

namespace Sak.Agent.Sync;

/// <summary>
/// The table of changes that the cloud did not simply take. A parked one is a row that the cloud does not have: it is
/// open until the row is sent again or is gone.
/// </summary>
internal static class Refusals
{
    private const string IsOpen = "settled_at IS NULL AND kind = $parked";

    /// <summary>Keeps a refusal with what was sent, which is still in the log.</summary>
    public static void Keep(SqliteConnection connection, Refusal refusal, DateTimeOffset now) =>
        connection.Execute(
            """
            INSERT INTO refusals (seq, kind, tbl, id, op, body, column_name, reason, at)
            SELECT seq, $kind, tbl, id, op, body, $column, $reason, $at FROM change_log WHERE seq = $seq
            """,
            ("$seq", refusal.Sequence), ("$kind", refusal.Kind), ("$column", refusal.Column),
            ("$reason", refusal.Reason), ("$at", now));

    /// <summary>The rows that are parked, each once.</summary>
    public static List<(string Table, string Id)> Parked(SqliteConnection connection) =>
        connection.List($"SELECT DISTINCT tbl, id FROM refusals WHERE {IsOpen}",
            row => (row.GetString(0), row.GetString(1)), ("$parked", RefusalKind.Parked));

    public static bool IsParked(SqliteConnection connection, Table table, string id) =>
        connection.Scalar<long>(
            $"SELECT EXISTS (SELECT 1 FROM refusals WHERE tbl = $table AND id = $id AND {IsOpen})",
            ("$table", table.Name), ("$id", id), ("$parked", RefusalKind.Parked)) == 1;

    /// <summary>True when a parked row was changed since it was refused.</summary>
    public static bool IsAnyTouched(SqliteConnection connection) =>
        connection.Scalar<long>(
            $"""
            SELECT EXISTS (SELECT 1 FROM refusals r JOIN change_log l ON l.tbl = r.tbl AND l.id = r.id WHERE {IsOpen})
            """,
            ("$parked", RefusalKind.Parked)) == 1;

    /// <summary>All parked rows are sent again.</summary>
    public static void SettleParked(SqliteConnection connection, DateTimeOffset now) =>
        connection.Execute($"UPDATE refusals SET settled_at = $now WHERE {IsOpen}", ("$now", now),
            ("$parked", RefusalKind.Parked));

    /// <summary>A parked row of the table that is gone is not sent again.</summary>
    public static void SettleParkedGone(SqliteConnection connection, Table table, DateTimeOffset now) =>
        connection.Execute(
            $"UPDATE refusals SET settled_at = $now WHERE {IsOpen} AND {IsGone(table)}", ("$now", now),
            ("$parked", RefusalKind.Parked));

    /// <summary>The same, and there is nothing to decide any more about a conflict of such a row.</summary>
    public static void SettleGone(SqliteConnection connection, Table table, DateTimeOffset now) =>
        connection.Execute($"UPDATE refusals SET settled_at = $now WHERE settled_at IS NULL AND {IsGone(table)}",
            ("$now", now));

    private static string IsGone(Table table) =>
        $"tbl = '{table.Name}' AND id NOT IN (SELECT id FROM {table.Name})";
}
