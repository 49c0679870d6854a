using System.Text.Json;
using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Agent.Sync;
using Sak.Sync.Replica;
using Sak.Tests.Contracts;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Sync;

/// <summary>
/// Compares the log of the capture triggers with what SQLite's session extension recorded for the same random
/// statements.
/// </summary>
public sealed class CaptureOracleTests : IAsyncDisposable
{
    private static readonly IReadOnlyList<Table> Captured = [.. Tables.All.Where(t => t.Direction == Direction.Both)];
    private readonly Folder _folder = new();
    private readonly ReplicaDb _db;
    private readonly SqliteConnection _program;

    public CaptureOracleTests()
    {
        _db = OpenReplica.At(_folder.File("shop.db"), TimeProvider.System);
        // A second program that opens the file: the triggers belong to the database, not to SAK.
        _program = new SqliteConnection($"Data Source={_db.Path};Pooling=False;Foreign Keys=False");
        _program.Open();
        _program.Execute("PRAGMA synchronous = OFF");
    }

    [Fact]
    public void The_log_is_what_SQLite_says_was_changed_for_two_hundred_seeds_of_random_statements()
    {
        NeedsTheOracle();
        var kinds = new HashSet<string>();
        Assert.Null(Difference(200, kinds));
        Assert.Equal(["d", "i", "u"], kinds.Order());
    }

    [Theory]
    [InlineData("orders_update")]
    [InlineData("order_events_delete")]
    [InlineData("products_insert")]
    public void A_trigger_that_is_missing_is_found(string trigger)
    {
        NeedsTheOracle();
        _program.Execute($"DROP TRIGGER {trigger}");
        Assert.Contains(trigger[..trigger.LastIndexOf('_')], Difference(200, []));
    }

    private static void NeedsTheOracle() =>
        Assert.SkipUnless(SqliteSession.IsHere,
            "SQLite: the bundled library was built without the session extension, so there is no oracle.");

    private string? Difference(int seeds, HashSet<string> kinds)
    {
        for (var seed = 1; seed <= seeds; seed++)
        {
            var log = _program.Scalar<long>("SELECT coalesce(max(seq), 0) FROM change_log");
            using var session = new SqliteSession(_program, Captured.Select(t => t.Name));
            var random = new Random(seed);
            for (var i = random.Next(5, 40); i > 0; i--) Statement(random);
            var recorded = Recorded(session.Changes());
            var captured = Replayed(log);
            if (!recorded.Keys.Order().SequenceEqual(captured.Keys.Order()))
                return $"seed {seed}: SQLite saw {Show(recorded.Keys.Except(captured.Keys))} more, the log "
                    + $"{Show(captured.Keys.Except(recorded.Keys))}";
            foreach (var (row, net) in recorded)
                if (!Same(net, captured[row]))
                    return $"seed {seed}: {row} is {net} for SQLite and {captured[row]} in the log";
            kinds.UnionWith(recorded.Values.Select(n => n.Op));
        }

        return null;
    }

