-- Where the software under test is told what happens.
CREATE TABLE webhooks (
  id               TEXT PRIMARY KEY,
  environment_id   TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
  url              TEXT NOT NULL,
  is_confirmed     INTEGER NOT NULL, -- whether a person agreed to send there if it is on the internet
  types            TEXT, -- JSON: [event type]; null: all
  secret           TEXT NOT NULL, -- in the clear: it signs
  is_temporary     INTEGER NOT NULL, -- gone with the program that runs
  created_at       INTEGER NOT NULL,
  revision         INTEGER NOT NULL, -- how often a person has changed it
  seq              INTEGER NOT NULL, -- changes.seq up to which all is sent at least: where it goes on if the other database does not know
  disabled_at      INTEGER,
  disabled_because TEXT -- person, gone, failing
) STRICT;
CREATE INDEX webhooks_by_environment ON webhooks (environment_id);
