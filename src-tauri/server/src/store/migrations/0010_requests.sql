-- What was heard moves to a database of its own, attached as `requests` and empty.
INSERT INTO requests.exchanges (id, directory, at, method, path, status, duration_us, actor, summary, note_count, is_write, is_simulated,
  resource_kind, resource_id, resource_name, sought, found, facts, story, replay_of, users, groups, text)
SELECT id, directory, at, method, path, status, duration_us, actor, summary, note_count, is_write, simulated,
  resource_kind, resource_id, resource_name, sought, found, facts, story, replay_of, users, groups, text
FROM main.exchanges;
INSERT INTO requests.exchange_details (id, target, client, came_through, notes, auth, request_headers, request_body, request_bytes,
  request_is_cut, response_headers, response_body, response_bytes, response_is_cut)
SELECT id, target, client, came_through, notes, auth,
  request -> '$.headers', request ->> '$.body', request ->> '$.bodyBytes', request ->> '$.isTruncated',
  response -> '$.headers', response ->> '$.body', response ->> '$.bodyBytes', response ->> '$.isTruncated'
FROM main.exchange_details;
INSERT INTO requests.recorded
SELECT 1, max((SELECT ifnull(max(id), 0) FROM main.exchanges), (SELECT ifnull(max(exchange_id), 0) FROM main.changes));
INSERT INTO requests.sightings (directory, method, target, status, verdict, who, first_id, first_at, path, last_id, last_at)
SELECT directory, method, target, status, verdict, who, first_id, first_at, path, last_id, last_at FROM main.sightings;
INSERT INTO requests.activity (directory, last_request_at, last_request_status, rejected_count, rejected_since, rejected_reason,
  rejected_verdict, exchange_count, error_count, write_count, note_count)
SELECT key, last_request_at, last_request_status, rejected_count, rejected_since, rejected_reason, rejected_verdict,
  exchange_count, error_count, write_count, note_count
FROM main.directories;
INSERT INTO requests.activity (directory, exchange_count, error_count, write_count, note_count)
SELECT 0, exchange_count, error_count, write_count, note_count FROM main.unattributed;
INSERT INTO requests.token_uses (hash, last_used_at) SELECT hash, last_used_at FROM main.tokens WHERE last_used_at IS NOT NULL;

DROP TABLE main.exchange_details;
DROP TABLE main.exchanges;
DROP TABLE main.sightings;
DROP TABLE main.unattributed;
ALTER TABLE main.tokens DROP COLUMN last_used_at;

-- The same table without what was counted of requests. AUTOINCREMENT: requests outlive their directory for a moment, so a key is never
-- given again.
CREATE TABLE main.new_directories (
  key                 INTEGER PRIMARY KEY AUTOINCREMENT,
  id                  TEXT NOT NULL UNIQUE,
  organization_id     TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  name                TEXT NOT NULL,
  name_key            TEXT NOT NULL,
  is_primary          INTEGER NOT NULL,
  is_demo             INTEGER NOT NULL DEFAULT 0,
  policy              TEXT NOT NULL, -- a JSON object
  schemas             TEXT NOT NULL DEFAULT '[]', -- a JSON array of DeclaredSchema
  created_at          INTEGER NOT NULL,
  -- Kept by triggers: counting 100,000 rows for each look at the sidebar is too slow.
  user_count          INTEGER NOT NULL DEFAULT 0,
  active_user_count   INTEGER NOT NULL DEFAULT 0,
  group_count         INTEGER NOT NULL DEFAULT 0,
  deleted_user_count  INTEGER NOT NULL DEFAULT 0,
  deleted_group_count INTEGER NOT NULL DEFAULT 0,
  adrift_user_count   INTEGER NOT NULL DEFAULT 0,
  adrift_group_count  INTEGER NOT NULL DEFAULT 0,
  UNIQUE (organization_id, name_key)
) STRICT;
INSERT INTO new_directories
SELECT key, id, organization_id, name, name_key, is_primary, demo, policy, schemas, created_at, user_count, active_user_count,
  group_count, deleted_user_count, deleted_group_count, adrift_user_count, adrift_group_count
FROM directories;
DROP TABLE directories;
ALTER TABLE new_directories RENAME TO directories;
CREATE UNIQUE INDEX directories_one_primary ON directories (organization_id) WHERE is_primary = 1;
