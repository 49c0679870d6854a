using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Agent.Orders;
using Sak.Agent.Status;
using Sak.Agent.WhatsApp;
using Sak.Sync.Model;
using Sak.Sync.Wire;

namespace Sak.Agent.Chats;

/// <summary>A turn: the messages of one customer that are answered together.</summary>
public sealed record Turn(Guid Id, string ChatId, Guid CustomerId, IReadOnlyList<TurnMessage> Messages);

/// <param name="New">Messages that were not known before.</param>
/// <param name="Ignored">Groups, broadcasts and status posts that were not known before.</param>
public sealed record Captured(int New, int Ignored);

/// <summary>
/// Chats, messages and turns: what was said. Everything that WhatsApp delivers is stored here before anything else
/// happens to it.
/// </summary>
public sealed class Conversations(ReplicaDb db, TimeProvider clock)
{
    public const string Cursor = "whatsapp";

    /// <summary>The kind of an answer that SAK gave on another PC.</summary>
    internal const string Sak = "sak";
    private const string FirstPaired = "paired";

    // WhatsApp's times are whole seconds, and a phone's clock is not the PC's.
    private static readonly TimeSpan PairingSlack = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TranscriptPatience = TimeSpan.FromMinutes(1);
    private const int LongestText = 200_000;
    private const int MostInTurn = 100;

    /// <summary>What the owner types in a chat to give it back to SAK; empty when there is no such word.</summary>
    public string OwnerWord { get; init; } = "";

    /// <summary>True when voice notes become words: their turn waits for them, up to a minute.</summary>
    public bool WaitsForTranscripts { get; init; }

    /// <summary>
    /// Transaction 1: stores what is not known yet, by WhatsApp's message id, together with the scan's cursor. From
    /// here on nothing can be lost, and delivering it again changes nothing.
    /// </summary>
    /// <param name="cursor">Given with the messages of a scan; the scan is the truth, so what it says otherwise is an
    /// edit.</param>
    /// <param name="anchor">See <see cref="WhatsAppPlace"/>; empty leaves the one before.</param>
    public Task<Captured> CaptureAsync(
        IReadOnlyList<WhatsAppMessage> messages, long? cursor, TimeSpan ownerKeepsChat, CancellationToken cancel,
        string anchor = "") =>
        db.WriteAsync(
            connection =>
            {
                int added = 0, ignored = 0;
                var paired = PairedAt(connection);
                foreach (var message in messages)
                {
                    if (!IsPerson(message.ChatId)) ignored += Ignore(connection, message);
                    // An event may still be followed by the words; what the scan hands over sealed was waited for long
                    // enough.
                    else if (message.Type != "ciphertext" || cursor is not null)
                        added += Capture(connection, OneChat.Known(connection, message, clock), message.ChatId,
                            cursor is not null, paired, ownerKeepsChat);
                }

                if (cursor is not null) SaveCursor(connection, cursor.Value, anchor);
                return new Captured(added, ignored);
            },
            cancel);

    /// <summary>
    /// Notes when this PC was first linked, once: what was said before is kept and never answered. Captures do it too,
    /// should one come first.
    /// </summary>
    public Task PairedAsync(CancellationToken cancel) => db.WriteAsync(connection => { PairedAt(connection); }, cancel);

    /// <summary>Where the next scan begins.</summary>
    public Task<WhatsAppPlace> PlaceAsync(CancellationToken cancel) =>
        db.ReadAsync(
            connection => connection.List(
                "SELECT value, anchor FROM cursors WHERE name = $name",
                row => new WhatsAppPlace(row.GetInt64(0), row.GetString(1)), ("$name", Cursor))
                .SingleOrDefault() ?? new WhatsAppPlace(0, ""),
            cancel);

    public Task<long> CursorAsync(CancellationToken cancel) =>
        db.ReadAsync(
            connection => connection.Scalar<long>("SELECT value FROM cursors WHERE name = $name", ("$name", Cursor)),
            cancel);

