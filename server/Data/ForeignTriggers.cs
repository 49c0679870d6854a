using Sak.Sync.Replica;

namespace Sak.Server.Data;

/// <summary>
/// Triggers for the writes of other programs to synced tables: an ERP, or a repair in plain SQL. They stamp inserted
/// and updated rows with the shop's next version and leave a tombstone for deleted ones, so that the changes reach the
/// agents. SAK's own writes are recognised by their rows (they carry the next version, and a tombstone comes before its
/// deletion), on PostgreSQL by a setting of the transaction. Stock stays the sum of its movements.
/// </summary>
internal static class ForeignTriggers
{
    // Deferred: the counter is locked at the commit, last, so that commit order stays version order.
    private const string PostgreSqlFunction = """
        CREATE FUNCTION sak_foreign_write() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
          row_shop uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.shop_id ELSE NEW.shop_id END;
          row_id uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END;
          known text := 'sak.v' || replace(row_shop::text, '-', '');
          next bigint := nullif(current_setting(known, true), '')::bigint;
          left_known text;
          left_next bigint;
          moved uuid[];
        BEGIN
          PERFORM set_config('sak.writer', 'on', true);
          IF TG_OP = 'UPDATE' AND (OLD.shop_id <> NEW.shop_id OR OLD.id <> NEW.id) THEN
            left_known := 'sak.v' || replace(OLD.shop_id::text, '-', '');
            left_next := nullif(current_setting(left_known, true), '')::bigint;
            IF left_next IS NULL THEN
              UPDATE shop_versions SET version = version + 1 WHERE shop_id = OLD.shop_id
              RETURNING version INTO left_next;
              PERFORM set_config(left_known, left_next::text, true);
            END IF;
            INSERT INTO tombstones (shop_id, table_name, id, ver) VALUES (OLD.shop_id, TG_TABLE_NAME, OLD.id, left_next)
            ON CONFLICT (shop_id, table_name, id) DO UPDATE SET ver = excluded.ver, origin = NULL;
            next := nullif(current_setting(known, true), '')::bigint;
          END IF;
          IF next IS NULL THEN
            UPDATE shop_versions SET version = version + 1 WHERE shop_id = row_shop RETURNING version INTO next;
            PERFORM set_config(known, next::text, true);
          END IF;
          IF TG_OP = 'DELETE' THEN
            INSERT INTO tombstones (shop_id, table_name, id, ver) VALUES (row_shop, TG_TABLE_NAME, row_id, next)
            ON CONFLICT (shop_id, table_name, id) DO UPDATE SET ver = excluded.ver, origin = NULL;
          ELSE
            EXECUTE format('UPDATE %I SET ver = $1, origin = NULL WHERE shop_id = $2 AND id = $3', TG_TABLE_NAME)
            USING next, row_shop, row_id;
            IF TG_OP = 'INSERT' OR left_next IS NOT NULL THEN
              DELETE FROM tombstones WHERE shop_id = row_shop AND table_name = TG_TABLE_NAME AND id = row_id;
            END IF;
          END IF;
          IF TG_TABLE_NAME = 'stock_movements' THEN
            IF TG_OP <> 'INSERT' THEN moved := moved || ARRAY[OLD.product_id]; END IF;
            IF TG_OP <> 'DELETE' THEN moved := moved || ARRAY[NEW.product_id]; END IF;
            UPDATE products p SET ver = next, origin = NULL,
              on_hand = (SELECT sum(m.quantity) FROM stock_movements m
                         WHERE m.shop_id = row_shop AND m.product_id = p.id)
            WHERE p.shop_id = row_shop AND p.id = ANY (moved);
          END IF;
          -- A program may have its constraints checked at once: what it writes after this is still its own.
          PERFORM set_config('sak.writer', '', true);
          RETURN NULL;
        END $$
        """;

    private static IEnumerable<string> Names => Tables.All.Select(t => t.Name);

    public static IEnumerable<string> PostgreSql() => Names.Select(name => $"""
        CREATE CONSTRAINT TRIGGER {name}_foreign AFTER INSERT OR UPDATE OR DELETE ON {name}
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
        WHEN (current_setting('sak.writer', true) IS DISTINCT FROM 'on')
        EXECUTE FUNCTION sak_foreign_write()
        """).Prepend(PostgreSqlFunction);

    public static IEnumerable<string> Sqlite() =>
        Names.SelectMany<string, string>(name =>
            [SqliteInsert(name), SqliteUpdate(name), SqliteDelete(name), SqliteLeave(name)]);

