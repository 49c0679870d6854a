using Microsoft.Data.Sqlite;
using Sak.Agent.Database;

namespace Sak.Agent.Chats;

/// <summary>
/// The table of hidden ids. WhatsApp may name a customer by a hidden id (a "LID") at one time and by the phone at
/// another; once the phone of a hidden id is learned, SAK has one chat for the person, under the phone.
/// </summary>
internal static class HiddenIds
{
    // As the index messages_key has it.
    internal const string KeyOfId = "substr(id, length(rtrim(id, replace(id, '_', ''))) + 1)";

    public static bool IsHidden(string chatId) => chatId.EndsWith("@lid", StringComparison.Ordinal);

    /// <summary>SAK's chat for one of WhatsApp's: under the phone where it is learned.</summary>
    public static string ChatOf(SqliteConnection connection, string chatId) =>
        IsHidden(chatId)
            && connection.Scalar<string?>("SELECT chat_id FROM lids WHERE lid = $lid", ("$lid", chatId)) is { } phone
            ? phone
            : chatId;

    public static void Learn(SqliteConnection connection, string hidden, string chatId) =>
        connection.Execute("INSERT INTO lids (lid, chat_id) VALUES ($lid, $chat)", ("$lid", hidden), ("$chat", chatId));

    /// <summary>
    /// The id under which a message is stored. A message's id names its chat: after the phone was linked again,
    /// messages may be delivered again under the chat's other name. Where the phone behind a hidden id is not learned
    /// yet, the message's own part of the id and its time show that it is the same message.
    /// </summary>
    public static string MessageIdOf(SqliteConnection connection, string messageId, string? chatId = null,
        DateTimeOffset? sentAt = null)
    {
        if (messageId.Split('_') is not [var mine, var chat, var key]) return messageId;
        chatId ??= ChatOf(connection, chat);
        return ByChatsNames(connection, messageId, chatId, mine, key)
            ?? ByItsOwnPart(connection, chatId, mine, key, sentAt)
            ?? messageId;
    }

    private static string? ByChatsNames(SqliteConnection connection, string messageId, string chatId, string mine,
        string key) =>
        connection.Scalar<string?>(
            """
            SELECT id FROM messages
              WHERE id IN (SELECT $mine || '_' || name || '_' || $key
              FROM (SELECT $chat AS name UNION ALL SELECT lid FROM lids WHERE chat_id = $chat))
            ORDER BY id <> $id LIMIT 1
            """,
            ("$mine", mine), ("$key", key), ("$chat", chatId), ("$id", messageId));

    private static string? ByItsOwnPart(SqliteConnection connection, string chatId, string mine, string key,
        DateTimeOffset? sentAt) =>
        connection.Scalar<string?>(
            $"""
            SELECT id FROM messages
              WHERE {KeyOfId} = $key AND from_me = ($mine = 'true') AND ($sent IS NULL OR sent_at = $sent)
              AND (chat_id LIKE '%@lid') <> ($chat LIKE '%@lid') LIMIT 1
            """,
            ("$mine", mine), ("$key", key), ("$chat", chatId), ("$sent", sentAt));
}
