using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Agent.WhatsApp;

namespace Sak.Agent.Chats;

/// <summary>The table of cursors: how far WhatsApp's store is read, and when this PC was first linked.</summary>
internal static class Cursors
{
    public const string Scan = "whatsapp";
    private const string FirstPaired = "paired";

    /// <summary>Where the next scan begins.</summary>
    public static WhatsAppPlace Place(SqliteConnection connection) =>
        connection.List("SELECT value, anchor FROM cursors WHERE name = $name",
            row => new WhatsAppPlace(row.GetInt64(0), row.GetString(1)), ("$name", Scan))
            .SingleOrDefault() ?? new WhatsAppPlace(0, "");

    /// <param name="anchor">See <see cref="WhatsAppPlace"/>; empty leaves the one before.</param>
    public static void Save(SqliteConnection connection, long row, string anchor) =>
        connection.Execute(
            """
            INSERT INTO cursors (name, value, anchor) VALUES ($name, $value, $anchor)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value, anchor = CASE excluded.anchor WHEN '' THEN anchor
              ELSE excluded.anchor END
            """,
            ("$name", Scan), ("$value", row), ("$anchor", anchor));

    /// <summary>When this PC was first linked: <paramref name="now"/>, if it was not noted before.</summary>
    public static DateTimeOffset FirstLinked(SqliteConnection connection, DateTimeOffset now)
    {
        connection.Execute("INSERT INTO cursors (name, value) VALUES ($name, $now) ON CONFLICT (name) DO NOTHING",
            ("$name", FirstPaired), ("$now", now));
        return DateTimeOffset.FromUnixTimeMilliseconds(
            connection.Scalar<long>("SELECT value FROM cursors WHERE name = $name", ("$name", FirstPaired)));
    }
}
