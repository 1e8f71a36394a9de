-- What was heard. Times are milliseconds since the Unix epoch. `directory` is directories.key in the other database, which is never given
-- twice.

-- What lists show, search and count of each request; the whole of it has a table of its own.
CREATE TABLE exchanges (
  id            INTEGER PRIMARY KEY, -- in order of arrival
  directory     INTEGER, -- null: it addressed none, or none that is there
  at            INTEGER NOT NULL,
  method        TEXT NOT NULL,
  path          TEXT NOT NULL,
  status        INTEGER NOT NULL,
  duration_us   INTEGER NOT NULL,
  actor         TEXT NOT NULL,
  summary       TEXT NOT NULL, -- JSON: Sentence
  note_count    INTEGER NOT NULL,
  is_write      INTEGER NOT NULL,
  is_simulated  INTEGER NOT NULL,
  first_change  INTEGER, -- changes.seq in the other database: what it changed, from the first to the last; null: nothing
  last_change   INTEGER,
  facts         TEXT, -- JSON: Facts; null: of an earlier version, not read yet
  story         INTEGER, -- the first request of those that belong together
  replay_of     INTEGER,
  users         TEXT NOT NULL DEFAULT '', -- for searches, in lower case: the users and the groups that it is about
  groups        TEXT NOT NULL DEFAULT '',
  text          TEXT, -- everything else that is shown of it
  -- Of an earlier version, until they have become facts.
  resource_kind TEXT,
  resource_id   TEXT,
  resource_name TEXT,
  sought        TEXT,
  found         INTEGER
) STRICT;
CREATE INDEX exchanges_of_directory ON exchanges (directory);
CREATE INDEX exchanges_failed ON exchanges (directory) WHERE status >= 400;
CREATE INDEX exchanges_written ON exchanges (directory) WHERE is_write = 1;
CREATE INDEX exchanges_noted ON exchanges (directory) WHERE note_count > 0;
CREATE INDEX exchanges_of_story ON exchanges (story) WHERE story IS NOT NULL;
CREATE INDEX exchanges_unread ON exchanges (id) WHERE facts IS NULL;

CREATE TABLE exchange_details (
  id               INTEGER PRIMARY KEY REFERENCES exchanges (id) ON DELETE CASCADE,
  target           TEXT NOT NULL, -- as it arrived
  client           TEXT,
  came_through     TEXT,
  notes            TEXT NOT NULL, -- JSON: [Note]
  auth             TEXT NOT NULL, -- JSON: Authorization
  request_headers  TEXT NOT NULL, -- JSON: [[name, value]]
  request_body     TEXT,
  request_bytes    INTEGER NOT NULL, -- before it was cut
  request_is_cut   INTEGER NOT NULL,
  response_headers TEXT NOT NULL,
  response_body    TEXT,
  response_bytes   INTEGER NOT NULL,
  response_is_cut  INTEGER NOT NULL
) STRICT;

-- Requests of a directory by what they were for: some dozens of rows, however many requests came. They outlive the requests themselves,
-- so that what was seen once stays seen.
CREATE TABLE sightings (
  directory INTEGER NOT NULL,
  method    TEXT NOT NULL,
  target    TEXT NOT NULL, -- what it was for: /Users/{id}
  status    INTEGER NOT NULL,
  verdict   TEXT NOT NULL, -- JSON: AuthVerdict
  who       TEXT NOT NULL,
  first_id  INTEGER NOT NULL,
  first_at  INTEGER NOT NULL,
  path      TEXT NOT NULL, -- of the first, as it was
  last_id   INTEGER NOT NULL,
  last_at   INTEGER NOT NULL,
  PRIMARY KEY (directory, method, target, status, verdict, who)
) STRICT, WITHOUT ROWID;

-- What the requests of a directory add up to.
CREATE TABLE activity (
  directory           INTEGER PRIMARY KEY, -- 0: the requests that addressed none
  last_request_at     INTEGER,
  last_request_status INTEGER,
  rejected_count      INTEGER NOT NULL DEFAULT 0, -- for their token, since the last accepted request
  rejected_since      INTEGER,
  rejected_reason     TEXT, -- JSON: DatedText; of an earlier version a sentence
  rejected_verdict    TEXT, -- JSON: AuthVerdict of the newest refusal; null: of an earlier version
  exchange_count      INTEGER NOT NULL DEFAULT 0, -- of those that are kept
  error_count         INTEGER NOT NULL DEFAULT 0,
  write_count         INTEGER NOT NULL DEFAULT 0,
  note_count          INTEGER NOT NULL DEFAULT 0 -- requests with notes
) STRICT;

