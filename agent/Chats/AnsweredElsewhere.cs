using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Sync.Model;
using Sak.Sync.Reading.Message;

namespace Sak.Agent.Chats;

/// <summary>
/// What another PC of the shop has answered is not answered again here, whichever of the two is heard of first.
/// </summary>
internal static class AnsweredElsewhere
{
    public const string Note = "answered by another PC of this shop";

    public static bool HasAnswered(SqliteConnection connection, string chatId, DateTimeOffset newest) =>
        connection.Scalar<long>(
            "SELECT count(*) FROM messages WHERE chat_id = $chat AND from_me = 1 AND kind = 'sak' AND sent_at >= "
                + "$newest",
            ("$chat", chatId), ("$newest", newest)) > 0;

    /// <summary>
    /// Closes what waits in the chat and was written before the other PC's latest answer. What may hold a "stop" or a
    /// "start" stays a turn to be read: this PC finds it answered, and keeps the wish before it writes to the customer
    /// itself.
    /// </summary>
    public static void Close(SqliteConnection connection, string chatId, DateTimeOffset now, TimeProvider clock)
    {
        var answered = connection.Scalar<long?>(
            "SELECT max(sent_at) FROM messages WHERE chat_id = $chat AND from_me = 1 AND kind = 'sak'",
            ("$chat", chatId));
        if (answered is null) return;
        const string waiting = "chat_id = $chat AND from_me = 0 AND turn_id IS NULL AND sent_at <= $answered";
        var texts = connection.List($"SELECT text FROM messages WHERE {waiting}", row => row.GetString(0),
            ("$chat", chatId), ("$answered", answered));
        if (texts.Count == 0) return;
        var isWish = texts.Any(t => StopWords.IsStart(t) || StopWords.MayBeStop(t));
        var turn = Ids.New(clock).ToString();
        connection.Execute(
            """
            INSERT INTO turns (id, chat_id, state, opened_at, closed_at, replied_by, note)
            VALUES ($id, $chat, $state, $now, $closed, 'elsewhere', $note)
            """,
            ("$state", isWish ? "open" : "done"), ("$closed", isWish ? null : now),
            ("$note", Note), ("$id", turn), ("$chat", chatId), ("$now", now));
        connection.Execute($"UPDATE messages SET turn_id = $id WHERE {waiting}", ("$id", turn), ("$chat", chatId),
            ("$answered", answered));
    }
}
