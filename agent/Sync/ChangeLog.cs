using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Sync.Replica;

namespace Sak.Agent.Sync;

/// <summary>The captured changes that wait for the cloud, and the one batch of them that is on its way.</summary>
internal static class ChangeLog
{
    /// <summary>The head of the statement that adds an entry; the capture triggers begin with it too.</summary>
    public const string Add = "INSERT INTO change_log (txn, tbl, op, id, body)";

    public static bool IsEmpty(SqliteConnection connection) =>
        connection.Scalar<long>("SELECT EXISTS (SELECT 1 FROM change_log)") == 0;

    /// <summary>True while a batch waits for its answer: its changes can't be altered any more.</summary>
    public static bool IsBatchClosed(SqliteConnection connection) =>
        connection.Scalar<long>("SELECT EXISTS (SELECT 1 FROM push_batch)") == 1;

    /// <summary>The batch that waits for its answer, with the content it had before; null when there is none.</summary>
    /// <param name="tables">What this program knows; other than <see cref="Tables.All"/> only in tests.</param>
    public static Batch? Waiting(SqliteConnection connection, IReadOnlyList<Table>? tables = null) =>
        connection.List(
            "SELECT id, sequence, last_seq FROM push_batch",
            row => new Batch(row.Id(0), row.GetInt64(1), Changes(connection, row.GetInt64(2), tables ?? Tables.All)))
            .SingleOrDefault();

    /// <summary>
    /// Closes a new batch at the end of a local transaction and stores its identity; null when the log is empty.
    /// </summary>
    /// <param name="full">Changes that are enough for one batch.</param>
    public static Batch? Close(SqliteConnection connection, Guid id, DateTimeOffset now, int full)
    {
        if (Refusals.IsAnyTouched(connection)) OfferParked(connection, now);
        if (End(connection, full) is not { } last) return null;
        connection.Execute("INSERT INTO push_batch (one, id, sequence, last_seq) VALUES (1, $id, $sequence, $last)",
            ("$id", id), ("$sequence", ReplicaRow.NextBatch(connection)), ("$last", last));
        return Waiting(connection);
    }

    /// <summary>No batch waits any more; its changes stay in the log and go with the next one.</summary>
    public static void ForgetBatch(SqliteConnection connection) => connection.Execute("DELETE FROM push_batch");

    /// <summary>
    /// Takes the answered changes out of the log, stamps their rows with the version they have in the cloud, and keeps
    /// what was refused. An answer to another batch than the one that waits changes nothing (it came late).
    /// </summary>
    /// <returns>How many changes were refused or in conflict.</returns>
    public static int Settle(SqliteConnection connection, BatchAnswer answer, DateTimeOffset now)
    {
        var last = connection.Scalar<long?>("SELECT last_seq FROM push_batch WHERE id = $id",
            ("$id", answer.Id));
        if (last is null) return 0;
        foreach (var refusal in answer.Refusals) Refusals.Keep(connection, refusal, now);
        var parked = answer.Refusals.Where(r => r.Kind == RefusalKind.Parked).Select(r => r.Sequence).ToHashSet();
        Stamp(connection, last.Value, answer.Version, parked);
        connection.Execute("DELETE FROM change_log WHERE seq <= $last", ("$last", last));
        ForgetBatch(connection);
        foreach (var table in Tables.All) Refusals.SettleParkedGone(connection, table, now);
        return answer.Refusals.Count;
    }

    /// <summary>
    /// Someone touched a row that the cloud had refused, or what it lacked is on its way: every refused row is sent
    /// again, whole as it is now, and its single changes are not.
    /// </summary>
    public static void OfferParked(SqliteConnection connection, DateTimeOffset now)
    {
        var parked = Refusals.Parked(connection).ToLookup(p => p.Table, p => p.Id);
        foreach (var table in Tables.All)
            SendWholeInstead(connection, table, [.. parked[table.Name].Where(id => IsNew(connection, table, id))]);
        Refusals.SettleParked(connection, now);
    }

