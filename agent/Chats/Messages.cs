using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Agent.WhatsApp;
using Sak.Sync.Wire;

namespace Sak.Agent.Chats;

/// <summary>What a message is. Sak: a reply of SAK on another PC.</summary>
internal enum MessageKind { Text, Voice, Image, Document, Location, Contact, Edited, Deleted, Other, Sak, Basket }

/// <summary>A message as the customer last changed it.</summary>
/// <param name="IsUnread">No turn has taken it yet.</param>
internal sealed record MessageVersion(string Id, string Text, MessageKind Kind, bool IsUnread);

/// <summary>A message from the shop's own number.</summary>
internal sealed record ShopMessage(MessageKind Kind, DateTimeOffset SentAt);

/// <summary>The table of messages, and of those that are only counted. Runs inside the caller's transaction.</summary>
internal static class Messages
{
    private const int LongestQuote = 4_000;

    /// <summary>Stores a message by WhatsApp's id; one that was sealed before gets its words.</summary>
    /// <returns>False when it is stored already.</returns>
    public static bool Add(SqliteConnection connection, WhatsAppMessage message, MessageKind kind, string text,
        DateTimeOffset now) =>
        connection.Execute(
            """
            INSERT INTO messages (id, chat_id, from_me, kind, type, text, sent_at, captured_at, quoted, forwarded)
              VALUES ($id, $chat, $me, $kind, $type, $text, $sent, $now, $quoted, $forwarded)
            ON CONFLICT (id) DO UPDATE
              SET kind = excluded.kind, type = excluded.type, text = excluded.text, quoted = excluded.quoted,
                forwarded = excluded.forwarded, captured_at = excluded.captured_at, turn_id = NULL
              WHERE messages.type = 'ciphertext' AND excluded.type <> 'ciphertext'
            """,
            ("$id", message.Id), ("$chat", message.ChatId), ("$me", message.FromMe), ("$kind", kind),
            ("$type", message.Type), ("$text", text), ("$sent", message.SentAt), ("$now", now),
            ("$quoted", Quoted(connection, message)), ("$forwarded", message.Forwarded)) > 0;

    // WhatsApp may name a quoted message without its words, which this PC has.
    private static string Quoted(SqliteConnection connection, WhatsAppMessage message)
    {
        if (message.Quoted is not { } quoted) return "";
        var words = quoted.Text.Length > 0 || quoted.Id.Length == 0 ? quoted.Text : connection.Scalar<string?>(
            $"""
            SELECT text FROM messages INDEXED BY messages_key WHERE {HiddenIds.KeyOfId} = $key AND chat_id = $chat
            UNION ALL SELECT text FROM outbox WHERE key = $key AND chat_id = $chat LIMIT 1
            """,
            ("$chat", message.ChatId), ("$key", quoted.Id)) ?? "";
        return Cut(words.Length > 0 ? words : quoted.Code, LongestQuote);
    }

    /// <summary>Counts a group's message, a broadcast or a status post; its text is not stored.</summary>
    /// <returns>False when it is counted already.</returns>
    public static bool Ignore(SqliteConnection connection, WhatsAppMessage message, DateTimeOffset now) =>
        connection.Execute(
            "INSERT INTO ignored (id, kind, at) VALUES ($id, $kind, $now) ON CONFLICT (id) DO NOTHING",
            ("$id", message.Id), ("$kind", message.ChatId[(message.ChatId.IndexOf('@') + 1)..]), ("$now", now)) > 0;

    public static string? ChatOf(SqliteConnection connection, string messageId) =>
        connection.Scalar<string?>("SELECT chat_id FROM messages WHERE id = $id", ("$id", messageId));

    /// <summary>The newest version of a customer's message; null for a message that is not stored.</summary>
    public static MessageVersion? Latest(SqliteConnection connection, string messageId) =>
        connection.List(
            "SELECT id, text, kind, turn_id IS NULL FROM messages WHERE (id = $id OR amends = $id) AND from_me = 0 "
                + "ORDER BY rowid DESC LIMIT 1",
            row => new MessageVersion(row.GetString(0), row.GetString(1), row.State<MessageKind>(2),
                row.GetBoolean(3)),
            ("$id", messageId)).SingleOrDefault();

