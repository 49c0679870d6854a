-- Part of the migration of this name. It does not change after its release: what comes later is a new migration.

CREATE TRIGGER products_foreign_insert AFTER INSERT ON products
WHEN NEW.ver <= (SELECT version FROM shop_versions WHERE shop_id = NEW.shop_id)
BEGIN
  UPDATE shop_versions SET version = version + 1 WHERE shop_id = NEW.shop_id;
  UPDATE products SET ver = (SELECT version FROM shop_versions WHERE shop_id = NEW.shop_id), origin = NULL
  WHERE shop_id = NEW.shop_id AND id = NEW.id;
  DELETE FROM tombstones
  WHERE shop_id = NEW.shop_id AND table_name = 'products' AND id = NEW.id;
END;

CREATE TRIGGER products_foreign_update AFTER UPDATE ON products WHEN NEW.ver = OLD.ver
BEGIN
  UPDATE shop_versions SET version = version + 1 WHERE shop_id = NEW.shop_id;
  UPDATE products SET ver = (SELECT version FROM shop_versions WHERE shop_id = NEW.shop_id), origin = NULL
  WHERE shop_id = NEW.shop_id AND id = NEW.id;
END;

CREATE TRIGGER products_foreign_delete AFTER DELETE ON products
WHEN NOT EXISTS (SELECT 1 FROM tombstones
                 WHERE shop_id = OLD.shop_id AND table_name = 'products' AND id = OLD.id)
BEGIN
  UPDATE shop_versions SET version = version + 1 WHERE shop_id = OLD.shop_id;
  INSERT INTO tombstones (shop_id, table_name, id, ver, at)
  VALUES (OLD.shop_id, 'products', OLD.id, (SELECT version FROM shop_versions WHERE shop_id = OLD.shop_id), 0);
END;

CREATE TRIGGER products_foreign_leave AFTER UPDATE OF shop_id, id ON products
WHEN OLD.shop_id <> NEW.shop_id OR OLD.id <> NEW.id
BEGIN
  UPDATE shop_versions SET version = version + 1 WHERE shop_id = OLD.shop_id;
  INSERT OR REPLACE INTO tombstones (shop_id, table_name, id, ver, at)
  VALUES (OLD.shop_id, 'products', OLD.id, (SELECT version FROM shop_versions WHERE shop_id = OLD.shop_id), 0);
  DELETE FROM tombstones WHERE shop_id = NEW.shop_id AND table_name = 'products' AND id = NEW.id;
END;

CREATE TRIGGER customers_foreign_insert AFTER INSERT ON customers
WHEN NEW.ver <= (SELECT version FROM shop_versions WHERE shop_id = NEW.shop_id)
BEGIN
  UPDATE shop_versions SET version = version + 1 WHERE shop_id = NEW.shop_id;
  UPDATE customers SET ver = (SELECT version FROM shop_versions WHERE shop_id = NEW.shop_id), origin = NULL
  WHERE shop_id = NEW.shop_id AND id = NEW.id;
  DELETE FROM tombstones
  WHERE shop_id = NEW.shop_id AND table_name = 'customers' AND id = NEW.id;
END;

CREATE TRIGGER customers_foreign_update AFTER UPDATE ON customers WHEN NEW.ver = OLD.ver
BEGIN
  UPDATE shop_versions SET version = version + 1 WHERE shop_id = NEW.shop_id;
  UPDATE customers SET ver = (SELECT version FROM shop_versions WHERE shop_id = NEW.shop_id), origin = NULL
  WHERE shop_id = NEW.shop_id AND id = NEW.id;
END;

CREATE TRIGGER customers_foreign_delete AFTER DELETE ON customers
WHEN NOT EXISTS (SELECT 1 FROM tombstones
                 WHERE shop_id = OLD.shop_id AND table_name = 'customers' AND id = OLD.id)
BEGIN
  UPDATE shop_versions SET version = version + 1 WHERE shop_id = OLD.shop_id;
  INSERT INTO tombstones (shop_id, table_name, id, ver, at)
  VALUES (OLD.shop_id, 'customers', OLD.id, (SELECT version FROM shop_versions WHERE shop_id = OLD.shop_id), 0);
END;

CREATE TRIGGER customers_foreign_leave AFTER UPDATE OF shop_id, id ON customers
WHEN OLD.shop_id <> NEW.shop_id OR OLD.id <> NEW.id
BEGIN
  UPDATE shop_versions SET version = version + 1 WHERE shop_id = OLD.shop_id;
  INSERT OR REPLACE INTO tombstones (shop_id, table_name, id, ver, at)
  VALUES (OLD.shop_id, 'customers', OLD.id, (SELECT version FROM shop_versions WHERE shop_id = OLD.shop_id), 0);
  DELETE FROM tombstones WHERE shop_id = NEW.shop_id AND table_name = 'customers' AND id = NEW.id;
