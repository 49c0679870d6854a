-- Part of the migration of this name. It does not change after its release: what comes later is a new migration.

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
END $$;

CREATE CONSTRAINT TRIGGER products_foreign AFTER INSERT OR UPDATE OR DELETE ON products
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (current_setting('sak.writer', true) IS DISTINCT FROM 'on')
EXECUTE FUNCTION sak_foreign_write();

CREATE CONSTRAINT TRIGGER customers_foreign AFTER INSERT OR UPDATE OR DELETE ON customers
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (current_setting('sak.writer', true) IS DISTINCT FROM 'on')
EXECUTE FUNCTION sak_foreign_write();

CREATE CONSTRAINT TRIGGER orders_foreign AFTER INSERT OR UPDATE OR DELETE ON orders
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (current_setting('sak.writer', true) IS DISTINCT FROM 'on')
EXECUTE FUNCTION sak_foreign_write();

CREATE CONSTRAINT TRIGGER order_lines_foreign AFTER INSERT OR UPDATE OR DELETE ON order_lines
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (current_setting('sak.writer', true) IS DISTINCT FROM 'on')
EXECUTE FUNCTION sak_foreign_write();

CREATE CONSTRAINT TRIGGER order_events_foreign AFTER INSERT OR UPDATE OR DELETE ON order_events
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (current_setting('sak.writer', true) IS DISTINCT FROM 'on')
EXECUTE FUNCTION sak_foreign_write();

CREATE CONSTRAINT TRIGGER stock_movements_foreign AFTER INSERT OR UPDATE OR DELETE ON stock_movements
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (current_setting('sak.writer', true) IS DISTINCT FROM 'on')
EXECUTE FUNCTION sak_foreign_write();

CREATE CONSTRAINT TRIGGER price_rules_foreign AFTER INSERT OR UPDATE OR DELETE ON price_rules
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (current_setting('sak.writer', true) IS DISTINCT FROM 'on')
EXECUTE FUNCTION sak_foreign_write();

ALTER TABLE products ENABLE ROW LEVEL SECURITY;
ALTER TABLE products FORCE ROW LEVEL SECURITY;
CREATE POLICY sak_shop ON products USING (
  shop_id = (SELECT nullif(current_setting('sak.shop', true), '')::uuid)
  OR (SELECT nullif(current_setting('sak.shop', true), '')::uuid) IS NULL);

ALTER TABLE customers ENABLE ROW LEVEL SECURITY;
ALTER TABLE customers FORCE ROW LEVEL SECURITY;
CREATE POLICY sak_shop ON customers USING (
  shop_id = (SELECT nullif(current_setting('sak.shop', true), '')::uuid)
  OR (SELECT nullif(current_setting('sak.shop', true), '')::uuid) IS NULL);

ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE orders FORCE ROW LEVEL SECURITY;
CREATE POLICY sak_shop ON orders USING (
  shop_id = (SELECT nullif(current_setting('sak.shop', true), '')::uuid)
  OR (SELECT nullif(current_setting('sak.shop', true), '')::uuid) IS NULL);

ALTER TABLE order_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE order_lines FORCE ROW LEVEL SECURITY;
CREATE POLICY sak_shop ON order_lines USING (
  shop_id = (SELECT nullif(current_setting('sak.shop', true), '')::uuid)
  OR (SELECT nullif(current_setting('sak.shop', true), '')::uuid) IS NULL);

ALTER TABLE order_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE order_events FORCE ROW LEVEL SECURITY;
CREATE POLICY sak_shop ON order_events USING (
  shop_id = (SELECT nullif(current_setting('sak.shop', true), '')::uuid)
  OR (SELECT nullif(current_setting('sak.shop', true), '')::uuid) IS NULL);

ALTER TABLE stock_movements ENABLE ROW LEVEL SECURITY;
ALTER TABLE stock_movements FORCE ROW LEVEL SECURITY;
CREATE POLICY sak_shop ON stock_movements USING (
  shop_id = (SELECT nullif(current_setting('sak.shop', true), '')::uuid)
  OR (SELECT nullif(current_setting('sak.shop', true), '')::uuid) IS NULL);

