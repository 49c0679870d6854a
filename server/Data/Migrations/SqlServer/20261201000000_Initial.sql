-- Part of the migration of this name. It does not change after its release: what comes later is a new migration.

CREATE TRIGGER products_foreign ON products AFTER INSERT, UPDATE, DELETE AS
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
    SELECT 1 FROM tombstones t WHERE t.shop_id = d.shop_id AND t.table_name = 'products' AND t.id = d.id);
  IF NOT EXISTS (SELECT 1 FROM @touched) RETURN;
  UPDATE shop_versions SET version = version + 1 WHERE shop_id IN (SELECT shop_id FROM @touched);
  DELETE t FROM tombstones t JOIN @touched r ON r.shop_id = t.shop_id AND r.id = t.id
  WHERE t.table_name = 'products';
  UPDATE t SET ver = v.version, origin = NULL FROM products t
  JOIN @touched r ON r.shop_id = t.shop_id AND r.id = t.id
  JOIN shop_versions v ON v.shop_id = t.shop_id WHERE r.gone = 0;
  INSERT INTO tombstones (shop_id, table_name, id, ver, at)
  SELECT r.shop_id, 'products', r.id, v.version, 0 FROM @touched r JOIN shop_versions v ON v.shop_id = r.shop_id
  WHERE r.gone = 1;
END
GO

CREATE TRIGGER customers_foreign ON customers AFTER INSERT, UPDATE, DELETE AS
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
    SELECT 1 FROM tombstones t WHERE t.shop_id = d.shop_id AND t.table_name = 'customers' AND t.id = d.id);
  IF NOT EXISTS (SELECT 1 FROM @touched) RETURN;
  UPDATE shop_versions SET version = version + 1 WHERE shop_id IN (SELECT shop_id FROM @touched);
  DELETE t FROM tombstones t JOIN @touched r ON r.shop_id = t.shop_id AND r.id = t.id
  WHERE t.table_name = 'customers';
  UPDATE t SET ver = v.version, origin = NULL FROM customers t
  JOIN @touched r ON r.shop_id = t.shop_id AND r.id = t.id
  JOIN shop_versions v ON v.shop_id = t.shop_id WHERE r.gone = 0;
  INSERT INTO tombstones (shop_id, table_name, id, ver, at)
  SELECT r.shop_id, 'customers', r.id, v.version, 0 FROM @touched r JOIN shop_versions v ON v.shop_id = r.shop_id
  WHERE r.gone = 1;
END
GO

CREATE TRIGGER orders_foreign ON orders AFTER INSERT, UPDATE, DELETE AS
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
    SELECT 1 FROM tombstones t WHERE t.shop_id = d.shop_id AND t.table_name = 'orders' AND t.id = d.id);
  IF NOT EXISTS (SELECT 1 FROM @touched) RETURN;
  UPDATE shop_versions SET version = version + 1 WHERE shop_id IN (SELECT shop_id FROM @touched);
  DELETE t FROM tombstones t JOIN @touched r ON r.shop_id = t.shop_id AND r.id = t.id
  WHERE t.table_name = 'orders';
  UPDATE t SET ver = v.version, origin = NULL FROM orders t
  JOIN @touched r ON r.shop_id = t.shop_id AND r.id = t.id
  JOIN shop_versions v ON v.shop_id = t.shop_id WHERE r.gone = 0;
  INSERT INTO tombstones (shop_id, table_name, id, ver, at)
  SELECT r.shop_id, 'orders', r.id, v.version, 0 FROM @touched r JOIN shop_versions v ON v.shop_id = r.shop_id
  WHERE r.gone = 1;
END
GO

CREATE TRIGGER order_lines_foreign ON order_lines AFTER INSERT, UPDATE, DELETE AS
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
    SELECT 1 FROM tombstones t WHERE t.shop_id = d.shop_id AND t.table_name = 'order_lines' AND t.id = d.id);
  IF NOT EXISTS (SELECT 1 FROM @touched) RETURN;
  UPDATE shop_versions SET version = version + 1 WHERE shop_id IN (SELECT shop_id FROM @touched);
  DELETE t FROM tombstones t JOIN @touched r ON r.shop_id = t.shop_id AND r.id = t.id
  WHERE t.table_name = 'order_lines';
  UPDATE t SET ver = v.version, origin = NULL FROM order_lines t
  JOIN @touched r ON r.shop_id = t.shop_id AND r.id = t.id
  JOIN shop_versions v ON v.shop_id = t.shop_id WHERE r.gone = 0;
  INSERT INTO tombstones (shop_id, table_name, id, ver, at)
  SELECT r.shop_id, 'order_lines', r.id, v.version, 0 FROM @touched r JOIN shop_versions v ON v.shop_id = r.shop_id
  WHERE r.gone = 1;
