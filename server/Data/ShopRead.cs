using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Sak.Server.Data;

/// <summary>
/// A shop's rows as they stood at one moment. The counter is read first, in the same transaction: on PostgreSQL and SQLite
/// that fixes the moment without holding anyone up, on SQL Server its shared lock makes the shop's writers wait.
/// </summary>
public sealed class ShopRead : IAsyncDisposable
{
    private readonly DbTransaction _transaction;

    private ShopRead(DbTransaction transaction, ShopVersionRow row) => (_transaction, Version, Floor) = (transaction, row.Version, row.Floor);

    /// <summary>Every row of the shop up to this version is seen, and none above it.</summary>
    public long Version { get; }

    /// <summary>Deletions up to this version are forgotten.</summary>
    public long Floor { get; }

    public static async Task<ShopRead> BeginAsync(SakDb db, Guid shop, CancellationToken cancel)
    {
        var transaction = await db.BeginSnapshotAsync(cancel);
        try
        {
            return new ShopRead(transaction, await db.ShopVersions.SingleAsync(v => v.ShopId == shop, cancel));
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