    /// <summary>The customer changed a message; see <see cref="Edits"/>.</summary>
    public Task<int> EditAsync(string messageId, string text, CancellationToken cancel) =>
        db.WriteAsync(
            connection =>
                Edits.Apply(connection, OneChat.IdOf(connection, messageId), Edits.Edited, Cut(text, LongestText),
                    clock.GetUtcNow()), cancel);

    /// <summary>The customer deleted a message for everyone.</summary>
    public Task<int> RevokeAsync(string messageId, CancellationToken cancel) =>
        db.WriteAsync(
            connection =>
                Edits.Apply(connection, OneChat.IdOf(connection, messageId), Edits.Deleted, "", clock.GetUtcNow()),
                cancel);

    /// <summary>Chats with messages that wait, and when each last heard from its customer.</summary>
    public Task<List<(string ChatId, string Address, DateTimeOffset LastCaptured)>> WaitingAsync(
        CancellationToken cancel) => db.ReadAsync(Waiting, cancel);

    // The index is named: without figures on the tables SQLite takes one that holds every message of the owner's too.
    internal List<(string ChatId, string Address, DateTimeOffset LastCaptured)> Waiting(SqliteConnection connection) =>
        connection.List(
        """
        SELECT chat_id, (SELECT address FROM chats WHERE id = chat_id), max(captured_at) FROM (
          SELECT chat_id, captured_at + CASE
            WHEN kind = 'voice' AND $transcribed
            AND id IN (SELECT message_id FROM media WHERE heard = 0 AND state <> 'gone')
            THEN $patience ELSE 0 END AS captured_at FROM messages INDEXED BY messages_waiting
              WHERE turn_id IS NULL AND from_me = 0
          UNION ALL SELECT chat_id, 0 FROM turns WHERE state = 'open')
        GROUP BY chat_id ORDER BY 3
        """,
        row => (row.GetString(0), row.GetString(1), row.Time(2)),
        ("$transcribed", WaitsForTranscripts ? 1 : 0), ("$patience", (long)TranscriptPatience.TotalMilliseconds));

    /// <summary>
    /// The turn to answer next in this chat: one that was open before (the program died over it) or a new one of all
    /// that waits, its identity stored before it is used. Null when nothing waits.
    /// </summary>
    /// <param name="tooOld">What is older is a turn of its own (for the owner), so that what is newer still gets its
    /// answer.</param>
    public Task<Turn?> NextTurnAsync(string chatId, CancellationToken cancel, TimeSpan? tooOld = null) =>
        db.WriteAsync(
            connection => Load(connection, OpenTurn(connection, chatId) ?? StartTurn(connection, chatId, tooOld)),
            cancel);

    /// <summary>What was said before, oldest first, for the model.</summary>
    public Task<List<PastTurn>> HistoryAsync(string chatId, Guid before, int turns, CancellationToken cancel) =>
        db.ReadAsync(
            connection =>
            {
                var past = connection.List(
                    """
                    SELECT (SELECT group_concat(text, char(10))
                      FROM (SELECT text FROM messages WHERE turn_id = t.id ORDER BY sent_at, id)), coalesce(o.text, '')
                    FROM turns t LEFT JOIN outbox o ON o.turn_id = t.id WHERE t.chat_id = $chat AND t.id <> $turn
                      ORDER BY t.opened_at DESC LIMIT $turns
                    """,
                    row => new PastTurn(Cut(row.IsDBNull(0) ? "" : row.GetString(0), Protocol.MaxPastText),
                        Cut(row.GetString(1), Protocol.MaxPastText)),
                    ("$chat", chatId), ("$turn", before), ("$turns", turns));
                past.Reverse();
                return past;
            },
            cancel);

