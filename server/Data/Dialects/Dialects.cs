using System.Data;
using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;
using Sak.Server.Settings;
using Sak.Sync.Replica;

namespace Sak.Server.Data.Dialects;

/// <summary>
/// Everything that differs between engines, except the model (see <c>SakDb.cs</c>). Holds the connection string, but no
/// state of a shop.
/// </summary>
public abstract class Dialect
{
    /// <summary>The engine's name in the settings.</summary>
    public abstract string Engine { get; }

    /// <summary>A new connection, not opened.</summary>
    public ShopConnection Connect() => new(this, NewDriver());

    protected abstract DbConnection NewDriver();

    /// <summary>EF's model over a connection.</summary>
    public abstract SakDb Model(ShopConnection connection);

    /// <summary>
    /// The isolation level in which every read sees the snapshot of the first; see <see cref="ShopRead"/>.
    /// </summary>
    internal abstract ValueTask<IsolationLevel> SnapshotAsync(ShopConnection connection, CancellationToken cancel);

    /// <summary>
    /// The command that sets whose rows an open connection shows, those of all shops when the shop is null (see
    /// <see cref="Sight.Shop"/>). Null for an engine without row-level security.
    /// </summary>
    internal virtual DbCommand? TellShop(DbConnection driver, Guid? shop) => null;

    /// <summary>
    /// True when each transaction sets whose rows it shows; otherwise each connection does when it opens.
    /// </summary>
    internal virtual bool TellsWithin => false;

    /// <summary>Prepends the statement that sets whose rows the transaction shows; it gives one more result.</summary>
    internal virtual void TellWithin(DbCommand first, Guid? shop, bool writes) => throw new NotSupportedException();

    /// <summary>
    /// Why the database itself does not separate shops, and what to do; null when it does, or can't on this engine.
    /// </summary>
    internal virtual Task<string?> FindGapInWallAsync(ShopConnection connection, CancellationToken cancel) =>
        Task.FromResult<string?>(null);

    /// <summary>An id in the type that this engine's driver expects.</summary>
    public virtual object IdValue(Guid id) => id;

    /// <summary>SQL for "column is one of these", for any number of ids; adds its parameters to the command.</summary>
    public string Among(DbCommand command, Column column, IReadOnlyCollection<string> values) =>
        Among(command, $"@among{command.Parameters.Count}", column, values);

    /// <summary>The same with this parameter name, for a command with several lists.</summary>
    protected abstract string Among(DbCommand command, string name, Column column, IReadOnlyCollection<string> values);

    /// <summary>Inserts new rows, all at once, in the open transaction.</summary>
    public abstract Task InsertAsync(ShopConnection connection, Guid shop, Table table, IReadOnlyList<StoredRow> rows,
        CancellationToken cancel);

    /// <summary>Updates existing rows, all columns, all at once.</summary>
    public abstract Task UpdateAsync(ShopConnection connection, Guid shop, Table table, IReadOnlyList<StoredRow> rows,
        CancellationToken cancel);

    /// <summary>True for the engine's "this name or number is taken" error.</summary>
    public abstract bool IsDuplicate(Exception e);

    /// <summary>The folder of its migrations.</summary>
    internal abstract string Migrations { get; }

    /// <summary>
    /// A lock for servers that start at the same time, so that they migrate one after the other; null where EF's own
    /// lock does that.
    /// </summary>
    internal virtual (string Take, string Give)? UpdateLock => null;

    /// <summary>A statement that runs once at the start, before any request.</summary>
    internal virtual string? Prepares => null;
}

/// <summary>The embedded default: one file with one writer at a time and concurrent readers (WAL).</summary>
public sealed class SqliteDialect(string connection) : Dialect
{
    public override string Engine => ServerSettings.Sqlite;

    internal override string Migrations => "Sqlite";

    protected override DbConnection NewDriver() => new SqliteConnection(connection);

    public override SakDb Model(ShopConnection over) => new SqliteDb(over);

