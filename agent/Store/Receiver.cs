using Microsoft.Data.Sqlite;
using Sak.Sync;
using Sak.Sync.Wire;
using SQLitePCL;

namespace Sak.Agent.Store;

/// <summary>
/// The connection that takes the cloud's rows. It does not look whether parents are there: a row may name one that was
/// deleted here a moment ago; the cloud refuses that deletion and sends the row back. Its commits do not wait for the disk:
/// what a power cut takes of them the cloud sends again, and the next local write makes them durable. Nor does a page of a
/// first load wait for those before it to be moved out of the write-ahead log (64 MB of it at most).
/// </summary>
/// <remarks>
/// A connection of its own, so that what it has prepared serves the next answer too: to prepare an upsert, with the triggers
/// that it might fire, takes as long as twenty rows, and to switch the looking for parents off and on forgets it.
/// </remarks>
internal sealed class Receiver : IDisposable
{
    private const int MostAtRest = 1024 * 1024;
    private readonly Dictionary<Table, RowWriter> writers = [];

    public Receiver(string connectionString)
    {
        Connection = new SqliteConnection(new SqliteConnectionStringBuilder(connectionString) { ForeignKeys = false, Pooling = false }.ConnectionString);
        Connection.Open();
        Connection.Execute("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 16000");
    }

    public SqliteConnection Connection { get; }

    /// <summary>Writes rows of these columns, whose table is known.</summary>
    /// <param name="expectsNew">Hardly any of the rows will be here.</param>
    public RowWriter Writer(WireColumns columns, bool expectsNew)
    {
        if (writers.TryGetValue(columns.Table!, out var writer))
        {
            if (writer.Fits(columns, expectsNew)) return writer;
            writer.Dispose();
        }

        return writers[columns.Table!] = new RowWriter(Connection, columns, expectsNew);
    }

    /// <summary>
    /// After an answer: pages of a long one are given back, so that this connection's and the one of local writes do not both
    /// hold 2 MB; the few of a short one are wanted again.
    /// </summary>
    public void Rest()
    {
        raw.sqlite3_db_status(Connection.Handle, raw.SQLITE_DBSTATUS_CACHE_USED, out var held, out _, 0);
        if (held > MostAtRest) Connection.Execute("PRAGMA shrink_memory");
    }

    public void Dispose()
    {
        foreach (var writer in writers.Values) writer.Dispose();
        Connection.Dispose();
    }
}
