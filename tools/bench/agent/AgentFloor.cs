using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Sak.Agent.Database;

namespace Sak.Tools.Bench.Agent;

/// <summary>
/// The minimal cost of a message and its reply: the same rows into the same tables, durably, without any reading.
/// </summary>
internal sealed class AgentFloor : IDisposable
{
    private readonly SqliteConnection _connection;

    public AgentFloor(string path)
    {
        _connection = new SqliteConnection($"Data Source={path}");
        _connection.Open();
        _connection.Execute("PRAGMA journal_mode = WAL");
        _connection.Execute("PRAGMA synchronous = FULL");
        using var schema = typeof(ReplicaDb).Assembly.GetManifestResourceStream("Schema.sql")!;
        using var reader = new StreamReader(schema);
        _connection.Execute(reader.ReadToEnd());
    }

    /// <summary>Milliseconds for the capture, and for the turn and the reply.</summary>
    public (double Capture, double Reply) Run(int number)
    {
        var (chat, message, turn, customer) = ($"9199{number:00000000}@c.us",
            $"false_9199{number:00000000}@c.us_3A{number:D16}", $"{Guid.NewGuid()}", $"{Guid.NewGuid()}");
        var start = Stopwatch.GetTimestamp();
        InOne(() =>
        {
            _connection.Execute(
                "INSERT INTO customers (id, phone, chat_id, name, language, words) VALUES ($id, '919900000000', "
                    + "$chat, 'Customer', '', '{}')", ("$id", customer), ("$chat", chat));
            _connection.Execute(
                "INSERT INTO chats (id, customer_id, last_at, address) VALUES ($chat, $customer, 1, $chat)",
                ("$chat", chat), ("$customer", customer));
            _connection.Execute(
                "INSERT INTO messages (id, chat_id, from_me, kind, type, text, sent_at, captured_at) VALUES ($id, "
                    + "$chat, 0, 'text', 'chat', '2 sugar and 3 salt', 1, 1)", ("$id", message), ("$chat", chat));
        });
        var captured = Stopwatch.GetTimestamp();
        InOne(() =>
        {
            _connection.Execute("INSERT INTO turns (id, chat_id, state, opened_at) VALUES ($id, $chat, 'open', 1)",
                ("$id", turn), ("$chat", chat));
            _connection.Execute("UPDATE messages SET turn_id = $turn WHERE id = $id", ("$turn", turn),
                ("$id", message));
        });
        InOne(() =>
        {
            _connection.Execute("UPDATE chats SET basket = $basket WHERE id = $chat",
                ("$basket", new string('b', 600)), ("$chat", chat));
            _connection.Execute("UPDATE customers SET language = 'en' WHERE id = $id", ("$id", customer));
            _connection.Execute(
                "INSERT INTO outbox (message_id, chat_id, turn_id, text, state, queued_at, next_at, key) VALUES ($id, "
                    + "$chat, $turn, $text, 'queued', 1, 1, $id)",
                ("$id", $"true_{turn}"), ("$chat", chat), ("$turn", turn), ("$text", new string('t', 200)));
            _connection.Execute("UPDATE turns SET state = 'done', closed_at = 1 WHERE id = $id", ("$id", turn));
        });
        return (Stopwatch.GetElapsedTime(start, captured).TotalMilliseconds,
            Stopwatch.GetElapsedTime(captured).TotalMilliseconds);
    }

    public void Dispose() => _connection.Dispose();

    private void InOne(Action write)
    {
        using var transaction = _connection.BeginTransaction();
        write();
        transaction.Commit();
    }
}
