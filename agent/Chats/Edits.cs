using Microsoft.Data.Sqlite;

namespace Sak.Agent.Chats;

/// <summary>
/// What customers change after they sent it. An unread message simply changes; a message that a turn has taken
/// keeps its text, and the change is a message of its own that says what it replaces. The same change delivered
/// twice changes nothing.
/// </summary>
internal static class Edits
{
    /// <returns>True when something changed.</returns>
    public static bool Edit(SqliteConnection connection, string messageId, string text, DateTimeOffset now) =>
        // A picture's caption or a voice note's transcript is not taken for an edit to nothing.
        text.Length > 0 && Messages.Latest(connection, messageId) is { } latest && latest.Text != text
            && Apply(connection, messageId, latest, MessageKind.Edited, text, now);

    /// <inheritdoc cref="Edit"/>
    public static bool Delete(SqliteConnection connection, string messageId, DateTimeOffset now) =>
        Messages.Latest(connection, messageId) is { } latest
            && Apply(connection, messageId, latest, MessageKind.Deleted, "", now);

    private static bool Apply(SqliteConnection connection, string messageId, MessageVersion latest, MessageKind kind,
        string text, DateTimeOffset now)
    {
        if (latest.Kind == MessageKind.Deleted) return false; // Nothing comes after a deletion.
        if (latest.IsUnread)
            Messages.Replace(connection, latest.Id, text, kind == MessageKind.Deleted ? kind : latest.Kind);
        else Messages.AddChange(connection, messageId, kind, text, latest.Text, now);
        return true;
    }
}
