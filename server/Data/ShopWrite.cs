using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Sak.Server.Data;

/// <summary>
/// The one way to write synced rows. The shop's counter row is locked first and raised last, in the same transaction, and
/// each row that was written carries the new version: commit order is version order, so a watermark that was handed out
/// can never pass by a row that commits later. Writers of one shop stand in line, so they also read what is true.
/// </summary>
public sealed class ShopWrite : IAsyncDisposable
{
    private readonly SakDb _db;
    private readonly IDbContextTransaction _transaction;
    private readonly Guid _shop;

    private ShopWrite(SakDb db, IDbContextTransaction transaction, Guid shop, long version)
    {
        _db = db;
        _transaction = transaction;
        _shop = shop;
        Version = version;
    }

    /// <summary>The version to stamp rows with.</summary>
    public long Version { get; }

    public static async Task<ShopWrite> BeginAsync(SakDb db, Guid shop, CancellationToken cancel)
    {
        // Read committed: after the lock, every statement sees what the writer before this one committed.
        var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        try
        {
            await db.AnnounceAsync(cancel);
            // An UPDATE takes the row lock on every engine without a hint.
            var locked = await db.ShopVersions.Where(v => v.ShopId == shop).ExecuteUpdateAsync(v => v.SetProperty(r => r.Version, r => r.Version), cancel);
            if (locked != 1) throw new InvalidOperationException($"Shop {shop} has no version row.");
            var version = await db.ShopVersions.Where(v => v.ShopId == shop).Select(v => v.Version).SingleAsync(cancel);
            return new ShopWrite(db, transaction, shop, version + 1);
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    /// <summary>Commits; raises the counter unless no synced row was written.</summary>
    public async Task CommitAsync(bool wrote, CancellationToken cancel)
    {
        if (wrote) await _db.ShopVersions.Where(v => v.ShopId == _shop).ExecuteUpdateAsync(v => v.SetProperty(r => r.Version, r => r.Version > Version ? r.Version : Version), cancel);
        await _transaction.CommitAsync(cancel);
    }

    /// <summary>Rolls back what was not committed.</summary>
    public ValueTask DisposeAsync() => _transaction.DisposeAsync();
}
