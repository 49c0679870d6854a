using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Agent.Sync;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Tools.Simulate;

/// <summary>
/// One PC of the shop: a real replica and a real session, which may end at any moment and is opened again.
/// </summary>
public sealed class SimAgent(string name, string file, SimLine line, SimClock clock, SimFaults faults, Random random)
    : IAsyncDisposable
{
    private readonly Queue<Change> _captured = new();
    private readonly List<Change> _within = [];

    // Half of the PCs fill their batches, as after a long outage.
    private readonly int _full = random.Next(2) == 0 ? random.Next(1, 8) : Protocol.BatchChanges;
    private ReplicaDb _db = null!;
    private SqliteReplica _replica = null!;
    private int? _dieAfter;

    public string Name => name;

    public SimLine Line => line;

    /// <summary>
    /// The changes that must be pushed, in order: every change of a committed local transaction that no batch has taken
    /// yet.
    /// </summary>
    public IReadOnlyCollection<Change> Captured => _captured;

    public Guid Replica { get; private set; }

    public async Task OpenAsync(CancellationToken cancel)
    {
        _db = OpenReplica.At(file, clock);
        _db.Written += DieWhenDue;
        _replica = new SqliteReplica(_db, clock, _full);
        Replica = (await _replica.PositionAsync(cancel)).Replica;
    }

    /// <summary>Ends the process after the nth transaction from now.</summary>
    public void DieAfter(int transactions) => _dieAfter = transactions;

    public async Task<bool> SyncAsync(CancellationToken cancel)
    {
        try
        {
            var result = await new SyncSession(_replica, line).RunAsync(cancel);
            return result.Mismatch.Count == 0;
        }
        catch (CloudUnavailableException)
        {
            return false;
        }
        catch (SimKilledException)
        {
            await ReopenAsync(cancel);
            return false;
        }
    }

    /// <summary>Runs one local transaction with the changes from <paramref name="make"/>; null does nothing.</summary>
    public async Task WriteAsync(Func<SqliteConnection, IReadOnlyList<Change>?> make, CancellationToken cancel)
    {
        IReadOnlyList<Change>? made = null;
        try
        {
            await _db.WriteAsync(
                connection =>
                {
                    made = make(connection) ?? [];
                    foreach (var change in made) Execute(connection, change);
                },
                cancel);
        }
        catch (SimKilledException)
        {
            // The transaction was committed before the process ended.
            await ReopenAsync(cancel);
        }

        foreach (var change in made!) _captured.Enqueue(change);
    }

    /// <summary>The same while this PC syncs: the process does not end in the middle of the other's step.</summary>
    public async Task WriteAliveAsync(Func<SqliteConnection, IReadOnlyList<Change>?> make, CancellationToken cancel)
    {
        var due = _dieAfter;
        _dieAfter = null;
        await WriteAsync(make, cancel);
        _dieAfter = due;
    }

    public void StayAlive() => _dieAfter = null;

    public Task<bool> IsPendingAsync(CancellationToken cancel) =>
        _db.ReadAsync(
            c => c.Scalar<long>("SELECT count(*) FROM change_log")
                + c.Scalar<long>("SELECT count(*) FROM refusals WHERE settled_at IS NULL AND kind = 'parked'") > 0,
                cancel);

    /// <summary>The same by another program, without SAK's code.</summary>
    public void WriteBesides(Func<SqliteConnection, IReadOnlyList<Change>?> make)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False;Foreign Keys=True");
        connection.Open();
        using var transaction = connection.BeginTransaction();
        if (make(connection) is not { } made) return;
        foreach (var change in made) Execute(connection, change);
        transaction.Commit();
        faults.Strike(SimFault.OtherProgram);
        foreach (var change in made) _captured.Enqueue(change);
    }

    /// <summary>Removes a row from the replica without capturing that: a fault of a disk or a program.</summary>
    public async Task LoseRowAsync(CancellationToken cancel)
    {
        var due = _dieAfter;
        _dieAfter = null;
        var lost = await _db.WriteAsync(
            connection =>
            {
                if (connection.Scalar<string?>(
                    "SELECT id FROM order_events WHERE ver > 0 ORDER BY at, id LIMIT 1 OFFSET $n",
                    ("$n", random.Next(5))) is not { } id) return false;
                connection.Execute("UPDATE replica SET applying = 1");
                connection.Execute("DELETE FROM order_events WHERE id = $id", ("$id", id));
                connection.Execute("UPDATE replica SET applying = 0");
                return true;
            },
            cancel);
        _dieAfter = due;
        if (lost) faults.Strike(SimFault.RowVanished);
    }

    public Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancel) =>
        _db.ReadAsync(read, cancel);

    /// <summary>
    /// Removes a batch's changes from the expected ones; throws when they differ from what was written here, or in
    /// order.
    /// </summary>
    public void Taken(IReadOnlyList<Change> batch)
    {
        if (batch.Count >= _full) faults.Strike(SimFault.FullBatch);

        // A refused row is pushed again as a complete insert at the log's end, perhaps in a later batch; its single
        // changes are part of that insert or follow it.
        HashSet<string>? whole = null;
        bool GoesWhole(Change change) =>
            change.Kind == ChangeKind.Update && !batch.Any(c => Same(change, c))
                && (whole ??= [.. Inserts(),
                    .. batch.Where(c => c.Kind == ChangeKind.Insert).Select(c => c.Id)]).Contains(change.Id);

        bool IsOf(Change change)
        {
            while (_captured.TryPeek(out var next) && !Same(next, change) && GoesWhole(next))
                _within.Add(_captured.Dequeue());
            // A complete insert that is pushed again was not written again; a new one must be the next expected change.
            if (!_captured.TryPeek(out var expected) || !Same(expected, change))
                return change.Kind == ChangeKind.Insert
                    ? !_captured.Any(c => Same(c, change))
                    : _within.RemoveAll(c => Same(c, change)) > 0;
            _captured.Dequeue();
            return true;
        }

        foreach (var change in batch)
        {
            if (IsOf(change) || (ForgetAdopted() && IsOf(change))) continue;
            var expected = _captured.TryPeek(out var first) ? Show(first) : "nothing";
            throw new SimFailedException($"{name} sent {Show(change)}, but wrote {expected}.");
        }
    }

    private List<string> Inserts()
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False;Mode=ReadOnly");
        connection.Open();
        return connection.List("SELECT id FROM change_log WHERE op = 'i'", row => row.GetString(0));
    }

    // A first load found that products made here exist in the cloud: their log entries are removed, and rows that refer
    // to them are pushed again completely.
    private bool ForgetAdopted()
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False;Mode=ReadOnly");
        connection.Open();
        bool IsGone(string product) =>
            connection.Scalar<long>("SELECT count(*) FROM products WHERE id = $id", ("$id", product)) == 0
                && !_captured.Any(c => c.Kind == ChangeKind.Delete && c.Id == product);
        var named = _captured.Select(
            c => c.Table == Tables.Products ? c.Id
                : c.Kind == ChangeKind.Insert && c.Table.IndexOf("product_id") is >= 0 and var at ? (string)c.Row[at]!
                    : null);
        var adopted = named.OfType<string>().Distinct().Where(IsGone).ToHashSet();
        var left = _captured.Where(c => !adopted.Contains(c.Id) && !c.Row.OfType<string>().Any(adopted.Contains))
            .ToList();
        if (left.Count == _captured.Count) return false;
        _captured.Clear();
        foreach (var change in left) _captured.Enqueue(change);
        return true;
    }

    public ValueTask DisposeAsync() => _db.DisposeAsync();

    private async Task ReopenAsync(CancellationToken cancel)
    {
        _dieAfter = null;
        await DisposeAsync();
        await OpenAsync(cancel);
    }

    private void DieWhenDue()
    {
        if (_dieAfter is null || _dieAfter-- > 0) return;
        faults.Strike(SimFault.AgentKilled);
        throw new SimKilledException();
    }

    private static void Execute(SqliteConnection connection, Change change)
    {
        var columns = change.Table.Columns;
        (string, object?)[] values = change.Kind == ChangeKind.Insert
            ? [.. change.Row.Select((v, i) => ($"${i}", v))]
            : [("$id", change.Id), .. change.Columns.Select(c => ($"${c.Column}", c.New))];
        var names = string.Join(", ", columns.Select(c => c.Name));
        var row = string.Join(", ", columns.Select((_, i) => $"${i}"));
        var set = string.Join(", ", change.Columns.Select(c => $"{columns[c.Column].Name} = ${c.Column}"));
        connection.Execute(
            change.Kind switch
            {
                ChangeKind.Insert => $"INSERT INTO {change.Table.Name} ({names}) VALUES ({row})",
                ChangeKind.Update => $"UPDATE {change.Table.Name} SET {set} WHERE id = $id",
                _ => $"DELETE FROM {change.Table.Name} WHERE id = $id",
            },
            values);
    }

    private static bool Same(Change a, Change b) =>
        a.Table == b.Table && a.Kind == b.Kind && a.Id == b.Id && a.Row.SequenceEqual(b.Row)
            && a.Columns.SequenceEqual(b.Columns);

    private static string Show(Change change) => $"{change.Kind} {change.Table.Name} {change.Id}";
}
