-- What a person has put on requests of the record: a row for each that is pinned or has a note.
CREATE TABLE marks (
  exchange   INTEGER PRIMARY KEY REFERENCES exchanges (id) ON DELETE CASCADE,
  sender     INTEGER, -- of a pinned one, with which others it is kept once it is pinned no more; null: it is not pinned
  annotation TEXT,
  search     TEXT NOT NULL DEFAULT '' -- the search key of the annotation
) STRICT;
-- Pinned requests are kept apart (sender 4), whatever else comes.
CREATE INDEX exchanges_pinned ON exchanges (directory) WHERE sender = 4;