END;

CREATE TRIGGER orders_foreign_insert AFTER INSERT ON orders
WHEN NEW.ver <= (SELECT version FROM shop_versions WHERE shop_id = NEW.shop_id)
BEGIN
  UPDATE shop_versions SET version = version + 1 WHERE shop_id = NEW.shop_id;
  UPDATE orders SET ver = (SELECT version FROM shop_versions WHERE shop_id = NEW.shop_id), origin = NULL
  WHERE shop_id = NEW.shop_id AND id = NEW.id;
  DELETE FROM tombstones
  WHERE shop_id = NEW.shop_id AND table_name = 'orders' AND id = NEW.id;
END;

CREATE TRIGGER orders_foreign_update AFTER UPDATE ON orders WHEN NEW.ver = OLD.ver
BEGIN
  UPDATE shop_versions SET version = version + 1 WHERE shop_id = NEW.shop_id;
  UPDATE orders SET ver = (SELECT version FROM shop_versions WHERE shop_id = NEW.shop_id), origin = NULL
  WHERE shop_id = NEW.shop_id AND id = NEW.id;
END;

CREATE TRIGGER orders_foreign_delete AFTER DELETE ON orders
WHEN NOT EXISTS (SELECT 1 FROM tombstones
                 WHERE shop_id = OLD.shop_id AND table_name = 'orders' AND id = OLD.id)
BEGIN
  UPDATE shop_versions SET version = version + 1 WHERE shop_id = OLD.shop_id;
  INSERT INTO tombstones (shop_id, table_name, id, ver, at)
  VALUES (OLD.shop_id, 'orders', OLD.id, (SELECT version FROM shop_versions WHERE shop_id = OLD.shop_id), 0);
END;

CREATE TRIGGER orders_foreign_leave AFTER UPDATE OF shop_id, id ON orders
WHEN OLD.shop_id <> NEW.shop_id OR OLD.id <> NEW.id
BEGIN
  UPDATE shop_versions SET version = version + 1 WHERE shop_id = OLD.shop_id;
  INSERT OR REPLACE INTO tombstones (shop_id, table_name, id, ver, at)
  VALUES (OLD.shop_id, 'orders', OLD.id, (SELECT version FROM shop_versions WHERE shop_id = OLD.shop_id), 0);
  DELETE FROM tombstones WHERE shop_id = NEW.shop_id AND table_name = 'orders' AND id = NEW.id;
END;

CREATE TRIGGER order_lines_foreign_insert AFTER INSERT ON order_lines
WHEN NEW.ver <= (SELECT version FROM shop_versions WHERE shop_id = NEW.shop_id)
BEGIN
  UPDATE shop_versions SET version = version + 1 WHERE shop_id = NEW.shop_id;
  UPDATE order_lines SET ver = (SELECT version FROM shop_versions WHERE shop_id = NEW.shop_id), origin = NULL
  WHERE shop_id = NEW.shop_id AND id = NEW.id;
  DELETE FROM tombstones
  WHERE shop_id = NEW.shop_id AND table_name = 'order_lines' AND id = NEW.id;
END;

CREATE TRIGGER order_lines_foreign_update AFTER UPDATE ON order_lines WHEN NEW.ver = OLD.ver
BEGIN
  UPDATE shop_versions SET version = version + 1 WHERE shop_id = NEW.shop_id;
  UPDATE order_lines SET ver = (SELECT version FROM shop_versions WHERE shop_id = NEW.shop_id), origin = NULL
  WHERE shop_id = NEW.shop_id AND id = NEW.id;
END;

CREATE TRIGGER order_lines_foreign_delete AFTER DELETE ON order_lines
WHEN NOT EXISTS (SELECT 1 FROM tombstones
                 WHERE shop_id = OLD.shop_id AND table_name = 'order_lines' AND id = OLD.id)
BEGIN
  UPDATE shop_versions SET version = version + 1 WHERE shop_id = OLD.shop_id;
  INSERT INTO tombstones (shop_id, table_name, id, ver, at)
  VALUES (OLD.shop_id, 'order_lines', OLD.id, (SELECT version FROM shop_versions WHERE shop_id = OLD.shop_id), 0);
END;

