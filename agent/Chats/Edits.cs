using Microsoft.Data.Sqlite;
using Sak.Agent.Database;

namespace Sak.Agent.Chats;

/// <summary>
/// What customers change after they sent it. Before the message was taken into a turn the change simply takes its
/// place; afterwards it is a message of its own that says what it replaces. The same change told twice changes nothing.
/// </summary>
internal static class Edits
{
    public const string Edited = "edited";
    public const string Deleted = "deleted";

    private sealed record Latest(string Id, string Text, string Kind, bool Waits);

    /// <returns>1 when something changed.</returns>
    public static int Apply(SqliteConnection connection, string messageId, string kind, string text, DateTimeOffset now)
    {
        var latest = connection.List(
            "SELECT id, text, kind, turn_id IS NULL FROM messages WHERE (id = $id OR amends = $id) AND from_me = 0 "
                + "ORDER BY rowid DESC LIMIT 1",
            row => new Latest(row.GetString(0), row.GetString(1), row.GetString(2), row.GetBoolean(3)),
            ("$id", messageId)).SingleOrDefault();
        // A deletion is the last word; a picture's caption or a voice note's transcript is not taken for an edit to
        // nothing.
        if (latest is null || latest.Kind == Deleted || (kind == Edited && (text == latest.Text || text.Length == 0)))
            return 0;
        if (latest.Waits)
            return connection.Execute(
                "UPDATE messages SET text = $text, kind = CASE $kind WHEN 'deleted' THEN 'deleted' ELSE kind END, "
                    + "before = coalesce(before, text) WHERE id = $id",
                ("$id", latest.Id), ("$text", text), ("$kind", kind));
        return connection.Execute(
            """
            INSERT INTO messages (id, chat_id, from_me, kind, type, text, before, sent_at, captured_at, amends)
            SELECT $id || '#' || (1 + (SELECT count(*) FROM messages WHERE amends = $id)), chat_id, 0, $kind, type,
              $text, $before, $now, $now, $id
            FROM messages WHERE id = $id
            """,
            ("$id", messageId), ("$kind", kind), ("$text", text), ("$before", latest.Text),
            ("$now", now));
    }
}
