using Microsoft.Data.Sqlite;
using Sak.Agent.Catalog;
using Sak.Agent.Database;
using Sak.Sync.Replica;

namespace Sak.Agent.Sync;

/// <summary>
/// Takes SAK's own triggers off a table and puts them back in the same transaction. A first load writes all rows of the
/// shop: with the triggers, which would capture none of them, it takes twice as long. Triggers of other programs stay.
/// </summary>
internal sealed class TableTriggers
{
    private readonly SqliteConnection _connection;
    private readonly Table _table;
    private readonly List<(string Name, string Sql)> _triggers;

    private TableTriggers(SqliteConnection connection, Table table)
    {
        (_connection, _table) = (connection, table);
        _triggers = connection.List(
            $"SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = $table AND name IN "
                + $"({CaptureTriggers.Names}, {CatalogIndex.Triggers})",
            row => (row.GetString(0), row.GetString(1)), ("$table", table.Name));
    }

    public static TableTriggers Drop(SqliteConnection connection, Table table)
    {
        var triggers = new TableTriggers(connection, table);
        foreach (var (name, _) in triggers._triggers) connection.Execute($"DROP TRIGGER {name}");
        return triggers;
    }

    public void Restore()
    {
        foreach (var (_, sql) in _triggers) _connection.Execute(sql);
        if (_table == Tables.Products) CatalogIndexWriter.NoteAll(_connection);
    }
}
