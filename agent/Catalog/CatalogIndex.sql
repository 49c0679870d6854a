-- The search index of the catalog. Other programs may write products without knowing of it, so the triggers call no
-- function of SAK's: they only note which product changed, and the index is brought up to date before it is asked and
-- inside SAK's own write transactions. A write by anyone never fails because of the index, and is never missed.
CREATE TABLE IF NOT EXISTS catalog_dirty (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

-- One row a product: the number that the full-text table knows it by.
CREATE TABLE IF NOT EXISTS catalog_rows (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, sku TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS catalog_rows_sku ON catalog_rows (sku);

-- The terms are made by SAK (see SearchTerms), one word each: nothing is left for a tokeniser to decide.
CREATE VIRTUAL TABLE IF NOT EXISTS catalog_search USING fts5 (terms, content='', contentless_delete=1, detail='none', tokenize="unicode61 remove_diacritics 0 categories 'L* N* M* S* P* Co'");

-- How many products hold a term, and the words that a misspelled one may be.
CREATE VIRTUAL TABLE IF NOT EXISTS catalog_terms USING fts5vocab ('catalog_search', 'row');
CREATE TABLE IF NOT EXISTS catalog_words (row INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE) STRICT;
CREATE VIRTUAL TABLE IF NOT EXISTS catalog_spelling USING fts5 (word, content='catalog_words', content_rowid='row', tokenize='trigram');

-- Not INSERT OR IGNORE: the conflict clause of the statement that fires a trigger would take its place.
CREATE TRIGGER IF NOT EXISTS catalog_product_added AFTER INSERT ON products BEGIN INSERT INTO catalog_dirty (id) SELECT new.id WHERE NOT EXISTS (SELECT 1 FROM catalog_dirty WHERE id = new.id); END;
CREATE TRIGGER IF NOT EXISTS catalog_product_gone AFTER DELETE ON products BEGIN INSERT INTO catalog_dirty (id) SELECT old.id WHERE NOT EXISTS (SELECT 1 FROM catalog_dirty WHERE id = old.id); END;
CREATE TRIGGER IF NOT EXISTS catalog_product_changed AFTER UPDATE OF id, sku, name, aliases, active ON products
WHEN old.id IS NOT new.id OR old.sku IS NOT new.sku OR old.name IS NOT new.name OR old.aliases IS NOT new.aliases OR old.active IS NOT new.active
BEGIN
  INSERT INTO catalog_dirty (id) SELECT old.id WHERE NOT EXISTS (SELECT 1 FROM catalog_dirty WHERE id = old.id);
  INSERT INTO catalog_dirty (id) SELECT new.id WHERE NOT EXISTS (SELECT 1 FROM catalog_dirty WHERE id = new.id);
END;
