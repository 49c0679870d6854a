using System.Data.Common;

namespace Sak.Server.Data;

/// <summary>
/// A snapshot of a shop's rows. The counter is read first, in the same transaction: on PostgreSQL and SQLite that fixes
/// the snapshot without blocking anyone, and on SQL Server too when its owner allowed SNAPSHOT isolation; otherwise the
/// counter's shared lock makes the shop's writers wait.
/// </summary>
public sealed class ShopRead : IAsyncDisposable
{
    private readonly ShopConnection _connection;

    private ShopRead(ShopConnection connection, DbDataReader results, long version, long floor) =>
        (_connection, Results, Version, Floor) = (connection, results, version, floor);

    /// <summary>The snapshot contains every row of the shop up to this version, and none above it.</summary>
    public long Version { get; }

    /// <summary>Tombstones up to this version were removed.</summary>
    public long Floor { get; }

    /// <summary>
    /// Results of the statements that were added to the counter's command; empty and closed when there were none.
    /// </summary>
    public DbDataReader Results { get; }

    /// <param name="also">Adds statements after the counter's, which are read from the same snapshot.</param>
    public static async Task<ShopRead> BeginAsync(ShopConnection db, Guid shop, Action<DbCommand>? also,
        CancellationToken cancel)
    {
        var results = await db.BeginAsync(writes: false, () => Ask(db, shop, also), cancel);
        try
        {
            if (!await results.ReadAsync(cancel))
                throw new InvalidOperationException($"Shop {shop} has no version row.");
            var moment = new ShopRead(db, results, results.GetInt64(0), results.GetInt64(1));
            if (also is null) await results.DisposeAsync();
            else await results.NextResultAsync(cancel);
            return moment;
        }
        catch
        {
            await results.DisposeAsync();
            await db.EndAsync();
            throw;
        }
    }

    /// <summary>The shop's version without a snapshot: one index read.</summary>
    public static Task<long> VersionAsync(ShopConnection db, Guid shop, CancellationToken cancel) =>
        db.AskAsync(
            Ask(db, shop, null),
            async row => await row.ReadAsync(cancel)
                ? row.GetInt64(0)
                : throw new InvalidOperationException($"Shop {shop} has no version row."), cancel);

    public async ValueTask DisposeAsync()
    {
        try
        {
            // Disposing skips the rest of the results, which fails when the database cancelled the command or the
            // connection is lost.
            await Results.DisposeAsync();
        }
        finally
        {
            await _connection.EndAsync();
        }
    }

    private static DbCommand Ask(ShopConnection db, Guid shop, Action<DbCommand>? also)
    {
        var command = db.Command("SELECT version, floor FROM shop_versions WHERE shop_id = @shop",
            ("@shop", db.IdValue(shop)));
        also?.Invoke(command);
        return command;
    }
}
