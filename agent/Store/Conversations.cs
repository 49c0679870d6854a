using Microsoft.Data.Sqlite;
using Sak.Agent.WhatsApp;
using Sak.Sync.Model;
using Sak.Sync.Wire;

namespace Sak.Agent.Store;

/// <summary>A turn: the messages of one customer that are answered together.</summary>
public sealed record Turn(Guid Id, string ChatId, Guid CustomerId, IReadOnlyList<TurnMessage> Messages);

/// <param name="New">Messages that were not known before.</param>
/// <param name="Ignored">Groups, broadcasts and status posts that were not known before.</param>
public sealed record Captured(int New, int Ignored);

/// <summary>Chats, messages and turns: what was said. Everything that WhatsApp delivers is stored here before anything else happens to it.</summary>
public sealed class Conversations(ReplicaDb db, TimeProvider clock)
{
    public const string Cursor = "whatsapp";
    private const int LongestText = 200_000;

    /// <summary>
    /// Transaction 1: stores what is not known yet, by WhatsApp's message id, together with the scan's cursor. From here
    /// on nothing can be lost, and delivering it again changes nothing.
    /// </summary>
    public Task<Captured> CaptureAsync(IReadOnlyList<WhatsAppMessage> messages, long? cursor, TimeSpan ownerKeepsChat, CancellationToken cancel) =>
        db.WriteAsync(
            connection =>
            {
                int added = 0, ignored = 0;
                foreach (var message in messages)
                {
                    if (!IsPerson(message.ChatId)) ignored += Ignore(connection, message);
                    // An event may still be followed by the words; what the scan hands over sealed was waited for long enough.
                    else if (message.Type != "ciphertext" || cursor is not null) added += Capture(connection, message, ownerKeepsChat);
                }

                if (cursor is not null) SaveCursor(connection, cursor.Value);
                return new Captured(added, ignored);
            },
            cancel);

    public Task<long> CursorAsync(CancellationToken cancel) =>
        db.ReadAsync(connection => connection.Scalar<long>("SELECT value FROM cursors WHERE name = $name", ("$name", Cursor)), cancel);

    /// <summary>
    /// The customer changed a message. Before it was answered the new text simply takes its place; afterwards it is a
    /// message of its own that says what it replaces.
    /// </summary>
    public Task<int> EditAsync(string messageId, string text, CancellationToken cancel) => ReplaceAsync(messageId, "edited", text, cancel);

    /// <summary>The customer deleted a message for everyone.</summary>
    public Task<int> RevokeAsync(string messageId, CancellationToken cancel) => ReplaceAsync(messageId, "deleted", "", cancel);

    /// <summary>Chats with messages that wait, and when each last heard from its customer.</summary>
    public Task<List<(string ChatId, DateTimeOffset LastCaptured)>> WaitingAsync(CancellationToken cancel) =>
        db.ReadAsync(
            connection => connection.List(
                """
                SELECT chat_id, max(captured_at) FROM (
                  SELECT chat_id, captured_at FROM messages WHERE turn_id IS NULL AND from_me = 0
                  UNION ALL SELECT chat_id, 0 FROM turns WHERE state = 'open')
                GROUP BY chat_id ORDER BY 2
                """,
                row => (row.GetString(0), row.Time(1))),
            cancel);

    /// <summary>
    /// The turn to answer next in this chat: one that was open before (the program died over it) or a new one of all that
    /// waits, its identity stored before it is used. Null when nothing waits.
    /// </summary>
    public Task<Turn?> NextTurnAsync(string chatId, CancellationToken cancel) =>
        db.WriteAsync(connection => Load(connection, OpenTurn(connection, chatId) ?? StartTurn(connection, chatId)), cancel);

    /// <summary>What was said before, oldest first, for the model.</summary>
    public Task<List<PastTurn>> HistoryAsync(string chatId, Guid before, int turns, CancellationToken cancel) =>
        db.ReadAsync(
            connection =>
            {
                var past = connection.List(
                    """
                    SELECT (SELECT group_concat(text, char(10)) FROM (SELECT text FROM messages WHERE turn_id = t.id ORDER BY sent_at, id)), coalesce(o.text, '')
                    FROM turns t LEFT JOIN outbox o ON o.turn_id = t.id WHERE t.chat_id = $chat AND t.id <> $turn ORDER BY t.opened_at DESC LIMIT $turns
                    """,
                    row => new PastTurn(Cut(row.IsDBNull(0) ? "" : row.GetString(0), 1000), Cut(row.GetString(1), 1000)),
                    ("$chat", chatId), ("$turn", before.ToString()), ("$turns", turns));
                past.Reverse();
                return past;
            },
            cancel);

