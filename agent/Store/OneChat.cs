using Microsoft.Data.Sqlite;
using Sak.Agent.WhatsApp;

namespace Sak.Agent.Store;

/// <summary>
/// One chat per person. WhatsApp may hide a customer behind a LID; when it tells the phone, whatever was said under the
/// LID moves into the phone's chat: messages, turns, replies, the basket and the orders.
/// </summary>
internal static class OneChat
{
    /// <summary>The chat that this belongs to; merges when <paramref name="phone"/> is news.</summary>
    public static string Of(SqliteConnection connection, string chatId, string phone)
    {
        if (!chatId.EndsWith("@lid", StringComparison.Ordinal)) return chatId;
        if (connection.Scalar<string?>("SELECT chat_id FROM lids WHERE lid = $lid", ("$lid", chatId)) is { } known) return known;
        if (phone.Length == 0) return chatId;
        var home = $"{phone}@c.us";
        connection.Execute("INSERT INTO lids (lid, chat_id) VALUES ($lid, $chat)", ("$lid", chatId), ("$chat", home));
        Merge(connection, chatId, home, phone);
        return home;
    }

    /// <summary>The message in the person's chat, under the id by which it may have been captured before.</summary>
    public static WhatsAppMessage Known(SqliteConnection connection, WhatsAppMessage message)
    {
        var home = Of(connection, message.ChatId, message.Phone);
        return message with { ChatId = home, Id = IdOf(connection, message.Id, home) };
    }

    /// <summary>
    /// The id under which a message is kept. An id names the chat, and WhatsApp names the chats of one person by the phone at
    /// one time and by the LID at another: after the phone was linked anew everything may come again under the other name.
    /// </summary>
    public static string IdOf(SqliteConnection connection, string messageId, string? home = null)
    {
        if (messageId.Split('_') is not [var mine, var chat, var key]) return messageId;
        home ??= Of(connection, chat, "");
        return connection.Scalar<string?>(
            """
            SELECT id FROM messages WHERE id IN (SELECT $mine || '_' || name || '_' || $key FROM (SELECT $home AS name UNION ALL SELECT lid FROM lids WHERE chat_id = $home))
            ORDER BY id <> $id LIMIT 1
            """,
            ("$mine", mine), ("$key", key), ("$home", home), ("$id", messageId)) ?? messageId;
    }

    private static void Merge(SqliteConnection connection, string lid, string home, string phone)
    {
        if (connection.Scalar<string?>("SELECT customer_id FROM chats WHERE id = $lid", ("$lid", lid)) is not { } hidden) return;
        var customer = connection.Scalar<string?>("SELECT customer_id FROM chats WHERE id = $home", ("$home", home));
        if (customer is null)
        {
            connection.Execute(
                """
                INSERT INTO chats (id, customer_id, basket, owner_until, stopped, last_at, address, resumed_at, taken_at)
                SELECT $home, customer_id, basket, owner_until, stopped, last_at, address, resumed_at, taken_at FROM chats WHERE id = $lid
                """,
                ("$home", home), ("$lid", lid));
            connection.Execute("UPDATE customers SET chat_id = $home, phone = $phone WHERE id = $id", ("$home", home), ("$phone", phone), ("$id", hidden));
        }

        foreach (var table in new[] { "messages", "turns", "outbox" })
            connection.Execute($"UPDATE {table} SET chat_id = $home WHERE chat_id = $lid", ("$home", home), ("$lid", lid));
        if (customer is not null) Join(connection, lid, home, hidden, customer);
        var draft = connection.Scalar<long>("SELECT draft FROM chats WHERE id = $lid", ("$lid", lid));
        connection.Execute("DELETE FROM chats WHERE id = $lid", ("$lid", lid));
        // A number belongs to one chat, so it moves only now; the basket that waits for the owner goes on waiting.
        connection.Execute("UPDATE chats SET draft = $draft WHERE id = $home AND draft = 0 AND basket <> ''", ("$home", home), ("$draft", draft));
    }

    // Both wrote before: the phone's customer stays, with the basket that was touched last.
    private static void Join(SqliteConnection connection, string lid, string home, string hidden, string customer)
    {
        connection.Execute(
            """
            UPDATE chats AS h SET
              basket = CASE WHEN l.basket <> '' AND (h.basket = '' OR l.last_at > h.last_at) THEN l.basket ELSE h.basket END,
              owner_until = max(h.owner_until, l.owner_until), stopped = max(h.stopped, l.stopped), last_at = max(h.last_at, l.last_at),
              address = l.address, resumed_at = max(h.resumed_at, l.resumed_at), taken_at = max(h.taken_at, l.taken_at)
            FROM chats l WHERE h.id = $home AND l.id = $lid
            """,
            ("$home", home), ("$lid", lid));
        if (hidden == customer) return;
        connection.Execute("UPDATE orders SET customer_id = $to WHERE customer_id = $from", ("$to", customer), ("$from", hidden));
        connection.Execute(
            "UPDATE customers AS c SET name = h.name FROM customers h WHERE c.id = $to AND h.id = $from AND c.name = '' AND h.name <> ''",
            ("$to", customer), ("$from", hidden));
        connection.Execute("UPDATE chats SET customer_id = $to WHERE customer_id = $from", ("$to", customer), ("$from", hidden));
        connection.Execute("DELETE FROM customers WHERE id = $from", ("$from", hidden));
    }
}