    public static IEnumerable<string> SqlServer() => Names.Select(name => $"""
        CREATE TRIGGER {name}_foreign ON {name} AFTER INSERT, UPDATE, DELETE AS
        BEGIN
          SET NOCOUNT ON;
          DECLARE @touched TABLE (shop_id uniqueidentifier NOT NULL, id uniqueidentifier NOT NULL, gone bit NOT NULL);
          INSERT INTO @touched (shop_id, id, gone)
          SELECT i.shop_id, i.id, 0 FROM inserted i JOIN shop_versions v ON v.shop_id = i.shop_id
          LEFT JOIN deleted d ON d.shop_id = i.shop_id AND d.id = i.id
          WHERE (d.id IS NOT NULL AND i.ver = d.ver)
             OR (d.id IS NULL AND (i.ver <= v.version OR EXISTS (SELECT 1 FROM deleted)));
          INSERT INTO @touched (shop_id, id, gone)
          SELECT d.shop_id, d.id, 1 FROM deleted d LEFT JOIN inserted i ON i.shop_id = d.shop_id AND i.id = d.id
          WHERE i.id IS NULL AND NOT EXISTS (
            SELECT 1 FROM tombstones t WHERE t.shop_id = d.shop_id AND t.table_name = '{name}' AND t.id = d.id);
          IF NOT EXISTS (SELECT 1 FROM @touched) RETURN;
          UPDATE shop_versions SET version = version + 1 WHERE shop_id IN (SELECT shop_id FROM @touched);
          DELETE t FROM tombstones t JOIN @touched r ON r.shop_id = t.shop_id AND r.id = t.id
          WHERE t.table_name = '{name}';
          UPDATE t SET ver = v.version, origin = NULL FROM {name} t
          JOIN @touched r ON r.shop_id = t.shop_id AND r.id = t.id
          JOIN shop_versions v ON v.shop_id = t.shop_id WHERE r.gone = 0;
          INSERT INTO tombstones (shop_id, table_name, id, ver, at)
          SELECT r.shop_id, '{name}', r.id, v.version, 0 FROM @touched r JOIN shop_versions v ON v.shop_id = r.shop_id
          WHERE r.gone = 1;{SqlServerCount(name)}
        END
        """);

    private static string SqliteInsert(string name) => $"""
        CREATE TRIGGER {name}_foreign_insert AFTER INSERT ON {name}
        WHEN NEW.ver <= {SqliteVersion("NEW")}
        BEGIN
          {SqliteNext("NEW")}
          {SqliteStamp(name)}
          DELETE FROM tombstones
          WHERE shop_id = NEW.shop_id AND table_name = '{name}' AND id = NEW.id;{SqliteCount(name, "NEW")}
        END
        """;

    private static string SqliteUpdate(string name) => $"""
        CREATE TRIGGER {name}_foreign_update AFTER UPDATE ON {name} WHEN NEW.ver = OLD.ver
        BEGIN
          {SqliteNext("NEW")}
          {SqliteStamp(name)}{SqliteCount(name, "OLD")}{SqliteCount(name, "NEW")}
        END
        """;

    private static string SqliteDelete(string name) => $"""
        CREATE TRIGGER {name}_foreign_delete AFTER DELETE ON {name}
        WHEN NOT EXISTS (SELECT 1 FROM tombstones
                         WHERE shop_id = OLD.shop_id AND table_name = '{name}' AND id = OLD.id)
        BEGIN
          {SqliteNext("OLD")}
          INSERT INTO tombstones (shop_id, table_name, id, ver, at)
          VALUES (OLD.shop_id, '{name}', OLD.id, {SqliteVersion("OLD")}, 0);{SqliteCount(name, "OLD")}
        END
        """;

    // A row that moved to another shop or got another id is a deletion for those who had it.
    private static string SqliteLeave(string name) => $"""
        CREATE TRIGGER {name}_foreign_leave AFTER UPDATE OF shop_id, id ON {name}
        WHEN OLD.shop_id <> NEW.shop_id OR OLD.id <> NEW.id
        BEGIN
          {SqliteNext("OLD")}
          INSERT OR REPLACE INTO tombstones (shop_id, table_name, id, ver, at)
          VALUES (OLD.shop_id, '{name}', OLD.id, {SqliteVersion("OLD")}, 0);
          DELETE FROM tombstones WHERE shop_id = NEW.shop_id AND table_name = '{name}' AND id = NEW.id;
        END
        """;

    private static string SqliteNext(string row) =>
        $"UPDATE shop_versions SET version = version + 1 WHERE shop_id = {row}.shop_id;";

    private static string SqliteVersion(string row) =>
        $"(SELECT version FROM shop_versions WHERE shop_id = {row}.shop_id)";

    private static string SqliteStamp(string name) => $"""
        UPDATE {name} SET ver = {SqliteVersion("NEW")}, origin = NULL
          WHERE shop_id = NEW.shop_id AND id = NEW.id;
        """;

    private static string SqliteCount(string name, string row) => name != Tables.StockMovements.Name ? "" : $"""

          UPDATE products SET ver = {SqliteVersion(row)}, origin = NULL,
            on_hand = (SELECT sum(quantity) FROM stock_movements
                       WHERE shop_id = {row}.shop_id AND product_id = {row}.product_id)
          WHERE shop_id = {row}.shop_id AND id = {row}.product_id;
        """;

    private static string SqlServerCount(string name) => name != Tables.StockMovements.Name ? "" : """

          UPDATE p SET ver = v.version, origin = NULL,
            on_hand = (SELECT SUM(m.quantity) FROM stock_movements m
                       WHERE m.shop_id = p.shop_id AND m.product_id = p.id)
          FROM products p JOIN shop_versions v ON v.shop_id = p.shop_id
          WHERE EXISTS (
            SELECT 1 FROM (SELECT i.shop_id, i.id, i.product_id FROM inserted i
                           UNION ALL SELECT d.shop_id, d.id, d.product_id FROM deleted d) c
            JOIN @touched r ON r.shop_id = c.shop_id AND r.id = c.id
            WHERE c.shop_id = p.shop_id AND c.product_id = p.id);
        """;
}
