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
  resource_kind TEXT, -- user or group: what it was about
  resource_id   TEXT,
  resource_name TEXT,
  sought        TEXT, -- what a query compared with, or what a refused POST would have named
  found         INTEGER, -- by a query
  facts         TEXT, -- JSON: Facts; null: of an earlier version, not read yet
  story         INTEGER, -- the first request of those that belong together
  replay_of     INTEGER,
  users         TEXT NOT NULL DEFAULT '', -- for searches, in lower case: the users and the groups that it is about
  groups        TEXT NOT NULL DEFAULT '',
  text          TEXT -- everything else that is shown of it; null: of an earlier version, not read yet
) STRICT;
CREATE INDEX exchanges_of_directory ON exchanges (directory);
CREATE INDEX exchanges_failed ON exchanges (directory) WHERE status >= 400;
CREATE INDEX exchanges_written ON exchanges (directory) WHERE is_write = 1;
CREATE INDEX exchanges_noted ON exchanges (directory) WHERE note_count > 0;
CREATE INDEX exchanges_of_story ON exchanges (story) WHERE story IS NOT NULL;
CREATE INDEX exchanges_unread ON exchanges (id) WHERE text IS NULL;

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
  rejected_reason     TEXT,
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
