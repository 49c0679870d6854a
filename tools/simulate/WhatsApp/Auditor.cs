using Sak.Agent.Database;
using Sak.Sync.Model;

namespace Sak.Tools.Simulate.WhatsApp;

/// <summary>Compares what customers sent and were told with the shop's database: I1, I2 and I3.</summary>
internal sealed class Auditor(World world, IReadOnlyList<SimulatedCustomer> customers, ReplicaDb db)
{
    private readonly List<string> _found = [];

    private sealed record CapturedMessage(string Id, string Chat, string Type, string Text, DateTimeOffset SentAt,
        string? TurnState);

    private sealed record Queued(string Id, string Chat, string Text, string State, DateTimeOffset QueuedAt,
        string? Number, long Gross, string Currency);

    public async Task<IReadOnlyList<string>> FindAsync(CancellationToken cancel)
    {
        await db.ReadAsync(
            connection =>
            {
                var rows = connection.List(
                    "SELECT m.id, m.chat_id, m.type, m.text, m.sent_at, t.state FROM messages m LEFT JOIN turns t ON "
                        + "t.id = m.turn_id WHERE m.from_me = 0",
                    r => new CapturedMessage(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.Time(4),
                        r.IsDBNull(5) ? null : r.GetString(5)));
                Captured(rows);
                Ignored(connection.List("SELECT id FROM ignored", r => r.GetString(0)));
                Answered(rows);
                var queued = connection.List(
                    """
                    SELECT b.message_id, b.chat_id, b.text, b.state, b.queued_at, o.number, coalesce(o.gross, 0),
                      coalesce(o.currency, '')
                    FROM outbox b LEFT JOIN orders o ON o.turn_id = b.turn_id ORDER BY b.queued_at, b.rowid
                    """,
                    r => new Queued(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.Time(4),
                        r.IsDBNull(5) ? null : r.GetString(5), r.GetInt64(6), r.GetString(7)));
                Replied(queued);
                Told(queued, connection.List(
                    // Customers who want no messages are told by the owner, who confirmed the draft.
                    """
                    SELECT o.number FROM orders o JOIN turns t ON t.id = o.turn_id JOIN chats c ON c.id = t.chat_id
                    WHERE NOT (c.stopped = 1 AND t.state = 'owner'
                      AND NOT EXISTS (SELECT 1 FROM outbox b WHERE b.turn_id = t.id))
                    """,
                    r => r.GetString(0)));
                InOrder(queued);
                Quiet();
                return true;
            },
            cancel);
        return _found;
    }

    // I1: each message once, with the customer's text and time; or sealed, and then shown.
    private void Captured(List<CapturedMessage> rows)
    {
        var captured = rows.ToLookup(r => r.Id);
        foreach (var message in world.All.Where(
            m => !m.FromMe && m.Chat.Contains("@g.us", StringComparison.Ordinal) is false))
        {
            var row = captured[message.Id].SingleOrDefault();
            if (row is null) _found.Add($"I1: {message.Id} \"{message.Text}\" was never captured");
            else if (row.Type == "ciphertext" && message.Sealed) continue;
            else if (row.Type == "ciphertext")
                _found.Add($"I1: {message.Id} \"{message.Text}\" can be read and was not");
            else if (row.SentAt.ToUnixTimeSeconds() != message.At.ToUnixTimeSeconds())
                _found.Add($"I1: {message.Id} has the time {row.SentAt:T}, not {message.At:T}");
            else if (row.Text != message.Text && !Amended(rows, message))
                _found.Add($"I1: {message.Id} says \"{row.Text}\", not \"{message.Text}\"");
        }

        foreach (var extra in rows.Where(r => !r.Id.Contains('#') && world.Find(r.Id) is null))
            _found.Add($"I1: {extra.Id} was captured and never written");
    }