    /// <summary>True after the customer wrote "stop", until "start".</summary>
    public static bool HasStopped(SqliteConnection connection, string chatId) =>
        connection.Scalar<long>("SELECT stopped FROM chats WHERE id = $chat", ("$chat", chatId)) == 1;

    /// <summary>True when the customer wrote to the shop; SAK writes to nobody else.</summary>
    public static bool WroteFirst(SqliteConnection connection, string chatId) =>
        connection.Scalar<long>("SELECT EXISTS (SELECT 1 FROM messages WHERE chat_id = $chat AND from_me = 0)",
            ("$chat", chatId)) == 1;

    /// <summary>True while the owner answers this chat himself.</summary>
    public static bool IsOwners(SqliteConnection connection, string chatId, DateTimeOffset now) =>
        connection.Scalar<long>("SELECT owner_until > $now FROM chats WHERE id = $chat", ("$chat", chatId),
            ("$now", now)) == 1;

    /// <summary>True when the owner wrote in this chat, on his phone, after <paramref name="time"/>.</summary>
    public static bool OwnerWroteAfter(SqliteConnection connection, string chatId, DateTimeOffset time) =>
        connection.Scalar<long>(
            "SELECT count(*) FROM messages WHERE chat_id = $chat AND from_me = 1 AND kind <> 'sak' AND sent_at > $time", ("$chat", chatId), ("$time", time)) > 0;

    /// <summary>Not WhatsApp itself, which writes its announcements under the number 0.</summary>
    public static bool IsPerson(string chatId) =>
        chatId != "0@c.us"
            && (chatId.EndsWith("@c.us", StringComparison.Ordinal)
                || chatId.EndsWith("@lid", StringComparison.Ordinal));

    private int Capture(SqliteConnection connection, WhatsAppMessage message, string address, bool fromScan,
        DateTimeOffset paired, TimeSpan ownerKeepsChat)
    {
        var now = clock.GetUtcNow();
        if (message.FromMe && Outbox.IsOurs(connection, message.Id)) return 0;
        var bySak = message.FromMe && Outbox.IsMadeBySak(message.Id);
        OpenChat(connection, message, address);
        var added = connection.Execute(
            """
            INSERT INTO messages (id, chat_id, from_me, kind, type, text, sent_at, captured_at)
              VALUES ($id, $chat, $me, $kind, $type, $text, $sent, $now)
            ON CONFLICT (id) DO UPDATE
              SET kind = excluded.kind, type = excluded.type, text = excluded.text, captured_at = excluded.captured_at,
              turn_id = NULL
              WHERE messages.type = 'ciphertext' AND excluded.type <> 'ciphertext'
            """,
            ("$id", message.Id), ("$chat", message.ChatId), ("$me", message.FromMe ? 1 : 0),
            ("$kind", bySak ? Sak : Kind(message.Type)), ("$type", message.Type),
            ("$text", Cut(message.Text, LongestText)), ("$sent", message.SentAt),
            ("$now", now));
        if (added == 0) return fromScan ? Differ(connection, message, now) : 0;

        connection.Execute("UPDATE chats SET last_at = max(last_at, $sent) WHERE id = $chat",
            ("$sent", message.SentAt), ("$chat", message.ChatId));
        if (message is { Type: "ciphertext", FromMe: false })
            Troubles.Raise(
                connection,
                $"A message of {Customers.OfChat(connection, message.ChatId)} "
                    + $"({TimeZoneInfo.ConvertTime(message.SentAt, clock.LocalTimeZone):MM-dd HH:mm}) could not be "
                        + $"decrypted on this PC.",
                "Open the chat on the phone and answer by hand.", clock);
        if (MediaFiles.IsMedia(message.Type) && !message.FromMe) MediaFiles.Want(connection, message.Id, now);
        if (message.SentAt < paired - PairingSlack) Remember(connection, message, now);
        else if (bySak || !message.FromMe) AnsweredElsewhere.Close(connection, message.ChatId, now, clock);
        else GiveToOwner(connection, message, ownerKeepsChat);
        return 1;
    }