    /// <summary>True while the owner answers this chat himself, or the customer wrote "stop".</summary>
    public static bool IsOwners(SqliteConnection connection, string chatId, DateTimeOffset now) =>
        connection.Scalar<long>("SELECT owner_until > $now OR stopped = 1 FROM chats WHERE id = $chat", ("$chat", chatId), ("$now", now.ToUnixTimeMilliseconds())) == 1;

    /// <summary>True when the owner wrote in this chat, on his phone, after <paramref name="time"/>.</summary>
    public static bool OwnerWroteAfter(SqliteConnection connection, string chatId, DateTimeOffset time) =>
        connection.Scalar<long>("SELECT count(*) FROM messages WHERE chat_id = $chat AND from_me = 1 AND sent_at > $time", ("$chat", chatId), ("$time", time.ToUnixTimeMilliseconds())) > 0;

    public static bool IsPerson(string chatId) => chatId.EndsWith("@c.us", StringComparison.Ordinal) || chatId.EndsWith("@lid", StringComparison.Ordinal);

    private int Capture(SqliteConnection connection, WhatsAppMessage message, TimeSpan ownerKeepsChat)
    {
        var now = clock.GetUtcNow();
        if (message.FromMe && connection.Scalar<long>("SELECT count(*) FROM outbox WHERE message_id = $id", ("$id", message.Id)) > 0) return 0;
        OpenChat(connection, message, now);
        var added = connection.Execute(
            """
            INSERT INTO messages (id, chat_id, from_me, kind, type, text, sent_at, captured_at) VALUES ($id, $chat, $me, $kind, $type, $text, $sent, $now)
            ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, type = excluded.type, text = excluded.text, captured_at = excluded.captured_at, turn_id = NULL
              WHERE messages.type = 'ciphertext' AND excluded.type <> 'ciphertext'
            """,
            ("$id", message.Id), ("$chat", message.ChatId), ("$me", message.FromMe ? 1 : 0), ("$kind", Kind(message.Type)), ("$type", message.Type),
            ("$text", Cut(message.Text, LongestText)), ("$sent", message.SentAt.ToUnixTimeMilliseconds()), ("$now", now.ToUnixTimeMilliseconds()));
        if (added == 0) return 0;

        connection.Execute("UPDATE chats SET last_at = max(last_at, $sent) WHERE id = $chat", ("$sent", message.SentAt.ToUnixTimeMilliseconds()), ("$chat", message.ChatId));
        if (message.Type == "ciphertext")
            Troubles.Raise(connection, "A message could not be decrypted on this PC.", $"Open the chat with {message.Name} on the phone and answer by hand.", clock);
        // The owner wrote on his phone: SAK keeps reading and stays quiet.
        if (message.FromMe)
            connection.Execute("UPDATE chats SET owner_until = max(owner_until, $until) WHERE id = $chat", ("$until", (message.SentAt + ownerKeepsChat).ToUnixTimeMilliseconds()), ("$chat", message.ChatId));
        return 1;
    }

    private void OpenChat(SqliteConnection connection, WhatsAppMessage message, DateTimeOffset now)
    {
        var name = message.FromMe ? "" : Cut(message.Name, 200);
        if (connection.Scalar<long>("SELECT count(*) FROM chats WHERE id = $chat", ("$chat", message.ChatId)) == 0)
        {
            var customer = connection.Scalar<string?>("SELECT id FROM customers WHERE chat_id = $chat", ("$chat", message.ChatId)) ?? Ids.New(clock).ToString();
            connection.Execute(
                "INSERT INTO customers (id, phone, chat_id, name, language, words) VALUES ($id, $phone, $chat, $name, '', '{}') ON CONFLICT (id) DO NOTHING",
                ("$id", customer), ("$phone", message.Phone), ("$chat", message.ChatId), ("$name", name));
            connection.Execute("INSERT INTO chats (id, customer_id, last_at) VALUES ($chat, $customer, $now)", ("$chat", message.ChatId), ("$customer", customer), ("$now", message.SentAt.ToUnixTimeMilliseconds()));
            return;
        }

        // WhatsApp tells names and phones late: fill what is empty, never replace what the shop knows.
        connection.Execute(
            """
            UPDATE customers SET phone = CASE phone WHEN '' THEN $phone ELSE phone END, name = CASE name WHEN '' THEN $name ELSE name END
            WHERE id = (SELECT customer_id FROM chats WHERE id = $chat) AND ((phone = '' AND $phone <> '') OR (name = '' AND $name <> ''))
            """,
            ("$chat", message.ChatId), ("$phone", message.Phone), ("$name", name));
    }

