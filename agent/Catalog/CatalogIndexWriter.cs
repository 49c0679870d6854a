using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Sync.Model;
using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Agent.Catalog;

/// <summary>
/// Writes the terms of changed products into the index, inside the caller's transaction. catalog_dirty has the products
/// that changed; the triggers and <see cref="NoteMany"/> note them there.
/// </summary>
internal sealed class CatalogIndexWriter(SqliteConnection connection)
{
    /// <summary>An entry of catalog_dirty that means every product that is not in the index.</summary>
    public const string Many = "";

    private readonly HashSet<string> _spelled = [];

    /// <summary>Notes every product that is not in the index, with one entry.</summary>
    public static void NoteMany(SqliteConnection connection) =>
        connection.Execute("INSERT OR IGNORE INTO catalog_dirty (id) VALUES ($many)", ("$many", Many));

    /// <summary>Indexes at most this many changed products. Returns how many it was.</summary>
    public int Write(int most)
    {
        NameTheMany();
        var changed = Changed(most);
        Write(changed);
        return changed.Count;
    }

    private void NameTheMany()
    {
        if (connection.Execute("DELETE FROM catalog_dirty WHERE id = $many", ("$many", Many)) == 0) return;
        connection.Execute(
            "INSERT OR IGNORE INTO catalog_dirty (id) SELECT id FROM products WHERE NOT EXISTS (SELECT 1 FROM "
                + "catalog_rows WHERE catalog_rows.id = products.id)");
    }

    // A product that was deleted or is no longer sold has no SKU here: it leaves the index.
    private List<(string Id, string? Sku, string Name, string Aliases)> Changed(int most)
    {
        using var command = Command(
            "SELECT d.id, p.sku, coalesce(p.name, ''), coalesce(p.aliases, '') FROM catalog_dirty AS d LEFT JOIN "
                + "products AS p ON p.id = d.id AND p.active = 1 LIMIT $most", "$most");
        command.Parameters[0].Value = most;
        using var reader = command.ExecuteReader();
        var changed = new List<(string, string?, string, string)>();
        while (reader.Read())
            changed.Add((reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetString(2),
                reader.GetString(3)));
        return changed;
    }

    private void Write(List<(string Id, string? Sku, string Name, string Aliases)> changed)
    {
        using var find = Command("SELECT row FROM catalog_rows WHERE id = $id", "$id");
        using var drop = Command("DELETE FROM catalog_search WHERE rowid = $row", "$row");
        using var forget = Command("DELETE FROM catalog_rows WHERE row = $row", "$row");
        using var number = Command("INSERT INTO catalog_rows (id, sku) VALUES ($id, $sku) RETURNING row", "$id",
            "$sku");
        using var insert = Command("INSERT INTO catalog_search (rowid, terms) VALUES ($row, $terms)", "$row",
            "$terms");
        using var word = Command("INSERT OR IGNORE INTO catalog_words (word) VALUES ($word) RETURNING row", "$word");
        using var spell = Command("INSERT INTO catalog_spelling (rowid, word) VALUES ($row, $word)", "$row", "$word");
        using var done = Command("DELETE FROM catalog_dirty WHERE id = $id", "$id");
        foreach (var (id, sku, name, aliases) in changed)
        {
            if (Run(find, id) is long old)
            {
                Run(drop, old);
                Run(forget, old);
            }

            if (sku is not null)
            {
                var terms = SearchTerms.OfProduct(sku, name, Product.ReadAliases(aliases));
                var row = (long)Run(number, id, sku)!;
                Run(insert, row, string.Join(' ', terms.Select(CatalogTerms.Key)));
                foreach (var spellable in SearchTerms.Spellable(terms))
                    if (_spelled.Add(spellable) && Run(word, spellable) is long at) Run(spell, at, spellable);
            }

            Run(done, id);
        }
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<string> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var parameter in parameters)
            command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        return command;
    }

    private static object? Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
        return command.ExecuteScalar();
    }
}
