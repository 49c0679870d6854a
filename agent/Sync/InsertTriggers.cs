using Microsoft.Data.Sqlite;
using Sak.Agent.Catalog;
using Sak.Agent.Database;
using Sak.Sync.Replica;

namespace Sak.Agent.Sync;

/// <summary>
/// Takes SAK's own insert triggers off a table and puts them back in the same transaction. A first load inserts all
/// rows of the shop: with these triggers, which would capture none of them, it takes twice as long. All other triggers
/// stay, so a row that was in the table before is treated as in any other answer.
/// </summary>
internal sealed class InsertTriggers
{
    private readonly SqliteConnection _connection;
    private readonly Table _table;
    private readonly List<(string Name, string Sql)> _triggers;

    private InsertTriggers(SqliteConnection connection, Table table)
    {
        (_connection, _table) = (connection, table);
        _triggers = connection.List(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = $table AND name IN "
                + "($captured, $indexed)",
            row => (row.GetString(0), row.GetString(1)), ("$table", table.Name),
            ("$captured", CaptureTriggers.OfInsert(table)), ("$indexed", CatalogIndex.InsertTrigger));
    }

    public static InsertTriggers Drop(SqliteConnection connection, Table table)
    {
        var triggers = new InsertTriggers(connection, table);
        foreach (var (name, _) in triggers._triggers) connection.Execute($"DROP TRIGGER {name}");
        return triggers;
    }

    public void Restore()
    {
        foreach (var (_, sql) in _triggers) _connection.Execute(sql);
        if (_table == Tables.Products) CatalogIndexWriter.NoteMany(_connection);
    }
}
