-- With which the software under test reads what arrived.
CREATE TABLE api_keys (
  id             TEXT PRIMARY KEY,
  environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
  name           TEXT NOT NULL,
  name_key       TEXT NOT NULL,
  hash           BLOB NOT NULL UNIQUE, -- SHA-256
  last_four      TEXT NOT NULL,
  created_at     INTEGER NOT NULL,
  revoked_at     INTEGER
) STRICT;
CREATE UNIQUE INDEX api_keys_in_force ON api_keys (environment_id, name_key) WHERE revoked_at IS NULL;
