using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Agent.Orders;
using Sak.Agent.Status;
using Sak.Agent.WhatsApp;
using Sak.Sync.Reading.Message;

namespace Sak.Agent.Chats;

/// <summary>A reply that waits to be sent.</summary>
/// <param name="Chat">SAK's chat: the person.</param>
/// <param name="ChatId">WhatsApp's chat, as the id names it.</param>
/// <param name="InDoubt">True when WhatsApp was asked to send it before and nobody knows what became of it.</param>
public sealed record QueuedReply(string MessageId, string Chat, string ChatId, string Text, int Attempts, bool InDoubt,
    DateTimeOffset QueuedAt);

/// <summary>
/// Replies on their way. Each has its WhatsApp id from the transaction that queued it, so that a doubt can be settled
/// by asking WhatsApp for that id instead of sending again.
/// </summary>
public sealed class Outbox(ReplicaDb db, TimeProvider clock)
{
    /// <summary>After so many refusals the owner is told and nothing more is tried.</summary>
    public const int MostAttempts = 8;

    private const int Random = 7;

    // WhatsApp may have told of it between two steps: what is settled is not unsettled.
    private const string Waits = "state IN ('queued', 'sending')";

    /// <summary>
    /// Between two tries. What is to wait much longer was put off by a clock that has been set back since.
    /// </summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(300);

    /// <summary>
    /// A message that the page has and WhatsApp has not acknowledged is asked for again after so long.
    /// </summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(15);

    /// <summary>A message id of the form that WhatsApp Web itself makes for a message of ours.</summary>
    /// <remarks>Its end is a check of its beginning, by which another PC of the shop knows an answer of SAK from one of
    /// the owner.</remarks>
    public static string NewMessageId(string chatId)
    {
        var made = RandomNumberGenerator.GetBytes(Random);
        return $"true_{chatId}_3EB0{Convert.ToHexString(made)}{Mark(made)}";
    }

    /// <summary>True when SAK made this id, here or on another PC.</summary>
    public static bool IsMadeBySak(string messageId) =>
        Key(messageId) is { Length: 22 } key && key.StartsWith("3EB0", StringComparison.Ordinal)
            && key[4..].All(char.IsAsciiHexDigitUpper)
        && key[18..] == Mark(Convert.FromHexString(key[4..18]));

    /// <summary>Queues the reply of a turn, inside transaction 2, for the chat as WhatsApp names it now.</summary>
    public static void Queue(SqliteConnection connection, Guid turnId, string chatId, string text, DateTimeOffset now)
    {
        var address = connection.Scalar<string?>("SELECT address FROM chats WHERE id = $chat", ("$chat", chatId));
        var id = NewMessageId(string.IsNullOrEmpty(address) ? chatId : address);
        connection.Execute(
            "INSERT INTO outbox (message_id, chat_id, turn_id, text, state, queued_at, next_at, key) VALUES ($id, "
                + "$chat, $turn, $text, 'queued', $now, $now, $key)",
            ("$id", id), ("$chat", chatId), ("$turn", turnId), ("$text", text),
            ("$now", now), ("$key", Key(id)));
    }

    /// <summary>True for a message that SAK sent. WhatsApp may name its chat otherwise than it did then.</summary>
    public static bool IsOurs(SqliteConnection connection, string messageId) =>
        connection.Scalar<long>("SELECT count(*) FROM outbox WHERE key = $key", ("$key", Key(messageId))) > 0;

    /// <summary>
    /// The oldest waiting reply of each chat that is due; only to people who wrote first, and not while a message that
    /// may be a "stop" waits to be read.
    /// </summary>
    public Task<List<QueuedReply>> DueAsync(DateTimeOffset now, CancellationToken cancel) =>
        db.ReadAsync(
            connection => connection.List(
                """
                SELECT message_id, chat_id, text, attempts, state = 'sending', queued_at FROM outbox o
                WHERE state IN ('queued', 'sending') AND (next_at <= $now OR next_at > $set_back)
                  AND NOT EXISTS (SELECT 1 FROM outbox e
                    WHERE e.chat_id = o.chat_id AND e.state IN ('queued', 'sending')
                    AND (e.queued_at, e.rowid) < (o.queued_at, o.rowid))
                  AND EXISTS (SELECT 1 FROM messages m WHERE m.chat_id = o.chat_id AND m.from_me = 0)
                ORDER BY queued_at LIMIT 50
                """,
                row => new QueuedReply(
                    row.GetString(0), row.GetString(1), row.GetString(0).Split('_')[1], row.GetString(2),
                    row.GetInt32(3), row.GetInt64(4) == 1, row.Time(5)),
                ("$now", now),
                ("$set_back", (now + LongestWait + LongestWait)))
                .FindAll(r => r.InDoubt || !MayHaveStopped(connection, r.MessageId)),
            cancel);

