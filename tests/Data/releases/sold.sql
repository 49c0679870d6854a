-- Sold while the cloud could not be reached: two customers, an order of two lines, an order that was cancelled.
UPDATE replica SET txn = txn + 1;
INSERT INTO customers (id, phone, chat_id, name, language, words) VALUES
  ('0198a000-0000-7000-8000-0000000000c1', '919800000001', '919800000001@c.us', 'Asha "जी"', 'hi', '{}'),
  ('0198a000-0000-7000-8000-0000000000c2', '', '77123@lid', 'Omar', 'ar', '{"soap":"OIL-1"}');
INSERT INTO orders (id, number, customer_id, turn_id, status, currency, net, tax, gross, price_version, placed_at) VALUES
  ('0198a000-0000-7000-8000-0000000000d1', 'A-1001', '0198a000-0000-7000-8000-0000000000c1', '0198a000-0000-7000-8000-0000000000e1',
   'confirmed', 'INR', 37200, 1400, 38600, 0, 1795000000000);
INSERT INTO order_lines (id, order_id, position, product_id, sku, name, quantity, unit, asked_quantity, asked_unit, unit_price, tax_rate,
  net, tax, gross, message_id, words)
  SELECT '0198a000-0000-7000-8000-0000000000f1', '0198a000-0000-7000-8000-0000000000d1', 0, id, sku, name, 2000, unit, 2000, unit, price, tax_rate,
         27600, 1400, 29000, 'false_919800000001@c.us_A1', '2 oil' FROM products WHERE sku = 'OIL-1'
  UNION ALL
  SELECT '0198a000-0000-7000-8000-0000000000f2', '0198a000-0000-7000-8000-0000000000d1', 1, id, sku, name, 2000, unit, 2000, unit, price, tax_rate,
         9600, 0, 9600, 'false_919800000001@c.us_A1', '2 cheeni' FROM products WHERE sku = 'SUG-1';
INSERT INTO stock_movements (id, product_id, quantity, reason, order_line_id, at)
  SELECT '0198a000-0000-7000-8000-0000000001' || substr(id, -2), product_id, -quantity, 'sold', id, 1795000000000 FROM order_lines;
INSERT INTO order_events (id, order_id, kind, detail, at) VALUES
  ('0198a000-0000-7000-8000-0000000000b1', '0198a000-0000-7000-8000-0000000000d1', 'confirmed', '', 1795000000000);
