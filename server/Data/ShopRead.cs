using System.Data.Common;

namespace Sak.Server.Data;

/// <summary>
/// A shop's rows as they stood at one moment. The counter is read first, in the same transaction: on PostgreSQL and
/// SQLite that fixes the moment without holding anyone up, and on SQL Server too where its owner allowed SNAPSHOT
/// isolation; where not, the counter's shared lock makes the shop's writers wait.
/// </summary>
public sealed class ShopRead : IAsyncDisposable
{
    private readonly ShopConnection _connection;

    private ShopRead(ShopConnection connection, DbDataReader results, long version, long floor) =>
        (_connection, Results, Version, Floor) = (connection, results, version, floor);

    /// <summary>Every row of the shop up to this version is seen, and none above it.</summary>
    public long Version { get; }

    /// <summary>Deletions up to this version are forgotten.</summary>
    public long Floor { get; }

    /// <summary>
    /// What was asked for with the counter, in the same round trip; empty, and closed, when nothing was.
    /// </summary>
    public DbDataReader Results { get; }

    /// <param name="also">Adds to the command, after the counter, what shall be read of this moment.</param>
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

    /// <summary>The shop's version, outside of any moment: one index read.</summary>
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
            // What is left of the answer is passed over, and may fail: the database cancelled it, or is gone.
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
