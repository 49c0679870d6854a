using System.Text;
using Microsoft.Data.Sqlite;
using Sak.Sync;

namespace Sak.Agent.Store;

/// <summary>
/// The capture triggers, generated from <see cref="Tables"/>: every insert, update and delete of a synced row, by whatever
/// program, goes to change_log in the same transaction, with the values it replaced.
/// </summary>
internal static class Capture
{
    private const string NotApplying = "WHEN (SELECT applying FROM replica) = 0";
    private const string Transaction = "(SELECT txn FROM replica)";

    /// <summary>For the tables that came with this version of the schema.</summary>
    public static string Triggers(int since) => string.Concat(Tables.All.Where(t => t.Direction == Direction.Both && t.Since == since).Select(Triggers));

    /// <summary>
    /// Takes the triggers of inserts away, for a first load: to ask each for whether it applies costs a third of a row.
    /// Within a transaction, and put back in it with what is returned: no other connection ever sees the tables without.
    /// </summary>
    public static IReadOnlyList<string> PauseInserts(SqliteConnection connection)
    {
        var triggers = connection.List("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND sql LIKE '% AFTER INSERT ON %'", row => (Name: row.GetString(0), Sql: row.GetString(1)));
        foreach (var (name, _) in triggers) connection.Execute($"DROP TRIGGER {name}");
        return [.. triggers.Select(t => t.Sql)];
    }

    private static string Triggers(Table table)
    {
        var row = string.Join(", ", table.Columns.Select(c => c.CloudOwned ? "NULL" : $"NEW.{c.Name}"));
        return $"""
            CREATE TRIGGER {table.Name}_insert AFTER INSERT ON {table.Name} {NotApplying} BEGIN
              INSERT INTO change_log (txn, tbl, op, id, body) VALUES ({Transaction}, '{table.Name}', 'i', NEW.id, json_array({row}));
            END;
            CREATE TRIGGER {table.Name}_identity BEFORE UPDATE OF id ON {table.Name} WHEN OLD.id IS NOT NEW.id BEGIN
              SELECT RAISE(ABORT, 'the id of a row of {table.Name} never changes');
            END;
            CREATE TRIGGER {table.Name}_update AFTER UPDATE OF {string.Join(", ", Captured(table).Select(c => c.Name))} ON {table.Name} {NotApplying} BEGIN
              INSERT INTO change_log (txn, tbl, op, id, body)
              SELECT {Transaction}, '{table.Name}', 'u', OLD.id, json_group_object(c, json_array(o, n)) FROM ({Differences(table)}) HAVING count(*) > 0;
            END;
            CREATE TRIGGER {table.Name}_delete AFTER DELETE ON {table.Name} {NotApplying} BEGIN
              INSERT INTO change_log (txn, tbl, op, id, body) VALUES ({Transaction}, '{table.Name}', 'd', OLD.id, NULL);
            END;

            """;
    }

    // Named, so that to stamp a row with its version in the cloud asks no trigger.
    private static IEnumerable<Column> Captured(Table table) => table.Columns.Skip(1).Where(c => !c.CloudOwned);

    private static string Differences(Table table)
    {
        var text = new StringBuilder();
        foreach (var column in Captured(table))
        {
            if (text.Length > 0) text.Append(" UNION ALL ");
            text.Append($"SELECT '{column.Name}' AS c, OLD.{column.Name} AS o, NEW.{column.Name} AS n WHERE OLD.{column.Name} IS NOT NEW.{column.Name}");
        }

        return text.ToString();
    }
}
