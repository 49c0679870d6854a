using System.Text.Json;
using Microsoft.Data.Sqlite;
using Sak.Agent.Catalog;
using Sak.Agent.Database;
using Sak.Agent.Orders;
using Sak.Agent.WhatsApp;
using Sak.Sync.Answering;

namespace Sak.Agent.Chats;

/// <summary>
/// One chat per person. WhatsApp may hide a customer behind a LID; when it tells the phone, whatever was said under the
/// LID moves into the phone's chat: messages, turns, replies, the basket, the orders, the customer's words and prices.
/// </summary>
internal static class OneChat
{
    // As the index messages_key has it.
    private const string KeyOfId = "substr(id, length(rtrim(id, replace(id, '_', ''))) + 1)";

    /// <summary>The chat that this belongs to, as far as it is known.</summary>
    public static string Of(SqliteConnection connection, string chatId) =>
        IsHidden(chatId)
            && connection.Scalar<string?>("SELECT chat_id FROM lids WHERE lid = $lid", ("$lid", chatId)) is { } known
            ? known
            : chatId;

    /// <summary>The message in the person's chat, under the id by which it may have been captured before.</summary>
    public static WhatsAppMessage Known(SqliteConnection connection, WhatsAppMessage message, TimeProvider clock)
    {
        var home = Of(connection, message.ChatId);
        if (IsHidden(home) && message.Phone.Length > 0) home = Learn(connection, home, message.Phone, clock);
        var id = IdOf(connection, message.Id, home, message.SentAt);
        var kept = id == message.Id
            ? null
            : connection.Scalar<string?>("SELECT chat_id FROM messages WHERE id = $id", ("$id", id));
        return kept is null || kept == home
            ? message with { ChatId = home, Id = id }
            // Known under the other name, which nobody has told to be the same person.
            : message with { ChatId = kept, Id = id, Phone = "" };
    }

    /// <summary>
    /// The id under which a message is kept. An id names the chat, and WhatsApp names the chats of one person by the
    /// phone at one time and by the LID at another: after the phone was linked anew everything may come again under the
    /// other name. Where the phone behind a LID is not known yet, the message's own part of the id and its time tell
    /// that it is the same.
    /// </summary>
    public static string IdOf(SqliteConnection connection, string messageId, string? home = null,
        DateTimeOffset? sentAt = null)
    {
        if (messageId.Split('_') is not [var mine, var chat, var key]) return messageId;
        home ??= Of(connection, chat);
        return connection.Scalar<string?>(
            """
            SELECT id FROM messages
              WHERE id IN (SELECT $mine || '_' || name || '_' || $key
              FROM (SELECT $home AS name UNION ALL SELECT lid FROM lids WHERE chat_id = $home))
            ORDER BY id <> $id LIMIT 1
            """,
            ("$mine", mine), ("$key", key), ("$home", home), ("$id", messageId))
            ?? connection.Scalar<string?>(
                $"""
                SELECT id FROM messages
                  WHERE {KeyOfId} = $key AND from_me = ($mine = 'true') AND ($sent IS NULL OR sent_at = $sent)
                  AND (chat_id LIKE '%@lid') <> ($home LIKE '%@lid') LIMIT 1
                """,
                ("$mine", mine), ("$key", key), ("$home", home), ("$sent", sentAt))
            ?? messageId;
    }

    private static bool IsHidden(string chatId) => chatId.EndsWith("@lid", StringComparison.Ordinal);

    private static string Learn(SqliteConnection connection, string lid, string phone, TimeProvider clock)
    {
        var home = $"{phone}@c.us";
        connection.Execute("INSERT INTO lids (lid, chat_id) VALUES ($lid, $chat)", ("$lid", lid), ("$chat", home));
        if (connection.Scalar<string?>("SELECT customer_id FROM chats WHERE id = $lid", ("$lid", lid)) is { } hidden)
            Merge(connection, lid, home, phone, Guid.Parse(hidden), clock);
        return home;
    }