    private int Differ(SqliteConnection connection, WhatsAppMessage message, DateTimeOffset now) =>
        message.FromMe || message.Type == "ciphertext" ? 0
        : message.Type == "revoked" ? Edits.Apply(connection, message.Id, Edits.Deleted, "", now)
        : Edits.Apply(connection, message.Id, Edits.Edited, Cut(message.Text, LongestText), now);

    // The owner wrote on his phone: SAK keeps reading and stays quiet, until he gives the chat back with his word.
    private void GiveToOwner(SqliteConnection connection, WhatsAppMessage message, TimeSpan ownerKeepsChat)
    {
        var at = message.SentAt.ToUnixTimeMilliseconds();
        if (OwnerWord.Length > 0 && message.Text.Trim().Equals(OwnerWord, StringComparison.OrdinalIgnoreCase))
            connection.Execute("UPDATE chats SET owner_until = 0, resumed_at = max(resumed_at, $at) WHERE id = $chat",
                ("$at", at), ("$chat", message.ChatId));
        else
            connection.Execute(
                "UPDATE chats SET owner_until = max(owner_until, $until) WHERE id = $chat AND resumed_at < $at",
                ("$until", (message.SentAt + ownerKeepsChat)), ("$at", at),
                ("$chat", message.ChatId));
    }

    // From before this PC was linked: kept as what was said, in a turn that nobody answers.
    private static void Remember(SqliteConnection connection, WhatsAppMessage message, DateTimeOffset now)
    {
        if (message.FromMe) return;
        var turn = Guid.NewGuid().ToString();
        connection.Execute(
            "INSERT INTO turns (id, chat_id, state, opened_at, closed_at, replied_by, note) VALUES ($id, $chat, "
                + "'owner', $sent, $now, 'owner', 'before this PC was linked')",
            ("$id", turn), ("$chat", message.ChatId), ("$sent", message.SentAt),
            ("$now", now));
        connection.Execute("UPDATE messages SET turn_id = $turn WHERE id = $id", ("$turn", turn), ("$id", message.Id));
    }

    private DateTimeOffset PairedAt(SqliteConnection connection)
    {
        connection.Execute("INSERT INTO cursors (name, value) VALUES ($name, $now) ON CONFLICT (name) DO NOTHING",
            ("$name", FirstPaired), ("$now", clock.GetUtcNow()));
        return DateTimeOffset.FromUnixTimeMilliseconds(
            connection.Scalar<long>("SELECT value FROM cursors WHERE name = $name", ("$name", FirstPaired)));
    }

    private void OpenChat(SqliteConnection connection, WhatsAppMessage message, string address)
    {
        var name = message.FromMe ? "" : Cut(message.Name, 200);
        if (connection.Scalar<long>("SELECT count(*) FROM chats WHERE id = $chat", ("$chat", message.ChatId)) == 0)
        {
            var customer = connection.Scalar<string?>("SELECT id FROM customers WHERE chat_id = $chat",
                ("$chat", message.ChatId)) ?? Ids.New(clock).ToString();
            connection.Execute(
                "INSERT INTO customers (id, phone, chat_id, name, language, words) VALUES ($id, $phone, $chat, $name, "
                    + "'', '{}') ON CONFLICT (id) DO NOTHING",
                ("$id", customer), ("$phone", message.Phone), ("$chat", message.ChatId), ("$name", name));
            connection.Execute(
                "INSERT INTO chats (id, customer_id, last_at, address) VALUES ($chat, $customer, $sent, $address)",
                ("$chat", message.ChatId), ("$customer", customer), ("$sent", message.SentAt),
                ("$address", address));
            return;
        }

        connection.Execute(
            "UPDATE chats SET address = $address WHERE id = $chat AND address <> $address AND last_at <= $sent",
            ("$address", address), ("$chat", message.ChatId), ("$sent", message.SentAt));
        // WhatsApp tells names and phones late: fill what is empty, never replace what the shop knows.
        connection.Execute(
            """
            UPDATE customers SET phone = CASE phone WHEN '' THEN $phone ELSE phone END, name = CASE name WHEN ''
              THEN $name ELSE name END
            WHERE id = (SELECT customer_id FROM chats WHERE id = $chat)
              AND ((phone = '' AND $phone <> '') OR (name = '' AND $name <> ''))
            """,
            ("$chat", message.ChatId), ("$phone", message.Phone), ("$name", name));
    }

