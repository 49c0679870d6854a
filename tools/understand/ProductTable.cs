using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Sync.Replica;

namespace Sak.Tools.Understand;

/// <summary>
/// The tables that the agent's catalog index reads, without the rest of its database: products as they are declared,
/// and what was sold of them, empty.
/// </summary>
internal static class ProductTable
{
    private static readonly string Columns = string.Join(", ", Tables.Products.Columns.Select(
        c => $"{c.Name} {(c.Kind is ColumnKind.Id or ColumnKind.Text ? "TEXT" : "INTEGER")}"));

    private static readonly string Insert =
        $"INSERT INTO products VALUES ({string.Concat(Tables.Products.Columns.Select((_, i) => $"${i}, "))}1)";

    public static void Create(SqliteConnection connection) =>
        connection.Execute(
            $"""
            CREATE TABLE products ({Columns}, ver INTEGER, PRIMARY KEY (id)) STRICT;
            CREATE TABLE stock_movements (product_id TEXT, reason TEXT, order_line_id TEXT) STRICT;
            CREATE TABLE order_lines (id TEXT PRIMARY KEY, quantity INTEGER) STRICT;
            """);

    /// <summary>Adds a product that is for sale.</summary>
    public static void Add(SqliteConnection connection, params ReadOnlySpan<(string Column, object? Value)> values)
    {
        var row = Tables.Products.Row([("id", Guid.CreateVersion7().ToString()), ("active", 1), .. values]);
        connection.Execute(Insert, [.. row.Select((value, i) => ($"${i}", value))]);
    }
}