    private static void Merge(SqliteConnection connection, string lid, string home, string phone, Guid hidden,
        TimeProvider clock)
    {
        // The cloud may know the phone's customer though he never wrote here.
        var hasChat = connection.Scalar<long>("SELECT count(*) FROM chats WHERE id = $home", ("$home", home)) == 1;
        var customer = connection.Scalar<string?>(
            $"SELECT {(hasChat ? "customer_id FROM chats WHERE id" : "id FROM customers WHERE chat_id")} = $home",
            ("$home", home)) is { } known ? Guid.Parse(known) : hidden;
        if (!hasChat)
            connection.Execute(
                """
                INSERT INTO chats (id, customer_id, basket, owner_until, stopped, last_at, address, resumed_at,
                  taken_at)
                SELECT $home, $customer, basket, owner_until, stopped, last_at, address, resumed_at, taken_at FROM chats
                  WHERE id = $lid
                """,
                ("$home", home), ("$lid", lid), ("$customer", customer));
        if (customer == hidden)
            connection.Execute(
                "UPDATE customers SET chat_id = $home, phone = $phone WHERE id = $id AND chat_id <> $home",
                ("$home", home), ("$phone", phone), ("$id", hidden));
        foreach (var table in new[] { "messages", "turns", "outbox" })
            connection.Execute($"UPDATE {table} SET chat_id = $home WHERE chat_id = $lid", ("$home", home),
                ("$lid", lid));
        var draft = DraftOf(connection, lid, home);
        if (hasChat) Join(connection, lid, home);
        if (customer != hidden) JoinCustomers(connection, hidden, customer, clock);
        connection.Execute("DELETE FROM chats WHERE id = $lid", ("$lid", lid));
        // A number belongs to one chat, so it moves only now; the basket that waits for the owner goes on waiting.
        connection.Execute("UPDATE chats SET draft = $draft WHERE id = $home AND basket <> ''", ("$home", home),
            ("$draft", draft));
    }

    // Where both have one, that of the chat that the owner is in.
    private static long DraftOf(SqliteConnection connection, string lid, string home) =>
        connection.Scalar<long>(
            "SELECT draft FROM chats WHERE id IN ($lid, $home) AND draft > 0 ORDER BY owner_until DESC, id = $home "
                + "DESC LIMIT 1", ("$lid", lid), ("$home", home));

    // Both wrote before.
    private static void Join(SqliteConnection connection, string lid, string home)
    {
        var (ours, theirs) = (OrderBook.Basket(connection, home), OrderBook.Basket(connection, lid));
        var theirsIsNewer = connection.Scalar<long>(
            "SELECT l.last_at > h.last_at FROM chats l, chats h WHERE l.id = $lid AND h.id = $home", ("$lid", lid),
            ("$home", home)) == 1;
        OrderBook.SaveBasket(connection, home, theirsIsNewer ? Basket.Join(theirs, ours) : Basket.Join(ours, theirs));
        connection.Execute(
            """
            UPDATE chats AS h SET
              owner_until = max(h.owner_until, l.owner_until), stopped = max(h.stopped, l.stopped),
                last_at = max(h.last_at, l.last_at),
              address = l.address, resumed_at = max(h.resumed_at, l.resumed_at), taken_at = max(h.taken_at, l.taken_at)
            FROM chats l WHERE h.id = $home AND l.id = $lid
            """,
            ("$home", home), ("$lid", lid));
    }

    // The phone's customer stays, and what SAK knew of the hidden one fills up what it knew of him.
    private static void JoinCustomers(SqliteConnection connection, Guid hidden, Guid kept, TimeProvider clock)
    {
        var ids = new[] { ("$to", (object?)kept.ToString()), ("$from", hidden) };
        var words = new Dictionary<string, string>(Customers.Speech(connection, hidden).Words);
        foreach (var (phrase, sku) in Customers.Speech(connection, kept).Words) words[phrase] = sku;
        connection.Execute(
            """
            UPDATE customers AS c SET name = CASE c.name WHEN '' THEN h.name ELSE c.name END, language = CASE c.language
              WHEN '' THEN h.language ELSE c.language END
            FROM customers h
              WHERE c.id = $to AND h.id = $from
              AND ((c.name = '' AND h.name <> '') OR (c.language = '' AND h.language <> ''))
            """,
            ids);
        connection.Execute(
            "UPDATE customers SET words = $words WHERE id = $to AND words <> $words", ("$to", kept),
            ("$words", JsonSerializer.Serialize(words, JsonSerializerOptions.Web)));
        PriceRuleRows.Move(connection, hidden, kept, clock);
        connection.Execute("UPDATE orders SET customer_id = $to WHERE customer_id = $from", ids);
        connection.Execute("UPDATE chats SET customer_id = $to WHERE customer_id = $from", ids);
        connection.Execute("DELETE FROM customers WHERE id = $from", ("$from", hidden));
    }
}