    // The driver maps this level to a deferred transaction, which takes no write lock and sees the snapshot of
    // its first read.
    internal override ValueTask<IsolationLevel> SnapshotAsync(ShopConnection on, CancellationToken cancel) =>
        new(IsolationLevel.ReadUncommitted);

    internal override string Prepares => "PRAGMA journal_mode = WAL";

    public override object IdValue(Guid id) => id.ToString("D");

    protected override string Among(DbCommand command, string name, Column column,
        IReadOnlyCollection<string> values) => SqliteRows.Among(command, name, column, values);

    public override Task InsertAsync(ShopConnection on, Guid shop, Table table, IReadOnlyList<StoredRow> rows,
        CancellationToken cancel) => SqliteRows.InsertAsync(on, shop, table, rows, cancel);

    public override Task UpdateAsync(ShopConnection on, Guid shop, Table table, IReadOnlyList<StoredRow> rows,
        CancellationToken cancel) => SqliteRows.UpdateAsync(on, shop, table, rows, cancel);

    public override bool IsDuplicate(Exception e) =>
        e.GetBaseException() is SqliteException { SqliteErrorCode: 19, SqliteExtendedErrorCode: 1555 or 2067 };
}

public sealed class PostgreSqlDialect(string connection) : Dialect
{
    private const int MostPrepared = 60;

    // PostgreSQL accepts 100 connections by default, for all servers together, and more active ones than processors
    // gain nothing. A request that finds none free waits for one.
    private const int MostConnections = 30;

    private readonly string _connection = Prepared(connection);

    public override string Engine => ServerSettings.Postgres;

    internal override string Migrations => "PostgreSql";

    protected override DbConnection NewDriver() => new NpgsqlConnection(_connection);

    public override SakDb Model(ShopConnection over) => new PostgreSqlDb(over);

    // EF's own lock is released after each migration here. The number is "SAK" in ASCII.
    internal override (string Take, string Give)? UpdateLock =>
        ("SELECT pg_advisory_lock(5456203)", "SELECT pg_advisory_unlock(5456203)");

    internal override ValueTask<IsolationLevel> SnapshotAsync(ShopConnection on, CancellationToken cancel) =>
        new(IsolationLevel.RepeatableRead);

    internal override async Task<string?> FindGapInWallAsync(ShopConnection on, CancellationToken cancel)
    {
        await using var free = on.Command(
            "SELECT rolname::text FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)");
        return await free.ExecuteScalarAsync(cancel) is string login
            ? $"The login \"{login}\" bypasses PostgreSQL's row-level security (SUPERUSER or BYPASSRLS): put a login "
                + "without these rights into Database:Connection, see OPERATOR.md."
            : null;
    }

    protected override string Among(DbCommand command, string name, Column column,
        IReadOnlyCollection<string> values) => PostgreSqlRows.Among(command, name, column, values);

    public override Task InsertAsync(ShopConnection on, Guid shop, Table table, IReadOnlyList<StoredRow> rows,
        CancellationToken cancel) => PostgreSqlRows.InsertAsync(on, shop, table, rows, cancel);

    public override Task UpdateAsync(ShopConnection on, Guid shop, Table table, IReadOnlyList<StoredRow> rows,
        CancellationToken cancel) => PostgreSqlRows.UpdateAsync(on, shop, table, rows, cancel);

    internal override DbCommand TellShop(DbConnection driver, Guid? shop)
    {
        var tell = driver.CreateCommand();
        tell.CommandText = "SELECT set_config('sak.shop', $1, false)";
        tell.Parameters.Add(new NpgsqlParameter { Value = Told(shop) });
        return tell;
    }

    internal override bool TellsWithin => true;

    internal override void TellWithin(DbCommand first, Guid? shop, bool writes)
    {
        first.Parameters.Add(new NpgsqlParameter("@told", Told(shop)));
        // Planning takes longer than most reads, and there are no per-shop statistics that would make a
        // custom plan better.
        var kind = writes
            ? "set_config('sak.writer', 'on', true)"
            : "set_config('plan_cache_mode', 'force_generic_plan', true)";
        first.CommandText = $"SELECT set_config('sak.shop', @told, true), {kind}; {first.CommandText}";
    }

