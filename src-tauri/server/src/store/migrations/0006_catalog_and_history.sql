-- One narrow row for each user and group that there is or was: what lists show, sort, filter and search, so that none of them reads
-- a resource. Texts are cut: a name of a million characters is no reason to read a million.
CREATE TABLE catalog (
  key           INTEGER PRIMARY KEY,
  directory     INTEGER NOT NULL REFERENCES directories (key) ON DELETE CASCADE,
  kind          INTEGER NOT NULL, -- 0 user, 1 group
  id            TEXT NOT NULL,
  state         INTEGER NOT NULL, -- 0 active, 1 deactivated, 2 deleted; groups are never deactivated
  name          TEXT NOT NULL,
  name_key      TEXT NOT NULL,    -- lower case, its beginning: for sorting
  user_name     TEXT NOT NULL,    -- empty for groups
  user_name_key TEXT NOT NULL,
  search        TEXT NOT NULL,    -- lower case, a line each: name, userName, e-mail addresses, externalId, id
  source        TEXT NOT NULL,
  size          INTEGER NOT NULL DEFAULT 0, -- groups of a user, members of a group
  unknown       INTEGER NOT NULL DEFAULT 0, -- members that nobody here knows
  is_adrift     INTEGER NOT NULL DEFAULT 0, -- a user whose last push failed, a group with unknown members
  own           INTEGER NOT NULL, -- changes.seq: the newest change of its own
  touched       INTEGER NOT NULL, -- the same, or that of a group that it came to or left
  touched_at    INTEGER NOT NULL,
  touched_how   INTEGER NOT NULL DEFAULT 0, -- 0 by a change of its own, 1 it came to a group, 2 it left one
  again         TEXT,             -- of a deleted user: the id of the one who came with the same userName later
  UNIQUE (directory, id)
) STRICT;

-- What keeps the search in step: the texts themselves stand in the catalog.
CREATE VIRTUAL TABLE catalog_search USING fts5 (search, content = 'catalog', content_rowid = 'key', tokenize = 'trigram');

-- What each resource was after each of its changes; of a deleted one, what it was before.
CREATE TABLE versions (
  seq         INTEGER PRIMARY KEY REFERENCES changes (seq) ON DELETE CASCADE,
  body        TEXT NOT NULL, -- the resource without id, meta, groups and members
  version     INTEGER NOT NULL,
  created_at  INTEGER NOT NULL,
  modified_at INTEGER NOT NULL
) STRICT;

ALTER TABLE members ADD COLUMN listed INTEGER; -- catalog.key; null: nobody here has this id
ALTER TABLE members ADD COLUMN came INTEGER NOT NULL DEFAULT 0; -- changes.seq; 0: not known

-- Who was in a group and is no more. With the members that are in it: who was in it at any point.
CREATE TABLE former_members (
  key          INTEGER PRIMARY KEY,
  group_listed INTEGER NOT NULL REFERENCES catalog (key) ON DELETE CASCADE,
  listed       INTEGER,
  value        TEXT NOT NULL,
  display      TEXT,
  kind         TEXT,
  came         INTEGER NOT NULL,
  went         INTEGER NOT NULL -- changes.seq
) STRICT;

CREATE INDEX former_members_by_value ON former_members (value, group_listed);

-- Users whose last push failed.
CREATE TABLE drift (
  listed      INTEGER PRIMARY KEY REFERENCES catalog (key) ON DELETE CASCADE,
  kind        TEXT NOT NULL, -- JSON: DriftKind
  at          INTEGER NOT NULL,
  exchange_id INTEGER NOT NULL,
  actor       TEXT NOT NULL,
  method      TEXT NOT NULL,
  status      INTEGER NOT NULL,
  reason      TEXT NOT NULL
) STRICT;

ALTER TABLE directories ADD COLUMN deleted_user_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE directories ADD COLUMN deleted_group_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE directories ADD COLUMN adrift_user_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE directories ADD COLUMN adrift_group_count INTEGER NOT NULL DEFAULT 0;

-- What was there before this table.
INSERT INTO catalog (directory, kind, id, state, name, name_key, user_name, user_name_key, search, source, size, own, touched, touched_at)
SELECT u.directory, 0, u.id, 1 - u.active, substr(u.display_name, 1, 1000), substr(u.display_key, 1, 100), substr(u.user_name, 1, 1000),
       substr(u.user_name_key, 1, 1000),
       substr(u.display_key, 1, 200) || char(10) || substr(u.user_name_key, 1, 200) || char(10)
         || ifnull((SELECT group_concat(substr(e.value_key, 1, 200), char(10)) FROM user_emails e WHERE e.user = u.key) || char(10), '')
         || ifnull(substr(lower(u.external_id), 1, 200) || char(10), '') || lower(u.id),
       u.source,
       (SELECT count(*) FROM members m JOIN groups g ON g.key = m.group_key WHERE m.value = u.id AND g.directory = u.directory),
       u.last_change, u.last_change, u.modified_at
