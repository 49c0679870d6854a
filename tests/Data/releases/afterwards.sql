-- After the batch was closed: a price, a new product, a customer's name twice, a product that goes, an order and its cancellation.
UPDATE replica SET txn = txn + 1;
UPDATE products SET price = 3600, aliases = aliases || '|pav' WHERE sku = 'BRD-1';
UPDATE customers SET name = 'Asha Devi' WHERE id = '0198a000-0000-7000-8000-0000000000c1';
UPDATE customers SET name = 'Asha Devi, corner shop' WHERE id = '0198a000-0000-7000-8000-0000000000c1';
UPDATE replica SET txn = txn + 1;
INSERT INTO products (id, sku, name, aliases, unit, packs, price, currency, tax_rate, active) VALUES
  ('0198a000-0000-7000-8000-0000000000a1', 'TEA-1', 'Tea 250 g', 'chai', 'pack', 'ctn:24', 9900, 'INR', 500, 1),
  ('0198a000-0000-7000-8000-0000000000a2', 'OLD-1', 'Old stock', '', 'pcs', '', 100, 'INR', 0, 0);
UPDATE replica SET txn = txn + 1;
DELETE FROM products WHERE sku = 'OLD-1';
INSERT INTO orders (id, number, customer_id, turn_id, status, currency, net, tax, gross, price_version, placed_at) VALUES
  ('0198a000-0000-7000-8000-0000000000d2', 'A-1002', '0198a000-0000-7000-8000-0000000000c2', '0198a000-0000-7000-8000-0000000000e2',
   'confirmed', 'INR', 9429, 471, 9900, 0, 1795000600000);
INSERT INTO order_lines (id, order_id, position, product_id, sku, name, quantity, unit, asked_quantity, asked_unit, unit_price, tax_rate,
  net, tax, gross, message_id, words) VALUES
  ('0198a000-0000-7000-8000-0000000000f3', '0198a000-0000-7000-8000-0000000000d2', 0, '0198a000-0000-7000-8000-0000000000a1', 'TEA-1',
   'Tea 250 g', 1000, 'pack', 1000, 'pack', 9900, 500, 9429, 471, 9900, 'false_77123@lid_A2', '1 chai');
INSERT INTO stock_movements (id, product_id, quantity, reason, order_line_id, at) VALUES
  ('0198a000-0000-7000-8000-000000000201', '0198a000-0000-7000-8000-0000000000a1', -1000, 'sold', '0198a000-0000-7000-8000-0000000000f3', 1795000600000);
UPDATE replica SET txn = txn + 1;
UPDATE orders SET status = 'cancelled' WHERE id = '0198a000-0000-7000-8000-0000000000d2';
INSERT INTO stock_movements (id, product_id, quantity, reason, order_line_id, at) VALUES
  ('0198a000-0000-7000-8000-000000000202', '0198a000-0000-7000-8000-0000000000a1', 1000, 'cancelled', '0198a000-0000-7000-8000-0000000000f3', 1795000700000);
INSERT INTO order_events (id, order_id, kind, detail, at) VALUES
  ('0198a000-0000-7000-8000-0000000000b2', '0198a000-0000-7000-8000-0000000000d2', 'confirmed', '', 1795000600000),
  ('0198a000-0000-7000-8000-0000000000b3', '0198a000-0000-7000-8000-0000000000d2', 'cancelled', '', 1795000700000);
