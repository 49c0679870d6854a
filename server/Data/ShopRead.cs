using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Sak.Server.Data;

/// <summary>
/// A shop's rows as they stood at one moment. The counter is read first, in the same transaction: on PostgreSQL and SQLite
/// that fixes the moment without holding anyone up, and on SQL Server too where its owner allowed SNAPSHOT isolation;
/// where not, the counter's shared lock makes the shop's writers wait.
/// </summary>
public sealed class ShopRead : IAsyncDisposable
{
    private readonly IDbContextTransaction _transaction;

    private ShopRead(IDbContextTransaction transaction, long version, long floor) => (_transaction, Version, Floor) = (transaction, version, floor);

    /// <summary>Every row of the shop up to this version is seen, and none above it.</summary>
    public long Version { get; }

    /// <summary>Deletions up to this version are forgotten.</summary>
    public long Floor { get; }

    public static async Task<ShopRead> BeginAsync(SakDb db, Guid shop, CancellationToken cancel)
    {
        var transaction = await db.Database.BeginTransactionAsync(await db.SnapshotAsync(cancel), cancel);
        try
        {
            await using var command = db.Command("SELECT version, floor FROM shop_versions WHERE shop_id = @shop", ("@shop", db.IdValue(shop)));
            await using var row = await command.ExecuteReaderAsync(cancel);
            if (!await row.ReadAsync(cancel)) throw new InvalidOperationException($"Shop {shop} has no version row.");
            return new ShopRead(transaction, row.GetInt64(0), row.GetInt64(1));
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    /// <summary>The shop's version, outside of any moment: one index read.</summary>
    public static Task<long> VersionAsync(SakDb db, Guid shop, CancellationToken cancel) =>
        db.ShopVersions.Where(v => v.ShopId == shop).Select(v => v.Version).SingleAsync(cancel);

    public ValueTask DisposeAsync() => _transaction.DisposeAsync();
}
