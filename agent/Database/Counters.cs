using Microsoft.Data.Sqlite;

namespace Sak.Agent.Database;

/// <summary>Numbers that only grow, by name. A number is taken in the transaction that uses it.</summary>
internal static class Counters
{
    public static long Value(SqliteConnection connection, string name) =>
        connection.Scalar<long?>("SELECT value FROM counters WHERE name = $name", ("$name", name)) ?? 0;

    public static void Set(SqliteConnection connection, string name, long value) =>
        connection.Execute(
            "INSERT INTO counters (name, value) VALUES ($name, $value) "
                + "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            ("$name", name), ("$value", value));

    public static long Next(SqliteConnection connection, string name)
    {
        var next = Value(connection, name) + 1;
        Set(connection, name, next);
        return next;
    }
}
