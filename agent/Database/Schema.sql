-- The agent's database as its first version made it; later changes are in Upgrade2.sql and after. First the synced tables (see Sak.Sync.Replica.Tables), then what only this PC keeps.
-- Times are Unix milliseconds in UTC, money is minor units, quantities are thousandths. The views at the end are for people.

CREATE TABLE products (
  id TEXT PRIMARY KEY, sku TEXT NOT NULL, name TEXT NOT NULL, aliases TEXT NOT NULL, unit TEXT NOT NULL, packs TEXT NOT NULL,
  price INTEGER NOT NULL, currency TEXT NOT NULL, tax_rate INTEGER NOT NULL, active INTEGER NOT NULL, on_hand INTEGER,
  ver INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX products_sku ON products (sku);

CREATE TABLE customers (
  id TEXT PRIMARY KEY, phone TEXT NOT NULL, chat_id TEXT NOT NULL, name TEXT NOT NULL, language TEXT NOT NULL, words TEXT NOT NULL,
  ver INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX customers_chat ON customers (chat_id);

CREATE TABLE orders (
  id TEXT PRIMARY KEY, number TEXT NOT NULL, customer_id TEXT NOT NULL REFERENCES customers (id), turn_id TEXT NOT NULL,
  status TEXT NOT NULL, currency TEXT NOT NULL, net INTEGER NOT NULL, tax INTEGER NOT NULL, gross INTEGER NOT NULL,
  price_version INTEGER NOT NULL, placed_at INTEGER NOT NULL, ver INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX orders_number ON orders (number);
CREATE UNIQUE INDEX orders_turn ON orders (turn_id);
CREATE INDEX orders_customer ON orders (customer_id, placed_at);
CREATE INDEX orders_placed ON orders (placed_at);

CREATE TABLE order_lines (
  id TEXT PRIMARY KEY, order_id TEXT NOT NULL REFERENCES orders (id), position INTEGER NOT NULL,
  product_id TEXT NOT NULL REFERENCES products (id), sku TEXT NOT NULL, name TEXT NOT NULL, quantity INTEGER NOT NULL,
  unit TEXT NOT NULL, asked_quantity INTEGER NOT NULL, asked_unit TEXT NOT NULL, unit_price INTEGER NOT NULL,
  tax_rate INTEGER NOT NULL, net INTEGER NOT NULL, tax INTEGER NOT NULL, gross INTEGER NOT NULL,
  message_id TEXT NOT NULL, words TEXT NOT NULL, ver INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX order_lines_order ON order_lines (order_id, position);

CREATE TABLE order_events (
  id TEXT PRIMARY KEY, order_id TEXT NOT NULL REFERENCES orders (id), kind TEXT NOT NULL, detail TEXT NOT NULL, at INTEGER NOT NULL,
  ver INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TABLE stock_movements (
  id TEXT PRIMARY KEY, product_id TEXT NOT NULL REFERENCES products (id), quantity INTEGER NOT NULL, reason TEXT NOT NULL,
  order_line_id TEXT, at INTEGER NOT NULL, ver INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX stock_movements_product ON stock_movements (product_id);

-- ── sync ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
-- One row. txn numbers the write transactions of this program; applying = 1 only inside the transaction that applies the
-- cloud's rows, so that they are not captured as changes of this PC; page is how far a first load has come ('' when none is under way);
-- repairing says why all rows are compared with the cloud's at the next exchange.
CREATE TABLE replica (
  one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL, txn INTEGER NOT NULL, applying INTEGER NOT NULL,
  since INTEGER NOT NULL, batches INTEGER NOT NULL, checked_at INTEGER NOT NULL, repairing TEXT NOT NULL,
  page TEXT NOT NULL DEFAULT '') STRICT;

-- Written only by the capture triggers. body: i = {column: value} (an array before Upgrade5.sql), u = {column: [old, new]},
-- d = nothing.
CREATE TABLE change_log (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, txn INTEGER NOT NULL, tbl TEXT NOT NULL, op TEXT NOT NULL, id TEXT NOT NULL, body TEXT) STRICT;

-- The batch that waits for its answer: at most one.
CREATE TABLE push_batch (one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL, sequence INTEGER NOT NULL, last_seq INTEGER NOT NULL) STRICT;

-- What the cloud did not simply take; the owner decides. Nothing is ever thrown away here.
CREATE TABLE refusals (
  seq INTEGER NOT NULL, kind TEXT NOT NULL, tbl TEXT NOT NULL, id TEXT NOT NULL, op TEXT NOT NULL, body TEXT, column_name TEXT,
  reason TEXT NOT NULL, at INTEGER NOT NULL, settled_at INTEGER) STRICT;

-- ── conversations: only on this PC ────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE chats (
  id TEXT PRIMARY KEY, customer_id TEXT NOT NULL REFERENCES customers (id), basket TEXT NOT NULL DEFAULT '',
  owner_until INTEGER NOT NULL DEFAULT 0, stopped INTEGER NOT NULL DEFAULT 0, last_at INTEGER NOT NULL,
  -- address: WhatsApp's own name for the chat now (a LID, perhaps); replies go there. resumed_at: the owner gave it back.
  address TEXT NOT NULL DEFAULT '', resumed_at INTEGER NOT NULL DEFAULT 0) STRICT;

-- Hidden numbers whose phone was learned: one chat per person, under the phone.
CREATE TABLE lids (lid TEXT PRIMARY KEY, chat_id TEXT NOT NULL) STRICT;

CREATE TABLE messages (
  id TEXT PRIMARY KEY, chat_id TEXT NOT NULL REFERENCES chats (id), from_me INTEGER NOT NULL, kind TEXT NOT NULL, type TEXT NOT NULL,
  text TEXT NOT NULL, before TEXT, sent_at INTEGER NOT NULL, captured_at INTEGER NOT NULL, turn_id TEXT REFERENCES turns (id),
  amends TEXT) STRICT; -- amends: the message that this edit or deletion came for, after that was answered.
CREATE INDEX messages_amends ON messages (amends) WHERE amends IS NOT NULL;
CREATE INDEX messages_chat ON messages (chat_id, sent_at);
CREATE INDEX messages_waiting ON messages (chat_id) WHERE turn_id IS NULL AND from_me = 0;
CREATE INDEX messages_turn ON messages (turn_id);
CREATE INDEX messages_captured ON messages (captured_at);

-- state: open, done (answered), owner (left to the owner). replied_by: model, reader, owner, elsewhere (another PC of the shop).
CREATE TABLE turns (
  id TEXT PRIMARY KEY, chat_id TEXT NOT NULL REFERENCES chats (id), state TEXT NOT NULL, opened_at INTEGER NOT NULL, closed_at INTEGER,
  replied_by TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '') STRICT;
CREATE INDEX turns_open ON turns (chat_id) WHERE state = 'open';
CREATE INDEX turns_chat ON turns (chat_id, opened_at);

-- state: queued, sending (asked WhatsApp; outcome unknown), sent, failed (given up), expired (too late), kept (the owner
-- took over or the customer wrote "stop"); the owner sees the last three. ack: 1 sent, 2 delivered, 3 read. key: the part
-- of the id that stays when WhatsApp renames the chat.
CREATE TABLE outbox (
  message_id TEXT PRIMARY KEY, chat_id TEXT NOT NULL REFERENCES chats (id), turn_id TEXT NOT NULL UNIQUE REFERENCES turns (id),
  text TEXT NOT NULL, state TEXT NOT NULL, ack INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
  queued_at INTEGER NOT NULL, next_at INTEGER NOT NULL, sent_at INTEGER, error TEXT NOT NULL DEFAULT '', key TEXT NOT NULL DEFAULT '',
  asked_at INTEGER) STRICT;
CREATE INDEX outbox_key ON outbox (key);
CREATE INDEX outbox_sent ON outbox (sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX outbox_waiting ON outbox (next_at) WHERE state IN ('queued', 'sending');
CREATE INDEX outbox_queued ON outbox (queued_at);

-- Voice notes, pictures, documents, places and contacts. state: wanted, kept (file: SHA-256 and ending, under media), gone
-- (reason says why). transcript: what the transcriber heard; heard = 1: it has had its turn.
CREATE TABLE media (
  message_id TEXT PRIMARY KEY REFERENCES messages (id), state TEXT NOT NULL, file TEXT NOT NULL DEFAULT '', mime TEXT NOT NULL DEFAULT '',
  bytes INTEGER NOT NULL DEFAULT 0, name TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0, next_at INTEGER NOT NULL,
  reason TEXT NOT NULL DEFAULT '', transcript TEXT NOT NULL DEFAULT '', heard INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX media_wanted ON media (next_at) WHERE state = 'wanted';

-- Groups, broadcasts and status posts: counted, never read.
CREATE TABLE ignored (id TEXT PRIMARY KEY, kind TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
-- anchor: "row id" of a message at or before the cursor; where it is another one the store is another one.
CREATE TABLE cursors (name TEXT PRIMARY KEY, value INTEGER NOT NULL, anchor TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
CREATE TABLE troubles (what TEXT PRIMARY KEY, next TEXT NOT NULL, at INTEGER NOT NULL) STRICT;

-- ── for people who open this file ─────────────────────────────────────────────────────────────────────────────────────
CREATE VIEW v_orders AS
  SELECT o.number, datetime(o.placed_at / 1000, 'unixepoch') AS placed_utc, c.name AS customer, c.phone, o.status, o.currency,
         o.gross AS total_minor, l.position, l.sku, l.name AS product, l.quantity / 1000.0 AS quantity, l.unit, l.gross AS line_minor, l.words
  FROM orders o JOIN customers c ON c.id = o.customer_id JOIN order_lines l ON l.order_id = o.id
  ORDER BY o.placed_at, l.position;
CREATE VIEW v_messages AS
  SELECT datetime(m.sent_at / 1000, 'unixepoch') AS sent_utc, c.name AS customer, c.phone, m.from_me, m.kind, m.text, m.turn_id
  FROM messages m JOIN chats h ON h.id = m.chat_id JOIN customers c ON c.id = h.customer_id ORDER BY m.sent_at;
