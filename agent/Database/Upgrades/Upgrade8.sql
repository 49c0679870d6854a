-- From 7 to 8: what WhatsApp knows of a message beside its words. quoted: the words of the message that it answers to.
ALTER TABLE messages ADD COLUMN quoted TEXT NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN forwarded INTEGER NOT NULL DEFAULT 0;