    /// <summary>When, after <paramref name="now"/>, the next waiting reply is due; null when none will be.</summary>
    public Task<DateTimeOffset?> NextDueAsync(DateTimeOffset now, CancellationToken cancel) =>
        db.ReadAsync(
            connection =>
                connection.Scalar<long?>(
                    "SELECT min(next_at) FROM outbox WHERE state IN ('queued', 'sending') AND next_at > $now",
                    ("$now", now)) is { } at
                ? DateTimeOffset.FromUnixTimeMilliseconds(at)
                : (DateTimeOffset?)null,
            cancel);

    /// <summary>What went out in the last minute: to whom and when, oldest first.</summary>
    public Task<List<(string Chat, DateTimeOffset At)>> RecentAsync(CancellationToken cancel) =>
        db.ReadAsync(
            connection => connection.List(
                "SELECT chat_id, sent_at FROM outbox WHERE sent_at > $since AND sent_at <= $now ORDER BY sent_at",
                row => (row.GetString(0), row.Time(1)),
                ("$since", (clock.GetUtcNow() - TimeSpan.FromMinutes(1))),
                ("$now", clock.GetUtcNow())),
            cancel);

    /// <summary>How long the page has had a reply that WhatsApp never acknowledged; zero when there is none.</summary>
    public Task<TimeSpan> LongestUnacknowledgedAsync(CancellationToken cancel) =>
        db.ReadAsync(
            connection =>
                connection.Scalar<long?>(
                    "SELECT min(asked_at) FROM outbox WHERE state = 'sending' AND asked_at IS NOT NULL") is { } since
                ? clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(since)
                : TimeSpan.Zero,
            cancel);

    /// <summary>True while a reply is on its way.</summary>
    public Task<bool> IsSendingAsync(CancellationToken cancel) =>
        db.ReadAsync(connection => connection.Scalar<long>("SELECT count(*) FROM outbox WHERE state = 'sending'") > 0,
            cancel);

    /// <summary>Stored before WhatsApp is asked: from here on the outcome is in doubt until it is told.</summary>
    /// <returns>
    /// False when it must not go out any more (the owner took the chat over, or the customer wrote "stop"), and while a
    /// message that may be a "stop" waits to be read.
    /// </returns>
    public Task<bool> SendingAsync(QueuedReply reply, CancellationToken cancel) =>
        db.WriteAsync(
            connection =>
            {
                if (WhyKept(connection, reply) is { } why)
                {
                    if (connection.Execute(
                        $"UPDATE outbox SET state = 'kept', error = $why WHERE message_id = $id AND {Waits}",
                        ("$id", reply.MessageId), ("$why", why)) == 0) return false;
                    Troubles.Raise(
                        connection,
                        $"SAK did not send an answer to {Customers.OfChat(connection, reply.Chat)}, since {why}: "
                            + $"\"{Start(reply.Text)}\"",
                        "Tell the customer yourself if it still matters.", clock);
                    return false;
                }

                return !MayHaveStopped(connection, reply.MessageId) && connection.Execute(
                    $"UPDATE outbox SET state = 'sending', asked_at = coalesce(asked_at, $now) WHERE message_id = $id "
                        + $"AND {Waits}",
                    ("$id", reply.MessageId), ("$now", clock.GetUtcNow())) > 0;
            },
            cancel);

    /// <summary>
    /// What WhatsApp says of a reply in doubt. One that it does not have, or failed to send, waits as one that was
    /// never tried: for the pace, the quiet hours and the owner.
    /// </summary>
    public Task SettleAsync(string messageId, WhatsAppAck? known, CancellationToken cancel) =>
        known is { } ack and not WhatsAppAck.Failed
            ? SentAsync(messageId, ack, cancel)
            : db.WriteAsync(
                connection => connection.Execute(
                    "UPDATE outbox SET state = 'queued', asked_at = NULL WHERE message_id = $id AND state = 'sending'",
                    ("$id", messageId)),
                cancel);

    /// <summary>
    /// Another page is open, and it was asked for nothing yet: what the one before did not acknowledge says nothing of
    /// it.
    /// </summary>
    public Task PageOpenedAsync(CancellationToken cancel) =>
        db.WriteAsync(connection => connection.Execute("UPDATE outbox SET asked_at = NULL WHERE state = 'sending'"),
            cancel);

    /// <summary>
    /// WhatsApp has it; or, when <paramref name="ack"/> is pending, only the page: then it is asked for again.
    /// </summary>
    public Task SentAsync(string messageId, WhatsAppAck ack, CancellationToken cancel) =>
        db.WriteAsync(
            connection =>
            {
                if (ack >= WhatsAppAck.Sent) Acked(connection, messageId, ack);
                else
                    connection.Execute(
                        "UPDATE outbox SET next_at = $next, asked_at = coalesce(asked_at, $now), error = 'WhatsApp "
                            + "has not acknowledged it yet' WHERE message_id = $id AND state = 'sending'",
                        ("$id", messageId), ("$now", clock.GetUtcNow()),
                        ("$next", (clock.GetUtcNow() + AskAgain)));
            },
            cancel);