CREATE TRIGGER order_lines_foreign_leave AFTER UPDATE OF shop_id, id ON order_lines
WHEN OLD.shop_id <> NEW.shop_id OR OLD.id <> NEW.id
BEGIN
  UPDATE shop_versions SET version = version + 1 WHERE shop_id = OLD.shop_id;
  INSERT OR REPLACE INTO tombstones (shop_id, table_name, id, ver, at)
  VALUES (OLD.shop_id, 'order_lines', OLD.id, (SELECT version FROM shop_versions WHERE shop_id = OLD.shop_id), 0);
  DELETE FROM tombstones WHERE shop_id = NEW.shop_id AND table_name = 'order_lines' AND id = NEW.id;
END;

CREATE TRIGGER order_events_foreign_insert AFTER INSERT ON order_events
WHEN NEW.ver <= (SELECT version FROM shop_versions WHERE shop_id = NEW.shop_id)
BEGIN
  UPDATE shop_versions SET version = version + 1 WHERE shop_id = NEW.shop_id;
  UPDATE order_events SET ver = (SELECT version FROM shop_versions WHERE shop_id = NEW.shop_id), origin = NULL
  WHERE shop_id = NEW.shop_id AND id = NEW.id;
  DELETE FROM tombstones
  WHERE shop_id = NEW.shop_id AND table_name = 'order_events' AND id = NEW.id;
END;

CREATE TRIGGER order_events_foreign_update AFTER UPDATE ON order_events WHEN NEW.ver = OLD.ver
BEGIN
  UPDATE shop_versions SET version = version + 1 WHERE shop_id = NEW.shop_id;
  UPDATE order_events SET ver = (SELECT version FROM shop_versions WHERE shop_id = NEW.shop_id), origin = NULL
  WHERE shop_id = NEW.shop_id AND id = NEW.id;
END;

CREATE TRIGGER order_events_foreign_delete AFTER DELETE ON order_events
WHEN NOT EXISTS (SELECT 1 FROM tombstones
                 WHERE shop_id = OLD.shop_id AND table_name = 'order_events' AND id = OLD.id)
BEGIN
  UPDATE shop_versions SET version = version + 1 WHERE shop_id = OLD.shop_id;
  INSERT INTO tombstones (shop_id, table_name, id, ver, at)
  VALUES (OLD.shop_id, 'order_events', OLD.id, (SELECT version FROM shop_versions WHERE shop_id = OLD.shop_id), 0);
END;

CREATE TRIGGER order_events_foreign_leave AFTER UPDATE OF shop_id, id ON order_events
WHEN OLD.shop_id <> NEW.shop_id OR OLD.id <> NEW.id
BEGIN
  UPDATE shop_versions SET version = version + 1 WHERE shop_id = OLD.shop_id;
  INSERT OR REPLACE INTO tombstones (shop_id, table_name, id, ver, at)
  VALUES (OLD.shop_id, 'order_events', OLD.id, (SELECT version FROM shop_versions WHERE shop_id = OLD.shop_id), 0);
  DELETE FROM tombstones WHERE shop_id = NEW.shop_id AND table_name = 'order_events' AND id = NEW.id;
END;

CREATE TRIGGER stock_movements_foreign_insert AFTER INSERT ON stock_movements
WHEN NEW.ver <= (SELECT version FROM shop_versions WHERE shop_id = NEW.shop_id)
BEGIN
  UPDATE shop_versions SET version = version + 1 WHERE shop_id = NEW.shop_id;
  UPDATE stock_movements SET ver = (SELECT version FROM shop_versions WHERE shop_id = NEW.shop_id), origin = NULL
  WHERE shop_id = NEW.shop_id AND id = NEW.id;
  DELETE FROM tombstones
  WHERE shop_id = NEW.shop_id AND table_name = 'stock_movements' AND id = NEW.id;
  UPDATE products SET ver = (SELECT version FROM shop_versions WHERE shop_id = NEW.shop_id), origin = NULL,
    on_hand = (SELECT sum(quantity) FROM stock_movements
               WHERE shop_id = NEW.shop_id AND product_id = NEW.product_id)
  WHERE shop_id = NEW.shop_id AND id = NEW.product_id;
END;

CREATE TRIGGER stock_movements_foreign_update AFTER UPDATE ON stock_movements WHEN NEW.ver = OLD.ver
BEGIN
  UPDATE shop_versions SET version = version + 1 WHERE shop_id = NEW.shop_id;
  UPDATE stock_movements SET ver = (SELECT version FROM shop_versions WHERE shop_id = NEW.shop_id), origin = NULL
  WHERE shop_id = NEW.shop_id AND id = NEW.id;
  UPDATE products SET ver = (SELECT version FROM shop_versions WHERE shop_id = OLD.shop_id), origin = NULL,
    on_hand = (SELECT sum(quantity) FROM stock_movements
               WHERE shop_id = OLD.shop_id AND product_id = OLD.product_id)
  WHERE shop_id = OLD.shop_id AND id = OLD.product_id;
  UPDATE products SET ver = (SELECT version FROM shop_versions WHERE shop_id = NEW.shop_id), origin = NULL,
    on_hand = (SELECT sum(quantity) FROM stock_movements
               WHERE shop_id = NEW.shop_id AND product_id = NEW.product_id)
  WHERE shop_id = NEW.shop_id AND id = NEW.product_id;
