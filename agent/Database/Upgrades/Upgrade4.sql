-- From schema 3 to 4: a message is found by the part of its id that stays when WhatsApp renames the chat (what stands after the last "_").
CREATE INDEX IF NOT EXISTS messages_key ON messages (substr(id, length(rtrim(id, replace(id, '_', ''))) + 1));
