PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE products (
  id TEXT PRIMARY KEY, sku TEXT NOT NULL, name TEXT NOT NULL, aliases TEXT NOT NULL, unit TEXT NOT NULL, packs TEXT NOT NULL,
  price INTEGER NOT NULL, currency TEXT NOT NULL, tax_rate INTEGER NOT NULL, active INTEGER NOT NULL, on_hand INTEGER,
  ver INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO products VALUES('01a23012-2d36-7f8b-9cc9-494cc9a220a0','OIL-1','Sunflower Oil 1 L','oil|खाने का तेल|زيت','bottle','ctn:12',14500,'INR',500,1,NULL,0);
INSERT INTO products VALUES('01a23012-2d38-7266-99b9-25a8665a6455','SUG-1','Sugar 1 kg','sugar|cheeni|चीनी|سكر','pack','ctn:20',4800,'INR',0,1,NULL,0);
INSERT INTO products VALUES('01a23012-2d38-761b-9b30-86d27d495a72','RIC-5','Basmati Rice 5 kg','rice|chawal|arroz','bag','sack:6',62000,'INR',500,1,NULL,0);
INSERT INTO products VALUES('01a23012-2d38-76cd-b03c-479d5e73e0a6','BRD-1','Bread "Fresh", sliced','bread|pav','pcs','',3600,'INR',0,1,NULL,0);
INSERT INTO products VALUES('0198a000-0000-7000-8000-0000000000a1','TEA-1','Tea 250 g','chai','pack','ctn:24',9900,'INR',500,1,NULL,0);
CREATE TABLE customers (
  id TEXT PRIMARY KEY, phone TEXT NOT NULL, chat_id TEXT NOT NULL, name TEXT NOT NULL, language TEXT NOT NULL, words TEXT NOT NULL,
  ver INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO customers VALUES('0198a000-0000-7000-8000-0000000000c1','919800000001','919800000001@c.us','Asha Devi, corner shop','hi','{}',0);
INSERT INTO customers VALUES('0198a000-0000-7000-8000-0000000000c2','','77123@lid','Omar','ar','{"soap":"OIL-1"}',0);
CREATE TABLE orders (
  id TEXT PRIMARY KEY, number TEXT NOT NULL, customer_id TEXT NOT NULL REFERENCES customers (id), turn_id TEXT NOT NULL,
  status TEXT NOT NULL, currency TEXT NOT NULL, net INTEGER NOT NULL, tax INTEGER NOT NULL, gross INTEGER NOT NULL,
  price_version INTEGER NOT NULL, placed_at INTEGER NOT NULL, ver INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO orders VALUES('0198a000-0000-7000-8000-0000000000d1','A-1001','0198a000-0000-7000-8000-0000000000c1','0198a000-0000-7000-8000-0000000000e1','confirmed','INR',37200,1400,38600,0,1795000000000,0);
INSERT INTO orders VALUES('0198a000-0000-7000-8000-0000000000d2','A-1002','0198a000-0000-7000-8000-0000000000c2','0198a000-0000-7000-8000-0000000000e2','cancelled','INR',9429,471,9900,0,1795000600000,0);
CREATE TABLE order_lines (
  id TEXT PRIMARY KEY, order_id TEXT NOT NULL REFERENCES orders (id), position INTEGER NOT NULL,
  product_id TEXT NOT NULL REFERENCES products (id), sku TEXT NOT NULL, name TEXT NOT NULL, quantity INTEGER NOT NULL,
  unit TEXT NOT NULL, asked_quantity INTEGER NOT NULL, asked_unit TEXT NOT NULL, unit_price INTEGER NOT NULL,
  tax_rate INTEGER NOT NULL, net INTEGER NOT NULL, tax INTEGER NOT NULL, gross INTEGER NOT NULL,
  message_id TEXT NOT NULL, words TEXT NOT NULL, ver INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO order_lines VALUES('0198a000-0000-7000-8000-0000000000f1','0198a000-0000-7000-8000-0000000000d1',0,'01a23012-2d36-7f8b-9cc9-494cc9a220a0','OIL-1','Sunflower Oil 1 L',2000,'bottle',2000,'bottle',14500,500,27600,1400,29000,'false_919800000001@c.us_A1','2 oil',0);
INSERT INTO order_lines VALUES('0198a000-0000-7000-8000-0000000000f2','0198a000-0000-7000-8000-0000000000d1',1,'01a23012-2d38-7266-99b9-25a8665a6455','SUG-1','Sugar 1 kg',2000,'pack',2000,'pack',4800,0,9600,0,9600,'false_919800000001@c.us_A1','2 cheeni',0);
INSERT INTO order_lines VALUES('0198a000-0000-7000-8000-0000000000f3','0198a000-0000-7000-8000-0000000000d2',0,'0198a000-0000-7000-8000-0000000000a1','TEA-1','Tea 250 g',1000,'pack',1000,'pack',9900,500,9429,471,9900,'false_77123@lid_A2','1 chai',0);
CREATE TABLE order_events (
  id TEXT PRIMARY KEY, order_id TEXT NOT NULL REFERENCES orders (id), kind TEXT NOT NULL, detail TEXT NOT NULL, at INTEGER NOT NULL,
  ver INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO order_events VALUES('0198a000-0000-7000-8000-0000000000b1','0198a000-0000-7000-8000-0000000000d1','confirmed','',1795000000000,0);
INSERT INTO order_events VALUES('0198a000-0000-7000-8000-0000000000b2','0198a000-0000-7000-8000-0000000000d2','confirmed','',1795000600000,0);
INSERT INTO order_events VALUES('0198a000-0000-7000-8000-0000000000b3','0198a000-0000-7000-8000-0000000000d2','cancelled','',1795000700000,0);
CREATE TABLE stock_movements (
  id TEXT PRIMARY KEY, product_id TEXT NOT NULL REFERENCES products (id), quantity INTEGER NOT NULL, reason TEXT NOT NULL,
  order_line_id TEXT, at INTEGER NOT NULL, ver INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO stock_movements VALUES('01a23012-2d37-772c-95d0-a9cc235ed88a','01a23012-2d36-7f8b-9cc9-494cc9a220a0',480000,'counted',NULL,1796102827319,0);
INSERT INTO stock_movements VALUES('01a23012-2d38-70c6-a0e1-780a15ffe453','01a23012-2d38-7266-99b9-25a8665a6455',400000,'counted',NULL,1796102827320,0);
INSERT INTO stock_movements VALUES('01a23012-2d38-7007-a267-ee40adba4b8d','01a23012-2d38-76cd-b03c-479d5e73e0a6',24000,'counted',NULL,1796102827320,0);
INSERT INTO stock_movements VALUES('0198a000-0000-7000-8000-0000000001f1','01a23012-2d36-7f8b-9cc9-494cc9a220a0',-2000,'sold','0198a000-0000-7000-8000-0000000000f1',1795000000000,0);
INSERT INTO stock_movements VALUES('0198a000-0000-7000-8000-0000000001f2','01a23012-2d38-7266-99b9-25a8665a6455',-2000,'sold','0198a000-0000-7000-8000-0000000000f2',1795000000000,0);
INSERT INTO stock_movements VALUES('0198a000-0000-7000-8000-000000000201','0198a000-0000-7000-8000-0000000000a1',-1000,'sold','0198a000-0000-7000-8000-0000000000f3',1795000600000,0);
INSERT INTO stock_movements VALUES('0198a000-0000-7000-8000-000000000202','0198a000-0000-7000-8000-0000000000a1',1000,'cancelled','0198a000-0000-7000-8000-0000000000f3',1795000700000,0);
CREATE TABLE replica (
  one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL, txn INTEGER NOT NULL, applying INTEGER NOT NULL,
  since INTEGER NOT NULL, batches INTEGER NOT NULL, checked_at INTEGER NOT NULL, repairing TEXT NOT NULL,
  page TEXT NOT NULL DEFAULT '', schema INTEGER NOT NULL DEFAULT 2) STRICT;
INSERT INTO replica VALUES(1,'01a23012-2d03-7f03-bd17-ecf13443ee4a',8,0,0,1,0,'','',2);
CREATE TABLE change_log (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, txn INTEGER NOT NULL, tbl TEXT NOT NULL, op TEXT NOT NULL, id TEXT NOT NULL, body TEXT) STRICT;
INSERT INTO change_log VALUES(1,1,'products','i','01a23012-2d36-7f8b-9cc9-494cc9a220a0','{"id":"01a23012-2d36-7f8b-9cc9-494cc9a220a0","sku":"OIL-1","name":"Sunflower Oil 1 L","aliases":"oil|खाने का तेल|زيت","unit":"bottle","packs":"ctn:12","price":14500,"currency":"INR","tax_rate":500,"active":1}');
INSERT INTO change_log VALUES(2,1,'stock_movements','i','01a23012-2d37-772c-95d0-a9cc235ed88a','{"id":"01a23012-2d37-772c-95d0-a9cc235ed88a","product_id":"01a23012-2d36-7f8b-9cc9-494cc9a220a0","quantity":480000,"reason":"counted","order_line_id":null,"at":1796102827319}');
INSERT INTO change_log VALUES(3,1,'products','i','01a23012-2d38-7266-99b9-25a8665a6455','{"id":"01a23012-2d38-7266-99b9-25a8665a6455","sku":"SUG-1","name":"Sugar 1 kg","aliases":"sugar|cheeni|चीनी|سكر","unit":"pack","packs":"ctn:20","price":4800,"currency":"INR","tax_rate":0,"active":1}');
INSERT INTO change_log VALUES(4,1,'stock_movements','i','01a23012-2d38-70c6-a0e1-780a15ffe453','{"id":"01a23012-2d38-70c6-a0e1-780a15ffe453","product_id":"01a23012-2d38-7266-99b9-25a8665a6455","quantity":400000,"reason":"counted","order_line_id":null,"at":1796102827320}');
INSERT INTO change_log VALUES(5,1,'products','i','01a23012-2d38-761b-9b30-86d27d495a72','{"id":"01a23012-2d38-761b-9b30-86d27d495a72","sku":"RIC-5","name":"Basmati Rice 5 kg","aliases":"rice|chawal|arroz","unit":"bag","packs":"sack:6","price":62000,"currency":"INR","tax_rate":500,"active":1}');
INSERT INTO change_log VALUES(6,1,'products','i','01a23012-2d38-76cd-b03c-479d5e73e0a6','{"id":"01a23012-2d38-76cd-b03c-479d5e73e0a6","sku":"BRD-1","name":"Bread \"Fresh\", sliced","aliases":"bread","unit":"pcs","packs":"","price":3500,"currency":"INR","tax_rate":0,"active":1}');
INSERT INTO change_log VALUES(7,1,'stock_movements','i','01a23012-2d38-7007-a267-ee40adba4b8d','{"id":"01a23012-2d38-7007-a267-ee40adba4b8d","product_id":"01a23012-2d38-76cd-b03c-479d5e73e0a6","quantity":24000,"reason":"counted","order_line_id":null,"at":1796102827320}');
INSERT INTO change_log VALUES(8,2,'price_rules','i','01a23012-2e76-7103-ac7d-f6de669c26a9','{"id":"01a23012-2e76-7103-ac7d-f6de669c26a9","kind":"price","sku":"OIL-1","pack":"","customer_id":null,"from_quantity":12000,"amount":13900,"rate":0,"cap":null,"from_amount":0,"starts":null,"ends":null}');
INSERT INTO change_log VALUES(9,2,'price_rules','i','01a23012-2e78-7caa-83f7-160220dfbfaf','{"id":"01a23012-2e78-7caa-83f7-160220dfbfaf","kind":"discount","sku":"","pack":"","customer_id":null,"from_quantity":0,"amount":0,"rate":500,"cap":20000,"from_amount":200000,"starts":null,"ends":null}');
INSERT INTO change_log VALUES(10,3,'customers','i','0198a000-0000-7000-8000-0000000000c1','{"id":"0198a000-0000-7000-8000-0000000000c1","phone":"919800000001","chat_id":"919800000001@c.us","name":"Asha \"जी\"","language":"hi","words":"{}"}');
INSERT INTO change_log VALUES(11,3,'customers','i','0198a000-0000-7000-8000-0000000000c2','{"id":"0198a000-0000-7000-8000-0000000000c2","phone":"","chat_id":"77123@lid","name":"Omar","language":"ar","words":"{\"soap\":\"OIL-1\"}"}');
INSERT INTO change_log VALUES(12,3,'orders','i','0198a000-0000-7000-8000-0000000000d1','{"id":"0198a000-0000-7000-8000-0000000000d1","number":"A-1001","customer_id":"0198a000-0000-7000-8000-0000000000c1","turn_id":"0198a000-0000-7000-8000-0000000000e1","status":"confirmed","currency":"INR","net":37200,"tax":1400,"gross":38600,"price_version":0,"placed_at":1795000000000}');
INSERT INTO change_log VALUES(13,3,'order_lines','i','0198a000-0000-7000-8000-0000000000f1','{"id":"0198a000-0000-7000-8000-0000000000f1","order_id":"0198a000-0000-7000-8000-0000000000d1","position":0,"product_id":"01a23012-2d36-7f8b-9cc9-494cc9a220a0","sku":"OIL-1","name":"Sunflower Oil 1 L","quantity":2000,"unit":"bottle","asked_quantity":2000,"asked_unit":"bottle","unit_price":14500,"tax_rate":500,"net":27600,"tax":1400,"gross":29000,"message_id":"false_919800000001@c.us_A1","words":"2 oil"}');
INSERT INTO change_log VALUES(14,3,'order_lines','i','0198a000-0000-7000-8000-0000000000f2','{"id":"0198a000-0000-7000-8000-0000000000f2","order_id":"0198a000-0000-7000-8000-0000000000d1","position":1,"product_id":"01a23012-2d38-7266-99b9-25a8665a6455","sku":"SUG-1","name":"Sugar 1 kg","quantity":2000,"unit":"pack","asked_quantity":2000,"asked_unit":"pack","unit_price":4800,"tax_rate":0,"net":9600,"tax":0,"gross":9600,"message_id":"false_919800000001@c.us_A1","words":"2 cheeni"}');
INSERT INTO change_log VALUES(15,3,'stock_movements','i','0198a000-0000-7000-8000-0000000001f1','{"id":"0198a000-0000-7000-8000-0000000001f1","product_id":"01a23012-2d36-7f8b-9cc9-494cc9a220a0","quantity":-2000,"reason":"sold","order_line_id":"0198a000-0000-7000-8000-0000000000f1","at":1795000000000}');
INSERT INTO change_log VALUES(16,3,'stock_movements','i','0198a000-0000-7000-8000-0000000001f2','{"id":"0198a000-0000-7000-8000-0000000001f2","product_id":"01a23012-2d38-7266-99b9-25a8665a6455","quantity":-2000,"reason":"sold","order_line_id":"0198a000-0000-7000-8000-0000000000f2","at":1795000000000}');
INSERT INTO change_log VALUES(17,3,'order_events','i','0198a000-0000-7000-8000-0000000000b1','{"id":"0198a000-0000-7000-8000-0000000000b1","order_id":"0198a000-0000-7000-8000-0000000000d1","kind":"confirmed","detail":"","at":1795000000000}');
INSERT INTO change_log VALUES(18,5,'products','u','01a23012-2d38-76cd-b03c-479d5e73e0a6','{"aliases":["bread","bread|pav"],"price":[3500,3600]}');
INSERT INTO change_log VALUES(19,5,'customers','u','0198a000-0000-7000-8000-0000000000c1','{"name":["Asha \"जी\"","Asha Devi"]}');
INSERT INTO change_log VALUES(20,5,'customers','u','0198a000-0000-7000-8000-0000000000c1','{"name":["Asha Devi","Asha Devi, corner shop"]}');
INSERT INTO change_log VALUES(21,6,'products','i','0198a000-0000-7000-8000-0000000000a1','{"id":"0198a000-0000-7000-8000-0000000000a1","sku":"TEA-1","name":"Tea 250 g","aliases":"chai","unit":"pack","packs":"ctn:24","price":9900,"currency":"INR","tax_rate":500,"active":1}');
INSERT INTO change_log VALUES(22,6,'products','i','0198a000-0000-7000-8000-0000000000a2','{"id":"0198a000-0000-7000-8000-0000000000a2","sku":"OLD-1","name":"Old stock","aliases":"","unit":"pcs","packs":"","price":100,"currency":"INR","tax_rate":0,"active":0}');
INSERT INTO change_log VALUES(23,7,'products','d','0198a000-0000-7000-8000-0000000000a2',NULL);
INSERT INTO change_log VALUES(24,7,'orders','i','0198a000-0000-7000-8000-0000000000d2','{"id":"0198a000-0000-7000-8000-0000000000d2","number":"A-1002","customer_id":"0198a000-0000-7000-8000-0000000000c2","turn_id":"0198a000-0000-7000-8000-0000000000e2","status":"confirmed","currency":"INR","net":9429,"tax":471,"gross":9900,"price_version":0,"placed_at":1795000600000}');
INSERT INTO change_log VALUES(25,7,'order_lines','i','0198a000-0000-7000-8000-0000000000f3','{"id":"0198a000-0000-7000-8000-0000000000f3","order_id":"0198a000-0000-7000-8000-0000000000d2","position":0,"product_id":"0198a000-0000-7000-8000-0000000000a1","sku":"TEA-1","name":"Tea 250 g","quantity":1000,"unit":"pack","asked_quantity":1000,"asked_unit":"pack","unit_price":9900,"tax_rate":500,"net":9429,"tax":471,"gross":9900,"message_id":"false_77123@lid_A2","words":"1 chai"}');
INSERT INTO change_log VALUES(26,7,'stock_movements','i','0198a000-0000-7000-8000-000000000201','{"id":"0198a000-0000-7000-8000-000000000201","product_id":"0198a000-0000-7000-8000-0000000000a1","quantity":-1000,"reason":"sold","order_line_id":"0198a000-0000-7000-8000-0000000000f3","at":1795000600000}');
INSERT INTO change_log VALUES(27,8,'orders','u','0198a000-0000-7000-8000-0000000000d2','{"status":["confirmed","cancelled"]}');
INSERT INTO change_log VALUES(28,8,'stock_movements','i','0198a000-0000-7000-8000-000000000202','{"id":"0198a000-0000-7000-8000-000000000202","product_id":"0198a000-0000-7000-8000-0000000000a1","quantity":1000,"reason":"cancelled","order_line_id":"0198a000-0000-7000-8000-0000000000f3","at":1795000700000}');
INSERT INTO change_log VALUES(29,8,'order_events','i','0198a000-0000-7000-8000-0000000000b2','{"id":"0198a000-0000-7000-8000-0000000000b2","order_id":"0198a000-0000-7000-8000-0000000000d2","kind":"confirmed","detail":"","at":1795000600000}');
INSERT INTO change_log VALUES(30,8,'order_events','i','0198a000-0000-7000-8000-0000000000b3','{"id":"0198a000-0000-7000-8000-0000000000b3","order_id":"0198a000-0000-7000-8000-0000000000d2","kind":"cancelled","detail":"","at":1795000700000}');
CREATE TABLE push_batch (one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL, sequence INTEGER NOT NULL, last_seq INTEGER NOT NULL) STRICT;
INSERT INTO push_batch VALUES(1,'01a23012-30b4-780d-8e44-25875644f448',1,17);
CREATE TABLE refusals (
  seq INTEGER NOT NULL, kind TEXT NOT NULL, tbl TEXT NOT NULL, id TEXT NOT NULL, op TEXT NOT NULL, body TEXT, column_name TEXT,
  reason TEXT NOT NULL, at INTEGER NOT NULL, settled_at INTEGER) STRICT;
CREATE TABLE chats (
  id TEXT PRIMARY KEY, customer_id TEXT NOT NULL REFERENCES customers (id), basket TEXT NOT NULL DEFAULT '',
  owner_until INTEGER NOT NULL DEFAULT 0, stopped INTEGER NOT NULL DEFAULT 0, last_at INTEGER NOT NULL,
  -- address: WhatsApp's own name for the chat now (a LID, perhaps); replies go there. resumed_at: the owner gave it back.
  address TEXT NOT NULL DEFAULT '', resumed_at INTEGER NOT NULL DEFAULT 0, taken_at INTEGER NOT NULL DEFAULT 0, draft INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE lids (lid TEXT PRIMARY KEY, chat_id TEXT NOT NULL) STRICT;
CREATE TABLE messages (
  id TEXT PRIMARY KEY, chat_id TEXT NOT NULL REFERENCES chats (id), from_me INTEGER NOT NULL, kind TEXT NOT NULL, type TEXT NOT NULL,
  text TEXT NOT NULL, before TEXT, sent_at INTEGER NOT NULL, captured_at INTEGER NOT NULL, turn_id TEXT REFERENCES turns (id),
  amends TEXT) STRICT;
CREATE TABLE turns (
  id TEXT PRIMARY KEY, chat_id TEXT NOT NULL REFERENCES chats (id), state TEXT NOT NULL, opened_at INTEGER NOT NULL, closed_at INTEGER,
  replied_by TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE outbox (
  message_id TEXT PRIMARY KEY, chat_id TEXT NOT NULL REFERENCES chats (id), turn_id TEXT NOT NULL UNIQUE REFERENCES turns (id),
  text TEXT NOT NULL, state TEXT NOT NULL, ack INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
  queued_at INTEGER NOT NULL, next_at INTEGER NOT NULL, sent_at INTEGER, error TEXT NOT NULL DEFAULT '', key TEXT NOT NULL DEFAULT '',
  asked_at INTEGER) STRICT;
CREATE TABLE media (
  message_id TEXT PRIMARY KEY REFERENCES messages (id), state TEXT NOT NULL, file TEXT NOT NULL DEFAULT '', mime TEXT NOT NULL DEFAULT '',
  bytes INTEGER NOT NULL DEFAULT 0, name TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0, next_at INTEGER NOT NULL,
  reason TEXT NOT NULL DEFAULT '', transcript TEXT NOT NULL DEFAULT '', heard INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE ignored (id TEXT PRIMARY KEY, kind TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE TABLE cursors (name TEXT PRIMARY KEY, value INTEGER NOT NULL, anchor TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
CREATE TABLE troubles (what TEXT PRIMARY KEY, next TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE TABLE catalog_dirty (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO catalog_dirty VALUES('');
INSERT INTO catalog_dirty VALUES('0198a000-0000-7000-8000-0000000000a1');
INSERT INTO catalog_dirty VALUES('0198a000-0000-7000-8000-0000000000a2');
INSERT INTO catalog_dirty VALUES('01a23012-2d36-7f8b-9cc9-494cc9a220a0');
INSERT INTO catalog_dirty VALUES('01a23012-2d38-7266-99b9-25a8665a6455');
INSERT INTO catalog_dirty VALUES('01a23012-2d38-761b-9b30-86d27d495a72');
INSERT INTO catalog_dirty VALUES('01a23012-2d38-76cd-b03c-479d5e73e0a6');
CREATE TABLE catalog_rows (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, sku TEXT NOT NULL) STRICT;
PRAGMA writable_schema=ON;
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','catalog_search','catalog_search',0,'CREATE VIRTUAL TABLE catalog_search USING fts5 (terms, content='''', contentless_delete=1, detail=''none'', tokenize="unicode61 remove_diacritics 0 categories ''L* N* M* S* P* Co''")');
CREATE TABLE IF NOT EXISTS 'catalog_search_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO catalog_search_data VALUES(1,X'');
INSERT INTO catalog_search_data VALUES(10,X'00000000ff000001000000');
CREATE TABLE IF NOT EXISTS 'catalog_search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS 'catalog_search_docsize'(id INTEGER PRIMARY KEY, sz BLOB, origin INTEGER);
CREATE TABLE IF NOT EXISTS 'catalog_search_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO catalog_search_config VALUES('version',4);
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','catalog_terms','catalog_terms',0,'CREATE VIRTUAL TABLE catalog_terms USING fts5vocab (''catalog_search'', ''row'')');
CREATE TABLE catalog_words (row INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE) STRICT;
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','catalog_spelling','catalog_spelling',0,'CREATE VIRTUAL TABLE catalog_spelling USING fts5 (word, content=''catalog_words'', content_rowid=''row'', tokenize=''trigram'')');
CREATE TABLE IF NOT EXISTS 'catalog_spelling_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO catalog_spelling_data VALUES(1,X'');
INSERT INTO catalog_spelling_data VALUES(10,X'00000000000000');
CREATE TABLE IF NOT EXISTS 'catalog_spelling_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS 'catalog_spelling_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
CREATE TABLE IF NOT EXISTS 'catalog_spelling_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO catalog_spelling_config VALUES('version',4);
CREATE TABLE price_rules (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, sku TEXT NOT NULL, pack TEXT NOT NULL, customer_id TEXT, from_quantity INTEGER NOT NULL,
  amount INTEGER NOT NULL, rate INTEGER NOT NULL, cap INTEGER, from_amount INTEGER NOT NULL, starts INTEGER, ends INTEGER,
  ver INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO price_rules VALUES('01a23012-2e76-7103-ac7d-f6de669c26a9','price','OIL-1','',NULL,12000,13900,0,NULL,0,NULL,NULL,0);
INSERT INTO price_rules VALUES('01a23012-2e78-7caa-83f7-160220dfbfaf','discount','','',NULL,0,0,500,20000,200000,NULL,NULL,0);
CREATE TABLE lease (one INTEGER PRIMARY KEY CHECK (one = 1), number TEXT NOT NULL, holder TEXT NOT NULL) STRICT;
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('change_log',30);
CREATE INDEX products_sku ON products (sku);
CREATE INDEX customers_chat ON customers (chat_id);
CREATE INDEX orders_number ON orders (number);
CREATE UNIQUE INDEX orders_turn ON orders (turn_id);
CREATE INDEX orders_customer ON orders (customer_id, placed_at);
CREATE INDEX orders_placed ON orders (placed_at);
CREATE INDEX order_lines_order ON order_lines (order_id, position);
CREATE INDEX stock_movements_product ON stock_movements (product_id);
CREATE INDEX messages_amends ON messages (amends) WHERE amends IS NOT NULL;
CREATE INDEX messages_chat ON messages (chat_id, sent_at);
CREATE INDEX messages_waiting ON messages (chat_id) WHERE turn_id IS NULL AND from_me = 0;
CREATE INDEX messages_turn ON messages (turn_id);
CREATE INDEX messages_captured ON messages (captured_at);
CREATE INDEX turns_open ON turns (chat_id) WHERE state = 'open';
CREATE INDEX turns_chat ON turns (chat_id, opened_at);
CREATE INDEX outbox_key ON outbox (key);
CREATE INDEX outbox_sent ON outbox (sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX outbox_waiting ON outbox (next_at) WHERE state IN ('queued', 'sending');
CREATE INDEX outbox_queued ON outbox (queued_at);
CREATE INDEX media_wanted ON media (next_at) WHERE state = 'wanted';
CREATE VIEW v_orders AS
  SELECT o.number, datetime(o.placed_at / 1000, 'unixepoch') AS placed_utc, c.name AS customer, c.phone, o.status, o.currency,
         o.gross AS total_minor, l.position, l.sku, l.name AS product, l.quantity / 1000.0 AS quantity, l.unit, l.gross AS line_minor, l.words
  FROM orders o JOIN customers c ON c.id = o.customer_id JOIN order_lines l ON l.order_id = o.id
  ORDER BY o.placed_at, l.position;
CREATE VIEW v_messages AS
  SELECT datetime(m.sent_at / 1000, 'unixepoch') AS sent_utc, c.name AS customer, c.phone, m.from_me, m.kind, m.text, m.turn_id
  FROM messages m JOIN chats h ON h.id = m.chat_id JOIN customers c ON c.id = h.customer_id ORDER BY m.sent_at;
CREATE INDEX catalog_rows_sku ON catalog_rows (sku);
CREATE TRIGGER catalog_product_added AFTER INSERT ON products BEGIN INSERT INTO catalog_dirty (id) SELECT new.id WHERE NOT EXISTS (SELECT 1 FROM catalog_dirty WHERE id = new.id); END;
CREATE TRIGGER catalog_product_gone AFTER DELETE ON products BEGIN INSERT INTO catalog_dirty (id) SELECT old.id WHERE NOT EXISTS (SELECT 1 FROM catalog_dirty WHERE id = old.id); END;
CREATE TRIGGER catalog_product_changed AFTER UPDATE OF id, sku, name, aliases, active ON products
WHEN old.id IS NOT new.id OR old.sku IS NOT new.sku OR old.name IS NOT new.name OR old.aliases IS NOT new.aliases OR old.active IS NOT new.active
BEGIN
  INSERT INTO catalog_dirty (id) SELECT old.id WHERE NOT EXISTS (SELECT 1 FROM catalog_dirty WHERE id = old.id);
  INSERT INTO catalog_dirty (id) SELECT new.id WHERE NOT EXISTS (SELECT 1 FROM catalog_dirty WHERE id = new.id);
END;
CREATE INDEX price_rules_sku ON price_rules (sku);
CREATE UNIQUE INDEX chats_draft ON chats (draft) WHERE draft > 0;
CREATE INDEX outbox_chat_waiting ON outbox (chat_id, queued_at) WHERE state IN ('queued', 'sending');
CREATE INDEX lids_chat ON lids (chat_id);
CREATE INDEX outbox_chat ON outbox (chat_id, queued_at);
CREATE INDEX messages_sak ON messages (chat_id, sent_at) WHERE kind = 'sak';
CREATE INDEX messages_beside ON messages (chat_id) WHERE type <> 'chat';
CREATE INDEX messages_key ON messages (substr(id, length(rtrim(id, replace(id, '_', ''))) + 1));
CREATE TRIGGER products_insert AFTER INSERT ON products WHEN (SELECT applying FROM replica) = 0 BEGIN
  INSERT INTO change_log (txn, tbl, op, id, body)
    VALUES ((SELECT txn FROM replica), 'products', 'i', NEW.id, json_object('id', NEW.id, 'sku', NEW.sku, 'name', NEW.name, 'aliases', NEW.aliases, 'unit', NEW.unit, 'packs', NEW.packs, 'price', NEW.price, 'currency', NEW.currency, 'tax_rate', NEW.tax_rate, 'active', NEW.active));
END;
CREATE TRIGGER products_identity BEFORE UPDATE OF id ON products WHEN OLD.id IS NOT NEW.id BEGIN
  SELECT RAISE(ABORT, 'the id of a row of products never changes');
END;
CREATE TRIGGER products_update AFTER UPDATE OF sku, name, aliases, unit, packs, price, currency, tax_rate, active
  ON products WHEN (SELECT applying FROM replica) = 0 BEGIN
  INSERT INTO change_log (txn, tbl, op, id, body)
  SELECT (SELECT txn FROM replica), 'products', 'u', OLD.id, json_group_object(c, json_array(o, n))
    FROM (SELECT 'sku' AS c, OLD.sku AS o, NEW.sku AS n WHERE OLD.sku IS NOT NEW.sku UNION ALL SELECT 'name' AS c, OLD.name AS o, NEW.name AS n WHERE OLD.name IS NOT NEW.name UNION ALL SELECT 'aliases' AS c, OLD.aliases AS o, NEW.aliases AS n WHERE OLD.aliases IS NOT NEW.aliases UNION ALL SELECT 'unit' AS c, OLD.unit AS o, NEW.unit AS n WHERE OLD.unit IS NOT NEW.unit UNION ALL SELECT 'packs' AS c, OLD.packs AS o, NEW.packs AS n WHERE OLD.packs IS NOT NEW.packs UNION ALL SELECT 'price' AS c, OLD.price AS o, NEW.price AS n WHERE OLD.price IS NOT NEW.price UNION ALL SELECT 'currency' AS c, OLD.currency AS o, NEW.currency AS n WHERE OLD.currency IS NOT NEW.currency UNION ALL SELECT 'tax_rate' AS c, OLD.tax_rate AS o, NEW.tax_rate AS n WHERE OLD.tax_rate IS NOT NEW.tax_rate UNION ALL SELECT 'active' AS c, OLD.active AS o, NEW.active AS n WHERE OLD.active IS NOT NEW.active) HAVING count(*) > 0;
END;
CREATE TRIGGER products_delete AFTER DELETE ON products WHEN (SELECT applying FROM replica) = 0 BEGIN
  INSERT INTO change_log (txn, tbl, op, id, body) VALUES ((SELECT txn FROM replica), 'products', 'd', OLD.id, NULL);
END;
CREATE TRIGGER customers_insert AFTER INSERT ON customers WHEN (SELECT applying FROM replica) = 0 BEGIN
  INSERT INTO change_log (txn, tbl, op, id, body)
    VALUES ((SELECT txn FROM replica), 'customers', 'i', NEW.id, json_object('id', NEW.id, 'phone', NEW.phone, 'chat_id', NEW.chat_id, 'name', NEW.name, 'language', NEW.language, 'words', NEW.words));
END;
CREATE TRIGGER customers_identity BEFORE UPDATE OF id ON customers WHEN OLD.id IS NOT NEW.id BEGIN
  SELECT RAISE(ABORT, 'the id of a row of customers never changes');
END;
CREATE TRIGGER customers_update AFTER UPDATE OF phone, chat_id, name, language, words
  ON customers WHEN (SELECT applying FROM replica) = 0 BEGIN
  INSERT INTO change_log (txn, tbl, op, id, body)
  SELECT (SELECT txn FROM replica), 'customers', 'u', OLD.id, json_group_object(c, json_array(o, n))
    FROM (SELECT 'phone' AS c, OLD.phone AS o, NEW.phone AS n WHERE OLD.phone IS NOT NEW.phone UNION ALL SELECT 'chat_id' AS c, OLD.chat_id AS o, NEW.chat_id AS n WHERE OLD.chat_id IS NOT NEW.chat_id UNION ALL SELECT 'name' AS c, OLD.name AS o, NEW.name AS n WHERE OLD.name IS NOT NEW.name UNION ALL SELECT 'language' AS c, OLD.language AS o, NEW.language AS n WHERE OLD.language IS NOT NEW.language UNION ALL SELECT 'words' AS c, OLD.words AS o, NEW.words AS n WHERE OLD.words IS NOT NEW.words) HAVING count(*) > 0;
END;
CREATE TRIGGER customers_delete AFTER DELETE ON customers WHEN (SELECT applying FROM replica) = 0 BEGIN
  INSERT INTO change_log (txn, tbl, op, id, body) VALUES ((SELECT txn FROM replica), 'customers', 'd', OLD.id, NULL);
END;
CREATE TRIGGER orders_insert AFTER INSERT ON orders WHEN (SELECT applying FROM replica) = 0 BEGIN
  INSERT INTO change_log (txn, tbl, op, id, body)
    VALUES ((SELECT txn FROM replica), 'orders', 'i', NEW.id, json_object('id', NEW.id, 'number', NEW.number, 'customer_id', NEW.customer_id, 'turn_id', NEW.turn_id, 'status', NEW.status, 'currency', NEW.currency, 'net', NEW.net, 'tax', NEW.tax, 'gross', NEW.gross, 'price_version', NEW.price_version, 'placed_at', NEW.placed_at));
END;
CREATE TRIGGER orders_identity BEFORE UPDATE OF id ON orders WHEN OLD.id IS NOT NEW.id BEGIN
  SELECT RAISE(ABORT, 'the id of a row of orders never changes');
END;
CREATE TRIGGER orders_update AFTER UPDATE OF number, customer_id, turn_id, status, currency, net, tax, gross, price_version, placed_at
  ON orders WHEN (SELECT applying FROM replica) = 0 BEGIN
  INSERT INTO change_log (txn, tbl, op, id, body)
  SELECT (SELECT txn FROM replica), 'orders', 'u', OLD.id, json_group_object(c, json_array(o, n))
    FROM (SELECT 'number' AS c, OLD.number AS o, NEW.number AS n WHERE OLD.number IS NOT NEW.number UNION ALL SELECT 'customer_id' AS c, OLD.customer_id AS o, NEW.customer_id AS n WHERE OLD.customer_id IS NOT NEW.customer_id UNION ALL SELECT 'turn_id' AS c, OLD.turn_id AS o, NEW.turn_id AS n WHERE OLD.turn_id IS NOT NEW.turn_id UNION ALL SELECT 'status' AS c, OLD.status AS o, NEW.status AS n WHERE OLD.status IS NOT NEW.status UNION ALL SELECT 'currency' AS c, OLD.currency AS o, NEW.currency AS n WHERE OLD.currency IS NOT NEW.currency UNION ALL SELECT 'net' AS c, OLD.net AS o, NEW.net AS n WHERE OLD.net IS NOT NEW.net UNION ALL SELECT 'tax' AS c, OLD.tax AS o, NEW.tax AS n WHERE OLD.tax IS NOT NEW.tax UNION ALL SELECT 'gross' AS c, OLD.gross AS o, NEW.gross AS n WHERE OLD.gross IS NOT NEW.gross UNION ALL SELECT 'price_version' AS c, OLD.price_version AS o, NEW.price_version AS n WHERE OLD.price_version IS NOT NEW.price_version UNION ALL SELECT 'placed_at' AS c, OLD.placed_at AS o, NEW.placed_at AS n WHERE OLD.placed_at IS NOT NEW.placed_at) HAVING count(*) > 0;
END;
CREATE TRIGGER orders_delete AFTER DELETE ON orders WHEN (SELECT applying FROM replica) = 0 BEGIN
  INSERT INTO change_log (txn, tbl, op, id, body) VALUES ((SELECT txn FROM replica), 'orders', 'd', OLD.id, NULL);
END;
CREATE TRIGGER order_lines_insert AFTER INSERT ON order_lines WHEN (SELECT applying FROM replica) = 0 BEGIN
  INSERT INTO change_log (txn, tbl, op, id, body)
    VALUES ((SELECT txn FROM replica), 'order_lines', 'i', NEW.id, json_object('id', NEW.id, 'order_id', NEW.order_id, 'position', NEW.position, 'product_id', NEW.product_id, 'sku', NEW.sku, 'name', NEW.name, 'quantity', NEW.quantity, 'unit', NEW.unit, 'asked_quantity', NEW.asked_quantity, 'asked_unit', NEW.asked_unit, 'unit_price', NEW.unit_price, 'tax_rate', NEW.tax_rate, 'net', NEW.net, 'tax', NEW.tax, 'gross', NEW.gross, 'message_id', NEW.message_id, 'words', NEW.words));
END;
CREATE TRIGGER order_lines_identity BEFORE UPDATE OF id ON order_lines WHEN OLD.id IS NOT NEW.id BEGIN
  SELECT RAISE(ABORT, 'the id of a row of order_lines never changes');
END;
CREATE TRIGGER order_lines_update AFTER UPDATE OF order_id, position, product_id, sku, name, quantity, unit, asked_quantity, asked_unit, unit_price, tax_rate, net, tax, gross, message_id, words
  ON order_lines WHEN (SELECT applying FROM replica) = 0 BEGIN
  INSERT INTO change_log (txn, tbl, op, id, body)
  SELECT (SELECT txn FROM replica), 'order_lines', 'u', OLD.id, json_group_object(c, json_array(o, n))
    FROM (SELECT 'order_id' AS c, OLD.order_id AS o, NEW.order_id AS n WHERE OLD.order_id IS NOT NEW.order_id UNION ALL SELECT 'position' AS c, OLD.position AS o, NEW.position AS n WHERE OLD.position IS NOT NEW.position UNION ALL SELECT 'product_id' AS c, OLD.product_id AS o, NEW.product_id AS n WHERE OLD.product_id IS NOT NEW.product_id UNION ALL SELECT 'sku' AS c, OLD.sku AS o, NEW.sku AS n WHERE OLD.sku IS NOT NEW.sku UNION ALL SELECT 'name' AS c, OLD.name AS o, NEW.name AS n WHERE OLD.name IS NOT NEW.name UNION ALL SELECT 'quantity' AS c, OLD.quantity AS o, NEW.quantity AS n WHERE OLD.quantity IS NOT NEW.quantity UNION ALL SELECT 'unit' AS c, OLD.unit AS o, NEW.unit AS n WHERE OLD.unit IS NOT NEW.unit UNION ALL SELECT 'asked_quantity' AS c, OLD.asked_quantity AS o, NEW.asked_quantity AS n WHERE OLD.asked_quantity IS NOT NEW.asked_quantity UNION ALL SELECT 'asked_unit' AS c, OLD.asked_unit AS o, NEW.asked_unit AS n WHERE OLD.asked_unit IS NOT NEW.asked_unit UNION ALL SELECT 'unit_price' AS c, OLD.unit_price AS o, NEW.unit_price AS n WHERE OLD.unit_price IS NOT NEW.unit_price UNION ALL SELECT 'tax_rate' AS c, OLD.tax_rate AS o, NEW.tax_rate AS n WHERE OLD.tax_rate IS NOT NEW.tax_rate UNION ALL SELECT 'net' AS c, OLD.net AS o, NEW.net AS n WHERE OLD.net IS NOT NEW.net UNION ALL SELECT 'tax' AS c, OLD.tax AS o, NEW.tax AS n WHERE OLD.tax IS NOT NEW.tax UNION ALL SELECT 'gross' AS c, OLD.gross AS o, NEW.gross AS n WHERE OLD.gross IS NOT NEW.gross UNION ALL SELECT 'message_id' AS c, OLD.message_id AS o, NEW.message_id AS n WHERE OLD.message_id IS NOT NEW.message_id UNION ALL SELECT 'words' AS c, OLD.words AS o, NEW.words AS n WHERE OLD.words IS NOT NEW.words) HAVING count(*) > 0;
END;
CREATE TRIGGER order_lines_delete AFTER DELETE ON order_lines WHEN (SELECT applying FROM replica) = 0 BEGIN
  INSERT INTO change_log (txn, tbl, op, id, body) VALUES ((SELECT txn FROM replica), 'order_lines', 'd', OLD.id, NULL);
END;
CREATE TRIGGER order_events_insert AFTER INSERT ON order_events WHEN (SELECT applying FROM replica) = 0 BEGIN
  INSERT INTO change_log (txn, tbl, op, id, body)
    VALUES ((SELECT txn FROM replica), 'order_events', 'i', NEW.id, json_object('id', NEW.id, 'order_id', NEW.order_id, 'kind', NEW.kind, 'detail', NEW.detail, 'at', NEW.at));
END;
CREATE TRIGGER order_events_identity BEFORE UPDATE OF id ON order_events WHEN OLD.id IS NOT NEW.id BEGIN
  SELECT RAISE(ABORT, 'the id of a row of order_events never changes');
END;
CREATE TRIGGER order_events_update AFTER UPDATE OF order_id, kind, detail, at
  ON order_events WHEN (SELECT applying FROM replica) = 0 BEGIN
  INSERT INTO change_log (txn, tbl, op, id, body)
  SELECT (SELECT txn FROM replica), 'order_events', 'u', OLD.id, json_group_object(c, json_array(o, n))
    FROM (SELECT 'order_id' AS c, OLD.order_id AS o, NEW.order_id AS n WHERE OLD.order_id IS NOT NEW.order_id UNION ALL SELECT 'kind' AS c, OLD.kind AS o, NEW.kind AS n WHERE OLD.kind IS NOT NEW.kind UNION ALL SELECT 'detail' AS c, OLD.detail AS o, NEW.detail AS n WHERE OLD.detail IS NOT NEW.detail UNION ALL SELECT 'at' AS c, OLD.at AS o, NEW.at AS n WHERE OLD.at IS NOT NEW.at) HAVING count(*) > 0;
END;
CREATE TRIGGER order_events_delete AFTER DELETE ON order_events WHEN (SELECT applying FROM replica) = 0 BEGIN
  INSERT INTO change_log (txn, tbl, op, id, body) VALUES ((SELECT txn FROM replica), 'order_events', 'd', OLD.id, NULL);
END;
CREATE TRIGGER stock_movements_insert AFTER INSERT ON stock_movements WHEN (SELECT applying FROM replica) = 0 BEGIN
  INSERT INTO change_log (txn, tbl, op, id, body)
    VALUES ((SELECT txn FROM replica), 'stock_movements', 'i', NEW.id, json_object('id', NEW.id, 'product_id', NEW.product_id, 'quantity', NEW.quantity, 'reason', NEW.reason, 'order_line_id', NEW.order_line_id, 'at', NEW.at));
END;
CREATE TRIGGER stock_movements_identity BEFORE UPDATE OF id ON stock_movements WHEN OLD.id IS NOT NEW.id BEGIN
  SELECT RAISE(ABORT, 'the id of a row of stock_movements never changes');
END;
CREATE TRIGGER stock_movements_update AFTER UPDATE OF product_id, quantity, reason, order_line_id, at
  ON stock_movements WHEN (SELECT applying FROM replica) = 0 BEGIN
  INSERT INTO change_log (txn, tbl, op, id, body)
  SELECT (SELECT txn FROM replica), 'stock_movements', 'u', OLD.id, json_group_object(c, json_array(o, n))
    FROM (SELECT 'product_id' AS c, OLD.product_id AS o, NEW.product_id AS n WHERE OLD.product_id IS NOT NEW.product_id UNION ALL SELECT 'quantity' AS c, OLD.quantity AS o, NEW.quantity AS n WHERE OLD.quantity IS NOT NEW.quantity UNION ALL SELECT 'reason' AS c, OLD.reason AS o, NEW.reason AS n WHERE OLD.reason IS NOT NEW.reason UNION ALL SELECT 'order_line_id' AS c, OLD.order_line_id AS o, NEW.order_line_id AS n WHERE OLD.order_line_id IS NOT NEW.order_line_id UNION ALL SELECT 'at' AS c, OLD.at AS o, NEW.at AS n WHERE OLD.at IS NOT NEW.at) HAVING count(*) > 0;
END;
CREATE TRIGGER stock_movements_delete AFTER DELETE ON stock_movements WHEN (SELECT applying FROM replica) = 0 BEGIN
  INSERT INTO change_log (txn, tbl, op, id, body) VALUES ((SELECT txn FROM replica), 'stock_movements', 'd', OLD.id, NULL);
END;
CREATE TRIGGER price_rules_insert AFTER INSERT ON price_rules WHEN (SELECT applying FROM replica) = 0 BEGIN
  INSERT INTO change_log (txn, tbl, op, id, body)
    VALUES ((SELECT txn FROM replica), 'price_rules', 'i', NEW.id, json_object('id', NEW.id, 'kind', NEW.kind, 'sku', NEW.sku, 'pack', NEW.pack, 'customer_id', NEW.customer_id, 'from_quantity', NEW.from_quantity, 'amount', NEW.amount, 'rate', NEW.rate, 'cap', NEW.cap, 'from_amount', NEW.from_amount, 'starts', NEW.starts, 'ends', NEW.ends));
END;
CREATE TRIGGER price_rules_identity BEFORE UPDATE OF id ON price_rules WHEN OLD.id IS NOT NEW.id BEGIN
  SELECT RAISE(ABORT, 'the id of a row of price_rules never changes');
END;
CREATE TRIGGER price_rules_update AFTER UPDATE OF kind, sku, pack, customer_id, from_quantity, amount, rate, cap, from_amount, starts, ends
  ON price_rules WHEN (SELECT applying FROM replica) = 0 BEGIN
  INSERT INTO change_log (txn, tbl, op, id, body)
  SELECT (SELECT txn FROM replica), 'price_rules', 'u', OLD.id, json_group_object(c, json_array(o, n))
    FROM (SELECT 'kind' AS c, OLD.kind AS o, NEW.kind AS n WHERE OLD.kind IS NOT NEW.kind UNION ALL SELECT 'sku' AS c, OLD.sku AS o, NEW.sku AS n WHERE OLD.sku IS NOT NEW.sku UNION ALL SELECT 'pack' AS c, OLD.pack AS o, NEW.pack AS n WHERE OLD.pack IS NOT NEW.pack UNION ALL SELECT 'customer_id' AS c, OLD.customer_id AS o, NEW.customer_id AS n WHERE OLD.customer_id IS NOT NEW.customer_id UNION ALL SELECT 'from_quantity' AS c, OLD.from_quantity AS o, NEW.from_quantity AS n WHERE OLD.from_quantity IS NOT NEW.from_quantity UNION ALL SELECT 'amount' AS c, OLD.amount AS o, NEW.amount AS n WHERE OLD.amount IS NOT NEW.amount UNION ALL SELECT 'rate' AS c, OLD.rate AS o, NEW.rate AS n WHERE OLD.rate IS NOT NEW.rate UNION ALL SELECT 'cap' AS c, OLD.cap AS o, NEW.cap AS n WHERE OLD.cap IS NOT NEW.cap UNION ALL SELECT 'from_amount' AS c, OLD.from_amount AS o, NEW.from_amount AS n WHERE OLD.from_amount IS NOT NEW.from_amount UNION ALL SELECT 'starts' AS c, OLD.starts AS o, NEW.starts AS n WHERE OLD.starts IS NOT NEW.starts UNION ALL SELECT 'ends' AS c, OLD.ends AS o, NEW.ends AS n WHERE OLD.ends IS NOT NEW.ends) HAVING count(*) > 0;
END;
CREATE TRIGGER price_rules_delete AFTER DELETE ON price_rules WHEN (SELECT applying FROM replica) = 0 BEGIN
  INSERT INTO change_log (txn, tbl, op, id, body) VALUES ((SELECT txn FROM replica), 'price_rules', 'd', OLD.id, NULL);
END;
PRAGMA writable_schema=OFF;
COMMIT;
PRAGMA user_version = 7;