    /// <summary>An unread message says something else now; what it said first is remembered.</summary>
    public static void Replace(SqliteConnection connection, string id, string text, MessageKind kind) =>
        connection.Execute(
            "UPDATE messages SET text = $text, kind = $kind, before = coalesce(before, text) WHERE id = $id",
            ("$id", id), ("$text", text), ("$kind", kind));

    /// <summary>A change of a message that a turn has taken already is an unread message of its own.</summary>
    public static void AddChange(SqliteConnection connection, string messageId, MessageKind kind, string text,
        string before, DateTimeOffset now) =>
        connection.Execute(
            """
            INSERT INTO messages (id, chat_id, from_me, kind, type, text, before, sent_at, captured_at, amends)
            SELECT $id || '#' || (1 + (SELECT count(*) FROM messages WHERE amends = $id)), chat_id, 0, $kind, type,
              $text, $before, $now, $now, $id
            FROM messages WHERE id = $id
            """,
            ("$id", messageId), ("$kind", kind), ("$text", text), ("$before", before), ("$now", now));

    /// <summary>
    /// The words of a voice note or a basket, after those that it had. One that was answered without them is unread
    /// again from <paramref name="now"/> on.
    /// </summary>
    public static void Transcribe(SqliteConnection connection, string id, string text, DateTimeOffset now) =>
        connection.Execute(
            """
            UPDATE messages SET text = trim(text || char(10) || $text, char(10)), kind = 'text', turn_id = NULL,
              captured_at = CASE WHEN turn_id IS NULL THEN captured_at ELSE $now END
            WHERE id = $id AND kind IN ('voice', 'basket')
            """,
            ("$id", id), ("$text", text), ("$now", now));

    /// <summary>
    /// Chats with unread messages: once for messages that can be read now, once for voice notes and once for
    /// baskets whose words may come.
    /// </summary>
    /// <remarks>The index is named because SQLite, without statistics, takes one that also holds every message
    /// of the owner.</remarks>
    public static List<UnreadMessages> Unread(SqliteConnection connection) =>
        connection.List(
            """
            SELECT m.chat_id, c.address, max(m.captured_at), CASE WHEN m.kind IN ('voice', 'basket')
              AND EXISTS (SELECT 1 FROM media f WHERE f.message_id = m.id AND f.heard = 0 AND f.state <> 'gone')
              THEN m.kind ELSE '' END AS expects
            FROM messages m INDEXED BY messages_waiting CROSS JOIN chats c ON c.id = m.chat_id
            WHERE m.turn_id IS NULL AND m.from_me = 0 GROUP BY m.chat_id, expects
            """,
            row => new UnreadMessages(row.GetString(0), row.GetString(1), row.Time(2), row.GetString(3) == "voice",
                row.GetString(3) == "basket"));

    /// <summary>What a chat's customer wrote and no closed turn has read.</summary>
    public static List<string> UnreadTexts(SqliteConnection connection, string chatId) =>
        connection.List(
            """
            SELECT text FROM messages INDEXED BY messages_waiting
              WHERE chat_id = $chat AND turn_id IS NULL AND from_me = 0
            UNION ALL SELECT m.text FROM turns t INDEXED BY turns_open JOIN messages m ON m.turn_id = t.id
              WHERE t.chat_id = $chat AND t.state = 'open'
            """,
            row => row.GetString(0), ("$chat", chatId));

    /// <summary>When the oldest unread message of a chat was sent; null when all are read.</summary>
    public static DateTimeOffset? OldestUnread(SqliteConnection connection, string chatId) =>
        TimeOf(connection, "SELECT min(sent_at) FROM messages WHERE chat_id = $chat AND turn_id IS NULL "
            + "AND from_me = 0", chatId);

