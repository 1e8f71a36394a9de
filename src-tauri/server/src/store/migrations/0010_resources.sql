-- One row for each user and group that there is or was, in place of three; the body of each is that of its last change.
CREATE TABLE resources (
  key         INTEGER PRIMARY KEY AUTOINCREMENT, -- never given again: what is derived and recorded elsewhere refers to it
  directory   INTEGER NOT NULL REFERENCES directories (key) ON DELETE CASCADE,
  kind        TEXT NOT NULL, -- user, group
  state       TEXT NOT NULL, -- active, deactivated, deleted; groups are never deactivated
  id          TEXT NOT NULL,
  name        TEXT NOT NULL, -- what a person is shown
  lookup_key  TEXT NOT NULL, -- lower case: userName of a user, displayName of a group
  user_name   TEXT NOT NULL, -- empty for groups
  external_id TEXT,
  source      TEXT NOT NULL,
  version     INTEGER NOT NULL,
  created_at  INTEGER NOT NULL,
  modified_at INTEGER NOT NULL,
  last_change INTEGER NOT NULL, -- changes.seq: the newest change of its own
  UNIQUE (directory, id)
) STRICT;
INSERT INTO resources
SELECT k.key, k.directory, 'user', iif(u.active, 'active', 'deactivated'), u.id, u.display_name, u.user_name_key, u.user_name, u.external_id,
  u.source, u.version, u.created_at, u.modified_at, u.last_change
FROM users u JOIN catalog k ON k.directory = u.directory AND k.id = u.id;
INSERT INTO resources
SELECT k.key, k.directory, 'group', 'active', g.id, g.display_name, g.display_key, '', g.external_id,
  g.source, g.version, g.created_at, g.modified_at, g.last_change
FROM groups g JOIN catalog k ON k.directory = g.directory AND k.id = g.id;
INSERT INTO resources
SELECT k.key, k.directory, iif(k.kind, 'group', 'user'), 'deleted', k.id, k.name, iif(k.kind, lower(k.name), k.user_name_key), k.user_name, NULL,
  k.source, ifnull(v.version, 1), ifnull(v.created_at, k.touched_at), ifnull(v.modified_at, k.touched_at), k.own
FROM catalog k LEFT JOIN versions v ON v.seq = k.own
WHERE k.state = 2;

-- Each index is for the query that its name says.
CREATE UNIQUE INDEX resources_users_by_name ON resources (directory, lookup_key) WHERE kind = 'user' AND state <> 'deleted';
CREATE INDEX resources_groups_by_name ON resources (directory, lookup_key) WHERE kind = 'group' AND state <> 'deleted';
CREATE INDEX resources_by_external_id ON resources (directory, external_id) WHERE external_id IS NOT NULL AND state <> 'deleted';
CREATE INDEX resources_in_order ON resources (directory, kind) WHERE state <> 'deleted';
CREATE INDEX resources_deactivated ON resources (directory) WHERE state = 'deactivated';

