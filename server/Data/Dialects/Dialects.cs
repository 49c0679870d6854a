using System.Data;
using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;
using Sak.Server.Settings;
using Sak.Sync.Replica;

namespace Sak.Server.Data.Dialects;

/// <summary>
/// What engines do differently, beside the model (see <c>SakDb.cs</c>). Holds the connection string, and nothing of any
/// shop.
/// </summary>
public abstract class Dialect
{
    /// <summary>The engine's name as the settings have it.</summary>
    public abstract string Engine { get; }

    /// <summary>A connection that is not open yet.</summary>
    public ShopConnection Connect() => new(this, NewDriver());

    protected abstract DbConnection NewDriver();

    /// <summary>EF's model over a connection.</summary>
    public abstract SakDb Model(ShopConnection connection);

    /// <summary>
    /// The kind of transaction in which every read sees the moment of the first; see <see cref="ShopRead"/>.
    /// </summary>
    internal abstract ValueTask<IsolationLevel> SnapshotAsync(ShopConnection connection, CancellationToken cancel);

    /// <summary>
    /// The command that says to an open connection whose rows it shows, those of all shops when the shop is null (see
    /// <see cref="Sight.Shop"/>). Null where the engine has no such wall.
    /// </summary>
    internal virtual DbCommand? TellShop(DbConnection driver, Guid? shop) => null;

    /// <summary>A transaction can be told whose rows it shows; otherwise each connection is, at its opening.</summary>
    internal virtual bool TellsWithin => false;

    /// <summary>Puts before the command what tells its transaction: one result of its own.</summary>
    internal virtual void TellWithin(DbCommand first, Guid? shop, bool writes) => throw new NotSupportedException();

    /// <summary>
    /// Why the database does not hold shops apart by itself, with what to do; null when it does, or never can.
    /// </summary>
    internal virtual Task<string?> FindGapInWallAsync(ShopConnection connection, CancellationToken cancel) =>
        Task.FromResult<string?>(null);

    /// <summary>An id as this engine's driver wants it.</summary>
    public virtual object IdValue(Guid id) => id;

    /// <summary>"column is one of these", however many there are; adds what it needs to the command.</summary>
    public string Among(DbCommand command, Column column, IReadOnlyCollection<string> values) =>
        Among(command, $"@among{command.Parameters.Count}", column, values);

    /// <summary>The same with a parameter of this name: a command may hold several.</summary>
    protected abstract string Among(DbCommand command, string name, Column column, IReadOnlyCollection<string> values);

    /// <summary>Rows that the table does not have, all at once, in the transaction that is open.</summary>
    public abstract Task InsertAsync(ShopConnection connection, Guid shop, Table table, IReadOnlyList<StoredRow> rows,
        CancellationToken cancel);

    /// <summary>Rows that it has, all columns, all at once.</summary>
    public abstract Task UpdateAsync(ShopConnection connection, Guid shop, Table table, IReadOnlyList<StoredRow> rows,
        CancellationToken cancel);

    /// <summary>True for the engine's "this name or number is taken" error.</summary>
    public abstract bool IsDuplicate(Exception e);

    /// <summary>The folder of its migrations.</summary>
    internal abstract string Migrations { get; }

    /// <summary>
    /// What makes servers that start together update one after the other; null where EF's own lock does.
    /// </summary>
    internal virtual (string Take, string Give)? UpdateLock => null;

    /// <summary>What the start says once to the database before anybody else comes.</summary>
    internal virtual string? Prepares => null;
}

/// <summary>The embedded default: one file, one writer at a time, readers beside it (WAL).</summary>
public sealed class SqliteDialect(string connection) : Dialect
{
    public override string Engine => ServerSettings.Sqlite;

    internal override string Migrations => "Sqlite";

    protected override DbConnection NewDriver() => new SqliteConnection(connection);

    public override SakDb Model(ShopConnection over) => new SqliteDb(over);

