using Microsoft.Data.Sqlite;
using Sak.Agent.Database;

namespace Sak.Agent.Catalog;

/// <summary>
/// The catalog index's own triggers on the connection that takes the cloud's rows; see <see cref="Receiver"/>.
/// </summary>
internal static class CatalogNotes
{
    /// <summary>What the triggers of the index that stand in the file are called, as SQL's list of texts.</summary>
    public const string Others = "'catalog_product_added', 'catalog_product_gone', 'catalog_product_changed'";

    /// <summary>
    /// Notes on this connection alone which products it changes, for one that has the triggers of the tables switched
    /// off. Less than they: an id does not change here, and what a trigger could do is made ready for each row that it
    /// sees.
    /// </summary>
    public static void Start(SqliteConnection connection) =>
        connection.Execute(
            """
            CREATE TEMP TRIGGER IF NOT EXISTS note_added AFTER INSERT ON main.products
              BEGIN INSERT INTO catalog_dirty (id) SELECT new.id
              WHERE NOT EXISTS (SELECT 1 FROM catalog_dirty WHERE id = new.id); END;
            CREATE TEMP TRIGGER IF NOT EXISTS note_gone AFTER DELETE ON main.products
              BEGIN INSERT INTO catalog_dirty (id) SELECT old.id
              WHERE NOT EXISTS (SELECT 1 FROM catalog_dirty WHERE id = old.id); END;
            CREATE TEMP TRIGGER IF NOT EXISTS note_changed AFTER UPDATE OF sku, name, aliases, active ON main.products
            WHEN old.sku IS NOT new.sku OR old.name IS NOT new.name OR old.aliases IS NOT new.aliases
              OR old.active IS NOT new.active
            BEGIN INSERT INTO catalog_dirty (id) SELECT old.id
              WHERE NOT EXISTS (SELECT 1 FROM catalog_dirty WHERE id = old.id); END;
            """);

    /// <summary>
    /// For a first load, of which nearly every row would be noted; see <see cref="CatalogIndex.NoteMany"/>. In its
    /// transaction, and started again in it.
    /// </summary>
    public static void Stop(SqliteConnection connection) => connection.Execute("DROP TRIGGER temp.note_added");
}
