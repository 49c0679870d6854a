using Microsoft.Data.Sqlite;
using Sak.Agent.Catalog;
using Sak.Sync.Model;

namespace Sak.Tools.Understand;

/// <summary>
/// A catalog in a SQLite database in memory, searched by the agent's own index: what is measured is what runs at the
/// shop.
/// </summary>
internal sealed class CatalogReplica : IDisposable
{
    private readonly string _source = $"Data Source=understand-{Guid.NewGuid():N};Mode=Memory;Cache=Shared";
    private readonly SqliteConnection _keeper;

    public CatalogReplica(IEnumerable<Product> products)
    {
        _keeper = Open();
        Run("CREATE TABLE products (id TEXT PRIMARY KEY, sku TEXT, name TEXT, aliases TEXT, unit TEXT, packs TEXT, "
            + "price INTEGER, currency TEXT, tax_rate INTEGER, active INTEGER, on_hand INTEGER, ver INTEGER) STRICT");
        // A shop that has sold nothing yet.
        Run("CREATE TABLE stock_movements (product_id TEXT, reason TEXT, order_line_id TEXT) STRICT");
        Run("CREATE TABLE order_lines (id TEXT PRIMARY KEY, quantity INTEGER) STRICT");
        foreach (var p in products)
            Run("INSERT INTO products VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, 1, NULL, 1)",
                Guid.CreateVersion7().ToString(), p.Sku, p.Name, string.Join('|', p.Aliases), p.Unit,
                Product.WritePacks(p.Packs), p.Price.Minor, p.Price.Currency, p.TaxRate);
        CatalogIndex.CreateSchema(_keeper);
        CatalogIndex.Refresh(_keeper);
        Search = new CatalogIndex(Open);
    }

    public CatalogIndex Search { get; }

    public void Dispose() => _keeper.Dispose();

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_source);
        connection.Open();
        return connection;
    }

    private void Run(string sql, params ReadOnlySpan<object> values)
    {
        using var command = _keeper.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"${i}", values[i]);
        command.ExecuteNonQuery();
    }
}
