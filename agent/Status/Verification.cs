using Microsoft.Data.Sqlite;
using Sak.Agent.Chats;
using Sak.Agent.Database;
using Sak.Agent.WhatsApp;

namespace Sak.Agent.Status;

/// <param name="There">Customers' messages that WhatsApp Web has for the period.</param>
/// <param name="Missing">One line each: messages that WhatsApp has and SAK does not, orders whose confirmation WhatsApp
/// does not have, and replies that SAK takes for sent and WhatsApp does not have.</param>
/// <param name="Doubled">One line each: replies that a customer got twice, and orders that came
/// from one message.</param>
public sealed record VerificationReport(
    int There, int Captured, int Answered, int LeftToOwner, int Waiting, int Ignored, int Sealed, int Orders,
    IReadOnlyList<string> Missing, IReadOnlyList<string> Doubled)
{
    public bool IsGood => Missing.Count + Doubled.Count == 0;
}

/// <summary>
/// Compares what WhatsApp Web has with what SAK has, message by message and reply by reply. Reads only.
/// </summary>
public sealed class Verification(ReplicaDb db)
{
    private const int Shown = 40;

    private sealed record Stored(TurnState? Turn, bool Answered);

    public Task<VerificationReport> CompareAsync(IReadOnlyList<WhatsAppMessage> theirs, DateTimeOffset from,
        DateTimeOffset to, CancellationToken cancel) =>
        db.ReadAsync(
            connection =>
                Compare(connection, [.. theirs.Where(m => m.SentAt >= from && m.SentAt < to)], theirs, from, to),
                cancel);

    private static VerificationReport Compare(
        SqliteConnection connection, List<WhatsAppMessage> inPeriod, IReadOnlyList<WhatsAppMessage> theirs,
        DateTimeOffset from, DateTimeOffset to)
    {
        var ours = connection.List(
            "SELECT m.id, t.state, EXISTS (SELECT 1 FROM outbox o WHERE o.turn_id = t.id AND o.state = "
                + "'sent') FROM messages m LEFT JOIN turns t ON t.id = m.turn_id",
            row => (Id: row.GetString(0),
                Stored: new Stored(row.IsDBNull(1) ? null : row.State<TurnState>(1), row.GetBoolean(2))))
            .ToDictionary(r => r.Id, r => r.Stored);
        bool IsKnown(WhatsAppMessage m) =>
            ours.ContainsKey(m.Id) || ours.ContainsKey(HiddenIds.MessageIdOf(connection, m.Id));
        var ignored = connection.List("SELECT id FROM ignored", row => row.GetString(0)).ToHashSet();
        var written = inPeriod.Where(m => !m.FromMe && CaptureMessages.IsPerson(m.ChatId)).ToList();
        var captured = written.Where(IsKnown)
            .Select(m => ours.GetValueOrDefault(m.Id) ?? ours[HiddenIds.MessageIdOf(connection, m.Id)]).ToList();

        var missing = written.Where(m => !IsKnown(m))
            .Select(m => $"missing  {m.SentAt:yyyy-MM-dd HH:mm:ss} {m.Id} {Start(m.Text)}")
            .Concat(UntoldOrders(connection, theirs, from, to)).Concat(LostReplies(connection, theirs, from, to))
            .ToList();
        return new VerificationReport(
            written.Count, captured.Count, captured.Count(k => k.Answered),
            captured.Count(k => k.Turn == TurnState.Owner),
            captured.Count(k => k.Turn is null or TurnState.Open),
            inPeriod.Count(m => !CaptureMessages.IsPerson(m.ChatId) && ignored.Contains(m.Id)),
            written.Count(m => m.Type == "ciphertext"),
            connection.Scalar<int>("SELECT count(*) FROM orders WHERE placed_at >= $from AND placed_at < $to",
                ("$from", from), ("$to", to)),
            missing, [.. SaidTwice(connection, inPeriod), .. OrderedTwice(connection, from, to)]);
    }

    // WhatsApp must have the reply that confirmed an order, unless the owner saw that it did not go out.
    private static IEnumerable<string> UntoldOrders(SqliteConnection connection, IReadOnlyList<WhatsAppMessage> theirs,
        DateTimeOffset from, DateTimeOffset to)
    {
        var sent = theirs.Where(m => m.FromMe).Select(m => MessageIds.Key(m.Id)).ToHashSet();
        return connection.List(
            "SELECT o.number, coalesce(b.key, ''), coalesce(b.state, 'none') FROM orders o LEFT JOIN outbox b ON "
                + "b.turn_id = o.turn_id LEFT JOIN turns t ON t.id = o.turn_id WHERE o.placed_at >= $from AND "
                    + "o.placed_at < $to AND NOT (b.key IS NULL AND t.state = 'owner')",
            row => (Number: row.GetString(0), Key: row.GetString(1), State: row.GetString(2)),
            ("$from", from), ("$to", to))
            .Where(o => o.State == "none" || (o.State == "sent" && !sent.Contains(o.Key)))
            .Select(o => $"missing  order {o.Number}: WhatsApp does not have the message that told the customer of it");
    }