    [Fact]
    public void A_row_replaced_by_another_program_is_logged_as_it_stands_now()
    {
        _program.Execute(
            "INSERT INTO customers (id, phone, chat_id, name, language, words) VALUES ('c', '1', '1@c.us', 'Asha', "
                + "'en', '{}')");
        _program.Execute("DELETE FROM change_log");
        _program.Execute(
            "INSERT OR REPLACE INTO customers (id, phone, chat_id, name, language, words) VALUES ('c', '2', '1@c.us', "
                + "'Asha', 'en', '{}')");
        Assert.Equal(
            """
            i {"id":"c","phone":"2","chat_id":"1@c.us","name":"Asha","language":"en","words":"{}"}
            """,
            _program.Scalar<string>("SELECT op || ' ' || body FROM change_log"));
    }

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        await _db.DisposeAsync();
        _folder.Dispose();
    }

    private void Statement(Random random)
    {
        var table = Captured[random.Next(Captured.Count)];
        var columns = table.Columns.Skip(1).ToList();
        var some = columns.Where(_ => random.Next(3) == 0).DefaultIfEmpty(columns[0]).ToList();
        string Ids() => $"SELECT id FROM {table.Name} ORDER BY id LIMIT {random.Next(1, 4)} OFFSET {random.Next(0, 6)}";
        string Set(Func<Column, string> value) => string.Join(", ", some.Select(c => $"{c.Name} = {value(c)}"));
        switch (random.Next(9))
        {
            case 0 or 1 or 2:
                _program.Execute(Insert(random, table, TestReplica.NewId()));
                break;
            case 3:
                _program.Execute($"UPDATE {table.Name} SET {Set(c => Value(random, c))} WHERE id IN ({Ids()})");
                break;
            case 4:
                _program.Execute($"UPDATE {table.Name} SET {Set(c => c.Name)}, ver = ver + 1 WHERE id IN ({Ids()})");
                break;
            case 5:
                _program.Execute($"DELETE FROM {table.Name} WHERE id IN ({Ids()})");
                break;
            case 6 when _program.Scalar<string?>($"{Ids()}") is { } id:
                _program.Execute(
                    $"{Insert(random, table, id)} ON CONFLICT (id) DO UPDATE SET {Set(c => $"excluded.{c.Name}")}");
                break;
            case 7 when _program.Scalar<string?>($"{Ids()}") is { } id:
                _program.Execute($"DELETE FROM {table.Name} WHERE id = '{id}'; {Insert(random, table, id)}");
                break;
            case 8:
                _program.Execute(
                    $"BEGIN; {Insert(random, table, TestReplica.NewId())}; SAVEPOINT s; DELETE FROM "
                        + $"{table.Name}; ROLLBACK TO s; {(random.Next(2) == 0 ? "COMMIT" : "ROLLBACK")}");
                break;
        }
    }

    private static string Insert(Random random, Table table, string id) =>
        $"INSERT INTO {table.Name} ({string.Join(", ", table.Columns.Select(c => c.Name))}) VALUES ('{id}', "
            + $"{string.Join(", ", table.Columns.Skip(1).Select(c => Value(random, c)))})";

    // A turn belongs to one order only.
    private static string Value(Random random, Column column) =>
        column.Name == "turn_id" ? "lower(hex(randomblob(16)))"
        : column.Nullable && random.Next(3) == 0 ? "NULL"
        : column.Kind is ColumnKind.Integer or ColumnKind.Time ? $"{random.NextInt64(-5, 5)}"
        : random.Next(4) switch { 0 => "''", 1 => "'it''s \"so\" \\'", 2 => "'नमस्ते 🙏'", _ => $"'{random.Next(5)}'" };

    private sealed record Net(string Op, IReadOnlyDictionary<string, object?> Old,
        IReadOnlyDictionary<string, object?> New, bool IsWhole)
    {
        public override string ToString() => $"{Op} {JsonSerializer.Serialize(Old)} → {JsonSerializer.Serialize(New)}";
    }

    private static Dictionary<string, Net> Recorded(IEnumerable<SessionChange> changes)
    {
        var nets = new Dictionary<string, Net>();
        foreach (var change in changes)
        {
            var table = Tables.Find(change.Table)!;
            // Columns that only the cloud calculates, and the version after the columns, are not captured.
            Dictionary<string, object?> Values(IReadOnlyList<SqliteValue?> cells) =>
                table.Columns.Select((c, i) => (c, Cell: cells[i]))
                    .Where(v => v.Cell is not null && !v.c.CloudOwned && v.c.Name != "id")
                    .ToDictionary(v => v.c.Name, v => v.Cell!.Value);
            var (old, now) = (Values(change.Old), Values(change.New));
            if (change.Op == "u" && now.Count == 0) continue;
            var id = (change.Old[0] ?? change.New[0])!.Value;
            nets.Add($"{change.Table} {id}",
                new Net(change.Op, change.Op == "u" ? old : new Dictionary<string, object?>(), now, IsWhole: false));
        }

        return nets;
    }

    /// <summary>The net of the log's changes, row by row.</summary>
    private Dictionary<string, Net> Replayed(long after)
    {
        var nets = new Dictionary<string, Net>();
        var entries = _program.List(
            "SELECT tbl, op, id, coalesce(body, '') FROM change_log WHERE seq > $after ORDER BY seq",
            r => (r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3)), ("$after", after));
        foreach (var (name, op, id, body) in entries)
        {
            var key = $"{name} {id}";
            var before = nets.GetValueOrDefault(key);
            var next = op switch
            {
                "i" => new Net(before is null ? "i" : "u", new Dictionary<string, object?>(),
                    Row(body), IsWhole: before is not null),
                "d" => before?.Op == "i"
                    ? null
                    : new Net("d", new Dictionary<string, object?>(), new Dictionary<string, object?>(),
                        IsWhole: false),
                _ => Update(before, body),
            };
            if (next is null) nets.Remove(key);
            else nets[key] = next;
        }

        return nets.Where(n => n.Value.Op != "u" || n.Value.IsWhole || n.Value.New.Count > 0).ToDictionary();
    }

    private static Net Update(Net? before, string body)
    {
        var old = new Dictionary<string, object?>(before?.Old ?? new Dictionary<string, object?>());
        var now = new Dictionary<string, object?>(before?.New ?? new Dictionary<string, object?>());
        foreach (var column in JsonDocument.Parse(body).RootElement.EnumerateObject())
        {
            var (was, next) = (LogEntry.Value(column.Value[0]), LogEntry.Value(column.Value[1]));
            if (now.TryGetValue(column.Name, out var known)) Assert.Equal(known, was);
            else if (before is not { Op: "i" }) old[column.Name] = was;
            now[column.Name] = next;
            if (before is { Op: "i" } or { IsWhole: true } || !Equals(old[column.Name], next)) continue;
            old.Remove(column.Name);
            now.Remove(column.Name);
        }

        return before is null ? new Net("u", old, now, IsWhole: false) : before with { Old = old, New = now };
    }

    private static Dictionary<string, object?> Row(string body) =>
        JsonDocument.Parse(body).RootElement.EnumerateObject().Where(c => c.Name != "id")
            .ToDictionary(c => c.Name, c => LogEntry.Value(c.Value));

    // A row that was deleted and inserted again is a complete insert in the log: SQLite knows which columns differ.
    private static bool Same(Net recorded, Net captured) =>
        recorded.Op == captured.Op && (captured.IsWhole
            ? recorded.New.All(c => Equals(captured.New[c.Key], c.Value))
            : Equal(recorded.Old, captured.Old) && Equal(recorded.New, captured.New));

    private static bool Equal(IReadOnlyDictionary<string, object?> a, IReadOnlyDictionary<string, object?> b) =>
        a.Count == b.Count && a.All(c => b.TryGetValue(c.Key, out var value) && Equals(c.Value, value));

    private static string Show(IEnumerable<string> rows) => string.Join(", ", rows.DefaultIfEmpty("nothing"));
}