FROM users u;
INSERT INTO catalog (directory, kind, id, state, name, name_key, user_name, user_name_key, search, source, size, own, touched, touched_at)
SELECT g.directory, 1, g.id, 0, substr(g.display_name, 1, 1000), substr(g.display_key, 1, 100), '', '',
       substr(g.display_key, 1, 200) || char(10) || ifnull(substr(lower(g.external_id), 1, 200) || char(10), '') || lower(g.id),
       g.source, g.member_count, g.last_change, g.last_change, g.modified_at
FROM groups g;
INSERT INTO catalog (directory, kind, id, state, name, name_key, user_name, user_name_key, search, source, own, touched, touched_at)
SELECT c.directory, c.resource_kind = 'group', c.resource_id, 2, substr(c.resource_name, 1, 1000), substr(lower(c.resource_name), 1, 100),
       '', '', '', ifnull((SELECT f.actor FROM changes f WHERE f.directory = c.directory AND f.resource_id = c.resource_id
                           ORDER BY f.seq LIMIT 1), c.actor), c.seq, c.seq, c.at
FROM changes c
WHERE c.kind = 'deleted'
  AND c.seq = (SELECT max(n.seq) FROM changes n WHERE n.directory = c.directory AND n.resource_id = c.resource_id)
  AND NOT EXISTS (SELECT 1 FROM catalog k WHERE k.directory = c.directory AND k.id = c.resource_id);
UPDATE catalog SET user_name = ifnull((SELECT substr(f.value ->> 'before', 1, 1000) FROM changes c, json_each(c.fields) f
                                       WHERE c.seq = catalog.own AND f.value ->> 'path' = 'userName'), '')
WHERE state = 2 AND kind = 0;
UPDATE catalog SET user_name_key = lower(user_name),
  search = substr(lower(name), 1, 200) || char(10) || substr(lower(user_name), 1, 200) || char(10) || lower(id)
WHERE state = 2;
UPDATE catalog SET again = (SELECT u.id FROM users u WHERE u.directory = catalog.directory AND u.user_name_key = catalog.user_name_key)
WHERE state = 2 AND kind = 0 AND user_name_key <> '';

INSERT INTO versions
SELECT u.last_change, u.body, u.version, u.created_at, u.modified_at FROM users u JOIN changes c ON c.seq = u.last_change;
INSERT OR IGNORE INTO versions
SELECT g.last_change, g.body, g.version, g.created_at, g.modified_at FROM groups g JOIN changes c ON c.seq = g.last_change;

-- Changes name at most a hundred who came or went: the others have been in the group from its beginning, as far as anyone knows.
CREATE TEMP TABLE moves (group_listed INTEGER, id TEXT, is_arrival INTEGER, seq INTEGER, name TEXT);
INSERT INTO moves
SELECT k.key, r.value ->> 'id', 1, c.seq, r.value ->> 'name' FROM changes c
JOIN catalog k ON k.directory = c.directory AND k.id = c.resource_id AND k.kind = 1, json_each(c.members, '$.added') r
WHERE c.members IS NOT NULL;
INSERT INTO moves
SELECT k.key, r.value ->> 'id', 0, c.seq, r.value ->> 'name' FROM changes c
JOIN catalog k ON k.directory = c.directory AND k.id = c.resource_id AND k.kind = 1, json_each(c.members, '$.removed') r
WHERE c.members IS NOT NULL;
CREATE INDEX temp.moves_of_member ON moves (group_listed, id, is_arrival, seq);
CREATE TEMP TABLE beginnings AS
SELECT k.key AS group_listed, min(c.seq) AS seq FROM catalog k JOIN changes c ON c.directory = k.directory AND c.resource_id = k.id
WHERE k.kind = 1 GROUP BY k.key;
CREATE INDEX temp.beginnings_of_group ON beginnings (group_listed);
UPDATE members SET
  listed = (SELECT k.key FROM groups g JOIN catalog k ON k.directory = g.directory AND k.id = members.value AND k.state < 2
            WHERE g.key = members.group_key),
  came = ifnull((SELECT max(v.seq) FROM groups g JOIN catalog k ON k.directory = g.directory AND k.id = g.id
                 JOIN moves v ON v.group_listed = k.key AND v.id = members.value AND v.is_arrival = 1
                 WHERE g.key = members.group_key),
                ifnull((SELECT b.seq FROM groups g JOIN catalog k ON k.directory = g.directory AND k.id = g.id
                        JOIN beginnings b ON b.group_listed = k.key WHERE g.key = members.group_key), 0));
INSERT INTO former_members (group_listed, listed, value, display, came, went)
SELECT v.group_listed,
       (SELECT k.key FROM catalog own JOIN catalog k ON k.directory = own.directory AND k.id = v.id WHERE own.key = v.group_listed),
       v.id, v.name,
       ifnull((SELECT max(a.seq) FROM moves a WHERE a.group_listed = v.group_listed AND a.id = v.id AND a.is_arrival = 1 AND a.seq < v.seq),
              ifnull((SELECT b.seq FROM beginnings b WHERE b.group_listed = v.group_listed), 0)),
       v.seq
