using System.Data;
using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Npgsql;
using Sak.Sync;

namespace Sak.Server.Data;

/// <summary>The embedded default: one file, one writer at a time, readers beside it (WAL).</summary>
public sealed class SqliteDb(DbContextOptions<SqliteDb> options) : SakDb(options)
{
    public override string Engine => ServerSettings.Sqlite;

    // The driver's word for a deferred transaction: it takes no write lock and sees the moment of its first read.
    internal override ValueTask<IsolationLevel> SnapshotAsync(CancellationToken cancel) => new(IsolationLevel.ReadUncommitted);

    public override object IdValue(Guid id) => id.ToString("D");

    public override string Among(DbCommand command, Column column, IReadOnlyCollection<string> values) => SqliteRows.Among(command, column, values);

    public override Task InsertAsync(Guid shop, Table table, IReadOnlyList<StoredRow> rows, CancellationToken cancel) => SqliteRows.InsertAsync(this, shop, table, rows, cancel);

    public override Task UpdateAsync(Guid shop, Table table, IReadOnlyList<StoredRow> rows, CancellationToken cancel) => SqliteRows.UpdateAsync(this, shop, table, rows, cancel);

    public override bool IsDuplicate(Exception e) => e.GetBaseException() is SqliteException { SqliteErrorCode: 19, SqliteExtendedErrorCode: 1555 or 2067 };

    protected override void ConfigureConventions(ModelConfigurationBuilder conventions) =>
        conventions.Properties<Guid>().HaveConversion<LowerCaseText>();

    // Ids in SQLite are lower-case text, the same as in the replica and on the wire; the driver's own form is upper case.
    private sealed class LowerCaseText() : ValueConverter<Guid, string>(id => id.ToString("D"), text => Guid.Parse(text));
}

public sealed class PostgreSqlDb(DbContextOptions<PostgreSqlDb> options) : SakDb(options)
{
    public override string Engine => ServerSettings.Postgres;

    internal override ValueTask<IsolationLevel> SnapshotAsync(CancellationToken cancel) => new(IsolationLevel.RepeatableRead);

    internal override async Task<string?> FindGapInWallAsync(CancellationToken cancel)
    {
        var free = await Database.SqlQueryRaw<string>("SELECT rolname::text AS \"Value\" FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)").ToListAsync(cancel);
        return free.Count == 0 ? null
            : $"The login \"{free[0]}\" passes PostgreSQL's row-level security (SUPERUSER or BYPASSRLS): put a login without these rights into Database:Connection, see OPERATOR.md.";
    }

    public override string Among(DbCommand command, Column column, IReadOnlyCollection<string> values) => PostgreSqlRows.Among(command, column, values);

    public override Task InsertAsync(Guid shop, Table table, IReadOnlyList<StoredRow> rows, CancellationToken cancel) => PostgreSqlRows.InsertAsync(this, shop, table, rows, cancel);

    public override Task UpdateAsync(Guid shop, Table table, IReadOnlyList<StoredRow> rows, CancellationToken cancel) => PostgreSqlRows.UpdateAsync(this, shop, table, rows, cancel);

    protected override DbCommand TellShop(DbConnection connection, string shop)
    {
        var tell = connection.CreateCommand();
        tell.CommandText = "SELECT set_config('sak.shop', $1, false)";
        tell.Parameters.Add(new NpgsqlParameter { Value = shop });
        return tell;
    }

    protected override bool TellsWithin => true;

    protected override void TellWithin(DbCommand first, string shop, bool writes)
    {
        first.Parameters.Add(new NpgsqlParameter("@told", shop));
        // To plan each read anew for its shop takes longer than most reads, and the planner keeps nothing of a shop that a plan could gain by.
        var kind = writes ? "set_config('sak.writer', 'on', true)" : "set_config('plan_cache_mode', 'force_generic_plan', true)";
        first.CommandText = $"SELECT set_config('sak.shop', @told, true), {kind}; {first.CommandText}";
    }

    public override bool IsDuplicate(Exception e) => e.GetBaseException() is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };
}

public sealed class SqlServerDb(DbContextOptions<SqlServerDb> options) : SakDb(options)
{
    // Compares bytes: "bd-001" and "BD-001" are two SKUs on every engine.
    internal const string ByteOrder = "Latin1_General_BIN2";

    public override string Engine => ServerSettings.SqlServer;

    internal const string AllowsSnapshot = "SELECT CAST(snapshot_isolation_state AS int) AS [Value] FROM sys.databases WHERE database_id = DB_ID()";

    private const int Allowed = 1;

    // SNAPSHOT holds nobody up, but the database's owner must have allowed it. Where not, the first read is the shop's counter,
    // whose shared lock stays to the end: writers of that shop wait, so what is read is one moment all the same. Another
    // server that speaks TDS over row versions may know SNAPSHOT alone and refuse REPEATABLE READ. Asked rather than tried: a
    // transaction that is refused leaves its isolation level behind on the pooled connection. Each time, since the owner may
    // change it while servers run.
    internal override async ValueTask<IsolationLevel> SnapshotAsync(CancellationToken cancel) =>
        await Database.SqlQueryRaw<int>(AllowsSnapshot).ToListAsync(cancel) is [Allowed] ? IsolationLevel.Snapshot : IsolationLevel.RepeatableRead;

    internal override async Task<string?> FindGapInWallAsync(CancellationToken cancel)
    {
        var stands = await Database.SqlQueryRaw<int>(ShopWall.SqlServerStands).SingleAsync(cancel);
        return stands == 1 ? null : "This server has no security policies, so the database does not hold shops apart by itself; every query of SAK names its shop all the same.";
    }

    public override string Among(DbCommand command, Column column, IReadOnlyCollection<string> values) => SqlServerRows.Among(command, column, values);

    public override Task InsertAsync(Guid shop, Table table, IReadOnlyList<StoredRow> rows, CancellationToken cancel) => SqlServerRows.InsertAsync(this, shop, table, rows, cancel);

    public override Task UpdateAsync(Guid shop, Table table, IReadOnlyList<StoredRow> rows, CancellationToken cancel) => SqlServerRows.UpdateAsync(this, shop, table, rows, cancel);

    protected override DbCommand TellShop(DbConnection connection, string shop)
    {
        var tell = connection.CreateCommand();
        tell.CommandText = ShopWall.SqlServerTell(shop.Length > 0 ? Guid.Parse(shop) : null);
        return tell;
    }

    public override bool IsDuplicate(Exception e) => e.GetBaseException() is SqlException { Number: 2601 or 2627 };

    protected override void OnModelCreating(ModelBuilder model)
    {
        base.OnModelCreating(model);
        foreach (var synced in model.Model.GetEntityTypes().Where(e => typeof(SyncedRow).IsAssignableFrom(e.ClrType)).ToList())
            model.Entity(synced.ClrType).ToTable(t => t.HasTrigger($"{synced.GetTableName()}_foreign"));
        model.Entity<ProductRow>().Property(p => p.Sku).UseCollation(ByteOrder);
        model.Entity<OrderRow>().Property(o => o.Number).UseCollation(ByteOrder);
    }
}
