using System.Data.Common;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Sak.Sync.Replica;
using Sak.Server.Data.Dialects;

namespace Sak.Server.Data;

/// <summary>
/// The cloud database: one model for every engine. Tables and columns of synced rows have the names in
/// <see cref="Tables"/>; a test compares them. The differences between engines are in the derived models below and in
/// <c>Dialects.cs</c>, nowhere else.
/// </summary>
public abstract partial class SakDb : DbContext
{
    protected const string History = "sak_migrations";

    protected SakDb(DbContextOptionsBuilder options, ShopConnection connection)
        : base(Common(options))
    {
        Connection = connection;
        connection.Joined = Join;
        if (connection.Transaction is { } begun) Join(begun);
    }


    public DbSet<ProductRow> Products => Set<ProductRow>();
    public DbSet<CustomerRow> Customers => Set<CustomerRow>();
    public DbSet<OrderRow> Orders => Set<OrderRow>();
    public DbSet<OrderLineRow> OrderLines => Set<OrderLineRow>();
    public DbSet<OrderEventRow> OrderEvents => Set<OrderEventRow>();
    public DbSet<StockMovementRow> StockMovements => Set<StockMovementRow>();
    public DbSet<PriceRuleRow> PriceRules => Set<PriceRuleRow>();
    public DbSet<ShopRow> Shops => Set<ShopRow>();
    public DbSet<ShopVersionRow> ShopVersions => Set<ShopVersionRow>();
    public DbSet<KeyRow> Keys => Set<KeyRow>();
    public DbSet<NumberLeaseRow> NumberLeases => Set<NumberLeaseRow>();
    public DbSet<SyncBatchRow> SyncBatches => Set<SyncBatchRow>();
    public DbSet<TombstoneRow> Tombstones => Set<TombstoneRow>();
    public DbSet<ReplyRow> Replies => Set<ReplyRow>();
    public DbSet<ModelUseRow> ModelUse => Set<ModelUseRow>();

    /// <summary>
    /// The connection of this context, which decides whose rows are visible. Transactions are begun on it, and this
    /// context joins them.
    /// </summary>
    public ShopConnection Connection { get; }

