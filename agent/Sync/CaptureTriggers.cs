using Sak.Sync.Replica;

namespace Sak.Agent.Sync;

/// <summary>
/// The capture triggers, generated from <see cref="Tables"/>: every insert, update and delete of a synced row, by
/// whatever program, goes to change_log in the same transaction, with the values it replaced. They are dropped before
/// an upgrade of the file and made again after it, so that they always have the columns of this program.
/// </summary>
internal static class CaptureTriggers
{
    private const string NotApplying = "WHEN (SELECT applying FROM replica) = 0";
    private const string Transaction = "(SELECT txn FROM replica)";
    private static readonly string[] Events = ["insert", "identity", "update", "delete"];

    /// <summary>The names of all triggers, as SQL's list of texts.</summary>
    public static string Names { get; } = string.Join(", ",
        Tables.All.SelectMany(t => Events.Select(what => $"'{t.Name}_{what}'")));

    /// <summary>The SQL that drops the triggers of these tables, where they are.</summary>
    public static string Drop(IEnumerable<Table> tables) =>
        string.Concat(tables.SelectMany(t => Events.Select(what => $"DROP TRIGGER IF EXISTS {t.Name}_{what};\n")));

    /// <summary>The SQL that makes them.</summary>
    public static string Create(IEnumerable<Table> tables) =>
        string.Concat(tables.Where(t => t.Direction == Direction.Both).Select(Create));

    /// <summary>The body of an insert's entry, as an expression; see <see cref="LogEntry"/>.</summary>
    /// <param name="row">"NEW." in a trigger, nothing in a query.</param>
    public static string Body(Table table, string row = "") =>
        $"json_object({string.Join(", ",
            table.Columns.Where(c => !c.CloudOwned).Select(c => $"'{c.Name}', {row}{c.Name}"))})";

    private static string Create(Table table) =>
        $"""
        CREATE TRIGGER {table.Name}_insert AFTER INSERT ON {table.Name} {NotApplying} BEGIN
          INSERT INTO change_log (txn, tbl, op, id, body)
            VALUES ({Transaction}, '{table.Name}', 'i', NEW.id, {Body(table, "NEW.")});
        END;
        CREATE TRIGGER {table.Name}_identity BEFORE UPDATE OF id ON {table.Name} WHEN OLD.id IS NOT NEW.id BEGIN
          SELECT RAISE(ABORT, 'the id of a row of {table.Name} never changes');
        END;
        CREATE TRIGGER {table.Name}_update AFTER UPDATE OF {string.Join(", ", Captured(table).Select(c => c.Name))}
          ON {table.Name} {NotApplying} BEGIN
          INSERT INTO change_log (txn, tbl, op, id, body)
          SELECT {Transaction}, '{table.Name}', 'u', OLD.id, json_group_object(c, json_array(o, n))
            FROM ({string.Join(" UNION ALL ", Captured(table).Select(Difference))}) HAVING count(*) > 0;
        END;
        CREATE TRIGGER {table.Name}_delete AFTER DELETE ON {table.Name} {NotApplying} BEGIN
          INSERT INTO change_log (txn, tbl, op, id, body) VALUES ({Transaction}, '{table.Name}', 'd', OLD.id, NULL);
        END;

        """;

    // Named in the trigger, so that stamping a row with its version in the cloud does not fire it.
    private static IEnumerable<Column> Captured(Table table) => table.Columns.Skip(1).Where(c => !c.CloudOwned);

    private static string Difference(Column column) =>
        $"SELECT '{column.Name}' AS c, OLD.{column.Name} AS o, NEW.{column.Name} AS n "
            + $"WHERE OLD.{column.Name} IS NOT NEW.{column.Name}";
}
