using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
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
/// Sending: WhatsApp was asked, and the outcome is unknown. Failed, expired and kept replies are shown to the owner:
/// WhatsApp refused too often, it is too late, or the owner or another PC answered (or the customer wrote "stop").
/// </summary>
internal enum OutboxState { Queued, Sending, Sent, Failed, Expired, Kept }

/// <summary>
/// Replies on their way. Each has its WhatsApp id from the transaction that queued it, so that a doubt can be settled
/// by asking WhatsApp for that id instead of sending again.
/// </summary>
public sealed class Outbox(ReplicaDb db, TimeProvider clock)
{
    /// <summary>After this many refusals SAK gives the reply up and the owner sees it.</summary>
    public const int MostAttempts = 8;

    // WhatsApp may have acknowledged a reply between two steps: a settled reply stays as it is.
    private const string Waits = "state IN ('queued', 'sending')";

    /// <summary>
    /// Between two tries. A reply that would wait much longer was put off by a clock that has been set back since.
    /// </summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(300);

    /// <summary>
    /// After this time WhatsApp is asked again for a message that the page has and WhatsApp has not acknowledged.
    /// </summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(15);

    /// <summary>Queues the reply of a turn, inside transaction 2, for the chat as WhatsApp names it now.</summary>
    public static void Queue(SqliteConnection connection, Turn turn, string text, DateTimeOffset now)
    {
        var id = MessageIds.New(ChatBook.Address(connection, turn.ChatId));
        connection.Execute(
            "INSERT INTO outbox (message_id, chat_id, turn_id, text, state, queued_at, next_at, key) "
                + "VALUES ($id, $chat, $turn, $text, $state, $now, $now, $key)",
            ("$id", id), ("$chat", turn.ChatId), ("$turn", turn.Id), ("$text", text), ("$state", OutboxState.Queued),
            ("$now", now), ("$key", MessageIds.Key(id)));
    }

    /// <summary>True for a message that SAK sent. WhatsApp may name its chat differently now.</summary>
    public static bool IsOurs(SqliteConnection connection, string messageId) =>
        connection.Scalar<long>("SELECT count(*) FROM outbox WHERE key = $key",
            ("$key", MessageIds.Key(messageId))) > 0;

    /// <summary>True for the last reply of a chat, by the part of its id that stays.</summary>
    public static bool IsNewest(SqliteConnection connection, string chatId, string key) =>
        connection.Scalar<string?>("SELECT key FROM outbox WHERE chat_id = $chat ORDER BY queued_at DESC LIMIT 1",
            ("$chat", chatId)) == key;

    /// <summary>The newest replies of a chat that were queued after a time, the newest first.</summary>
    public static List<string> TextsSince(SqliteConnection connection, string chatId, DateTimeOffset since,
        int most) =>
        connection.List(
            "SELECT text FROM outbox WHERE chat_id = $chat AND queued_at > $since ORDER BY queued_at DESC LIMIT $most",
            row => row.GetString(0), ("$chat", chatId), ("$since", since), ("$most", most));

    public static void MoveChat(SqliteConnection connection, string from, string to) =>
        connection.Execute("UPDATE outbox SET chat_id = $to WHERE chat_id = $from", ("$from", from), ("$to", to));

    /// <summary>
    /// The oldest waiting reply of each chat, if it is due: only to people who wrote first, and not while a message
    /// that may be a "stop" is unread.
    /// </summary>
    public Task<List<QueuedReply>> DueAsync(DateTimeOffset now, CancellationToken cancel) =>
        db.ReadAsync(
            connection => OldestOfEachChat(connection, now).FindAll(reply =>
                reply.InDoubt || !MayHaveStopped(connection, reply.MessageId)),
            cancel);

    // Only to people who wrote first; it is asked before the limit, so that no other reply waits behind such a chat.
    private static List<QueuedReply> OldestOfEachChat(SqliteConnection connection, DateTimeOffset now) =>
        connection.List(
            $"""
            SELECT message_id, chat_id, text, attempts, state, queued_at FROM outbox o
            WHERE {Waits} AND (next_at <= $now OR next_at > $set_back)
              AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.chat_id = o.chat_id AND e.{Waits}
                AND (e.queued_at, e.rowid) < (o.queued_at, o.rowid))
              AND EXISTS (SELECT 1 FROM messages m WHERE m.chat_id = o.chat_id AND m.from_me = 0)
            ORDER BY queued_at LIMIT 50
            """,
            row => new QueuedReply(
                row.GetString(0), row.GetString(1), MessageIds.Chat(row.GetString(0)), row.GetString(2),
                row.GetInt32(3), row.State<OutboxState>(4) == OutboxState.Sending, row.Time(5)),
            ("$now", now), ("$set_back", now + LongestWait + LongestWait));