CREATE TABLE resource_emails (
  directory INTEGER NOT NULL REFERENCES directories (key) ON DELETE CASCADE,
  value_key TEXT NOT NULL, -- lower case
  resource  INTEGER NOT NULL, -- resources.key
  PRIMARY KEY (directory, value_key, resource)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO resource_emails
SELECT e.directory, e.value_key, k.key FROM user_emails e JOIN users u ON u.key = e.user
JOIN catalog k ON k.directory = u.directory AND k.id = u.id;

CREATE TABLE new_changes (
  seq           INTEGER PRIMARY KEY AUTOINCREMENT,
  directory     INTEGER NOT NULL REFERENCES directories (key) ON DELETE CASCADE,
  resource      INTEGER NOT NULL REFERENCES resources (key) ON DELETE CASCADE,
  at            INTEGER NOT NULL,
  kind          TEXT NOT NULL,
  resource_name TEXT NOT NULL, -- then
  fields        TEXT NOT NULL, -- JSON: [FieldChange]
  members       TEXT, -- JSON: MembersChange
  actor         TEXT NOT NULL,
  exchange_id   INTEGER
) STRICT;
INSERT INTO new_changes
SELECT c.seq, c.directory, k.key, c.at, c.kind, c.resource_name, c.fields, c.members, c.actor, c.exchange_id
FROM changes c JOIN catalog k ON k.directory = c.directory AND k.id = c.resource_id;
DELETE FROM sqlite_sequence WHERE name = 'new_changes';
INSERT INTO sqlite_sequence (name, seq) SELECT 'new_changes', seq FROM sqlite_sequence WHERE name = 'changes';
-- What changes a request made: from the first to the last.
UPDATE requests.exchanges SET
  first_change = (SELECT min(c.seq) FROM changes c WHERE c.exchange_id = exchanges.id),
  last_change = (SELECT max(c.seq) FROM changes c WHERE c.exchange_id = exchanges.id)
WHERE is_write = 1;

CREATE TABLE new_versions (
  seq         INTEGER PRIMARY KEY REFERENCES changes (seq) ON DELETE CASCADE,
  body        TEXT NOT NULL, -- the resource after the change without id, meta, groups and members; of a deleted one, before it
  version     INTEGER NOT NULL,
  created_at  INTEGER NOT NULL,
  modified_at INTEGER NOT NULL
) STRICT;
INSERT INTO new_versions SELECT v.seq, v.body, v.version, v.created_at, v.modified_at FROM versions v JOIN new_changes c ON c.seq = v.seq;
-- Every resource that is there has a body.
INSERT OR REPLACE INTO new_versions SELECT last_change, body, version, created_at, modified_at FROM users;
INSERT OR REPLACE INTO new_versions SELECT last_change, body, version, created_at, modified_at FROM groups;

CREATE TABLE new_members (
  key       INTEGER PRIMARY KEY,
  group_key INTEGER NOT NULL REFERENCES resources (key) ON DELETE CASCADE,
  value     TEXT NOT NULL, -- the id of a user or a group; may be unknown here
  display   TEXT,
  kind      TEXT, -- User or Group, as it was sent
  resource  INTEGER, -- resources.key; null: nothing here has this id
  came      INTEGER NOT NULL, -- changes.seq; 0: not known
  UNIQUE (group_key, value)
) STRICT;
INSERT INTO new_members
SELECT m.key, k.key, m.value, m.display, m.kind, m.listed, m.came
FROM members m JOIN groups g ON g.key = m.group_key JOIN catalog k ON k.directory = g.directory AND k.id = g.id;

-- Who was in a group and is no more. With the members that are in it: who was in it at any point.
CREATE TABLE new_former_members (
  key       INTEGER PRIMARY KEY,
  group_key INTEGER NOT NULL REFERENCES resources (key) ON DELETE CASCADE,
  value     TEXT NOT NULL,
  display   TEXT,
  kind      TEXT,
  resource  INTEGER,
  came      INTEGER NOT NULL,
  went      INTEGER NOT NULL -- changes.seq
) STRICT;
INSERT INTO new_former_members SELECT key, group_listed, value, display, kind, listed, came, went FROM former_members;

-- What lists sort, filter and search by, and who is out of step, is derived or heard: it goes to the other database.
INSERT INTO requests.listing (key, directory, kind, state, name_key, search, size, unknown, touched, touched_at, touched_how)
SELECT key, directory, iif(kind, 'group', 'user'), iif(state = 2, 'deleted', iif(state = 1, 'deactivated', 'active')), name_key, search,
  size, unknown, touched, touched_at, touched_how
FROM catalog;
INSERT INTO requests.drift (resource, kind, at, exchange_id, actor, method, status, reason)
SELECT listed, kind, at, exchange_id, actor, method, status, reason FROM main.drift;
UPDATE requests.listing SET is_adrift = 1 WHERE unknown > 0 AND state <> 'deleted';
INSERT INTO requests.derived SELECT 1, ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'changes'), 0);

DROP TABLE former_members;
DROP TABLE members;
DROP TABLE main.drift;
DROP TABLE catalog_search;
DROP TABLE catalog;
DROP TABLE versions;
DROP TABLE changes;
DROP TABLE user_emails;
DROP TABLE users;
DROP TABLE groups;
ALTER TABLE new_changes RENAME TO changes;
ALTER TABLE new_versions RENAME TO versions;
ALTER TABLE new_members RENAME TO members;
ALTER TABLE new_former_members RENAME TO former_members;
ALTER TABLE directories DROP COLUMN user_count;
ALTER TABLE directories DROP COLUMN active_user_count;
ALTER TABLE directories DROP COLUMN group_count;
ALTER TABLE directories DROP COLUMN deleted_user_count;
ALTER TABLE directories DROP COLUMN deleted_group_count;
ALTER TABLE directories DROP COLUMN adrift_user_count;
ALTER TABLE directories DROP COLUMN adrift_group_count;

CREATE INDEX changes_of_directory ON changes (directory);
CREATE INDEX changes_of_resource ON changes (resource);
CREATE INDEX changes_by_time ON changes (directory, at);
CREATE INDEX members_by_value ON members (value, group_key);
CREATE INDEX members_in_order ON members (group_key, came, key, resource);
CREATE INDEX members_unknown ON members (group_key, key) WHERE resource IS NULL;
CREATE INDEX former_members_by_value ON former_members (value, group_key);
CREATE INDEX former_members_in_order ON former_members (group_key, came, key, went, resource);
CREATE INDEX former_members_who_went ON former_members (group_key, went, key, resource);
