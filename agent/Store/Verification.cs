using Microsoft.Data.Sqlite;
using Sak.Agent.Dashboard;
using Sak.Agent.WhatsApp;

namespace Sak.Agent.Store;

/// <param name="There">Customers' messages that WhatsApp Web has for the period.</param>
/// <param name="Missing">One line each: what WhatsApp has and SAK has not, and orders that no customer was told of.</param>
/// <param name="Doubled">One line each: replies that WhatsApp has twice for one turn, and turns with two orders.</param>
public sealed record VerificationReport(
    int There, int Captured, int Answered, int LeftToOwner, int Waiting, int Ignored, int Sealed, int Orders, IReadOnlyList<string> Missing, IReadOnlyList<string> Doubled)
{
    public bool IsGood => Missing.Count + Doubled.Count == 0;
}

/// <summary>Compares what WhatsApp Web has with what SAK has, message by message and reply by reply. Reads only.</summary>
public sealed class Verification(ReplicaDb db)
{
    private const int Shown = 40;

    private sealed record Known(string TurnState, bool Answered);

    public Task<VerificationReport> CompareAsync(IReadOnlyList<WhatsAppMessage> theirs, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) =>
        db.ReadAsync(connection => Compare(connection, [.. theirs.Where(m => m.SentAt >= from && m.SentAt < to)], theirs, from, to), cancel);

    private static VerificationReport Compare(
        SqliteConnection connection, List<WhatsAppMessage> inPeriod, IReadOnlyList<WhatsAppMessage> theirs, DateTimeOffset from, DateTimeOffset to)
    {
        var ours = connection.List(
            "SELECT m.id, coalesce(t.state, ''), EXISTS (SELECT 1 FROM outbox o WHERE o.turn_id = t.id AND o.state = 'sent') FROM messages m LEFT JOIN turns t ON t.id = m.turn_id",
            row => (Id: row.GetString(0), Known: new Known(row.GetString(1), row.GetBoolean(2)))).ToDictionary(r => r.Id, r => r.Known);
        bool IsKnown(WhatsAppMessage m) => ours.ContainsKey(m.Id) || ours.ContainsKey(OneChat.IdOf(connection, m.Id));
        var ignored = connection.List("SELECT id FROM ignored", row => row.GetString(0)).ToHashSet();
        var written = inPeriod.Where(m => !m.FromMe && Conversations.IsPerson(m.ChatId)).ToList();
        var captured = written.Where(IsKnown).Select(m => ours.GetValueOrDefault(m.Id) ?? ours[OneChat.IdOf(connection, m.Id)]).ToList();

        var missing = written.Where(m => !IsKnown(m)).Select(m => $"missing  {m.SentAt:yyyy-MM-dd HH:mm:ss} {m.Id} {Start(m.Text)}")
            .Concat(UntoldOrders(connection, theirs, from, to)).ToList();
        return new VerificationReport(
            written.Count, captured.Count, captured.Count(k => k.Answered), captured.Count(k => k.TurnState == "owner"),
            captured.Count(k => k.TurnState is "" or "open"), inPeriod.Count(m => !Conversations.IsPerson(m.ChatId) && ignored.Contains(m.Id)),
            written.Count(m => m.Type == "ciphertext"),
            connection.Scalar<int>("SELECT count(*) FROM orders WHERE placed_at >= $from AND placed_at < $to", ("$from", from.ToUnixTimeMilliseconds()), ("$to", to.ToUnixTimeMilliseconds())),
            missing, Doubled(connection, inPeriod));
    }

    // An order is told in a reply; WhatsApp must have that reply, unless the owner was told that it did not go out.
    private static IEnumerable<string> UntoldOrders(SqliteConnection connection, IReadOnlyList<WhatsAppMessage> theirs, DateTimeOffset from, DateTimeOffset to)
    {
        var sent = theirs.Where(m => m.FromMe).Select(m => Outbox.Key(m.Id)).ToHashSet();
        return connection.List(
            "SELECT o.number, coalesce(b.key, ''), coalesce(b.state, 'none') FROM orders o LEFT JOIN outbox b ON b.turn_id = o.turn_id LEFT JOIN turns t ON t.id = o.turn_id WHERE o.placed_at >= $from AND o.placed_at < $to AND NOT (b.key IS NULL AND t.state = 'owner')",
            row => (Number: row.GetString(0), Key: row.GetString(1), State: row.GetString(2)),
            ("$from", from.ToUnixTimeMilliseconds()), ("$to", to.ToUnixTimeMilliseconds()))
            .Where(o => o.State == "none" || (o.State == "sent" && !sent.Contains(o.Key)))
            .Select(o => $"missing  order {o.Number}: WhatsApp does not have the message that told the customer of it");
    }

    private static List<string> Doubled(SqliteConnection connection, List<WhatsAppMessage> inPeriod)
    {
        var twice = inPeriod.Where(m => m.FromMe && Outbox.IsOurs(connection, m.Id)).GroupBy(m => Outbox.Key(m.Id)).Where(g => g.Count() > 1)
            .Select(g => $"doubled  {g.First().SentAt:yyyy-MM-dd HH:mm:ss} {g.Key} {Start(g.First().Text)}");
        var orders = connection.List(
            "SELECT group_concat(number, ' and ') FROM orders GROUP BY turn_id HAVING count(*) > 1", row => $"doubled  orders {row.GetString(0)} came from one turn");
        return [.. twice, .. orders];
    }

    // It goes to a terminal, and a customer wrote it.
    private static string Start(string text) => ScreenText.Clip(ScreenText.Clean(text), Shown);
}
