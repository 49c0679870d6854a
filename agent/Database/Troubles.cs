using Microsoft.Data.Sqlite;

namespace Sak.Agent.Database;

/// <summary>
/// What the owner should know, each with its next step. The same trouble is shown once, with its latest time.
/// </summary>
internal static class Troubles
{
    public static void Raise(SqliteConnection connection, string what, string next, TimeProvider clock) =>
        connection.Execute(
            "INSERT INTO troubles (what, next, at) VALUES ($what, $next, $at) "
                + "ON CONFLICT (what) DO UPDATE SET next = excluded.next, at = excluded.at",
            ("$what", what), ("$next", next), ("$at", clock.GetUtcNow()));
}