    /// <summary>The unread messages of a chat that were sent from one time to another, the oldest first.</summary>
    public static List<string> UnreadBetween(SqliteConnection connection, string chatId, DateTimeOffset from,
        DateTimeOffset before, int most) =>
        connection.List(
            "SELECT id FROM messages WHERE chat_id = $chat AND turn_id IS NULL AND from_me = 0 AND sent_at >= $from "
                + "AND sent_at < $before ORDER BY sent_at, id LIMIT $most",
            row => row.GetString(0), ("$chat", chatId), ("$from", from), ("$before", before), ("$most", most));

    public static List<string> Texts(SqliteConnection connection, IEnumerable<string> ids) =>
        [.. ids.Select(id => connection.Scalar<string>("SELECT text FROM messages WHERE id = $id", ("$id", id)))];

    public static void PutIntoTurn(SqliteConnection connection, Guid turnId, IEnumerable<string> ids)
    {
        foreach (var id in ids)
            connection.Execute("UPDATE messages SET turn_id = $turn WHERE id = $id", ("$turn", turnId), ("$id", id));
    }

    public static List<TurnMessage> OfTurn(SqliteConnection connection, Guid turnId, int longest) =>
        connection.List(
            "SELECT id, text, sent_at, kind, before, forwarded, quoted FROM messages WHERE turn_id = $id "
                + "ORDER BY sent_at, captured_at, id",
            row => new TurnMessage(row.GetString(0), Cut(row.GetString(1), longest), row.Time(2), row.GetString(3),
                row.IsDBNull(4) ? null : Cut(row.GetString(4), longest), row.GetBoolean(5))
                { Quoted = row.GetString(6) is { Length: > 0 } quoted ? Cut(quoted, longest) : null },
            ("$id", turnId));

    /// <summary>True when the customer wrote to the shop; SAK writes to nobody else.</summary>
    public static bool CustomerWrote(SqliteConnection connection, string chatId) =>
        connection.Scalar<long>("SELECT EXISTS (SELECT 1 FROM messages WHERE chat_id = $chat AND from_me = 0)",
            ("$chat", chatId)) == 1;

    /// <summary>When SAK last answered in this chat on another PC; null when it never did.</summary>
    public static DateTimeOffset? LastOfOtherPc(SqliteConnection connection, string chatId) =>
        TimeOf(connection,
            "SELECT max(sent_at) FROM messages WHERE chat_id = $chat AND from_me = 1 AND kind = 'sak'", chatId);

    /// <summary>True when the owner wrote in this chat, on the phone, after <paramref name="time"/>.</summary>
    public static bool OwnerWroteAfter(SqliteConnection connection, string chatId, DateTimeOffset time) =>
        connection.Scalar<long>(
            "SELECT count(*) FROM messages WHERE chat_id = $chat AND from_me = 1 AND kind <> 'sak' "
                + "AND sent_at > $time", ("$chat", chatId), ("$time", time)) > 0;

    /// <summary>What was written in a chat on the phone or by another PC and captured since a time.</summary>
    public static List<ShopMessage> FromShopSince(SqliteConnection connection, string chatId, DateTimeOffset since) =>
        connection.List(
            "SELECT kind, sent_at FROM messages WHERE chat_id = $chat AND from_me = 1 AND captured_at >= $since",
            row => new ShopMessage(row.State<MessageKind>(0), row.Time(1)), ("$chat", chatId), ("$since", since));

    public static void MoveChat(SqliteConnection connection, string from, string to) =>
        connection.Execute("UPDATE messages SET chat_id = $to WHERE chat_id = $from", ("$from", from), ("$to", to));

    /// <summary>The beginning of a text, never half a character.</summary>
    public static string Cut(string text, int most) =>
        text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];

    private static DateTimeOffset? TimeOf(SqliteConnection connection, string sql, string chatId) =>
        connection.Scalar<long?>(sql, ("$chat", chatId)) is { } time
            ? DateTimeOffset.FromUnixTimeMilliseconds(time)
            : null;
}
