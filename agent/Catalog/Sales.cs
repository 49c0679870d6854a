using Microsoft.Data.Sqlite;
using Sak.Sync.Model;
using Sak.Sync.Wire;

namespace Sak.Agent.Catalog;

/// <summary>What the shop has sold of products, from the movements of its stock.</summary>
internal static class Sales
{
    // The latest two hundred sales of each say enough, however long the shop has sold it.
    private const string OfOne = """
        SELECT {0}, count(*), coalesce(max(quantity), 0) FROM
          (SELECT l.quantity FROM products p JOIN stock_movements s ON s.product_id = p.id AND s.reason = $sold
            JOIN order_lines l ON l.id = s.order_line_id
           WHERE p.sku = {0} ORDER BY s.rowid DESC LIMIT 200)
        """;

    public static async Task<IReadOnlyDictionary<string, Bought>> OfAsync(SqliteConnection connection,
        IReadOnlyCollection<string> skus, CancellationToken cancel)
    {
        var sold = new Dictionary<string, Bought>();
        if (skus.Count == 0) return sold;
        await using var command = connection.CreateCommand();
        var names = skus.Distinct().Take(100).Select((sku, i) => (Name: $"$s{i}", Sku: sku)).ToList();
        foreach (var (name, sku) in names) command.Parameters.AddWithValue(name, sku);
        command.Parameters.AddWithValue("$sold", StockReason.Sold.Text());
        command.CommandText = string.Join(" UNION ALL ",
            names.Select(n => OfOne.Replace("{0}", n.Name, StringComparison.Ordinal)));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            if (reader.GetInt32(1) > 0) sold[reader.GetString(0)] = new Bought(reader.GetInt32(1), reader.GetInt64(2));
        return sold;
    }
}
