using System.Data;
using System.Data.Common;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Sak.Sync;

namespace Sak.Server.Data;

/// <summary>
/// The cloud database: one model for every engine. Tables and columns of synced rows are named exactly as in
/// <see cref="Tables"/>; a test compares them. What engines do differently is in <c>Dialects.cs</c> and nowhere else.
/// </summary>
public abstract partial class SakDb(DbContextOptions options) : DbContext(options)
{
    private const string AllShops = "";
    private const string OnlyKeys = "keys";
    private const int MostOpened = 4;
    private string? _shop;
    private bool _tellsWithin;
    private bool _wasOpened;

    public const int MaxSku = 100;
    public const int MaxOrderNumber = 50;

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

    /// <summary>The engine's name as the settings have it.</summary>
    public abstract string Engine { get; }

    /// <summary>From here on this context sees and writes this shop's rows alone, whatever a query forgot to say; see <see cref="ShopWall"/>.</summary>
    public void Enter(Guid shop) => See(shop.ToString("D"));

    /// <summary>The operator's way through: making shops, trimming, watching versions, migrations. Never for a request.</summary>
    public void EnterAllShops() => See(AllShops);

    /// <summary>Back to nobody's: a context that is used again must be told anew.</summary>
    internal void Leave() => _shop = null;

