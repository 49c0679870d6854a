using System.Text;
using Sak.Sync.Replica;

namespace Sak.Agent.Sync;

/// <summary>
/// The capture triggers, generated from <see cref="Tables"/>: every insert, update and delete of a synced row, by
/// whatever program, goes to change_log in the same transaction, with the values it replaced.
/// </summary>
internal static class CaptureTriggers
{
    private const string NotApplying = "WHEN (SELECT applying FROM replica) = 0";
    private const string Transaction = "(SELECT txn FROM replica)";

    /// <summary>What the triggers are called, as SQL's list of texts.</summary>
    public static string Names { get; } = string.Join(", ",
        Tables.All.SelectMany(
            t => new[] { "insert", "identity", "update", "delete" }.Select(what => $"'{t.Name}_{what}'")));

    /// <summary>For the tables that came with this version of the schema.</summary>
    public static string Triggers(int since) =>
        string.Concat(Tables.All.Where(t => t.Direction == Direction.Both && t.Since == since).Select(Triggers));

    private static string Triggers(Table table)
    {
        var row = string.Join(", ", table.Columns.Select(c => c.CloudOwned ? "NULL" : $"NEW.{c.Name}"));
        return $"""
            CREATE TRIGGER {table.Name}_insert AFTER INSERT ON {table.Name} {NotApplying} BEGIN
              INSERT INTO change_log (txn, tbl, op, id, body)
                VALUES ({Transaction}, '{table.Name}', 'i', NEW.id, json_array({row}));
            END;
            CREATE TRIGGER {table.Name}_identity BEFORE UPDATE OF id ON {table.Name} WHEN OLD.id IS NOT NEW.id BEGIN
              SELECT RAISE(ABORT, 'the id of a row of {table.Name} never changes');
            END;
            CREATE TRIGGER {table.Name}_update AFTER UPDATE OF {string.Join(", ", Captured(table).Select(c => c.Name))}
              ON {table.Name} {NotApplying} BEGIN
              INSERT INTO change_log (txn, tbl, op, id, body)
              SELECT {Transaction}, '{table.Name}', 'u', OLD.id, json_group_object(c, json_array(o, n))
                FROM ({Differences(table)}) HAVING count(*) > 0;
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
            text.Append(
                $"SELECT '{column.Name}' AS c, OLD.{column.Name} AS o, NEW.{column.Name} AS n WHERE "
                    + $"OLD.{column.Name} IS NOT NEW.{column.Name}");
        }

        return text.ToString();
    }
}
