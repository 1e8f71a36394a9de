-- What the software under test asked for.
CREATE TABLE api_calls (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  environment TEXT NOT NULL, -- environments.id in the other database; empty: nobody knows the key
  api_key     TEXT, -- api_keys.id in the other database
  has_key     INTEGER NOT NULL, -- whoever knows it
  directories TEXT NOT NULL, -- JSON: [directories.key in the other database]: whose people the answer has
  at          INTEGER NOT NULL,
  method      TEXT NOT NULL,
  target      TEXT NOT NULL,
  status      INTEGER NOT NULL,
  duration    INTEGER NOT NULL, -- microseconds
  client      TEXT,
  error       TEXT,
  detail      TEXT NOT NULL -- JSON: ApiCallMessages
) STRICT;
CREATE INDEX api_calls_by_environment ON api_calls (environment, id);

CREATE TABLE api_key_uses (
  id           TEXT PRIMARY KEY, -- api_keys.id in the other database
  last_used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