    /// <summary>
    /// A request that is cut between the opening of its connection and its transaction leaves it open, and EF's pool of contexts
    /// would keep it so: every later request with this context would fail.
    /// </summary>
    public override async ValueTask DisposeAsync()
    {
        if (_wasOpened)
        {
            // EF counts how often it was opened, and keeps the count with the context, also when the connection broke.
            for (var opened = 0; opened < MostOpened; opened++) await Database.CloseConnectionAsync();
            if (Database.GetDbConnection() is { State: not ConnectionState.Closed } left) await left.CloseAsync();
        }

        _wasOpened = false;
        Leave();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>To look up a key, which says whose shop it is, and where that shop stands: nothing else behind the wall may be asked for.</summary>
    internal void EnterKeys() => See(OnlyKeys);

    /// <summary>What tells a connection whose rows it shows; null where the engine has no such wall. Throws when nobody said.</summary>
    internal DbCommand? TellShop(DbConnection connection)
    {
        _wasOpened = true;
        if (_shop is null) throw new InvalidOperationException("No shop was entered: call Enter(shop), or EnterAllShops() for the operator's work.");
        if (_tellsWithin) return null;
        return _shop == OnlyKeys ? null : TellShop(connection, _shop);
    }

    /// <summary>Why the database does not hold shops apart by itself, with what to do; null when it does, or never can.</summary>
    internal virtual Task<string?> FindGapInWallAsync(CancellationToken cancel) => Task.FromResult<string?>(null);

    protected virtual DbCommand? TellShop(DbConnection connection, string shop) => null;

    /// <summary>The kind of transaction in which every read sees the moment of the first; see <see cref="ShopRead"/>.</summary>
    internal abstract ValueTask<IsolationLevel> SnapshotAsync(CancellationToken cancel);

    /// <summary>
    /// Begins a transaction with its first command and gives that command's results. Where the engine can, the connection is
    /// told whose rows it shows by this command, until the transaction ends, and not in a round trip before.
    /// </summary>
    /// <param name="writes">This transaction stamps its rows itself, which the triggers for other programs can't see by the rows everywhere.</param>
    internal async Task<(IDbContextTransaction Transaction, DbDataReader Results)> BeginAsync(
        IsolationLevel level, bool writes, Func<DbCommand> first, CancellationToken cancel)
    {
        _tellsWithin = TellsWithin;
        IDbContextTransaction transaction;
        try
        {
            transaction = await Database.BeginTransactionAsync(level, cancel);
        }
        finally
        {
            _tellsWithin = false;
        }

        try
        {
            return (transaction, await TellAndReadAsync(first(), writes, CommandBehavior.SequentialAccess, cancel));
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the first command of a transaction, or one that is a transaction of its own.</summary>
    internal async Task<DbDataReader> TellAndReadAsync(DbCommand command, bool writes, CommandBehavior how, CancellationToken cancel)
    {
        if (TellsWithin) TellWithin(command, _shop is OnlyKeys ? AllShops : _shop!, writes);
        var results = await command.ExecuteReaderAsync(how, cancel);
        try
        {
            if (TellsWithin) await results.NextResultAsync(cancel);
            return results;
        }
        catch
        {
            await results.DisposeAsync();
            throw;
        }
    }

    /// <summary>A transaction can be told whose rows it shows; otherwise each connection is, at its opening.</summary>
    protected virtual bool TellsWithin => false;

    /// <summary>Puts before the command what tells its transaction: one result of its own.</summary>
    protected virtual void TellWithin(DbCommand first, string shop, bool writes) => throw new NotSupportedException();

    /// <summary>A command of the open connection and transaction, for what is asked at each exchange, where EF costs more than the answer.</summary>
    internal DbCommand Command(string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = Database.GetDbConnection().CreateCommand();
        command.Transaction = Database.CurrentTransaction?.GetDbTransaction();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>An id as this engine's driver wants it.</summary>
    public virtual object IdValue(Guid id) => id;

    /// <summary>"column is one of these", however many there are; adds what it needs to the command.</summary>
    public abstract string Among(DbCommand command, Column column, IReadOnlyCollection<string> values);

    /// <summary>Rows that the table does not have, all at once, in the transaction that is open.</summary>
    public abstract Task InsertAsync(Guid shop, Table table, IReadOnlyList<StoredRow> rows, CancellationToken cancel);

    /// <summary>Rows that it has, all columns, all at once.</summary>
    public abstract Task UpdateAsync(Guid shop, Table table, IReadOnlyList<StoredRow> rows, CancellationToken cancel);

    /// <summary>True for the engine's "this name or number is taken" error.</summary>
    public abstract bool IsDuplicate(Exception e);

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
            row.Property(p => p.Sku).HasMaxLength(MaxSku);
            row.HasIndex(p => new { p.ShopId, p.Sku }).IsUnique();
        });
        model.Entity<OrderRow>(row =>
        {
            row.Property(o => o.Number).HasMaxLength(MaxOrderNumber);
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

    private void See(string shop)
    {
        // Asked only of a context that was told before: a connection string that is nonsense is told of where it is opened.
        if (_shop is not null && Database.GetDbConnection().State != ConnectionState.Closed) throw new InvalidOperationException("A connection is open already: it shows another shop.");
        _shop = shop;
    }

    private static void Synced<T>(ModelBuilder model, Table table)
        where T : SyncedRow =>
        model.Entity<T>(row =>
        {
            row.ToTable(table.Name);
            row.HasKey(r => new { r.ShopId, r.Id });
            row.Property(r => r.Id).ValueGeneratedNever();
            row.HasIndex(r => new { r.ShopId, r.Ver });
            // A row that another program inserts has none; a trigger stamps it (see ForeignTriggers). SAK always says it: a
            // value that the database makes is read back, for which EF uses MERGE on SQL Server.
            row.Property(r => r.Ver).HasDefaultValue(0L).ValueGeneratedNever();
        });

    private static void Parent<TChild, TParent>(ModelBuilder model, string column)
        where TChild : SyncedRow
        where TParent : SyncedRow =>
        model.Entity<TChild>().HasOne<TParent>().WithMany().HasForeignKey(nameof(SyncedRow.ShopId), column).OnDelete(DeleteBehavior.Restrict);

    private static void ServerOnly(ModelBuilder model)
    {
        model.Entity<ShopRow>().ToTable("shops").Property(s => s.Id).ValueGeneratedNever();
        model.Entity<ShopVersionRow>().ToTable("shop_versions").HasKey(v => v.ShopId);
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

    private static string Snake(string name) => Capital().Replace(name, "_$0").ToLowerInvariant();

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex Capital();
}