CREATE TABLE token_uses (
  hash         BLOB PRIMARY KEY, -- tokens.hash in the other database
  last_used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The newest request that was recorded, whether or not it is kept still: ids are not given again, and what is missing after a crash is known.
CREATE TABLE recorded (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  id   INTEGER NOT NULL
) STRICT;

-- Derived from the other database, behind each of its commits: what lists of users and groups sort, filter and search by. A narrow row for
-- each that there is or was.
CREATE TABLE listing (
  key         INTEGER PRIMARY KEY, -- resources.key
  directory   INTEGER NOT NULL,
  kind        TEXT NOT NULL, -- user, group
  state       TEXT NOT NULL, -- active, deactivated, deleted
  name_key    TEXT NOT NULL, -- lower case, its beginning: for sorting
  search      TEXT NOT NULL, -- lower case, a line each: name, userName, e-mail addresses, externalId, id
  size        INTEGER NOT NULL DEFAULT 0, -- groups of a user, members of a group
  unknown     INTEGER NOT NULL DEFAULT 0, -- members that nobody here knows
  is_adrift   INTEGER NOT NULL DEFAULT 0, -- a user whose last push failed, a group with unknown members
  touched     INTEGER NOT NULL, -- changes.seq: its newest change, or that of a group that it came to or left
  touched_at  INTEGER NOT NULL,
  touched_how INTEGER NOT NULL DEFAULT 0 -- 0 by a change of its own, 1 it came to a group, 2 it left one
) STRICT;

-- What keeps the search in step: the texts themselves stand in the listing.
CREATE VIRTUAL TABLE listing_search USING fts5 (search, content = 'listing', content_rowid = 'key', tokenize = 'trigram');

-- Each way of sorting has an index that every filter can be decided in, so that a window deep in a list reads no row but its own.
CREATE INDEX listing_in_order ON listing (directory, kind);
CREATE INDEX listing_by_change ON listing (directory, kind, touched, state, size, is_adrift);
CREATE INDEX listing_by_name ON listing (directory, kind, name_key, key, state, size, touched, is_adrift);
CREATE INDEX listing_by_size ON listing (directory, kind, size, touched, state, is_adrift);
CREATE INDEX listing_by_state ON listing (directory, kind, state, touched, size, is_adrift);
CREATE INDEX listing_adrift ON listing (directory, kind, touched, state) WHERE is_adrift = 1;

CREATE TABLE listing_counts (
  directory   INTEGER NOT NULL,
  kind        TEXT NOT NULL,
  active      INTEGER NOT NULL DEFAULT 0,
  deactivated INTEGER NOT NULL DEFAULT 0,
  deleted     INTEGER NOT NULL DEFAULT 0,
  adrift      INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (directory, kind)
) STRICT, WITHOUT ROWID;

-- How far it is derived.
CREATE TABLE derived (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  seq  INTEGER NOT NULL -- changes.seq
) STRICT;

-- Users whose last push failed.
CREATE TABLE drift (
  resource    INTEGER PRIMARY KEY, -- resources.key
  kind        TEXT NOT NULL, -- JSON: DriftKind
  at          INTEGER NOT NULL,
  exchange_id INTEGER NOT NULL,
  actor       TEXT NOT NULL,
  method      TEXT NOT NULL,
  status      INTEGER NOT NULL,
  reason      TEXT NOT NULL
) STRICT;

CREATE TRIGGER listing_came AFTER INSERT ON listing BEGIN
  INSERT INTO listing_search (rowid, search) VALUES (NEW.key, NEW.search);
  INSERT INTO listing_counts (directory, kind, active, deactivated, deleted, adrift)
  VALUES (NEW.directory, NEW.kind, NEW.state = 'active', NEW.state = 'deactivated', NEW.state = 'deleted', NEW.is_adrift)
  ON CONFLICT DO UPDATE SET active = active + excluded.active, deactivated = deactivated + excluded.deactivated,
    deleted = deleted + excluded.deleted, adrift = adrift + excluded.adrift;
END;
CREATE TRIGGER listing_renamed AFTER UPDATE OF search ON listing WHEN NEW.search <> OLD.search BEGIN
  INSERT INTO listing_search (listing_search, rowid, search) VALUES ('delete', OLD.key, OLD.search);
  INSERT INTO listing_search (rowid, search) VALUES (NEW.key, NEW.search);
END;
CREATE TRIGGER listing_changed AFTER UPDATE OF state, is_adrift ON listing
WHEN NEW.state <> OLD.state OR NEW.is_adrift <> OLD.is_adrift BEGIN
  UPDATE listing_counts SET
    active = active + (NEW.state = 'active') - (OLD.state = 'active'),
    deactivated = deactivated + (NEW.state = 'deactivated') - (OLD.state = 'deactivated'),
    deleted = deleted + (NEW.state = 'deleted') - (OLD.state = 'deleted'),
    adrift = adrift + NEW.is_adrift - OLD.is_adrift
  WHERE directory = NEW.directory AND kind = NEW.kind;
END;
CREATE TRIGGER listing_gone AFTER DELETE ON listing BEGIN
  INSERT INTO listing_search (listing_search, rowid, search) VALUES ('delete', OLD.key, OLD.search);
  UPDATE listing_counts SET
    active = active - (OLD.state = 'active'), deactivated = deactivated - (OLD.state = 'deactivated'),
    deleted = deleted - (OLD.state = 'deleted'), adrift = adrift - OLD.is_adrift
  WHERE directory = OLD.directory AND kind = OLD.kind;
  DELETE FROM drift WHERE resource = OLD.key;
END;
CREATE TRIGGER drift_began AFTER INSERT ON drift BEGIN
  UPDATE listing SET is_adrift = 1 WHERE key = NEW.resource;
END;
CREATE TRIGGER drift_ended AFTER DELETE ON drift BEGIN
  UPDATE listing SET is_adrift = 0 WHERE key = OLD.resource;
END;
