-- From schema 2 to 3: indexes for what is asked each second or with each message, so that it does not grow with all that was ever said.
CREATE INDEX IF NOT EXISTS lids_chat ON lids (chat_id);
CREATE INDEX IF NOT EXISTS outbox_chat ON outbox (chat_id, queued_at);
CREATE INDEX IF NOT EXISTS messages_sak ON messages (chat_id, sent_at) WHERE kind = 'sak';
CREATE INDEX IF NOT EXISTS messages_beside ON messages (chat_id) WHERE type <> 'chat';
