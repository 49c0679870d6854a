using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Sak.Agent.Chats;
using Sak.Agent.Database;
using Sak.Agent.Status;
using Sak.Agent.Sync;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Chats;

/// <summary>Queries that run every second or for every message stay cheap in a shop with years of messages.</summary>
public sealed class LongHistoryTests : IAsyncDisposable
{
    private readonly Folder _folder = new();
    private readonly FakeTimeProvider _clock = new(TestTime.Start);
    private readonly ReplicaDb _db;

    public LongHistoryTests() => _db = OpenReplica.At(_folder.File("shop.db"), _clock);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_dashboards_look_at_the_shop_costs_hardly_more_with_a_hundred_times_the_messages()
    {
        long Look(SqliteConnection c) =>
            StatusQuery.Chats(c, _clock.GetUtcNow()).Count + StatusQuery.Today(c, _clock.GetUtcNow(), "INR").Waiting;
        await SayAsync(1_000);
        var few = await StepsAsync(Look);
        await SayAsync(100_000);

        Assert.InRange(await StepsAsync(Look), 1, few * 10);
    }

    [Fact]
    public async Task What_waits_is_found_without_looking_at_what_was_answered()
    {
        await SayAsync(100_000);

        Assert.Empty(await _db.ReadAsync(c => Turns.Due(c, true), Cancel));
        Assert.InRange(await StepsAsync(c => Turns.Due(c, true).Count), 0, 5_000);
        Assert.InRange(await StepsAsync(c => OtherPc.HasAnswered(c, "h0", _clock.GetUtcNow()) ? 1 : 0), 0,
            5_000);
        Assert.InRange(await StepsAsync(c => Outbox.MayHaveStopped(c, "o20") ? 1 : 0), 0, 5_000);
        Assert.InRange(await StepsAsync(c => HiddenIds.MessageIdOf(c, "false_h0_KEY").Length), 0, 5_000);
    }

    public async ValueTask DisposeAsync()
    {
        await _db.DisposeAsync();
        _folder.Dispose();
    }

    // In 20 chats: every other message is a customer's and has its reply, the others are the owner's; one in ten is a
    // picture.
    private Task SayAsync(int messages) => _db.WriteAsync(
        c =>
        {
            var numbers =
                $"WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {messages - 1})";
            c.Execute(
                """
                WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 19)
                INSERT OR IGNORE INTO customers (id, phone, chat_id, name, language, words)
                SELECT 'c' || i, '', 'h' || i, '', '', '{}' FROM n;
                INSERT OR IGNORE INTO chats (id, customer_id, last_at) SELECT chat_id, id, 0 FROM customers;
                """);
            foreach (var sql in new[]
            {
                """
                INSERT OR IGNORE INTO turns (id, chat_id, state, opened_at) {0}
                SELECT 't' || i, 'h' || (i % 20), 'done', i FROM n WHERE i / 20 % 2
                """,
                """
                INSERT OR IGNORE INTO messages
                  (id, chat_id, from_me, kind, type, text, sent_at, captured_at, turn_id) {0}
                SELECT 'm' || i, 'h' || (i % 20), 1 - i / 20 % 2, 'text', iif(i / 20 % 20 = 1, 'image', 'chat'), 'x',
                  i, i, iif(i / 20 % 2, 't' || i, NULL) FROM n
                """,
                """
                INSERT OR IGNORE INTO outbox
                  (message_id, chat_id, turn_id, text, state, queued_at, next_at, sent_at) {0}
                SELECT 'o' || i, 'h' || (i % 20), 't' || i, 'x', 'sent', i, i, i FROM n WHERE i / 20 % 2
                """,
            })
                c.Execute(string.Format(CultureInfo.InvariantCulture, sql, numbers));
        },
        Cancel);

    /// <summary>Virtual machine steps of SQLite, which do not depend on the machine's load.</summary>
    private Task<long> StepsAsync(Func<SqliteConnection, long> look) => _db.ReadAsync(
        c =>
        {
            var steps = 0L;
            SQLitePCL.raw.sqlite3_progress_handler(c.Handle, 100, _ => { steps += 100; return 0; }, null);
            look(c);
            SQLitePCL.raw.sqlite3_progress_handler(c.Handle, 0, null, null);
            return steps;
        },
        Cancel);
}