END
GO

CREATE TRIGGER order_events_foreign ON order_events AFTER INSERT, UPDATE, DELETE AS
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
    SELECT 1 FROM tombstones t WHERE t.shop_id = d.shop_id AND t.table_name = 'order_events' AND t.id = d.id);
  IF NOT EXISTS (SELECT 1 FROM @touched) RETURN;
  UPDATE shop_versions SET version = version + 1 WHERE shop_id IN (SELECT shop_id FROM @touched);
  DELETE t FROM tombstones t JOIN @touched r ON r.shop_id = t.shop_id AND r.id = t.id
  WHERE t.table_name = 'order_events';
  UPDATE t SET ver = v.version, origin = NULL FROM order_events t
  JOIN @touched r ON r.shop_id = t.shop_id AND r.id = t.id
  JOIN shop_versions v ON v.shop_id = t.shop_id WHERE r.gone = 0;
  INSERT INTO tombstones (shop_id, table_name, id, ver, at)
  SELECT r.shop_id, 'order_events', r.id, v.version, 0 FROM @touched r JOIN shop_versions v ON v.shop_id = r.shop_id
  WHERE r.gone = 1;
END
GO

CREATE TRIGGER stock_movements_foreign ON stock_movements AFTER INSERT, UPDATE, DELETE AS
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
    SELECT 1 FROM tombstones t WHERE t.shop_id = d.shop_id AND t.table_name = 'stock_movements' AND t.id = d.id);
  IF NOT EXISTS (SELECT 1 FROM @touched) RETURN;
  UPDATE shop_versions SET version = version + 1 WHERE shop_id IN (SELECT shop_id FROM @touched);
  DELETE t FROM tombstones t JOIN @touched r ON r.shop_id = t.shop_id AND r.id = t.id
  WHERE t.table_name = 'stock_movements';
  UPDATE t SET ver = v.version, origin = NULL FROM stock_movements t
  JOIN @touched r ON r.shop_id = t.shop_id AND r.id = t.id
  JOIN shop_versions v ON v.shop_id = t.shop_id WHERE r.gone = 0;
  INSERT INTO tombstones (shop_id, table_name, id, ver, at)
  SELECT r.shop_id, 'stock_movements', r.id, v.version, 0 FROM @touched r JOIN shop_versions v ON v.shop_id = r.shop_id
  WHERE r.gone = 1;
  UPDATE p SET ver = v.version, origin = NULL,
    on_hand = (SELECT SUM(m.quantity) FROM stock_movements m
               WHERE m.shop_id = p.shop_id AND m.product_id = p.id)
  FROM products p JOIN shop_versions v ON v.shop_id = p.shop_id
  WHERE EXISTS (
    SELECT 1 FROM (SELECT i.shop_id, i.id, i.product_id FROM inserted i
                   UNION ALL SELECT d.shop_id, d.id, d.product_id FROM deleted d) c
    JOIN @touched r ON r.shop_id = c.shop_id AND r.id = c.id
    WHERE c.shop_id = p.shop_id AND c.product_id = p.id);
END
GO

CREATE TRIGGER price_rules_foreign ON price_rules AFTER INSERT, UPDATE, DELETE AS
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
    SELECT 1 FROM tombstones t WHERE t.shop_id = d.shop_id AND t.table_name = 'price_rules' AND t.id = d.id);
  IF NOT EXISTS (SELECT 1 FROM @touched) RETURN;
  UPDATE shop_versions SET version = version + 1 WHERE shop_id IN (SELECT shop_id FROM @touched);
  DELETE t FROM tombstones t JOIN @touched r ON r.shop_id = t.shop_id AND r.id = t.id
  WHERE t.table_name = 'price_rules';
  UPDATE t SET ver = v.version, origin = NULL FROM price_rules t
  JOIN @touched r ON r.shop_id = t.shop_id AND r.id = t.id
  JOIN shop_versions v ON v.shop_id = t.shop_id WHERE r.gone = 0;
  INSERT INTO tombstones (shop_id, table_name, id, ver, at)
  SELECT r.shop_id, 'price_rules', r.id, v.version, 0 FROM @touched r JOIN shop_versions v ON v.shop_id = r.shop_id
  WHERE r.gone = 1;
END