    private int Ignore(SqliteConnection connection, WhatsAppMessage message) =>
        connection.Execute(
            "INSERT INTO ignored (id, kind, at) VALUES ($id, $kind, $now) ON CONFLICT (id) DO NOTHING",
            ("$id", message.Id), ("$kind", message.ChatId[(message.ChatId.IndexOf('@') + 1)..]), ("$now", clock.GetUtcNow().ToUnixTimeMilliseconds()));

    private Task<int> ReplaceAsync(string messageId, string kind, string text, CancellationToken cancel) =>
        db.WriteAsync(
            connection =>
            {
                text = Cut(text, LongestText);
                var unread = connection.Execute(
                    "UPDATE messages SET text = $text, kind = CASE $kind WHEN 'deleted' THEN 'deleted' ELSE kind END, before = coalesce(before, text) WHERE id = $id AND turn_id IS NULL AND from_me = 0 AND text <> $text",
                    ("$id", messageId), ("$text", text), ("$kind", kind));
                if (unread > 0) return unread;
                return connection.Execute(
                    """
                    INSERT INTO messages (id, chat_id, from_me, kind, type, text, before, sent_at, captured_at)
                    SELECT id || '#' || $kind || '#' || length($text) || '#' || hex(substr($text, 1, 40)), chat_id, 0, $kind, type, $text, text, $now, $now
                    FROM messages WHERE id = $id AND turn_id IS NOT NULL AND from_me = 0 AND text <> $text
                    ON CONFLICT (id) DO NOTHING
                    """,
                    ("$id", messageId), ("$text", text), ("$kind", kind), ("$now", clock.GetUtcNow().ToUnixTimeMilliseconds()));
            },
            cancel);

    private static string? OpenTurn(SqliteConnection connection, string chatId) =>
        connection.Scalar<string?>("SELECT id FROM turns WHERE chat_id = $chat AND state = 'open' ORDER BY opened_at LIMIT 1", ("$chat", chatId));

    private string? StartTurn(SqliteConnection connection, string chatId)
    {
        if (connection.Scalar<long>("SELECT count(*) FROM messages WHERE chat_id = $chat AND turn_id IS NULL AND from_me = 0", ("$chat", chatId)) == 0) return null;
        var id = Ids.New(clock).ToString();
        connection.Execute("INSERT INTO turns (id, chat_id, state, opened_at) VALUES ($id, $chat, 'open', $now)", ("$id", id), ("$chat", chatId), ("$now", clock.GetUtcNow().ToUnixTimeMilliseconds()));
        connection.Execute(
            "UPDATE messages SET turn_id = $id WHERE id IN (SELECT id FROM messages WHERE chat_id = $chat AND turn_id IS NULL AND from_me = 0 ORDER BY sent_at, id LIMIT 20)",
            ("$id", id), ("$chat", chatId));
        return id;
    }

    private static Turn? Load(SqliteConnection connection, string? id)
    {
        if (id is null) return null;
        var messages = connection.List(
            "SELECT id, text, sent_at, kind, before FROM messages WHERE turn_id = $id ORDER BY sent_at, captured_at, id",
            row => new TurnMessage(row.GetString(0), Cut(row.GetString(1), 4000), row.Time(2), row.GetString(3), row.IsDBNull(4) ? null : Cut(row.GetString(4), 4000)),
            ("$id", id));
        return connection.List(
            "SELECT t.id, t.chat_id, c.customer_id FROM turns t JOIN chats c ON c.id = t.chat_id WHERE t.id = $id",
            row => new Turn(row.Id(0), row.GetString(1), row.Id(2), messages), ("$id", id)).Single();
    }

    private static void SaveCursor(SqliteConnection connection, long cursor) =>
        connection.Execute(
            "INSERT INTO cursors (name, value) VALUES ($name, $value) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            ("$name", Cursor), ("$value", cursor));

    private static string Kind(string type) => type switch
    {
        "chat" => "text",
        "ptt" or "audio" => "voice",
        "image" or "video" or "sticker" => "image",
        "document" => "document",
        "location" => "location",
        "vcard" or "multi_vcard" => "contact",
        "revoked" => "deleted",
        _ => "other",
    };

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
}