FROM moves v WHERE v.is_arrival = 0 ORDER BY v.seq;
DROP TABLE moves;
DROP TABLE beginnings;
UPDATE catalog SET unknown = (SELECT count(*) FROM groups g JOIN members m ON m.group_key = g.key
                              WHERE g.directory = catalog.directory AND g.id = catalog.id AND m.listed IS NULL)
WHERE kind = 1;
UPDATE catalog SET is_adrift = 1 WHERE unknown > 0;
-- What was there when it came to a group or left one.
UPDATE catalog SET (touched, touched_how) = (SELECT max(s.seq), s.how FROM (
    SELECT m.came AS seq, 1 AS how FROM members m WHERE m.value = catalog.id AND m.listed = catalog.key
    UNION ALL SELECT f.went, 2 FROM former_members f WHERE f.value = catalog.id AND f.listed = catalog.key) s)
WHERE state < 2 AND touched < (SELECT max(s.seq) FROM (
    SELECT m.came AS seq FROM members m WHERE m.value = catalog.id AND m.listed = catalog.key
    UNION ALL SELECT f.went FROM former_members f WHERE f.value = catalog.id AND f.listed = catalog.key) s);
UPDATE catalog SET touched_at = ifnull((SELECT c.at FROM changes c WHERE c.seq = catalog.touched), touched_at) WHERE touched_how > 0;
UPDATE directories SET
  deleted_user_count = (SELECT count(*) FROM catalog k WHERE k.directory = directories.key AND k.kind = 0 AND k.state = 2),
  deleted_group_count = (SELECT count(*) FROM catalog k WHERE k.directory = directories.key AND k.kind = 1 AND k.state = 2),
  adrift_group_count = (SELECT count(*) FROM catalog k WHERE k.directory = directories.key AND k.kind = 1 AND k.is_adrift = 1);
INSERT INTO catalog_search (catalog_search) VALUES ('rebuild');

-- Each way of sorting has an index that every filter can be decided in, so that a window deep in a list reads no row but its own.
CREATE INDEX catalog_in_order ON catalog (directory, kind);
CREATE INDEX catalog_by_change ON catalog (directory, kind, touched, state, size, is_adrift);
CREATE INDEX catalog_by_name ON catalog (directory, kind, name_key, key, state, size, touched, is_adrift);
CREATE INDEX catalog_by_size ON catalog (directory, kind, size, touched, state, is_adrift);
CREATE INDEX catalog_by_state ON catalog (directory, kind, state, touched, size, is_adrift);
CREATE INDEX catalog_adrift ON catalog (directory, kind, touched, state) WHERE is_adrift = 1;
CREATE INDEX catalog_deleted ON catalog (directory, user_name_key) WHERE state = 2;
CREATE INDEX changes_by_time ON changes (directory, at);
CREATE INDEX members_in_order ON members (group_key, came, key, listed);
CREATE INDEX members_unknown ON members (group_key, key) WHERE listed IS NULL;
CREATE INDEX former_members_in_order ON former_members (group_listed, came, key, went, listed);
CREATE INDEX former_members_who_went ON former_members (group_listed, went, key, listed);
-- Lists read the catalog now.
DROP INDEX users_by_change;
DROP INDEX users_by_name;
DROP INDEX users_by_active;
CREATE INDEX users_by_active ON users (directory, active);
DROP INDEX groups_by_change;

CREATE TRIGGER catalog_found AFTER INSERT ON catalog BEGIN
  INSERT INTO catalog_search (rowid, search) VALUES (NEW.key, NEW.search);
END;
CREATE TRIGGER catalog_found_again AFTER UPDATE OF search ON catalog WHEN NEW.search <> OLD.search BEGIN
  INSERT INTO catalog_search (catalog_search, rowid, search) VALUES ('delete', OLD.key, OLD.search);
  INSERT INTO catalog_search (rowid, search) VALUES (NEW.key, NEW.search);
END;
CREATE TRIGGER catalog_lost AFTER DELETE ON catalog BEGIN
  INSERT INTO catalog_search (catalog_search, rowid, search) VALUES ('delete', OLD.key, OLD.search);
END;
CREATE TRIGGER catalog_counted AFTER UPDATE OF state, is_adrift ON catalog
WHEN (NEW.state = 2) <> (OLD.state = 2) OR NEW.is_adrift <> OLD.is_adrift BEGIN
  UPDATE directories SET
    deleted_user_count = deleted_user_count + (NEW.kind = 0) * ((NEW.state = 2) - (OLD.state = 2)),
    deleted_group_count = deleted_group_count + (NEW.kind = 1) * ((NEW.state = 2) - (OLD.state = 2)),
    adrift_user_count = adrift_user_count + (NEW.kind = 0) * (NEW.is_adrift - OLD.is_adrift),
    adrift_group_count = adrift_group_count + (NEW.kind = 1) * (NEW.is_adrift - OLD.is_adrift)
  WHERE key = NEW.directory;
END;
CREATE TRIGGER drift_began AFTER INSERT ON drift BEGIN
  UPDATE catalog SET is_adrift = 1 WHERE key = NEW.listed;
END;
CREATE TRIGGER drift_ended AFTER DELETE ON drift BEGIN
  UPDATE catalog SET is_adrift = 0 WHERE key = OLD.listed;
END;