    // The driver's word for a deferred transaction: it takes no write lock and sees the moment of its first read.
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

    // PostgreSQL lets in 100 by default, for all servers together; more at once than it has processors help nobody. A
    // request that finds none free waits for one.
    private const int MostConnections = 30;

    private readonly string _connection = Prepared(connection);

    public override string Engine => ServerSettings.Postgres;

    internal override string Migrations => "PostgreSql";

    protected override DbConnection NewDriver() => new NpgsqlConnection(_connection);

    public override SakDb Model(ShopConnection over) => new PostgreSqlDb(over);

    // EF's own is let go after each step here. The number is "SAK" in ASCII.
    internal override (string Take, string Give)? UpdateLock =>
        ("SELECT pg_advisory_lock(5456203)", "SELECT pg_advisory_unlock(5456203)");

    internal override ValueTask<IsolationLevel> SnapshotAsync(ShopConnection on, CancellationToken cancel) =>
        new(IsolationLevel.RepeatableRead);

    internal override async Task<string?> FindGapInWallAsync(ShopConnection on, CancellationToken cancel)
    {
        await using var free = on.Command(
            "SELECT rolname::text FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)");
        return await free.ExecuteScalarAsync(cancel) is string login
            ? $"The login \"{login}\" passes PostgreSQL's row-level security (SUPERUSER or BYPASSRLS): put a login "
                + $"without these rights into Database:Connection, see OPERATOR.md."
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
        // To plan each read anew for its shop takes longer than most reads, and the planner keeps nothing of a shop
        // that a plan could gain by.
        var kind = writes
            ? "set_config('sak.writer', 'on', true)"
            : "set_config('plan_cache_mode', 'force_generic_plan', true)";
        first.CommandText = $"SELECT set_config('sak.shop', @told, true), {kind}; {first.CommandText}";
    }

    public override bool IsDuplicate(Exception e) =>
        e.GetBaseException() is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    private static string Told(Guid? shop) => shop?.ToString("D") ?? "";

    // Unless the operator says otherwise. A pull asks all tables at once; to have them parsed and rewritten for the
    // wall each time took half of its time.
    private static string Prepared(string connection)
    {
        // EF asks the connection for its string, password and all, to make a database that is not there.
        var builder = new NpgsqlConnectionStringBuilder(connection) { PersistSecurityInfo = true };
        if (!connection.Contains("Auto Prepare", StringComparison.OrdinalIgnoreCase))
            (builder.MaxAutoPrepare, builder.AutoPrepareMinUsages) = (MostPrepared, 2);
        // To be reset takes a connection as long as a small read, and nothing is left to it: whoever opens it, or the
        // transaction, is told anew whose rows it shows.
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

    // SNAPSHOT holds nobody up, but the database's owner must have allowed it. Where not, the first read is the shop's
    // counter, whose shared lock stays to the end: writers of that shop wait, so what is read is one moment all the
    // same. Another server that speaks TDS over row versions may know SNAPSHOT alone and refuse REPEATABLE READ. Asked
    // rather than tried: a transaction that is refused leaves its isolation level behind on the pooled connection. Each
    // time, since the owner may change it while servers run.
    internal override async ValueTask<IsolationLevel> SnapshotAsync(ShopConnection on, CancellationToken cancel)
    {
        await using var allows = on.Command(AllowsSnapshot);
        return await allows.ExecuteScalarAsync(cancel) is Allowed
            ? IsolationLevel.Snapshot
            : IsolationLevel.RepeatableRead;
    }

    internal override async Task<string?> FindGapInWallAsync(ShopConnection on, CancellationToken cancel)
    {
        await using var stands = on.Command(ShopWall.SqlServerStands);
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
        tell.CommandText = ShopWall.SqlServerTell(shop);
        return tell;
    }

    public override bool IsDuplicate(Exception e) => e.GetBaseException() is SqlException { Number: 2601 or 2627 };
}