    /// <summary>Takes what the log has of these rows out of it and captures the rows as they are.</summary>
    public static void SendWholeInstead(SqliteConnection connection, Table table, IReadOnlyList<string> ids)
    {
        if (ids.Count > 0) Forget(connection, table, ids);
        foreach (var id in ids) SendWhole(connection, table, id);
    }

    /// <summary>Takes what the log has of these rows out of it: they were never made.</summary>
    public static void Forget(SqliteConnection connection, Table table, IReadOnlyList<string> ids) =>
        connection.Execute(
            "DELETE FROM change_log WHERE tbl = $table AND id IN (SELECT value FROM json_each($ids))",
            ("$table", table.Name), ("$ids", ids));

    /// <summary>Captures the row as it is, as if it had just been made.</summary>
    public static void SendWhole(SqliteConnection connection, Table table, string id) =>
        connection.Execute(
            $"""
            {Add}
            SELECT (SELECT txn FROM replica), '{table.Name}', 'i', id, {CaptureTriggers.Body(table)}
            FROM {table.Name} WHERE id = $id
            """,
            ("$id", id));

    /// <summary>
    /// Columns of rows with changes that are not on their way yet: what the cloud sends must not cover them.
    /// </summary>
    public static Dictionary<(string Table, string Id), HashSet<string>?> Pending(SqliteConnection connection)
    {
        var pending = new Dictionary<(string, string), HashSet<string>?>();
        foreach (var (table, op, id, body) in connection.List("SELECT tbl, op, id, body FROM change_log",
            r => (r.GetString(0), r.GetString(1), r.GetString(2), r.IsDBNull(3) ? "" : r.GetString(3))))
        {
            if (ChangeLetter.Find(op) != ChangeKind.Update) pending[(table, id)] = null;
            else if (!pending.TryGetValue((table, id), out var columns))
                pending[(table, id)] = [.. LogEntry.Names(body)];
            else columns?.UnionWith(LogEntry.Names(body));
        }

        return pending;
    }

    private static bool IsNew(SqliteConnection connection, Table table, string id) =>
        connection.Scalar<long>($"SELECT EXISTS (SELECT 1 FROM {table.Name} WHERE id = $id AND ver = 0)",
            ("$id", id)) == 1;

    // All rows of the batch at once, except those that the cloud does not have.
    private static void Stamp(SqliteConnection connection, long last, long version, HashSet<long> parked)
    {
        var without = string.Join(',', parked);
        foreach (var table in connection.List("SELECT DISTINCT tbl FROM change_log WHERE seq <= $last",
            r => r.GetString(0), ("$last", last)))
            connection.Execute(
                $"""
                UPDATE {table} SET ver = $ver WHERE id IN
                  (SELECT id FROM change_log WHERE seq <= $last AND tbl = '{table}' AND seq NOT IN ({without}))
                """,
                ("$ver", version), ("$last", last));
    }

    // A batch ends with a local transaction, whose numbers rise with the log.
    private static long? End(SqliteConnection connection, int most)
    {
        var full = connection.List(
            "SELECT seq, txn FROM change_log ORDER BY seq LIMIT 1 OFFSET $most - 1",
            r => (Seq: r.GetInt64(0), Txn: r.GetInt64(1)), ("$most", most));
        var next = full.Count == 0 ? null : connection.Scalar<long?>(
            "SELECT seq FROM change_log WHERE seq > $seq AND txn > $txn ORDER BY seq LIMIT 1", ("$seq", full[0].Seq),
            ("$txn", full[0].Txn));
        return connection.Scalar<long?>("SELECT max(seq) FROM change_log WHERE seq < $next",
            ("$next", next ?? long.MaxValue));
    }

    private static List<Change> Changes(SqliteConnection connection, long last, IReadOnlyList<Table> tables) =>
        connection.List(
            "SELECT seq, tbl, op, id, coalesce(body, '') FROM change_log WHERE seq <= $last ORDER BY seq",
            r => LogEntry.Read(r.GetInt64(0), tables.First(t => t.Name == r.GetString(1)), r.GetString(2),
                r.GetString(3), r.GetString(4)),
            ("$last", last));
}
