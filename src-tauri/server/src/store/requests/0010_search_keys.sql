-- Searches compare by the search key: accents and apostrophes do not count. Lists are sorted by the reader's alphabet, and built anew.
UPDATE exchanges SET users = search_key(users), groups = search_key(groups), text = search_key(text)
WHERE users <> search_key(users) OR groups <> search_key(groups) OR text <> search_key(text);
DROP INDEX listing_by_name;
ALTER TABLE listing DROP COLUMN name_key;
ALTER TABLE listing ADD COLUMN sort_key BLOB NOT NULL DEFAULT x''; -- of the name, by a collation
CREATE INDEX listing_by_name ON listing (directory, kind, sort_key, key, state, size, touched, is_adrift);
DELETE FROM derived;