    private int Ignore(SqliteConnection connection, WhatsAppMessage message) =>
        connection.Execute(
            "INSERT INTO ignored (id, kind, at) VALUES ($id, $kind, $now) ON CONFLICT (id) DO NOTHING",
            ("$id", message.Id), ("$kind", message.ChatId[(message.ChatId.IndexOf('@') + 1)..]),
            ("$now", clock.GetUtcNow()));

    private static string? OpenTurn(SqliteConnection connection, string chatId) =>
        connection.Scalar<string?>(
            "SELECT id FROM turns WHERE chat_id = $chat AND state = 'open' ORDER BY opened_at LIMIT 1",
            ("$chat", chatId));

    private string? StartTurn(SqliteConnection connection, string chatId, TimeSpan? tooOld)
    {
        var oldest = connection.Scalar<long?>(
            "SELECT min(sent_at) FROM messages WHERE chat_id = $chat AND turn_id IS NULL AND from_me = 0",
            ("$chat", chatId));
        if (oldest is null) return null;
        var border = (clock.GetUtcNow() - (tooOld ?? TimeSpan.FromDays(36_500))).ToUnixTimeMilliseconds();
        var id = Ids.New(clock).ToString();
        connection.Execute("INSERT INTO turns (id, chat_id, state, opened_at) VALUES ($id, $chat, 'open', $now)",
            ("$id", id), ("$chat", chatId), ("$now", clock.GetUtcNow()));
        connection.Execute(
            """
            UPDATE messages SET turn_id = $id WHERE id IN (
              SELECT id FROM messages
                WHERE chat_id = $chat AND turn_id IS NULL AND from_me = 0 AND (sent_at < $border) = ($oldest < $border)
              ORDER BY sent_at, id LIMIT $most)
            """,
            ("$id", id), ("$chat", chatId), ("$border", border), ("$oldest", oldest),
            ("$most", oldest < border ? int.MaxValue : MostInTurn));
        return id;
    }

    private static Turn? Load(SqliteConnection connection, string? id)
    {
        if (id is null) return null;
        var messages = connection.List(
            "SELECT id, text, sent_at, kind, before FROM messages WHERE turn_id = $id ORDER BY sent_at, captured_at, id",
            row => new TurnMessage(row.GetString(0), Cut(row.GetString(1), Protocol.MaxMessageText), row.Time(2),
                row.GetString(3), row.IsDBNull(4) ? null : Cut(row.GetString(4), Protocol.MaxMessageText)),
            ("$id", id));
        return connection.List(
            "SELECT t.id, t.chat_id, c.customer_id FROM turns t JOIN chats c ON c.id = t.chat_id WHERE t.id = $id",
            row => new Turn(row.Id(0), row.GetString(1), row.Id(2), messages), ("$id", id)).Single();
    }

    private static void SaveCursor(SqliteConnection connection, long cursor, string anchor) =>
        connection.Execute(
            """
            INSERT INTO cursors (name, value, anchor) VALUES ($name, $value, $anchor)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value, anchor = CASE excluded.anchor WHEN '' THEN anchor
              ELSE excluded.anchor END
            """,
            ("$name", Cursor), ("$value", cursor), ("$anchor", anchor));

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

    private static string Cut(string text, int most) =>
        text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
}