    public override bool IsDuplicate(Exception e) =>
        e.GetBaseException() is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    private static string Told(Guid? shop) => shop?.ToString("D") ?? "";

    // Unless the operator's connection string says otherwise. A pull reads all tables in one command; parsing and
    // rewriting it for row-level security took half of the pull's time.
    private static string Prepared(string connection)
    {
        // EF reads the connection string, password included, to create a database that does not exist.
        var builder = new NpgsqlConnectionStringBuilder(connection) { PersistSecurityInfo = true };
        if (!connection.Contains("Auto Prepare", StringComparison.OrdinalIgnoreCase))
            (builder.MaxAutoPrepare, builder.AutoPrepareMinUsages) = (MostPrepared, 2);
        // Resetting a connection takes as long as a small read, and nothing depends on it: each use of the connection,
        // or its transaction, first sets whose rows it shows.
        if (!connection.Contains("Reset On Close", StringComparison.OrdinalIgnoreCase)) builder.NoResetOnClose = true;
        if (!connection.Contains("Pool Size", StringComparison.OrdinalIgnoreCase))
            builder.MaxPoolSize = MostConnections;
        return builder.ConnectionString;
    }
}

public sealed class SqlServerDialect(string connection) : Dialect
{
    internal const string AllowsSnapshot =
        "SELECT CAST(snapshot_isolation_state AS int) FROM sys.databases WHERE database_id = DB_ID()";

    private const int Allowed = 1;

    private readonly string _connection = new SqlConnectionStringBuilder(
        connection) { PersistSecurityInfo = true }.ConnectionString;

    public override string Engine => ServerSettings.SqlServer;

    internal override string Migrations => "SqlServer";

    protected override DbConnection NewDriver() => new SqlConnection(_connection);

    public override SakDb Model(ShopConnection over) => new SqlServerDb(over);

    // SNAPSHOT blocks nobody, but the database's owner must have allowed it. Otherwise the first read is the shop's
    // counter, whose shared lock is held to the end: the shop's writers wait, so the reads see one state all the same.
    // Other servers that speak TDS may support only SNAPSHOT and refuse REPEATABLE READ. The setting is read instead of
    // tried, because a refused transaction leaves its isolation level on the pooled connection; and it is read each
    // time, because the owner may change it while servers run.
    internal override async ValueTask<IsolationLevel> SnapshotAsync(ShopConnection on, CancellationToken cancel)
    {
        await using var allows = on.Command(AllowsSnapshot);
        return await allows.ExecuteScalarAsync(cancel) is Allowed
            ? IsolationLevel.Snapshot
            : IsolationLevel.RepeatableRead;
    }

    internal override async Task<string?> FindGapInWallAsync(ShopConnection on, CancellationToken cancel)
    {
        await using var stands = on.Command(ShopWall.SqlServerExists);
        return await stands.ExecuteScalarAsync(cancel) is 1
            ? null
            : "This server has no security policies, so the database does not hold shops apart by itself; every query "
                + "of SAK names its shop all the same.";
    }

    protected override string Among(DbCommand command, string name, Column column,
        IReadOnlyCollection<string> values) => SqlServerRows.Among(command, name, column, values);

    public override Task InsertAsync(ShopConnection on, Guid shop, Table table, IReadOnlyList<StoredRow> rows,
        CancellationToken cancel) => SqlServerRows.InsertAsync(on, shop, table, rows, cancel);

    public override Task UpdateAsync(ShopConnection on, Guid shop, Table table, IReadOnlyList<StoredRow> rows,
        CancellationToken cancel) => SqlServerRows.UpdateAsync(on, shop, table, rows, cancel);

    internal override DbCommand TellShop(DbConnection driver, Guid? shop)
    {
        var tell = driver.CreateCommand();
        tell.CommandText = ShopWall.SqlServerEnter(shop);
        return tell;
    }

    public override bool IsDuplicate(Exception e) => e.GetBaseException() is SqlException { Number: 2601 or 2627 };
}