ALTER TABLE price_rules ENABLE ROW LEVEL SECURITY;
ALTER TABLE price_rules FORCE ROW LEVEL SECURITY;
CREATE POLICY sak_shop ON price_rules USING (
  shop_id = (SELECT nullif(current_setting('sak.shop', true), '')::uuid)
  OR (SELECT nullif(current_setting('sak.shop', true), '')::uuid) IS NULL);

ALTER TABLE tombstones ENABLE ROW LEVEL SECURITY;
ALTER TABLE tombstones FORCE ROW LEVEL SECURITY;
CREATE POLICY sak_shop ON tombstones USING (
  shop_id = (SELECT nullif(current_setting('sak.shop', true), '')::uuid)
  OR (SELECT nullif(current_setting('sak.shop', true), '')::uuid) IS NULL);

ALTER TABLE sync_batches ENABLE ROW LEVEL SECURITY;
ALTER TABLE sync_batches FORCE ROW LEVEL SECURITY;
CREATE POLICY sak_shop ON sync_batches USING (
  shop_id = (SELECT nullif(current_setting('sak.shop', true), '')::uuid)
  OR (SELECT nullif(current_setting('sak.shop', true), '')::uuid) IS NULL);

ALTER TABLE shop_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE shop_versions FORCE ROW LEVEL SECURITY;
CREATE POLICY sak_shop ON shop_versions USING (
  shop_id = (SELECT nullif(current_setting('sak.shop', true), '')::uuid)
  OR (SELECT nullif(current_setting('sak.shop', true), '')::uuid) IS NULL);

ALTER TABLE number_leases ENABLE ROW LEVEL SECURITY;
ALTER TABLE number_leases FORCE ROW LEVEL SECURITY;
CREATE POLICY sak_shop ON number_leases USING (
  shop_id = (SELECT nullif(current_setting('sak.shop', true), '')::uuid)
  OR (SELECT nullif(current_setting('sak.shop', true), '')::uuid) IS NULL);

ALTER TABLE replies ENABLE ROW LEVEL SECURITY;
ALTER TABLE replies FORCE ROW LEVEL SECURITY;
CREATE POLICY sak_shop ON replies USING (
  shop_id = (SELECT nullif(current_setting('sak.shop', true), '')::uuid)
  OR (SELECT nullif(current_setting('sak.shop', true), '')::uuid) IS NULL);

ALTER TABLE model_use ENABLE ROW LEVEL SECURITY;
ALTER TABLE model_use FORCE ROW LEVEL SECURITY;
CREATE POLICY sak_shop ON model_use USING (
  shop_id = (SELECT nullif(current_setting('sak.shop', true), '')::uuid)
  OR (SELECT nullif(current_setting('sak.shop', true), '')::uuid) IS NULL);

ALTER TABLE shops ENABLE ROW LEVEL SECURITY;
ALTER TABLE shops FORCE ROW LEVEL SECURITY;
CREATE POLICY sak_shop ON shops USING (
  id = (SELECT nullif(current_setting('sak.shop', true), '')::uuid)
  OR (SELECT nullif(current_setting('sak.shop', true), '')::uuid) IS NULL);

ALTER TABLE products ALTER COLUMN shop_id SET STATISTICS 0;

ALTER TABLE customers ALTER COLUMN shop_id SET STATISTICS 0;

ALTER TABLE orders ALTER COLUMN shop_id SET STATISTICS 0;

ALTER TABLE order_lines ALTER COLUMN shop_id SET STATISTICS 0;

ALTER TABLE order_events ALTER COLUMN shop_id SET STATISTICS 0;

ALTER TABLE stock_movements ALTER COLUMN shop_id SET STATISTICS 0;

ALTER TABLE price_rules ALTER COLUMN shop_id SET STATISTICS 0;

ALTER TABLE tombstones ALTER COLUMN shop_id SET STATISTICS 0;

ALTER TABLE sync_batches ALTER COLUMN shop_id SET STATISTICS 0;

ALTER TABLE replies ALTER COLUMN shop_id SET STATISTICS 0;