    // WhatsApp must have every other reply that SAK takes for sent.
    private static IEnumerable<string> LostReplies(SqliteConnection connection, IReadOnlyList<WhatsAppMessage> theirs,
        DateTimeOffset from, DateTimeOffset to)
    {
        var sent = theirs.Where(m => m.FromMe).Select(m => MessageIds.Key(m.Id)).ToHashSet();
        return connection.List(
            """
            SELECT b.key, b.chat_id, b.text, b.sent_at FROM outbox b
            WHERE b.state = 'sent' AND b.sent_at >= $from AND b.sent_at < $to
              AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.turn_id = b.turn_id) ORDER BY b.sent_at
            """,
            row => (Key: row.GetString(0), Chat: row.GetString(1), Text: row.GetString(2), At: row.Time(3)),
            ("$from", from), ("$to", to))
            .Where(r => !sent.Contains(r.Key))
            .Select(r =>
                $"missing  {r.At:yyyy-MM-dd HH:mm:ss} a reply to "
                    + $"{ChatBook.CustomerName(connection, r.Chat)} that WhatsApp does not have: {Start(r.Text)}");
    }

    // By what the customer sees, not by ids: each message has one of its own, whoever sent it again.
    private static IEnumerable<string> SaidTwice(SqliteConnection connection, List<WhatsAppMessage> inPeriod)
    {
        foreach (var chat in inPeriod.Where(m => CaptureMessages.IsPerson(m.ChatId))
            .GroupBy(m => HiddenIds.ChatOf(connection, m.ChatId)))
        {
            var since = new List<WhatsAppMessage>(); // What SAK said since the customer last wrote.
            foreach (var message in chat.OrderBy(m => m.SentAt).ThenBy(m => m.RowId))
            {
                if (!message.FromMe) since.Clear();
                else if (MessageIds.IsMadeBySak(message.Id))
                {
                    if (since.Exists(s => s.Text == message.Text && !AnswerEachItsOwn(connection, s.Id, message.Id)))
                        yield return $"doubled  {message.SentAt:yyyy-MM-dd HH:mm:ss} {MessageIds.Key(message.Id)} "
                            + $"{Start(message.Text)}";
                    since.Add(message);
                }
            }
        }
    }

    // Two quick messages of a customer may get the same reply one after the other; a message that was captured
    // twice may not.
    private static bool AnswerEachItsOwn(SqliteConnection connection, string one, string other) =>
        Answered(connection, one) is { } first && Answered(connection, other) is { } second
            && MessageIds.Key(one) != MessageIds.Key(other) && !first.Overlaps(second);

    /// <returns>The messages that this PC answered with it; null when it did not.</returns>
    private static HashSet<string>? Answered(SqliteConnection connection, string reply) =>
        connection.Scalar<string?>("SELECT turn_id FROM outbox WHERE key = $key",
            ("$key", MessageIds.Key(reply))) is { } turn
            ? [.. connection.List("SELECT id FROM messages WHERE turn_id = $turn",
                row => MessageIds.Key(row.GetString(0)), ("$turn", turn))]
            : null;

    // An order empties the basket, so no message is in two orders; the other PC's orders are in the table too. A
    // cancelled order needs nothing more.
    private static IEnumerable<string> OrderedTwice(SqliteConnection connection, DateTimeOffset from,
        DateTimeOffset to) =>
        connection.List(
            """
            SELECT o.number, l.message_id FROM orders o JOIN order_lines l ON l.order_id = o.id
            WHERE o.placed_at >= $from AND o.placed_at < $to AND o.status <> 'cancelled' AND l.message_id <> ''
              ORDER BY o.placed_at, o.number
            """,
            row => (Number: row.GetString(0), Key: MessageIds.Key(row.GetString(1))),
            ("$from", from), ("$to", to))
            .GroupBy(l => l.Key, l => l.Number).Select(g => string.Join(" and ", g.Distinct()))
            .Where(n => n.Contains(" and ", StringComparison.Ordinal)).Distinct()
            .Select(numbers => $"doubled  orders {numbers} came from one message of the customer");

    // One line of the report; whoever shows it takes out what a terminal would obey.
    private static string Start(string text) =>
        Messages.Cut(text, Shown).ReplaceLineEndings(" ") + (text.Length > Shown ? "…" : "");
}
