using System.Reflection;
using Microsoft.Data.Sqlite;
using Sak.Sync.Model;

namespace Sak.Agent.Database;

/// <summary>The agent's database can't be used; the message says why and what to do.</summary>
public sealed class StoreException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// The agent's SQLite file. One writer at a time within the program (a queue in memory, not SQLITE_BUSY), readers
/// beside it (WAL). Commits are durable before they return (synchronous = FULL): no order that was
/// confirmed to a customer is lost in a power cut.
/// </summary>
public sealed class ReplicaDb : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly SqliteConnection _writer;
    private readonly string _connectionString;
    private readonly ReplicaParts _parts;

    private ReplicaDb(string path, string connectionString, SqliteConnection writer, ReplicaParts parts)
    {
        Path = path;
        _connectionString = connectionString;
        _writer = writer;
        _parts = parts;
    }

    public string Path { get; }

    /// <summary>Raised after each committed write, with no lock held.</summary>
    public event Action? Written;

    /// <summary>Opens the file, makes it if it is not there. Throws <see cref="StoreException"/>.</summary>
    /// <param name="held">
    /// The folder's lock, if the caller has it. Without it a file that needs an upgrade is opened only while no agent
    /// runs on it.
    /// </param>
    internal static ReplicaDb Open(string path, TimeProvider clock, ReplicaParts parts, DataLock? held)
    {
        SQLitePCL.Batteries_V2.Init();
        var connectionString = new SqliteConnectionStringBuilder { DataSource = path, ForeignKeys = true,
            DefaultTimeout = 10 }.ConnectionString;
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            Prepare(connection, path, clock, parts, held);
            return new ReplicaDb(path, connectionString, connection, parts);
        }
        catch (SqliteException error)
        {
            connection.Dispose();
            throw new StoreException(Explain(error, path), error);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Reads on a connection of its own: one snapshot, never waits for the writer.</summary>
    public async Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        await using var connection = OpenReader();
        using var snapshot = connection.BeginTransaction(deferred: true);
        return read(connection);
    }

    /// <summary>A connection of the caller's own, to be disposed.</summary>
    public SqliteConnection OpenReader()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        return connection;
    }

    /// <summary>
    /// One write transaction. All or nothing: when <paramref name="write"/> throws, nothing of it happened. A disk or
    /// file error becomes a <see cref="StoreException"/>.
    /// </summary>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> write, CancellationToken cancel)
    {
        var result = await InTurnAsync(() => Write(write), cancel);
        Written?.Invoke();
        return result;
    }

    /// <summary>
    /// The same for rows of the cloud, without checking that their parents exist (one may have been deleted here a
    /// moment ago; the cloud refuses that deletion and sends the parent back) and without waiting for the disk: what a
    /// power cut takes of them the cloud sends again.
    /// </summary>
    internal async Task<T> WriteCloudRowsAsync<T>(Func<SqliteConnection, T> write, CancellationToken cancel)
    {
        var result = await InTurnAsync(
            () =>
            {
                _writer.Execute("PRAGMA foreign_keys = OFF; PRAGMA synchronous = NORMAL");
                try
                {
                    return Write(write);
                }
                finally
                {
                    _writer.Execute("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL");
                }
            },
            cancel);
        Written?.Invoke();
        return result;
    }

    public Task WriteAsync(Action<SqliteConnection> write, CancellationToken cancel) =>
        WriteAsync(connection => { write(connection); return true; }, cancel);

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        await _writer.DisposeAsync();
        SqliteConnection.ClearPool(new SqliteConnection(_connectionString));
        _turn.Dispose();
    }

    private T Write<T>(Func<SqliteConnection, T> write)
    {
        using var transaction = _writer.BeginTransaction(deferred: false);
        ReplicaRow.NextTransaction(_writer);
        var result = write(_writer);
        _parts.BeforeCommit(_writer);
        transaction.Commit();
        return result;
    }

    private async Task<T> InTurnAsync<T>(Func<T> work, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            return work();
        }
        catch (SqliteException error) when (error.SqliteErrorCode is 8 or 10 or 11 or 13 or 14 or 26)
        {
            throw new StoreException(Explain(error, Path), error);
        }
        finally
        {
            _turn.Release();
        }
    }

    private static void Prepare(SqliteConnection connection, string path, TimeProvider clock, ReplicaParts parts,
        DataLock? held)
    {
        if (Fault(connection, path) is var (what, next)) throw new StoreException($"{what}. {next}");
        var mustLock = held is null && FileVersion.Of(connection).NeedsUpgrade;
        using var alone = mustLock ? DataLock.TakeForUpgrade(path) : null;
        connection.Execute("PRAGMA journal_mode = WAL");
        connection.Execute("PRAGMA synchronous = FULL");
        // 16 MB: to move the log into the file waits for the disk twice more.
        connection.Execute("PRAGMA wal_autocheckpoint = 4000");
        if (FileVersion.Of(connection) != FileVersion.Current) Upgrade(connection, clock, parts);
    }

    private static void Upgrade(SqliteConnection connection, TimeProvider clock, ReplicaParts parts)
    {
        using var transaction = connection.BeginTransaction();
        // Read again, now that this is the only writer: another process may have upgraded the file meanwhile.
        var version = FileVersion.Of(connection);
        if (version == FileVersion.Current) return;
        parts.BeforeUpgrade(connection);
        if (version == FileVersion.None) Create(connection, clock, parts);
        foreach (var step in version.Upgrades()) connection.Execute(Resource(step));
        parts.AfterUpgrade(connection);
        ReplicaRow.LearnColumns(connection);
        connection.Execute($"PRAGMA user_version = {FileVersion.Current}");
        transaction.Commit();
    }

    /// <summary>
    /// Why this program must leave a file alone that can be read, and what to do; null when it need not. Changes
    /// nothing.
    /// </summary>
    internal static (string What, string Next)? Fault(SqliteConnection connection, string path)
    {
        var version = FileVersion.Of(connection);
        var tables = connection.List("SELECT name FROM sqlite_schema WHERE type = 'table'", row => row.GetString(0));
        var isEmpty = version == FileVersion.None;
        if (tables.Contains("replica") ? isEmpty : tables.Count > 0 || !isEmpty)
            return ($"{path} is the database of another program, and SAK leaves it alone",
                "Move it away, or set Agent:DataFolder to another folder.");
        return !version.IsNewerThan(FileVersion.Current) ? null
            : ($"{path} was written by a newer version of SAK (form {version}, this program knows "
                + $"{FileVersion.Current})",
                "Install the newer version, or restore a backup made by this one.");
    }

    // As the first version made it. Whatever came later is an upgrade, which an old file and a new one take alike.
    private static void Create(SqliteConnection connection, TimeProvider clock, ReplicaParts parts)
    {
        connection.Execute(Resource("Schema.sql"));
        parts.Create(connection);
        ReplicaRow.Create(connection, Ids.New(clock));
    }

    private static string Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string Explain(SqliteException error, string path) => error.SqliteErrorCode switch
    {
        8 => $"{path} can't be written. Give this user the right to write to the folder, or set Agent:DataFolder to "
            + $"another one.",
        10 => $"The disk failed while reading or writing {path} ({error.Message}). Check the disk, then start again: "
            + $"what was captured is kept.",
        11 or 26 => $"{path} is damaged or is no SAK database. Move it away and restore the last backup.",
        13 => $"The disk is full, so {path} can't grow. Free some space: nothing is lost, WhatsApp keeps the messages "
            + $"until they are captured.",
        14 => $"{path} can't be opened. Check that the folder exists and that this user may write to it, or set "
            + $"Agent:DataFolder.",
        _ => $"{path} can't be used ({error.Message}).",
    };
}
