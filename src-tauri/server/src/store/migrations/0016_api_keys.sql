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

-- Up to which change something of an environment was let go of or belongs to it no more: who has read up to an earlier one has missed it.
CREATE TABLE events_gone (
  environment_id TEXT PRIMARY KEY REFERENCES environments (id) ON DELETE CASCADE,
  seq            INTEGER NOT NULL -- changes.seq
) STRICT, WITHOUT ROWID;
CREATE TRIGGER changes_gone AFTER DELETE ON changes BEGIN
  INSERT INTO events_gone
  SELECT o.environment_id, OLD.seq FROM directories d JOIN organizations o ON o.id = d.organization_id WHERE d.key = OLD.directory
  ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq);
END;
CREATE TRIGGER directory_gone BEFORE DELETE ON directories WHEN EXISTS (SELECT 1 FROM changes WHERE directory = OLD.key) BEGIN
  INSERT INTO events_gone
  SELECT o.environment_id, s.seq FROM organizations o JOIN sqlite_sequence s ON s.name = 'changes' WHERE o.id = OLD.organization_id
  ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq);
END;
CREATE TRIGGER organization_gone BEFORE DELETE ON organizations
WHEN EXISTS (SELECT 1 FROM changes c JOIN directories d ON d.key = c.directory WHERE d.organization_id = OLD.id) BEGIN
  INSERT INTO events_gone
  SELECT OLD.environment_id, s.seq FROM sqlite_sequence s JOIN environments e ON e.id = OLD.environment_id WHERE s.name = 'changes'
  ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq);
END;
CREATE TRIGGER directory_moved AFTER UPDATE OF organization_id ON directories
WHEN OLD.organization_id <> NEW.organization_id AND EXISTS (SELECT 1 FROM changes WHERE directory = NEW.key) BEGIN
  INSERT INTO events_gone
  SELECT DISTINCT o.environment_id, s.seq FROM organizations o JOIN sqlite_sequence s ON s.name = 'changes'
  WHERE o.id IN (OLD.organization_id, NEW.organization_id)
  ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq);
END;

-- With those that are there, all users or groups of a directory in the order in which they came.
CREATE INDEX resources_deleted_by_key ON resources (directory, kind) WHERE state = 'deleted';
