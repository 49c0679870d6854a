namespace Sak.Server.Data;

/// <summary>
/// The only way to write synced rows. The shop's counter row is locked first and raised last, in the same
/// transaction, and each written row carries the new version. So commit order is version order, and no row with an
/// older version can commit after a watermark was handed out. Writers of one shop run one after the other, so they
/// also read committed rows.
/// </summary>
public sealed class ShopWrite : IAsyncDisposable
{
    private readonly ShopConnection _db;
    private readonly Guid _shop;

    private ShopWrite(ShopConnection db, Guid shop, long version) => (_db, _shop, Version) = (db, shop, version);

    /// <summary>The version to stamp rows with.</summary>
    public long Version { get; }

    public static async Task<ShopWrite> BeginAsync(ShopConnection db, Guid shop, CancellationToken cancel)
    {
        // An UPDATE takes the row lock on every engine without a hint.
        var row = await db.BeginAsync(
            writes: true,
            () => db.Command(
                "UPDATE shop_versions SET version = version WHERE shop_id = @shop; SELECT version FROM shop_versions "
                    + "WHERE shop_id = @shop", ("@shop", db.IdValue(shop))),
            cancel);
        try
        {
            await using (row)
            {
                return await row.ReadAsync(cancel)
                    ? new ShopWrite(db, shop, row.GetInt64(0) + 1)
                    : throw new InvalidOperationException($"Shop {shop} has no version row.");
            }
        }
        catch
        {
            await db.EndAsync();
            throw;
        }
    }

    /// <summary>Commits, and raises the counter if a synced row was written.</summary>
    public async Task CommitAsync(bool wrote, CancellationToken cancel)
    {
        if (wrote)
        {
            await _db.ExecuteAsync(
                "UPDATE shop_versions SET version = @version WHERE shop_id = @shop AND version < @version",
                [("@shop", _db.IdValue(_shop)), ("@version", Version)], cancel);
        }

        await _db.CommitAsync(cancel);
    }

    /// <summary>Rolls back what was not committed.</summary>
    public ValueTask DisposeAsync() => _db.EndAsync();
}
