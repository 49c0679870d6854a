-- From schema 1 to 2: the price rules, who answers the number, and chats in the owner's hands. Runs once, in the transaction that raises user_version; a new database takes the same way.
CREATE TABLE price_rules (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, sku TEXT NOT NULL, pack TEXT NOT NULL, customer_id TEXT, from_quantity INTEGER NOT NULL,
  amount INTEGER NOT NULL, rate INTEGER NOT NULL, cap INTEGER, from_amount INTEGER NOT NULL, starts INTEGER, ends INTEGER,
  ver INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX price_rules_sku ON price_rules (sku);

-- The cloud may have rules from before this PC knew the table: the next exchange compares every table.
UPDATE replica SET repairing = 'this PC has learned of price rules' WHERE since > 0;

-- Words are found by more terms than before.
INSERT INTO catalog_dirty (id) SELECT id FROM products WHERE NOT EXISTS (SELECT 1 FROM catalog_dirty WHERE catalog_dirty.id = products.id);

-- One row: the shop's number, and the other PC that answers it ('' when none is known).
CREATE TABLE IF NOT EXISTS lease (one INTEGER PRIMARY KEY CHECK (one = 1), number TEXT NOT NULL, holder TEXT NOT NULL) STRICT;

-- taken_at: the owner took the chat by a key. draft: number of its basket while it waits for him to decide; 0 when it does not.
ALTER TABLE chats ADD COLUMN taken_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chats ADD COLUMN draft INTEGER NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX chats_draft ON chats (draft) WHERE draft > 0;

-- Whether an earlier reply of the same chat still waits is asked of each that is due.
CREATE INDEX outbox_chat_waiting ON outbox (chat_id, queued_at) WHERE state IN ('queued', 'sending');
