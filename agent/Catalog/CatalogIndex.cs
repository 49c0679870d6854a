using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Sync.Model;
using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;
using Sak.Sync.Wire;

namespace Sak.Agent.Catalog;

/// <summary>
/// Finds products on the PC by any word, over SQLite FTS5 on the replica. <see cref="Schema"/> runs once after the
/// table "products" is made. A change of a product is searchable at once: call <see cref="Follow"/> in the transaction
/// that writes (the index then commits with it); many changes at once and those of other programs are taken in before
/// the next search.
/// </summary>
/// <param name="open">Opens a connection to the replica; it is disposed after each search.</param>
public sealed class CatalogIndex(Func<SqliteConnection> open) : ICatalogSearch
{
    /// <summary>Changed products indexed in one transaction: about 50 ms, for which another writer waits.</summary>
    private const int Step = 2_000;

    /// <summary>The trigger that notes a new product.</summary>
    internal const string InsertTrigger = "catalog_product_added";

    /// <summary>The index's tables and triggers; idempotent. Needs the table "products".</summary>
    public static string Schema { get; } = ReadSchema();

    public static void CreateSchema(SqliteConnection connection)
    {
        connection.Execute(Schema);
        // Products that are older than the index.
        CatalogIndexWriter.NoteMany(connection);
    }

    /// <summary>True while changed products are not in the index yet.</summary>
    public static bool IsBehind(SqliteConnection connection) =>
        connection.Scalar<long>("SELECT EXISTS (SELECT 1 FROM catalog_dirty)") == 1;

    /// <summary>
    /// Brings the index up to date with the products that changed, in steps of a transaction each. Returns how many.
    /// </summary>
    public static int Refresh(SqliteConnection connection)
    {
        var total = 0;
        while (IsBehind(connection))
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            total += TakeStep(connection);
            transaction.Commit();
        }

        return total;
    }

    /// <summary>
    /// Takes in what a first load left, in steps, so that a message that comes meanwhile waits for one at most.
    /// </summary>
    public static async Task RefreshAsync(ReplicaDb db, CancellationToken cancel)
    {
        while (await db.ReadAsync(IsBehind, cancel)) await db.WriteAsync(TakeStep, cancel);
    }

    /// <summary>
    /// Within the transaction that writes: what it changed is in the index when it commits. A first load is more than a
    /// waiting writer should wait for; it is left to <see cref="Refresh"/>, which each search calls first.
    /// </summary>
    public static void Follow(SqliteConnection connection)
    {
        if (IsBehind(connection) && !AreMany(connection)) TakeStep(connection);
    }

    /// <summary>Takes some of the changed products in, within the caller's transaction. Returns how many.</summary>
    public static int TakeStep(SqliteConnection connection) => new CatalogIndexWriter(connection).Write(Step);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Product>> FindAsync(IReadOnlyList<string> words, int limit,
        CancellationToken cancel)
    {
        await using var connection = open();
        Refresh(connection);
        using var search = new RowsByWords(connection);
        var rows = search.Best(words, limit);
        if (rows.Count == 0) return [];
        await using var command = connection.CreateCommand();
        command.CommandText =
            $"SELECT {Columns} FROM catalog_rows JOIN products AS p ON p.id = catalog_rows.id WHERE catalog_rows.row "
                + $"IN ({string.Join(',', rows)})";
        return await ReadAsync(command, cancel);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Product>> GetAsync(IReadOnlyCollection<string> skus, CancellationToken cancel)
    {
        if (skus.Count == 0) return [];
        await using var connection = open();
        await using var command = connection.CreateCommand();
        var names = skus.Distinct().Take(500).Select((sku, i) => (Name: $"$s{i}", Sku: sku)).ToList();
        foreach (var (name, sku) in names) command.Parameters.AddWithValue(name, sku);
        command.CommandText = $"SELECT {Columns} FROM products AS p WHERE p.active = 1 AND p.sku IN "
            + $"({string.Join(',', names.Select(n => n.Name))})";
        return await ReadAsync(command, cancel);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<string, Bought>> SoldAsync(IReadOnlyCollection<string> skus,
        CancellationToken cancel)
    {
        await using var connection = open();
        return await Sales.OfAsync(connection, skus, cancel);
    }

    private const string Columns = $"{Products.Stored}, p.on_hand, p.ver";

    private static async Task<IReadOnlyList<Product>> ReadAsync(SqliteCommand command, CancellationToken cancel)
    {
        var products = new List<Product>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) products.Add(Products.Read(reader));
        return products;
    }

    private static bool AreMany(SqliteConnection connection) =>
        connection.Scalar<long>(
            """
            SELECT EXISTS (SELECT 1 FROM catalog_dirty WHERE id = $many)
              OR EXISTS (SELECT 1 FROM catalog_dirty LIMIT 1 OFFSET $step)
            """,
            ("$many", CatalogIndexWriter.Many), ("$step", Step)) == 1;

    private static string ReadSchema()
    {
        var assembly = typeof(CatalogIndex).Assembly;
        var name = assembly.GetManifestResourceNames()
            .Single(n => n.EndsWith("CatalogIndex.sql", StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
