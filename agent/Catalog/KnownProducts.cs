using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using Sak.Sync.Model;

namespace Sak.Agent.Catalog;

/// <summary>
/// Products already made of their rows: taken-apart names are worth keeping, so the product of an unchanged row is the
/// same object each time.
/// </summary>
internal sealed class KnownProducts
{
    private const int Most = 20_000;

    /// <summary>Between two columns of a known row: no text holds it.</summary>
    private const byte Between = 0xFF;

    private readonly ConcurrentDictionary<string, (byte[] Row, Product Product)> _cache = [];

    // The row as SQLite holds it is compared, column by column, with the one that the product was made of: a hundred
    // rows a message, and no text is made of those that have not changed.
    public Product Of(SqliteDataReader row)
    {
        var sku = row.GetString(1);
        if (_cache.TryGetValue(sku, out var known) && Same(row, known.Row)) return known.Product;
        var product = Products.Read(row);
        if (_cache.Count >= Most) _cache.Clear();
        _cache[sku] = (Bytes(row), product);
        return product;
    }

    private static bool Same(SqliteDataReader row, ReadOnlySpan<byte> known)
    {
        for (var i = 0; i < row.FieldCount; i++)
        {
            var column = raw.sqlite3_column_blob(row.Handle, i);
            if (known.Length <= column.Length || !known.StartsWith(column) || known[column.Length] != Between)
                return false;
            known = known[(column.Length + 1)..];
        }

        return known.IsEmpty;
    }

    private static byte[] Bytes(SqliteDataReader row)
    {
        var bytes = new List<byte>(200);
        for (var i = 0; i < row.FieldCount; i++)
        {
            bytes.AddRange(raw.sqlite3_column_blob(row.Handle, i));
            bytes.Add(Between);
        }

        return [.. bytes];
    }
}
