-- From 5 to 6: that SAK asked which product a name means ("soap → neem"), or took the usual one ("soap → ?"), is a field
-- of a basket's line and no longer a mark in the customer's words. No program reads words of a line any more.
-- The cloud keeps the words as they were sent: a column that never changes is not sent again for an arrow in it.
UPDATE order_lines SET words = replace(replace(words, ' → ?', ''), ' → ', ', ') WHERE words LIKE '% → %';
UPDATE chats SET basket = replace(replace(basket, ' \u2192 ?', ''), ' \u2192 ', ', ') WHERE basket LIKE '% \u2192 %';
