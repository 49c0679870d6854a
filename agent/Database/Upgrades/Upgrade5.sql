-- From 4 to 5: an inserted row is logged as an object, {column: value}, where it was an array in the order of that day's columns. What waits
-- in the log, in a closed batch too, is written anew with the names that it had; the batch stays the same batch with the same content.
UPDATE change_log SET body = json_object('id', body ->> 0, 'sku', body ->> 1, 'name', body ->> 2, 'aliases', body ->> 3, 'unit', body ->> 4,
  'packs', body ->> 5, 'price', body ->> 6, 'currency', body ->> 7, 'tax_rate', body ->> 8, 'active', body ->> 9)
  WHERE op = 'i' AND tbl = 'products';
UPDATE change_log SET body = json_object('id', body ->> 0, 'phone', body ->> 1, 'chat_id', body ->> 2, 'name', body ->> 3,
  'language', body ->> 4, 'words', body ->> 5)
  WHERE op = 'i' AND tbl = 'customers';
UPDATE change_log SET body = json_object('id', body ->> 0, 'number', body ->> 1, 'customer_id', body ->> 2, 'turn_id', body ->> 3,
  'status', body ->> 4, 'currency', body ->> 5, 'net', body ->> 6, 'tax', body ->> 7, 'gross', body ->> 8, 'price_version', body ->> 9,
  'placed_at', body ->> 10)
  WHERE op = 'i' AND tbl = 'orders';
UPDATE change_log SET body = json_object('id', body ->> 0, 'order_id', body ->> 1, 'position', body ->> 2, 'product_id', body ->> 3,
  'sku', body ->> 4, 'name', body ->> 5, 'quantity', body ->> 6, 'unit', body ->> 7, 'asked_quantity', body ->> 8, 'asked_unit', body ->> 9,
  'unit_price', body ->> 10, 'tax_rate', body ->> 11, 'net', body ->> 12, 'tax', body ->> 13, 'gross', body ->> 14,
  'message_id', body ->> 15, 'words', body ->> 16)
  WHERE op = 'i' AND tbl = 'order_lines';
UPDATE change_log SET body = json_object('id', body ->> 0, 'order_id', body ->> 1, 'kind', body ->> 2, 'detail', body ->> 3, 'at', body ->> 4)
  WHERE op = 'i' AND tbl = 'order_events';
UPDATE change_log SET body = json_object('id', body ->> 0, 'product_id', body ->> 1, 'quantity', body ->> 2, 'reason', body ->> 3,
  'order_line_id', body ->> 4, 'at', body ->> 5)
  WHERE op = 'i' AND tbl = 'stock_movements';
UPDATE change_log SET body = json_object('id', body ->> 0, 'kind', body ->> 1, 'sku', body ->> 2, 'pack', body ->> 3, 'customer_id', body ->> 4,
  'from_quantity', body ->> 5, 'amount', body ->> 6, 'rate', body ->> 7, 'cap', body ->> 8, 'from_amount', body ->> 9, 'starts', body ->> 10,
  'ends', body ->> 11)
  WHERE op = 'i' AND tbl = 'price_rules';

-- schema: the synced columns (Tables.SchemaVersion) that all rows here hold. After an upgrade that brought more, rows that the cloud has are
-- loaded again: their version alone does not show that a column is missing.
ALTER TABLE replica ADD COLUMN schema INTEGER NOT NULL DEFAULT 2;
