using Microsoft.Data.Sqlite;
using Sak.Sync.Replica;

namespace Sak.Agent.Database;

/// <summary>
/// The one row of the table "replica": which copy of the shop this file is, how far it agrees with the cloud, and the
/// number of the local transaction. Runs inside the caller's transaction.
/// </summary>
internal static class ReplicaRow
{
    public static void Create(SqliteConnection connection, Guid id) =>
        connection.Execute(
            "INSERT INTO replica (one, id, txn, applying, since, batches, checked_at, repairing) VALUES (1, $id, 0, "
                + "0, 0, 0, 0, '')",
            ("$id", id));

    /// <summary>
    /// What is captured from now on may reach the cloud in another batch than what was captured before.
    /// </summary>
    public static void NextTransaction(SqliteConnection connection) =>
        connection.Execute("UPDATE replica SET txn = txn + 1");

    /// <summary>A copied or restored file becomes a replica of its own, whose batches are numbered from 1.</summary>
    public static void TakeIdentity(SqliteConnection connection, Guid id) =>
        connection.Execute("UPDATE replica SET id = $id, batches = 0, repairing = 'a new identity'", ("$id", id));

    /// <summary>Returns the number of the new batch.</summary>
    public static long NextBatch(SqliteConnection connection) =>
        connection.Scalar<long>("UPDATE replica SET batches = batches + 1 RETURNING batches");

    /// <summary>All rows are compared with the cloud's at the next exchange.</summary>
    public static void StartRepair(SqliteConnection connection, string reason) =>
        connection.Execute("UPDATE replica SET repairing = $reason", ("$reason", reason));

    /// <summary>From now to the end of the page, what is written is not captured. Returns the watermark.</summary>
    public static long BeginApplying(SqliteConnection connection) =>
        connection.Scalar<long>("UPDATE replica SET applying = 1 RETURNING since");

    /// <summary>A page of a first load ends: the next one begins after this mark.</summary>
    public static void EndPage(SqliteConnection connection, PageMark at) =>
        connection.Execute("UPDATE replica SET applying = 0, page = $page", ("$page", at.ToText()));

    /// <summary>An answer ends: this PC has all rows of the cloud up to this version.</summary>
    public static void MoveWatermark(SqliteConnection connection, long version, DateTimeOffset now) =>
        // A first load has just read everything: there is nothing to compare yet.
        connection.Execute(
            """
            UPDATE replica SET applying = 0, repairing = '', page = '', schema = $schema, since = $since,
              checked_at = CASE WHEN since = 0 THEN $now ELSE checked_at END
            """,
            ("$schema", Tables.SchemaVersion), ("$since", version), ("$now", now));

    /// <summary>The tables were compared with the cloud's.</summary>
    public static void NoteCheck(SqliteConnection connection, DateTimeOffset now) =>
        connection.Execute("UPDATE replica SET checked_at = $now", ("$now", now));

    /// <summary>
    /// Rows that came before this program knew a column lack its values; see <c>Checksums</c>. A first load that is
    /// under way begins again.
    /// </summary>
    public static void LearnColumns(SqliteConnection connection) =>
        connection.Execute(
            """
            UPDATE replica SET page = '', schema = $schema WHERE schema < $schema AND since = 0 AND repairing = '';
            UPDATE replica SET repairing = 'this PC has learned new columns' WHERE schema < $schema AND repairing = '';
            """,
            ("$schema", Tables.SchemaVersion));
}
