using Microsoft.Data.Sqlite;
using SQLitePCL;
using Sak.Agent.Catalog;
using Sak.Agent.Database;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Agent.Sync;

/// <summary>
/// The connection that takes the cloud's rows. It does not look whether parents are there: a row may name one that was
/// deleted here a moment ago; the cloud refuses that deletion and sends the row back. Its commits do not wait for the
/// disk: what a power cut takes of them the cloud sends again, and the next local write makes them durable. Nor does a
/// page of a first load wait for those before it to be moved out of the write-ahead log (64 MB of it at most). SAK's
/// own triggers do not see what it writes: to ask them took a third of a row.
/// </summary>
/// <remarks>
/// A connection of its own, so that what it has prepared serves the next answer too: to prepare an upsert, with the
/// triggers that it might fire, takes as long as twenty rows, and to switch the looking for parents off and on forgets
/// it.
/// </remarks>
internal sealed class Receiver : IDisposable
{
    private const int MostAtRest = 1024 * 1024;
    private readonly Dictionary<Table, RowWriter> _writers = [];
    private readonly Dictionary<Table, HashSet<string>> _indexed = [];
    private readonly Dictionary<string, SqliteCommand> _statements = [];
    private long _schema = -1;

    public Receiver(string connectionString)
    {
        Connection = new SqliteConnection(
            new SqliteConnectionStringBuilder(connectionString) { ForeignKeys = false,
                Pooling = false }.ConnectionString);
        try
        {
            Connection.Open();
            Connection.Execute("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 16000");
            CatalogNotes.Start(Connection);
        }
        catch
        {
            // Whoever syncs tries again, and would leave one open each time.
            Connection.Dispose();
            throw;
        }
    }

    public SqliteConnection Connection { get; }

    /// <summary>One transaction: all of it or, when <paramref name="write"/> throws, nothing.</summary>
    public T Write<T>(Func<Receiver, T> write)
    {
        Execute("BEGIN IMMEDIATE");
        try
        {
            LookAtTriggers();
            var result = write(this);
            if (Ask(CatalogIndex.Behind) == 1) CatalogIndex.Follow(Connection);
            Execute("COMMIT");
            return result;
        }
        catch
        {
            // A disk that is full ends the transaction by itself.
            if (raw.sqlite3_get_autocommit(Connection.Handle) == 0) Execute("ROLLBACK");
            throw;
        }
        finally
        {
            Rest();
        }
    }

    /// <summary>A statement whose text is always the same, kept prepared: see <see cref="Statement"/>.</summary>
    public void Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        Statement(sql, parameters).ExecuteNonQuery();

    /// <summary>The one number that such a statement gives.</summary>
    public long Ask(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        (long)Statement(sql, parameters).ExecuteScalar()!;

    /// <summary>
    /// Such a statement itself; not to be disposed. To prepare it again takes ten times as long as to run it, and on a
    /// PC that does other things between two answers a hundred times: of 100 rows that came, the statements around them
    /// were half.
    /// </summary>
    public SqliteCommand Statement(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_statements.TryGetValue(sql, out var command))
            return _statements[sql] = Connection.Command(sql, parameters);
        foreach (var (name, value) in parameters) command.Parameters[name].Value = value ?? DBNull.Value;
        return command;
    }

    /// <summary>Writes rows of these columns, whose table is known.</summary>
    /// <param name="expectsNew">Hardly any of the rows will be here.</param>
    public RowWriter Writer(WireColumns columns, bool expectsNew)
    {
        if (_writers.TryGetValue(columns.Table!, out var writer))
        {
            if (writer.Fits(columns, expectsNew)) return writer;
            _writers.Remove(columns.Table!);
            writer.Dispose();
        }

        return _writers[columns.Table!] = new RowWriter(Connection.Handle!, columns, expectsNew,
            Indexed(columns.Table!));
    }

    public void Dispose()
    {
        foreach (var writer in _writers.Values) writer.Dispose();
        foreach (var command in _statements.Values) command.Dispose();
        Connection.Dispose();
    }

    /// <summary>
    /// After an answer: pages of a long one are given back, so that this connection's and the one of local writes do
    /// not both hold 2 MB; the few of a short one are wanted again.
    /// </summary>
    private void Rest()
    {
        raw.sqlite3_db_status(Connection.Handle, raw.SQLITE_DBSTATUS_CACHE_USED, out var held, out _, 0);
        if (held > MostAtRest) Connection.Execute("PRAGMA shrink_memory");
    }

    // The tables' triggers are switched off (TEMP triggers still fire, since SQLite 3.35) unless another program has
    // put in some of its own. Capture's would do nothing: "applying" is set.
    private void LookAtTriggers()
    {
        var now = Ask("PRAGMA schema_version");
        if (now == _schema) return;
        var others = Connection.Scalar<long>(
            $"SELECT count(*) FROM main.sqlite_schema WHERE type = 'trigger' AND name NOT IN ({CaptureTriggers.Names}, {CatalogNotes.Others})");
        raw.sqlite3_db_config(Connection.Handle, raw.SQLITE_DBCONFIG_ENABLE_TRIGGER, others > 0 ? 1 : 0, out _);
        _schema = now;
    }

    // With those of another program, if it made any. One that comes later costs time, not rows.
    private HashSet<string> Indexed(Table table)
    {
        if (_indexed.TryGetValue(table, out var columns)) return columns;
        return _indexed[table] =
        [
            "id", .. Connection.List(
                $"SELECT c.name FROM pragma_index_list('{table.Name}') i JOIN pragma_index_info(i.name) c WHERE "
                    + $"c.name IS NOT NULL", row => row.GetString(0)),
        ];
    }
}
