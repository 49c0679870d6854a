using Microsoft.Data.Sqlite;
using Sak.Agent.Catalog;
using Sak.Sync.Model;

namespace Sak.Tools.Understand;

/// <summary>
/// A catalog in a SQLite database in memory, searched by the agent's own index: what is measured is what runs
/// at the shop.
/// </summary>
internal sealed class CatalogReplica : IDisposable
{
    private readonly string _source = $"Data Source=understand-{Guid.NewGuid():N};Mode=Memory;Cache=Shared";
    private readonly SqliteConnection _keeper;

    public CatalogReplica(IEnumerable<Product> products)
    {
        _keeper = Open();
        ProductTable.Create(_keeper);
        foreach (var p in products)
            ProductTable.Add(_keeper, ("sku", p.Sku), ("name", p.Name), ("aliases", string.Join('|', p.Aliases)),
                ("unit", p.Unit), ("packs", Product.WritePacks(p.Packs)), ("price", p.Price.Minor),
                ("currency", p.Price.Currency), ("tax_rate", p.TaxRate));
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
}
