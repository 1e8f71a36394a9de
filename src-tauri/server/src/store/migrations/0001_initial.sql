-- Times are milliseconds since the Unix epoch. `…_key` columns hold the lower-case form that look-ups compare.

CREATE TABLE settings (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE environments (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  name_key   TEXT NOT NULL UNIQUE,
  public_url TEXT,
  local_only INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE organizations (
  id             TEXT PRIMARY KEY,
  environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
  name           TEXT NOT NULL,
  name_key       TEXT NOT NULL,
  external_id    TEXT,
  email_domains  TEXT NOT NULL DEFAULT '[]', -- a JSON array of strings
  created_at     INTEGER NOT NULL,
  UNIQUE (environment_id, name_key),
  UNIQUE (environment_id, external_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE directories (
  key                 INTEGER PRIMARY KEY,
  id                  TEXT NOT NULL UNIQUE,
  organization_id     TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  name                TEXT NOT NULL,
  name_key            TEXT NOT NULL,
  is_primary          INTEGER NOT NULL,
  policy              TEXT NOT NULL, -- a JSON object
  created_at          INTEGER NOT NULL,
  last_request_at     INTEGER,
  last_request_status INTEGER,
  rejected_count      INTEGER NOT NULL DEFAULT 0, -- for their token, since the last accepted request
  rejected_since      INTEGER,
  rejected_reason     TEXT,
  -- Kept by the triggers below: counting 100,000 rows for each look at the sidebar is too slow.
  user_count          INTEGER NOT NULL DEFAULT 0,
  active_user_count   INTEGER NOT NULL DEFAULT 0,
  group_count         INTEGER NOT NULL DEFAULT 0,
  exchange_count      INTEGER NOT NULL DEFAULT 0,
  error_count         INTEGER NOT NULL DEFAULT 0,
  UNIQUE (organization_id, name_key)
) STRICT;
CREATE UNIQUE INDEX directories_one_primary ON directories (organization_id) WHERE is_primary = 1;

CREATE TABLE tokens (
  hash         BLOB PRIMARY KEY, -- SHA-256
  directory    INTEGER NOT NULL REFERENCES directories (key) ON DELETE CASCADE,
  last_four    TEXT NOT NULL,
  created_at   INTEGER NOT NULL,
  last_used_at INTEGER,
  retired_at   INTEGER -- null: in force
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX tokens_one_in_force ON tokens (directory) WHERE retired_at IS NULL;
CREATE INDEX tokens_of_directory ON tokens (directory, created_at);

CREATE TABLE users (
  key           INTEGER PRIMARY KEY,
  directory     INTEGER NOT NULL REFERENCES directories (key) ON DELETE CASCADE,
  id            TEXT NOT NULL,
  user_name     TEXT NOT NULL,
  user_name_key TEXT NOT NULL,
  external_id   TEXT,
  display_name  TEXT NOT NULL, -- what a person is shown
  display_key   TEXT NOT NULL,
  active        INTEGER NOT NULL,
  body          TEXT NOT NULL, -- the resource without id, meta and groups
  version       INTEGER NOT NULL,
  source        TEXT NOT NULL,
  created_at    INTEGER NOT NULL,
  modified_at   INTEGER NOT NULL,
  last_change   INTEGER NOT NULL, -- changes.seq
  UNIQUE (directory, id),
  UNIQUE (directory, user_name_key)
) STRICT;
CREATE INDEX users_in_order ON users (directory, key);
CREATE INDEX users_by_external_id ON users (directory, external_id);
CREATE INDEX users_by_change ON users (directory, last_change);
CREATE INDEX users_by_active ON users (directory, active, last_change);
CREATE INDEX users_by_name ON users (directory, display_key);
CREATE INDEX users_by_modified ON users (directory, modified_at);

CREATE TABLE user_emails (
  directory INTEGER NOT NULL,
  value_key TEXT NOT NULL,
  user      INTEGER NOT NULL REFERENCES users (key) ON DELETE CASCADE,
  PRIMARY KEY (directory, value_key, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_emails_of_user ON user_emails (user);

CREATE TABLE groups (
  key          INTEGER PRIMARY KEY,
  directory    INTEGER NOT NULL REFERENCES directories (key) ON DELETE CASCADE,
  id           TEXT NOT NULL,
  display_name TEXT NOT NULL,
  display_key  TEXT NOT NULL,
  external_id  TEXT,
  body         TEXT NOT NULL, -- the resource without id, meta and members
  version      INTEGER NOT NULL,
  source       TEXT NOT NULL,
  created_at   INTEGER NOT NULL,
  modified_at  INTEGER NOT NULL,
  last_change  INTEGER NOT NULL,
  member_count INTEGER NOT NULL DEFAULT 0,
  UNIQUE (directory, id)
) STRICT;
CREATE INDEX groups_in_order ON groups (directory, key);
CREATE INDEX groups_by_name ON groups (directory, display_key);
CREATE INDEX groups_by_external_id ON groups (directory, external_id);
CREATE INDEX groups_by_change ON groups (directory, last_change);

-- One row a member: adding one to a group of 100,000 costs one row.
CREATE TABLE members (
  key       INTEGER PRIMARY KEY,
  group_key INTEGER NOT NULL REFERENCES groups (key) ON DELETE CASCADE,
  value     TEXT NOT NULL, -- the id of a user or a group; may be unknown here
  display   TEXT,
  kind      TEXT, -- User or Group, as it was sent
  UNIQUE (group_key, value)
) STRICT;
CREATE INDEX members_by_value ON members (value, group_key);

CREATE TABLE exchanges (
  id          INTEGER PRIMARY KEY, -- in order of arrival
  directory   INTEGER REFERENCES directories (key) ON DELETE CASCADE,
  at          INTEGER NOT NULL,
  method      TEXT NOT NULL,
  target      TEXT NOT NULL,
  path        TEXT NOT NULL,
  status      INTEGER NOT NULL,
  duration_us INTEGER NOT NULL,
  actor       TEXT NOT NULL,
  summary     TEXT NOT NULL, -- JSON: Sentence
  note_count  INTEGER NOT NULL,
  notes       TEXT NOT NULL, -- JSON: [Note]
  auth        TEXT NOT NULL, -- JSON: Authorization
  client      TEXT,
  came_through TEXT,
  request     TEXT NOT NULL, -- JSON: Message
  response    TEXT NOT NULL  -- JSON: Message
) STRICT;
CREATE INDEX exchanges_of_directory ON exchanges (directory, id);
CREATE INDEX exchanges_failed ON exchanges (directory, id) WHERE status >= 400;

CREATE TABLE changes (
  seq           INTEGER PRIMARY KEY AUTOINCREMENT,
  directory     INTEGER NOT NULL REFERENCES directories (key) ON DELETE CASCADE,
  at            INTEGER NOT NULL,
  resource_kind TEXT NOT NULL, -- user or group
  resource_id   TEXT NOT NULL,
  resource_name TEXT NOT NULL,
  kind          TEXT NOT NULL,
  fields        TEXT NOT NULL, -- JSON: [FieldChange]
  members       TEXT, -- JSON: MembersChange
  actor         TEXT NOT NULL,
  exchange_id   INTEGER
) STRICT;
CREATE INDEX changes_of_directory ON changes (directory, seq);
CREATE INDEX changes_of_resource ON changes (directory, resource_id, seq);
CREATE INDEX changes_of_exchange ON changes (exchange_id);

CREATE TRIGGER users_counted AFTER INSERT ON users BEGIN
  UPDATE directories SET user_count = user_count + 1, active_user_count = active_user_count + NEW.active WHERE key = NEW.directory;
END;
CREATE TRIGGER users_uncounted AFTER DELETE ON users BEGIN
  UPDATE directories SET user_count = user_count - 1, active_user_count = active_user_count - OLD.active WHERE key = OLD.directory;
END;
CREATE TRIGGER users_recounted AFTER UPDATE OF active ON users WHEN NEW.active <> OLD.active BEGIN
  UPDATE directories SET active_user_count = active_user_count + NEW.active - OLD.active WHERE key = NEW.directory;
END;
CREATE TRIGGER groups_counted AFTER INSERT ON groups BEGIN
  UPDATE directories SET group_count = group_count + 1 WHERE key = NEW.directory;
END;
CREATE TRIGGER groups_uncounted AFTER DELETE ON groups BEGIN
  UPDATE directories SET group_count = group_count - 1 WHERE key = OLD.directory;
END;
CREATE TRIGGER members_counted AFTER INSERT ON members BEGIN
  UPDATE groups SET member_count = member_count + 1 WHERE key = NEW.group_key;
END;
CREATE TRIGGER members_uncounted AFTER DELETE ON members BEGIN
  UPDATE groups SET member_count = member_count - 1 WHERE key = OLD.group_key;
END;
CREATE TRIGGER exchanges_counted AFTER INSERT ON exchanges WHEN NEW.directory IS NOT NULL BEGIN
  UPDATE directories SET exchange_count = exchange_count + 1, error_count = error_count + (NEW.status >= 400) WHERE key = NEW.directory;
END;
CREATE TRIGGER exchanges_uncounted AFTER DELETE ON exchanges WHEN OLD.directory IS NOT NULL BEGIN
  UPDATE directories SET exchange_count = exchange_count - 1, error_count = error_count - (OLD.status >= 400) WHERE key = OLD.directory;
END;