    public override async ValueTask DisposeAsync()
    {
        Connection.Joined = null; // A transaction that is open yet ends without this context, which is gone by then.
        await base.DisposeAsync();
        await Connection.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    public override void Dispose()
    {
        Connection.Joined = null;
        base.Dispose();
        Connection.Dispose();
        GC.SuppressFinalize(this);
    }

    protected override void OnModelCreating(ModelBuilder model)
    {
        Synced<ProductRow>(model, Tables.Products);
        Synced<CustomerRow>(model, Tables.Customers);
        Synced<OrderRow>(model, Tables.Orders);
        Synced<OrderLineRow>(model, Tables.OrderLines);
        Synced<OrderEventRow>(model, Tables.OrderEvents);
        Synced<StockMovementRow>(model, Tables.StockMovements);
        Synced<PriceRuleRow>(model, Tables.PriceRules);
        model.Entity<ProductRow>(row =>
        {
            row.Property(p => p.Sku).HasMaxLength(RowRules.MaxSku);
            row.HasIndex(p => new { p.ShopId, p.Sku }).IsUnique();
        });
        model.Entity<OrderRow>(row =>
        {
            row.Property(o => o.Number).HasMaxLength(RowRules.MaxOrderNumber);
            row.HasIndex(o => new { o.ShopId, o.Number }).IsUnique();
            row.HasIndex(o => new { o.ShopId, o.PlacedAt });
        });
        Parent<OrderRow, CustomerRow>(model, nameof(OrderRow.CustomerId));
        Parent<OrderLineRow, OrderRow>(model, nameof(OrderLineRow.OrderId));
        Parent<OrderLineRow, ProductRow>(model, nameof(OrderLineRow.ProductId));
        Parent<OrderEventRow, OrderRow>(model, nameof(OrderEventRow.OrderId));
        Parent<StockMovementRow, ProductRow>(model, nameof(StockMovementRow.ProductId));
        ServerOnly(model);
        foreach (var entity in model.Model.GetEntityTypes())
            foreach (var property in entity.GetProperties())
                property.SetColumnName(Snake(property.Name));
    }

    private void Join(DbTransaction? transaction)
    {
        if (transaction is null) Database.CurrentTransaction?.Dispose(); // EF's own mark of it, not the transaction.
        else Database.UseTransaction(transaction);
    }

    private static void Synced<T>(ModelBuilder model, Table table)
        where T : SyncedRow =>
        model.Entity<T>(row =>
        {
            row.ToTable(table.Name);
            row.HasKey(r => new { r.ShopId, r.Id });
            row.Property(r => r.Id).ValueGeneratedNever();
            row.HasIndex(r => new { r.ShopId, r.Ver });
            // The default is for rows that other programs insert; a trigger then stamps them (see ForeignTriggers). SAK
            // always gives a value: EF would read a generated one back, for which it uses MERGE on SQL Server.
            row.Property(r => r.Ver).HasDefaultValue(0L).ValueGeneratedNever();
        });

    private static void Parent<TChild, TParent>(ModelBuilder model, string column)
        where TChild : SyncedRow
        where TParent : SyncedRow =>
        model.Entity<TChild>().HasOne<TParent>().WithMany().HasForeignKey(nameof(SyncedRow.ShopId), column)
            .OnDelete(DeleteBehavior.Restrict);

    private static void ServerOnly(ModelBuilder model)
    {
        model.Entity<ShopRow>().ToTable("shops").Property(s => s.Id).ValueGeneratedNever();
        model.Entity<ShopVersionRow>().ToTable("shop_versions").HasKey(v => v.ShopId);
        model.Entity<ShopVersionRow>().Property(v => v.Floor).HasDefaultValue(0L).ValueGeneratedNever();
        model.Entity<ShopVersionRow>().HasOne<ShopRow>().WithOne().HasForeignKey<ShopVersionRow>(v => v.ShopId);
        model.Entity<KeyRow>(key =>
        {
            key.ToTable("keys");
            key.Property(k => k.Id).HasMaxLength(32);
            key.Property(k => k.Hash).HasMaxLength(32);
            key.Property(k => k.Role).HasMaxLength(20);
            key.HasOne<ShopRow>().WithMany().HasForeignKey(k => k.ShopId);
        });
        model.Entity<NumberLeaseRow>(lease =>
        {
            lease.ToTable("number_leases");
            lease.Property(l => l.Number).HasMaxLength(Sak.Sync.Wire.LeaseRequest.MaxNumber);
            lease.Property(l => l.Device).HasMaxLength(Sak.Sync.Wire.LeaseRequest.MaxDevice);
            lease.HasKey(l => new { l.ShopId, l.Number });
        });
        model.Entity<SyncBatchRow>().ToTable("sync_batches").HasKey(b => new { b.ShopId, b.Replica, b.Sequence });
        model.Entity<TombstoneRow>(tombstone =>
        {
            tombstone.ToTable("tombstones");
            tombstone.Property(t => t.TableName).HasMaxLength(40);
            tombstone.HasKey(t => new { t.ShopId, t.TableName, t.Id });
            tombstone.HasIndex(t => new { t.ShopId, t.Ver });
            tombstone.Property(t => t.At).HasDefaultValue(0L).ValueGeneratedNever();
        });
        model.Entity<ReplyRow>().ToTable("replies").HasKey(r => new { r.ShopId, r.TurnId });
        model.Entity<ModelUseRow>().ToTable("model_use").HasKey(u => new { u.ShopId, u.Day });
    }

    private static DbContextOptions Common(DbContextOptionsBuilder options) =>
        options.UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
            .AddInterceptors(ShopWall.Instance)
            .ConfigureWarnings(w => w.Ignore(RelationalEventId.CommandExecuted, RelationalEventId.ConnectionError))
            .Options;

    private static string Snake(string name) => Capital().Replace(name, "_$0").ToLowerInvariant();

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex Capital();
}

public sealed class SqliteDb(ShopConnection connection)
    : SakDb(new DbContextOptionsBuilder<SqliteDb>()
        .UseSqlite(connection.Driver, s => s.MigrationsHistoryTable(History)), connection)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder conventions) =>
        conventions.Properties<Guid>().HaveConversion<LowerCaseText>();

    // Ids in SQLite are lower-case text, as in the replica and on the wire; the driver's own form is upper case.
    private sealed class LowerCaseText()
        : ValueConverter<Guid, string>(id => id.ToString("D"), text => Guid.Parse(text));
}

public sealed class PostgreSqlDb(ShopConnection connection)
    : SakDb(new DbContextOptionsBuilder<PostgreSqlDb>()
        .UseNpgsql(connection.Driver, s => s.MigrationsHistoryTable(History)), connection);

// EF uses MERGE only for identity keys; SAK's ids are made by the client, so there are none.
public sealed class SqlServerDb(ShopConnection connection)
    : SakDb(new DbContextOptionsBuilder<SqlServerDb>()
        .UseSqlServer(connection.Driver, s => s.MigrationsHistoryTable(History).UseCompatibilityLevel(130)), connection)
{
    protected override void OnModelCreating(ModelBuilder model)
    {
        base.OnModelCreating(model);
        foreach (var synced in model.Model.GetEntityTypes().Where(e => typeof(SyncedRow).IsAssignableFrom(e.ClrType))
            .ToList())
            model.Entity(synced.ClrType).ToTable(t => t.HasTrigger($"{synced.GetTableName()}_foreign"));
        model.Entity<ProductRow>().Property(p => p.Sku).UseCollation(SqlServerRows.ByteOrder);
        model.Entity<OrderRow>().Property(o => o.Number).UseCollation(SqlServerRows.ByteOrder);
    }
}