    private static bool Amended(List<CapturedMessage> rows, WorldMessage message) =>
        rows.LastOrDefault(r => r.Id.StartsWith(message.Id + "#", StringComparison.Ordinal))?.Text == message.Text
        || rows.Exists(r => r.Id.StartsWith(message.Id + "#", StringComparison.Ordinal) && r.Text == message.Text);

    private void Ignored(List<string> ignored)
    {
        var posts = world.All.Where(m => m.Chat.Contains("@g.us", StringComparison.Ordinal)).Select(m => m.Id)
            .ToHashSet();
        if (!posts.SetEquals(ignored)) _found.Add($"I1: {posts.Count} group posts, {ignored.Count} counted");
    }

    private void Answered(List<CapturedMessage> rows)
    {
        foreach (var row in rows.Where(r => r.TurnState is not ("done" or "owner")))
            _found.Add($"I3: {row.Id} \"{row.Text}\" still waits ({row.TurnState ?? "no turn"})");
    }

    // I3: each reply reached the customer once; one that was not sent is marked so.
    private void Replied(List<Queued> queued)
    {
        var heard = world.ToCustomers.ToDictionary(d => d.Id);
        foreach (var reply in queued)
        {
            heard.Remove(reply.Id, out var delivered);
            if (reply.State is "queued" or "sending" or "pending") _found.Add($"I3: {reply.Id} is still {reply.State}");
            if (reply.State == "sent" && delivered is null)
                _found.Add($"I3: {reply.Id} counts as sent and reached nobody");
            if (delivered is not null && reply.State != "sent")
                _found.Add($"I3: {reply.Id} reached the customer and counts as {reply.State}");
            if (delivered is not null && delivered.Text != reply.Text)
                _found.Add($"I3: {reply.Id} reached the customer with other words");
            if (delivered is { Calls: > 1 }) _found.Add($"I3: {reply.Id} was sent {delivered.Calls} times");
        }

        foreach (var stray in heard.Values)
            _found.Add($"I3: {stray.Id} \"{stray.Text}\" reached a customer and is in no outbox");
    }

    // I2: each order once, told with its number and its exact total.
    private void Told(List<Queued> queued, List<string> numbers)
    {
        foreach (var twice in numbers.GroupBy(n => n).Where(g => g.Count() > 1))
            _found.Add($"I2: order {twice.Key} exists {twice.Count()} times");
        foreach (var number in numbers)
        {
            var telling = queued.SingleOrDefault(q => q.Number == number);
            if (telling is null) _found.Add($"I2: nobody was told of order {number}");
            else if (!telling.Text.Contains(number, StringComparison.Ordinal)
                || !telling.Text.Contains(new Money(telling.Gross, telling.Currency).Amount, StringComparison.Ordinal))
                _found.Add($"I2: order {number} was told as \"{telling.Text}\"");
        }
    }

    // A customer gets the answers in the order in which they were made.
    private void InOrder(List<Queued> queued)
    {
        var at = world.ToCustomers.ToDictionary(d => d.Id, d => d.At);
        foreach (var chat in queued.Where(q => at.ContainsKey(q.Id)).GroupBy(q => q.Chat))
        {
            var times = chat.Select(q => at[q.Id]).ToList();
            if (!times.SequenceEqual(times.Order())) _found.Add($"I3: the answers to {chat.Key} arrived out of order");
        }
    }

    private void Quiet()
    {
        foreach (var customer in customers.Where(c => c.Stopped is not null))
        {
            // Replies that were already being sent when the "stop" came may still arrive.
            var after = world.ToCustomers.Count(
                d => d.Chat == customer.Chat && d.At > customer.Stopped + TimeSpan.FromHours(3));
            if (after > 0) _found.Add($"{after} messages went to {customer.Name} long after \"stop\"");
        }

        foreach (var sent in world.ToCustomers.Where(
            d => !world.All.Any(m => m.Chat == d.Chat && !m.FromMe && m.At <= d.At)))
            _found.Add($"{sent.Id} went to someone who had not written");
    }
}