    /// <summary>
    /// It did not go out, or may not have: tried again after 2, 4, 8 … 300 s. Refused again and again, it is left to
    /// the owner.
    /// </summary>
    /// <returns>True when it was given up.</returns>
    public Task<bool> FailedAsync(QueuedReply reply, string error, bool refused, CancellationToken cancel)
    {
        var wait = TimeSpan.FromSeconds(
            Math.Min(refused ? LongestWait.TotalSeconds : 30, Math.Pow(2, Math.Min(reply.Attempts, 10) + 1)));
        var givenUp = refused && reply.Attempts + 1 >= MostAttempts;
        return db.WriteAsync(
            connection => connection.Execute(
                // A page that refused it does not have it: no acknowledgement is to be waited for.
                $"""
                UPDATE outbox SET attempts = attempts + 1, next_at = $next, error = $error, state = CASE WHEN $over
                  THEN 'failed' ELSE state END,
                  asked_at = CASE WHEN $refused THEN NULL ELSE asked_at END WHERE message_id = $id AND {Waits}
                """,
                ("$id", reply.MessageId), ("$next", (clock.GetUtcNow() + wait)),
                ("$error", error), ("$over", givenUp), ("$refused", refused)) > 0 && givenUp,
            cancel);
    }

    /// <summary>Too late to be sent: nobody wants an answer out of the blue. The owner sees it.</summary>
    public Task ExpireAsync(QueuedReply reply, CancellationToken cancel) =>
        db.WriteAsync(
            connection =>
            {
                if (connection.Execute($"UPDATE outbox SET state = 'expired' WHERE message_id = $id AND {Waits}",
                    ("$id", reply.MessageId)) == 0) return;
                Troubles.Raise(
                    connection,
                    $"An answer to {Customers.OfChat(connection, reply.Chat)} waited too long for WhatsApp and was "
                        + $"not sent: \"{Start(reply.Text)}\"",
                    "Open the chat in WhatsApp and answer by hand.", clock);
            },
            cancel);

    /// <summary>WhatsApp told how far messages of ours got; levels only rise.</summary>
    public Task AckedAsync(IReadOnlyList<string> messageIds, WhatsAppAck ack, CancellationToken cancel) =>
        ack < WhatsAppAck.Sent
            ? Task.CompletedTask
            : db.WriteAsync(
                connection =>
                {
                    foreach (var id in messageIds) Acked(connection, id, ack);
                },
                cancel);

    private void Acked(SqliteConnection connection, string messageId, WhatsAppAck ack) =>
        connection.Execute(
            """
            UPDATE outbox SET ack = max(ack, $ack), sent_at = coalesce(sent_at, $now), error = '',
              state = CASE WHEN state IN ('queued', 'sending', 'failed', 'expired') THEN 'sent' ELSE state END
            WHERE key = $key
            """,
            ("$key", Key(messageId)), ("$ack", (int)ack), ("$now", clock.GetUtcNow()));

    // "Nothing after stop" holds from the capture on, not only from when its turn has been read.
    internal static bool MayHaveStopped(SqliteConnection connection, string messageId) =>
        connection.List(
            """
            SELECT m.text FROM outbox o JOIN messages m INDEXED BY messages_waiting ON m.chat_id = o.chat_id
              WHERE o.message_id = $id AND m.turn_id IS NULL AND m.from_me = 0
            UNION ALL SELECT m.text FROM outbox o JOIN turns t INDEXED BY turns_open ON t.chat_id = o.chat_id
              JOIN messages m ON m.turn_id = t.id
              WHERE o.message_id = $id AND t.state = 'open'
            """,
            row => row.GetString(0), ("$id", messageId)).Any(StopWords.MayBeStop);

    // By the reply and not by its chat: another may have become the person's chat meanwhile (his phone was learned).
    private string? WhyKept(SqliteConnection connection, QueuedReply reply) =>
        connection.Scalar<string?>(
            """
            SELECT CASE
              WHEN c.stopped = 1 THEN 'the customer wants no more messages'
              WHEN t.state = 'owner' THEN NULL -- his own words
              WHEN EXISTS (SELECT 1 FROM messages m
                WHERE m.chat_id = c.id AND m.from_me = 1 AND m.kind = 'sak' AND m.captured_at >= $queued)
                THEN 'another PC of the shop has answered'
              WHEN c.taken_at >= $queued AND c.owner_until > $now THEN 'you took the chat over'
              WHEN EXISTS (SELECT 1 FROM messages m
                WHERE m.chat_id = c.id AND m.from_me = 1 AND m.kind <> 'sak' AND m.captured_at >= $queued
                AND m.sent_at > c.resumed_at)
                THEN 'you were writing yourself' END
            FROM outbox o JOIN chats c ON c.id = o.chat_id JOIN turns t ON t.id = o.turn_id WHERE o.message_id = $id
            """,
            ("$id", reply.MessageId), ("$queued", reply.QueuedAt),
            ("$now", clock.GetUtcNow()));

    /// <summary>The part of an id that stays when WhatsApp renames the chat.</summary>
    internal static string Key(string messageId) =>
        messageId.Split('_') is { Length: > 2 } parts ? parts[2] : messageId;

    private static string Mark(byte[] made) => Convert.ToHexString(SHA256.HashData([.. made, .. "sak"u8]), 0, 2);

    private static string Start(string text) => text.Length <= 120 ? text : text[..120] + "…";
}
