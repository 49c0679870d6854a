using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Sak.Agent.WhatsApp;

namespace Sak.Agent.Store;

/// <summary>A reply that waits to be sent.</summary>
/// <param name="InDoubt">True when WhatsApp was asked to send it before and nobody knows what became of it.</param>
public sealed record QueuedReply(string MessageId, string ChatId, string Text, int Attempts, bool InDoubt);

/// <summary>
/// Replies on their way. Each has its WhatsApp id from the transaction that queued it, so that a doubt can be settled by
/// asking WhatsApp for that id instead of sending again.
/// </summary>
public sealed class Outbox(ReplicaDb db, TimeProvider clock)
{
    /// <summary>After so many failures the owner is told and nothing more is tried.</summary>
    public const int MostAttempts = 8;

    /// <summary>A message id of the form that WhatsApp Web itself makes for a message of ours.</summary>
    public static string NewMessageId(string chatId) => $"true_{chatId}_3EB0{Convert.ToHexString(RandomNumberGenerator.GetBytes(9))}";

    /// <summary>Queues the reply of a turn, inside transaction 2.</summary>
    public static void Queue(SqliteConnection connection, Guid turnId, string chatId, string text, DateTimeOffset now) =>
        connection.Execute(
            "INSERT INTO outbox (message_id, chat_id, turn_id, text, state, queued_at, next_at) VALUES ($id, $chat, $turn, $text, 'queued', $now, $now)",
            ("$id", NewMessageId(chatId)), ("$chat", chatId), ("$turn", turnId.ToString()), ("$text", text), ("$now", now.ToUnixTimeMilliseconds()));

    /// <summary>The next reply that is due, oldest first; null when none is.</summary>
    public Task<QueuedReply?> NextAsync(CancellationToken cancel) =>
        db.ReadAsync(
            connection => connection.List(
                """
                SELECT message_id, chat_id, text, attempts, state = 'sending' FROM outbox o
                WHERE state IN ('queued', 'sending') AND next_at <= $now
                  AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.chat_id = o.chat_id AND e.state IN ('queued', 'sending') AND e.queued_at < o.queued_at)
                ORDER BY queued_at LIMIT 1
                """,
                row => new QueuedReply(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt32(3), row.GetInt64(4) == 1),
                ("$now", clock.GetUtcNow().ToUnixTimeMilliseconds())).SingleOrDefault(),
            cancel);

    /// <summary>Stored before WhatsApp is asked: from here on the outcome is in doubt until it is told.</summary>
    public Task SendingAsync(string messageId, CancellationToken cancel) =>
        db.WriteAsync(connection => { connection.Execute("UPDATE outbox SET state = 'sending' WHERE message_id = $id", ("$id", messageId)); }, cancel);

    public Task SentAsync(string messageId, WhatsAppAck ack, CancellationToken cancel) =>
        db.WriteAsync(
            connection => connection.Execute(
                "UPDATE outbox SET state = 'sent', ack = max(ack, $ack), sent_at = coalesce(sent_at, $now), error = '' WHERE message_id = $id",
                ("$id", messageId), ("$ack", (int)ack), ("$now", clock.GetUtcNow().ToUnixTimeMilliseconds())),
            cancel);

    /// <summary>It did not go out, or may not have: tried again after 2, 4, 8 … 300 s, then left to the owner.</summary>
    /// <returns>True when it was given up.</returns>
    public Task<bool> FailedAsync(QueuedReply reply, string error, CancellationToken cancel)
    {
        var wait = TimeSpan.FromSeconds(Math.Min(300, Math.Pow(2, reply.Attempts + 1)));
        var givenUp = reply.Attempts + 1 >= MostAttempts;
        return db.WriteAsync(
            connection =>
            {
                connection.Execute(
                    "UPDATE outbox SET attempts = attempts + 1, next_at = $next, error = $error, state = CASE WHEN $over THEN 'failed' ELSE state END WHERE message_id = $id",
                    ("$id", reply.MessageId), ("$next", (clock.GetUtcNow() + wait).ToUnixTimeMilliseconds()), ("$error", error), ("$over", givenUp));
                return givenUp;
            },
            cancel);
    }

    /// <summary>WhatsApp told how far messages of ours got; levels only rise.</summary>
    public Task AckedAsync(IReadOnlyList<string> messageIds, WhatsAppAck ack, CancellationToken cancel) =>
        db.WriteAsync(
            connection =>
            {
                foreach (var id in messageIds)
                {
                    connection.Execute(
                        "UPDATE outbox SET ack = max(ack, $ack), state = CASE WHEN $ack >= 1 AND state = 'sending' THEN 'sent' ELSE state END, sent_at = CASE WHEN $ack >= 1 THEN coalesce(sent_at, $now) ELSE sent_at END WHERE message_id = $id",
                        ("$id", id), ("$ack", (int)ack), ("$now", clock.GetUtcNow().ToUnixTimeMilliseconds()));
                }
            },
            cancel);
}