END;

CREATE TRIGGER stock_movements_foreign_delete AFTER DELETE ON stock_movements
WHEN NOT EXISTS (SELECT 1 FROM tombstones
                 WHERE shop_id = OLD.shop_id AND table_name = 'stock_movements' AND id = OLD.id)
BEGIN
  UPDATE shop_versions SET version = version + 1 WHERE shop_id = OLD.shop_id;
  INSERT INTO tombstones (shop_id, table_name, id, ver, at)
  VALUES (OLD.shop_id, 'stock_movements', OLD.id, (SELECT version FROM shop_versions WHERE shop_id = OLD.shop_id), 0);
  UPDATE products SET ver = (SELECT version FROM shop_versions WHERE shop_id = OLD.shop_id), origin = NULL,
    on_hand = (SELECT sum(quantity) FROM stock_movements
               WHERE shop_id = OLD.shop_id AND product_id = OLD.product_id)
  WHERE shop_id = OLD.shop_id AND id = OLD.product_id;
END;

CREATE TRIGGER stock_movements_foreign_leave AFTER UPDATE OF shop_id, id ON stock_movements
WHEN OLD.shop_id <> NEW.shop_id OR OLD.id <> NEW.id
BEGIN
  UPDATE shop_versions SET version = version + 1 WHERE shop_id = OLD.shop_id;
  INSERT OR REPLACE INTO tombstones (shop_id, table_name, id, ver, at)
  VALUES (OLD.shop_id, 'stock_movements', OLD.id, (SELECT version FROM shop_versions WHERE shop_id = OLD.shop_id), 0);
  DELETE FROM tombstones WHERE shop_id = NEW.shop_id AND table_name = 'stock_movements' AND id = NEW.id;
END;

CREATE TRIGGER price_rules_foreign_insert AFTER INSERT ON price_rules
WHEN NEW.ver <= (SELECT version FROM shop_versions WHERE shop_id = NEW.shop_id)
BEGIN
  UPDATE shop_versions SET version = version + 1 WHERE shop_id = NEW.shop_id;
  UPDATE price_rules SET ver = (SELECT version FROM shop_versions WHERE shop_id = NEW.shop_id), origin = NULL
  WHERE shop_id = NEW.shop_id AND id = NEW.id;
  DELETE FROM tombstones
  WHERE shop_id = NEW.shop_id AND table_name = 'price_rules' AND id = NEW.id;
END;

CREATE TRIGGER price_rules_foreign_update AFTER UPDATE ON price_rules WHEN NEW.ver = OLD.ver
BEGIN
  UPDATE shop_versions SET version = version + 1 WHERE shop_id = NEW.shop_id;
  UPDATE price_rules SET ver = (SELECT version FROM shop_versions WHERE shop_id = NEW.shop_id), origin = NULL
  WHERE shop_id = NEW.shop_id AND id = NEW.id;
END;

CREATE TRIGGER price_rules_foreign_delete AFTER DELETE ON price_rules
WHEN NOT EXISTS (SELECT 1 FROM tombstones
                 WHERE shop_id = OLD.shop_id AND table_name = 'price_rules' AND id = OLD.id)
BEGIN
  UPDATE shop_versions SET version = version + 1 WHERE shop_id = OLD.shop_id;
  INSERT INTO tombstones (shop_id, table_name, id, ver, at)
  VALUES (OLD.shop_id, 'price_rules', OLD.id, (SELECT version FROM shop_versions WHERE shop_id = OLD.shop_id), 0);
END;

CREATE TRIGGER price_rules_foreign_leave AFTER UPDATE OF shop_id, id ON price_rules
WHEN OLD.shop_id <> NEW.shop_id OR OLD.id <> NEW.id
BEGIN
  UPDATE shop_versions SET version = version + 1 WHERE shop_id = OLD.shop_id;
  INSERT OR REPLACE INTO tombstones (shop_id, table_name, id, ver, at)
  VALUES (OLD.shop_id, 'price_rules', OLD.id, (SELECT version FROM shop_versions WHERE shop_id = OLD.shop_id), 0);
  DELETE FROM tombstones WHERE shop_id = NEW.shop_id AND table_name = 'price_rules' AND id = NEW.id;
END;