    /// <summary>When, after <paramref name="now"/>, the next waiting reply is due; null when none will be.</summary>
    public Task<DateTimeOffset?> NextDueAsync(DateTimeOffset now, CancellationToken cancel) =>
        db.ReadAsync(
            connection =>
                connection.Scalar<long?>(
                    $"SELECT min(next_at) FROM outbox WHERE {Waits} AND next_at > $now",
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
                ("$since", clock.GetUtcNow() - TimeSpan.FromMinutes(1)), ("$now", clock.GetUtcNow())),
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

    /// <summary>
    /// Stored before WhatsApp is asked: from here on the outcome is in doubt until WhatsApp reports it.
    /// </summary>
    /// <returns>
    /// False when it must not go out any more (the owner took the chat over, or the customer wrote "stop"), and while a
    /// message that may be a "stop" is unread.
    /// </returns>
    public Task<bool> SendingAsync(QueuedReply reply, CancellationToken cancel) =>
        db.WriteAsync(
            connection =>
            {
                if (WhyHeldBack(connection, reply) is { } why)
                {
                    HoldBack(connection, reply, why);
                    return false;
                }

                return !MayHaveStopped(connection, reply.MessageId) && connection.Execute(
                    "UPDATE outbox SET state = 'sending', asked_at = coalesce(asked_at, $now) "
                        + $"WHERE message_id = $id AND {Waits}",
                    ("$id", reply.MessageId), ("$now", clock.GetUtcNow())) > 0;
            },
            cancel);

    private void HoldBack(SqliteConnection connection, QueuedReply reply, string why)
    {
        if (connection.Execute(
            $"UPDATE outbox SET state = 'kept', error = $why WHERE message_id = $id AND {Waits}",
            ("$id", reply.MessageId), ("$why", why)) == 0) return;
        Troubles.Raise(
            connection,
            $"SAK did not send an answer to {ChatBook.CustomerName(connection, reply.Chat)}, since {why}: "
                + $"\"{Start(reply.Text)}\"",
            "Tell the customer yourself if it still matters.", clock);
    }

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
    /// Another page is open, and it was asked for nothing yet: what the one before did not acknowledge says
    /// nothing of it.
    /// </summary>
    public Task PageOpenedAsync(CancellationToken cancel) =>
        db.WriteAsync(connection => connection.Execute("UPDATE outbox SET asked_at = NULL WHERE state = 'sending'"),
            cancel);

    /// <summary>
    /// WhatsApp has it; or, when <paramref name="ack"/> is pending, only the page has it: then WhatsApp is asked again.
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
                        ("$next", clock.GetUtcNow() + AskAgain));
            },
            cancel);

    /// <summary>
    /// It did not go out, or may not have: tried again after 2, 4, 8 … 300 s. Refused again and again, it is left
    /// to the owner.
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
                ("$id", reply.MessageId), ("$next", clock.GetUtcNow() + wait),
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
                    $"An answer to {ChatBook.CustomerName(connection, reply.Chat)} waited too long for WhatsApp and "
                        + $"was not sent: \"{Start(reply.Text)}\"",
                    "Open the chat in WhatsApp and answer by hand.", clock);
            },
            cancel);

    /// <summary>WhatsApp reports how far replies got; levels only rise.</summary>
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
            ("$key", MessageIds.Key(messageId)), ("$ack", (int)ack), ("$now", clock.GetUtcNow()));

    // "Nothing after stop" holds from the capture on, not only from when its turn has been read.
    internal static bool MayHaveStopped(SqliteConnection connection, string messageId) =>
        Messages.UnreadTexts(connection, ChatOf(connection, messageId)).Exists(StopWords.MayBeStop);

    private string? WhyHeldBack(SqliteConnection connection, QueuedReply reply)
    {
        var chat = ChatOf(connection, reply.MessageId);
        return HeldBack.Why(reply.QueuedAt, ChatBook.Control(connection, chat), TurnStateOf(connection, reply),
            Messages.FromShopSince(connection, chat, reply.QueuedAt), clock.GetUtcNow());
    }

    // Read each time: the reply's chat may have been merged into another one since the reply was taken up.
    private static string ChatOf(SqliteConnection connection, string messageId) =>
        connection.Scalar<string>("SELECT chat_id FROM outbox WHERE message_id = $id", ("$id", messageId));

    private static TurnState TurnStateOf(SqliteConnection connection, QueuedReply reply) =>
        Turns.StateOf(connection, Guid.Parse(connection.Scalar<string>(
            "SELECT turn_id FROM outbox WHERE message_id = $id", ("$id", reply.MessageId))));

    private static string Start(string text) => text.Length <= 120 ? text : text[..120] + "…";
}
