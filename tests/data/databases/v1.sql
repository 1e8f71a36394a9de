-- Schema version 1; see README.md.
CREATE TABLE settings (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO settings (name, value) VALUES
('portInUse', '7246'),
('settings', '{"port":7246,"theme":"dark","keepExchanges":20000}');
CREATE TABLE environments (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  name_key   TEXT NOT NULL UNIQUE,
  public_url TEXT,
  local_only INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO environments (id, name, name_key, public_url, local_only, created_at) VALUES
('994pxpq4pr', 'Local', 'local', 'https://scim.example.com', 0, 1780682185229);
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
INSERT INTO organizations (id, environment_id, name, name_key, external_id, email_domains, created_at) VALUES
('cspp6utqhg', '994pxpq4pr', 'Acme Corp', 'acme corp', 'CUST-1', '["example.com"]', 1780682185267),
('fu66nru5dz', '994pxpq4pr', 'Globex', 'globex', NULL, '[]', 1780682185281);
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
INSERT INTO directories (key, id, organization_id, name, name_key, is_primary, policy, created_at, last_request_at, last_request_status, rejected_count, rejected_since, rejected_reason, user_count, active_user_count, group_count, exchange_count, error_count) VALUES
(1, 'qb7yyqb5pg', 'cspp6utqhg', 'Okta', 'okta', 1, '{"mode":"tolerant"}', 1780682185268, 1780682185460, 401, 1, 1780682185460, 'This token was replaced on 2026-06-05T17:56:25.431Z.', 4, 3, 2, 10, 2),
(2, 'jdmb7w32gi', 'fu66nru5dz', 'OneLogin', 'onelogin', 1, '{"mode":"tolerant"}', 1780682185283, 1780682185484, 204, 0, NULL, NULL, 0, 0, 0, 2, 0),
(3, 'hd6yvgj9zt', 'fu66nru5dz', 'Entra', 'entra', 0, '{"mode":"tolerant"}', 1780682185545, NULL, NULL, 0, NULL, NULL, 0, 0, 0, 0, 0);
CREATE TABLE tokens (
  hash         BLOB PRIMARY KEY, -- SHA-256
  directory    INTEGER NOT NULL REFERENCES directories (key) ON DELETE CASCADE,
  last_four    TEXT NOT NULL,
  created_at   INTEGER NOT NULL,
  last_used_at INTEGER,
  retired_at   INTEGER -- null: in force
) STRICT, WITHOUT ROWID;
INSERT INTO tokens (hash, directory, last_four, created_at, last_used_at, retired_at) VALUES
(x'02dd65fc6c2c077c3529a2342dbbb35436e747f9dd2ea778a9ee3456b7e8ead7', 3, 'IUSM', 1780682185550, NULL, NULL),
(x'a1542083273d146184e5123b8396d8840e4161e75a4f612c89646ab32ea563a6', 1, 'PRp4', 1780682185431, NULL, NULL),
(x'bccd703445d63ff467ccd5cc986e62f6df83ee9c1840bc8540ebd0b6f32cb029', 1, 's87U', 1780682185270, 1780682185426, 1780682185431),
(x'f8fad4e21aaa6cec6d296f3466819d07fef30be5c6185082217a8dac6f2f85f1', 2, '6_b8', 1780682185473, 1780682185484, NULL);
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
INSERT INTO users (key, directory, id, user_name, user_name_key, external_id, display_name, display_key, active, body, version, source, created_at, modified_at, last_change) VALUES
(1, 1, '007d7de7-2851-4db5-9aab-db0f1ad50497', 'grace@example.com', 'grace@example.com', '00ugrace', 'Grace Hopper', 'grace hopper', 1, '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"externalId":"00ugrace","userName":"grace@example.com","name":{"familyName":"Hopper","givenName":"Grace"},"displayName":"Grace Hopper","active":true,"emails":[{"value":"grace@example.com","type":"work","primary":true}]}', 1, 'Okta', 1780682185292, 1780682185292, 1),
(2, 1, 'b3315beb-87ad-40af-aa56-5b17e3294070', 'alan@example.com', 'alan@example.com', '00ualan', 'Alan Turing', 'alan turing', 0, '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"externalId":"00ualan","userName":"alan@example.com","name":{"familyName":"Turing","givenName":"Alan"},"displayName":"Alan Turing","active":false}', 2, 'Okta', 1780682185297, 1780682185400, 8),
(4, 1, 'a4ef2316-6af1-489e-889f-bb04e6e1b600', 'soren@example.com', 'soren@example.com', '00usoren', 'Søren O''Brien', 'søren o''brien', 1, '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"externalId":"00usoren","userName":"soren@example.com","name":{"familyName":"O''Brien","givenName":"Søren"},"displayName":"Søren O''Brien","active":true}', 1, 'Okta', 1780682185307, 1780682185307, 4),
(5, 1, '9f303c74-6e59-4037-94bc-fd358e2abdf7', 'ada@example.com', 'ada@example.com', '00uada', 'Ada Lovelace', 'ada lovelace', 1, '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"externalId":"00uada","userName":"ada@example.com","name":{"familyName":"Lovelace","givenName":"Ada"},"displayName":"Ada Lovelace","title":"Campaign Lead","active":true,"emails":[{"value":"ada@example.com","type":"work","primary":true}],"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Marketing"}}', 2, 'Okta', 1780682185390, 1780682185396, 7);
CREATE TABLE user_emails (
  directory INTEGER NOT NULL,
  value_key TEXT NOT NULL,
  user      INTEGER NOT NULL REFERENCES users (key) ON DELETE CASCADE,
  PRIMARY KEY (directory, value_key, user)
) STRICT, WITHOUT ROWID;
INSERT INTO user_emails (directory, value_key, user) VALUES
(1, 'grace@example.com', 1),
(1, 'ada@example.com', 5);
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
INSERT INTO groups (key, directory, id, display_name, display_key, external_id, body, version, source, created_at, modified_at, last_change, member_count) VALUES
(1, 1, 'ff5677a8-4531-403c-b5c5-5f50852b58af', 'All staff', 'all staff', NULL, '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"All staff"}', 2, 'Okta', 1780682185312, 1780682185417, 11, 2),
(2, 1, 'da4b808f-b1a8-4f3d-a046-858332b05bb0', 'Engineering', 'engineering', NULL, '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Engineering"}', 3, 'Okta', 1780682185404, 1780682185420, 12, 2);
CREATE TABLE members (
  key       INTEGER PRIMARY KEY,
  group_key INTEGER NOT NULL REFERENCES groups (key) ON DELETE CASCADE,
  value     TEXT NOT NULL, -- the id of a user or a group; may be unknown here
  display   TEXT,
  kind      TEXT, -- User or Group, as it was sent
  UNIQUE (group_key, value)
) STRICT;
INSERT INTO members (key, group_key, value, display, kind) VALUES
(1, 1, 'a4ef2316-6af1-489e-889f-bb04e6e1b600', NULL, NULL),
(2, 2, '9f303c74-6e59-4037-94bc-fd358e2abdf7', 'ada@example.com', NULL),
(5, 2, '2819c223-7f76-453a-919d-413861904646', NULL, NULL),
(6, 1, 'da4b808f-b1a8-4f3d-a046-858332b05bb0', NULL, 'Group');
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
INSERT INTO exchanges (id, directory, at, method, target, path, status, duration_us, actor, summary, note_count, notes, auth, client, came_through, request, response) VALUES
(7, 1, 1780682185388, 'GET', '/scim/v2/qb7yyqb5pg/Users?filter=userName%20eq%20%22ada.byron%40example.com%22&startIndex=1&count=100', '/Users?filter=userName eq "ada.byron@example.com"&startIndex=1&count=100', 200, 841, 'Okta', '{"text":"Okta checked whether ada.byron@example.com exists","subject":null,"outcome":"no match"}', 0, '[]', '{"verdict":"matched","text":"The bearer token ending …s87U matched.","advice":null,"lastFour":"s87U"}', 'Okta SCIM Client 1.0.0', 'https://acme.example.com', '{"headers":[["host","acme.example.com"],["x-forwarded-proto","https"],["user-agent","Okta SCIM Client 1.0.0"],["authorization","Bearer ••••s87U"]],"body":null,"bodyBytes":0,"isTruncated":false}', '{"headers":[["content-type","application/scim+json; charset=utf-8"],["cache-control","no-store"]],"body":"{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:ListResponse\"],\"totalResults\":0,\"startIndex\":1,\"itemsPerPage\":0,\"Resources\":[]}","bodyBytes":130,"isTruncated":false}'),
(8, 1, 1780682185390, 'POST', '/scim/v2/qb7yyqb5pg/Users', '/Users', 201, 4444, 'Okta', '{"text":"Okta created Ada Byron","subject":"Ada Byron","outcome":null}', 0, '[]', '{"verdict":"matched","text":"The bearer token ending …s87U matched.","advice":null,"lastFour":"s87U"}', 'Okta SCIM Client 1.0.0', 'https://acme.example.com', '{"headers":[["host","acme.example.com"],["x-forwarded-proto","https"],["user-agent","Okta SCIM Client 1.0.0"],["authorization","Bearer ••••s87U"],["content-type","application/scim+json; charset=utf-8"],["content-length","472"]],"body":"{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\",\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\"],\"userName\":\"ada.byron@example.com\",\"name\":{\"givenName\":\"Ada\",\"familyName\":\"Byron\"},\"emails\":[{\"primary\":true,\"value\":\"ada.byron@example.com\",\"type\":\"work\"}],\"displayName\":\"Ada Byron\",\"externalId\":\"00uada\",\"active\":true,\"title\":\"Account Executive\",\"password\":\"••••\",\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\":{\"department\":\"Sales\"}}","bodyBytes":472,"isTruncated":false}', '{"headers":[["content-type","application/scim+json; charset=utf-8"],["cache-control","no-store"],["etag","W/\"1\""],["location","https://acme.example.com/scim/v2/qb7yyqb5pg/Users/9f303c74-6e59-4037-94bc-fd358e2abdf7"]],"body":"{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\",\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\"],\"id\":\"9f303c74-6e59-4037-94bc-fd358e2abdf7\",\"externalId\":\"00uada\",\"userName\":\"ada.byron@example.com\",\"name\":{\"familyName\":\"Byron\",\"givenName\":\"Ada\"},\"displayName\":\"Ada Byron\",\"title\":\"Account Executive\",\"active\":true,\"emails\":[{\"value\":\"ada.byron@example.com\",\"type\":\"work\",\"primary\":true}],\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\":{\"department\":\"Sales\"},\"meta\":{\"resourceType\":\"User\",\"created\":\"2026-06-05T17:56:25.390Z\",\"lastModified\":\"2026-06-05T17:56:25.390Z\",\"location\":\"https://acme.example.com/scim/v2/qb7yyqb5pg/Users/9f303c74-6e59-4037-94bc-fd358e2abdf7\",\"version\":\"W/\\\"1\\\"\"}}","bodyBytes":724,"isTruncated":false}'),
(9, 1, 1780682185396, 'PUT', '/scim/v2/qb7yyqb5pg/Users/9f303c74-6e59-4037-94bc-fd358e2abdf7', '/Users/9f303c74-6e59-4037-94bc-fd358e2abdf7', 200, 2330, 'Okta', '{"text":"Okta updated Ada Lovelace, 6 attributes","subject":"Ada Lovelace","outcome":null}', 0, '[]', '{"verdict":"matched","text":"The bearer token ending …s87U matched.","advice":null,"lastFour":"s87U"}', 'Okta SCIM Client 1.0.0', 'https://acme.example.com', '{"headers":[["host","acme.example.com"],["x-forwarded-proto","https"],["user-agent","Okta SCIM Client 1.0.0"],["authorization","Bearer ••••s87U"],["content-type","application/scim+json; charset=utf-8"],["content-length","444"]],"body":"{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\",\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\"],\"userName\":\"ada@example.com\",\"name\":{\"givenName\":\"Ada\",\"familyName\":\"Lovelace\"},\"emails\":[{\"primary\":true,\"value\":\"ada@example.com\",\"type\":\"work\"}],\"displayName\":\"Ada Lovelace\",\"externalId\":\"00uada\",\"active\":true,\"title\":\"Campaign Lead\",\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\":{\"department\":\"Marketing\"}}","bodyBytes":444,"isTruncated":false}', '{"headers":[["content-type","application/scim+json; charset=utf-8"],["cache-control","no-store"],["etag","W/\"2\""],["location","https://acme.example.com/scim/v2/qb7yyqb5pg/Users/9f303c74-6e59-4037-94bc-fd358e2abdf7"]],"body":"{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\",\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\"],\"id\":\"9f303c74-6e59-4037-94bc-fd358e2abdf7\",\"externalId\":\"00uada\",\"userName\":\"ada@example.com\",\"name\":{\"familyName\":\"Lovelace\",\"givenName\":\"Ada\"},\"displayName\":\"Ada Lovelace\",\"title\":\"Campaign Lead\",\"active\":true,\"emails\":[{\"value\":\"ada@example.com\",\"type\":\"work\",\"primary\":true}],\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\":{\"department\":\"Marketing\"},\"meta\":{\"resourceType\":\"User\",\"created\":\"2026-06-05T17:56:25.390Z\",\"lastModified\":\"2026-06-05T17:56:25.396Z\",\"location\":\"https://acme.example.com/scim/v2/qb7yyqb5pg/Users/9f303c74-6e59-4037-94bc-fd358e2abdf7\",\"version\":\"W/\\\"2\\\"\"}}","bodyBytes":718,"isTruncated":false}'),
(10, 1, 1780682185400, 'PATCH', '/scim/v2/qb7yyqb5pg/Users/b3315beb-87ad-40af-aa56-5b17e3294070', '/Users/b3315beb-87ad-40af-aa56-5b17e3294070', 204, 1940, 'Okta', '{"text":"Okta deactivated Alan Turing","subject":"Alan Turing","outcome":null}', 0, '[]', '{"verdict":"matched","text":"The bearer token ending …s87U matched.","advice":null,"lastFour":"s87U"}', 'Okta SCIM Client 1.0.0', 'https://acme.example.com', '{"headers":[["host","acme.example.com"],["x-forwarded-proto","https"],["user-agent","Okta SCIM Client 1.0.0"],["authorization","Bearer ••••s87U"],["content-type","application/scim+json; charset=utf-8"],["content-length","118"]],"body":"{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}","bodyBytes":118,"isTruncated":false}', '{"headers":[["cache-control","no-store"],["etag","W/\"2\""],["location","https://acme.example.com/scim/v2/qb7yyqb5pg/Users/b3315beb-87ad-40af-aa56-5b17e3294070"]],"body":null,"bodyBytes":0,"isTruncated":false}'),
(11, 1, 1780682185404, 'POST', '/scim/v2/qb7yyqb5pg/Groups', '/Groups', 201, 3807, 'Okta', '{"text":"Okta created Engineering","subject":"Engineering","outcome":null}', 1, '[{"rule":"unknown-member","section":"RFC 7643 §4.2","text":"No user or group here has the id \"2819c223-7f76-453a-919d-413861904646\"; it was kept as a member all the same."}]', '{"verdict":"matched","text":"The bearer token ending …s87U matched.","advice":null,"lastFour":"s87U"}', 'Okta SCIM Client 1.0.0', 'https://acme.example.com', '{"headers":[["host","acme.example.com"],["x-forwarded-proto","https"],["user-agent","Okta SCIM Client 1.0.0"],["authorization","Bearer ••••s87U"],["content-type","application/scim+json; charset=utf-8"],["content-length","323"]],"body":"{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:Group\"],\"displayName\":\"Engineering\",\"members\":[{\"value\":\"9f303c74-6e59-4037-94bc-fd358e2abdf7\",\"display\":\"ada@example.com\"},{\"value\":\"007d7de7-2851-4db5-9aab-db0f1ad50497\"},{\"value\":\"95f3e653-3303-4ab0-a8ef-64f3ebefff7b\"},{\"value\":\"2819c223-7f76-453a-919d-413861904646\"}]}","bodyBytes":323,"isTruncated":false}', '{"headers":[["content-type","application/scim+json; charset=utf-8"],["cache-control","no-store"],["etag","W/\"1\""],["location","https://acme.example.com/scim/v2/qb7yyqb5pg/Groups/da4b808f-b1a8-4f3d-a046-858332b05bb0"]],"body":"{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:Group\"],\"id\":\"da4b808f-b1a8-4f3d-a046-858332b05bb0\",\"displayName\":\"Engineering\",\"members\":[{\"value\":\"9f303c74-6e59-4037-94bc-fd358e2abdf7\",\"$ref\":\"https://acme.example.com/scim/v2/qb7yyqb5pg/Users/9f303c74-6e59-4037-94bc-fd358e2abdf7\",\"type\":\"User\",\"display\":\"ada@example.com\"},{\"value\":\"007d7de7-2851-4db5-9aab-db0f1ad50497\",\"$ref\":\"https://acme.example.com/scim/v2/qb7yyqb5pg/Users/007d7de7-2851-4db5-9aab-db0f1ad50497\",\"type\":\"User\",\"display\":\"Grace Hopper\"},{\"value\":\"95f3e653-3303-4ab0-a8ef-64f3ebefff7b\",\"$ref\":\"https://acme.example.com/scim/v2/qb7yyqb5pg/Users/95f3e653-3303-4ab0-a8ef-64f3ebefff7b\",\"type\":\"User\",\"display\":\"Edsger Dijkstra\"},{\"value\":\"2819c223-7f76-453a-919d-413861904646\"}],\"meta\":{\"resourceType\":\"Group\",\"created\":\"2026-06-05T17:56:25.404Z\",\"lastModified\":\"2026-06-05T17:56:25.404Z\",\"location\":\"https://acme.example.com/scim/v2/qb7yyqb5pg/Groups/da4b808f-b1a8-4f3d-a046-858332b05bb0\",\"version\":\"W/\\\"1\\\"\"}}","bodyBytes":982,"isTruncated":false}'),
(12, 1, 1780682185410, 'PATCH', '/scim/v2/qb7yyqb5pg/Groups/da4b808f-b1a8-4f3d-a046-858332b05bb0', '/Groups/da4b808f-b1a8-4f3d-a046-858332b05bb0', 204, 4982, 'Okta', '{"text":"Okta removed 1 member from Engineering","subject":"Engineering","outcome":null}', 0, '[]', '{"verdict":"matched","text":"The bearer token ending …s87U matched.","advice":null,"lastFour":"s87U"}', 'Okta SCIM Client 1.0.0', 'https://acme.example.com', '{"headers":[["host","acme.example.com"],["x-forwarded-proto","https"],["user-agent","Okta SCIM Client 1.0.0"],["authorization","Bearer ••••s87U"],["content-type","application/scim+json; charset=utf-8"],["content-length","160"]],"body":"{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\"Operations\":[{\"op\":\"remove\",\"path\":\"members[value eq \\\"007d7de7-2851-4db5-9aab-db0f1ad50497\\\"]\"}]}","bodyBytes":160,"isTruncated":false}', '{"headers":[["cache-control","no-store"],["etag","W/\"2\""],["location","https://acme.example.com/scim/v2/qb7yyqb5pg/Groups/da4b808f-b1a8-4f3d-a046-858332b05bb0"]],"body":null,"bodyBytes":0,"isTruncated":false}'),
(13, 1, 1780682185417, 'PATCH', '/scim/v2/qb7yyqb5pg/Groups/ff5677a8-4531-403c-b5c5-5f50852b58af', '/Groups/ff5677a8-4531-403c-b5c5-5f50852b58af', 204, 1717, 'Okta', '{"text":"Okta updated All staff, 1 attribute","subject":"All staff","outcome":null}', 0, '[]', '{"verdict":"matched","text":"The bearer token ending …s87U matched.","advice":null,"lastFour":"s87U"}', 'Okta SCIM Client 1.0.0', 'https://acme.example.com', '{"headers":[["host","acme.example.com"],["x-forwarded-proto","https"],["user-agent","Okta SCIM Client 1.0.0"],["authorization","Bearer ••••s87U"],["content-type","application/scim+json; charset=utf-8"],["content-length","277"]],"body":"{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\"Operations\":[{\"op\":\"replace\",\"value\":{\"id\":\"ff5677a8-4531-403c-b5c5-5f50852b58af\",\"displayName\":\"All staff\"}},{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"da4b808f-b1a8-4f3d-a046-858332b05bb0\",\"type\":\"Group\"}]}]}","bodyBytes":277,"isTruncated":false}', '{"headers":[["cache-control","no-store"],["etag","W/\"2\""],["location","https://acme.example.com/scim/v2/qb7yyqb5pg/Groups/ff5677a8-4531-403c-b5c5-5f50852b58af"]],"body":null,"bodyBytes":0,"isTruncated":false}'),
(14, 1, 1780682185420, 'DELETE', '/scim/v2/qb7yyqb5pg/Users/95f3e653-3303-4ab0-a8ef-64f3ebefff7b', '/Users/95f3e653-3303-4ab0-a8ef-64f3ebefff7b', 204, 3301, 'Okta', '{"text":"Okta deleted Edsger Dijkstra","subject":"Edsger Dijkstra","outcome":null}', 0, '[]', '{"verdict":"matched","text":"The bearer token ending …s87U matched.","advice":null,"lastFour":"s87U"}', 'Okta SCIM Client 1.0.0', 'https://acme.example.com', '{"headers":[["host","acme.example.com"],["x-forwarded-proto","https"],["user-agent","Okta SCIM Client 1.0.0"],["authorization","Bearer ••••s87U"]],"body":null,"bodyBytes":0,"isTruncated":false}', '{"headers":[["cache-control","no-store"]],"body":null,"bodyBytes":0,"isTruncated":false}'),
(15, 1, 1780682185426, 'POST', '/scim/v2/qb7yyqb5pg/Users', '/Users', 409, 1057, 'Okta', '{"text":"Okta could not create Grace Hopper: A user with the userName \"grace@example.com\" already exists (id 007d7de7-2851-4db5-9aab-db0f1ad50497). Letter case does not make a difference.","subject":"Grace Hopper","outcome":null}', 0, '[]', '{"verdict":"matched","text":"The bearer token ending …s87U matched.","advice":null,"lastFour":"s87U"}', 'Okta SCIM Client 1.0.0', 'https://acme.example.com', '{"headers":[["host","acme.example.com"],["x-forwarded-proto","https"],["user-agent","Okta SCIM Client 1.0.0"],["authorization","Bearer ••••s87U"],["content-type","application/scim+json; charset=utf-8"],["content-length","277"]],"body":"{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"grace@example.com\",\"name\":{\"givenName\":\"Grace\",\"familyName\":\"Hopper\"},\"emails\":[{\"primary\":true,\"value\":\"grace@example.com\",\"type\":\"work\"}],\"displayName\":\"Grace Hopper\",\"externalId\":\"00ugrace\",\"active\":true}","bodyBytes":277,"isTruncated":false}', '{"headers":[["content-type","application/scim+json; charset=utf-8"],["cache-control","no-store"]],"body":"{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],\"status\":\"409\",\"scimType\":\"uniqueness\",\"detail\":\"A user with the userName \\\"grace@example.com\\\" already exists (id 007d7de7-2851-4db5-9aab-db0f1ad50497). Letter case does not make a difference.\"}","bodyBytes":254,"isTruncated":false}'),
(16, 1, 1780682185460, 'PUT', '/scim/v2/qb7yyqb5pg/Users/a4ef2316-6af1-489e-889f-bb04e6e1b600', '/Users/a4ef2316-6af1-489e-889f-bb04e6e1b600', 401, 721, 'Okta', '{"text":"Rejected: the bearer token was replaced","subject":null,"outcome":null}', 0, '[]', '{"verdict":"retired","text":"This token was replaced on 2026-06-05T17:56:25.431Z.","advice":"Paste the new one into the identity provider. If it is lost, generate another: a token is shown only once.","lastFour":"s87U"}', 'Okta SCIM Client 1.0.0', 'https://acme.example.com', '{"headers":[["host","acme.example.com"],["x-forwarded-proto","https"],["user-agent","Okta SCIM Client 1.0.0"],["authorization","Bearer ••••s87U"],["content-type","application/scim+json; charset=utf-8"],["content-length","212"]],"body":"{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"soren@example.com\",\"name\":{\"givenName\":\"Søren\",\"familyName\":\"O''Brien\"},\"displayName\":\"Søren O''Brien\",\"externalId\":\"00usoren\",\"active\":false}","bodyBytes":212,"isTruncated":false}', '{"headers":[["content-type","application/scim+json; charset=utf-8"],["cache-control","no-store"],["www-authenticate","Bearer realm=\"SCIM Setup\""]],"body":"{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],\"status\":\"401\",\"detail\":\"The bearer token is not valid for this directory. SCIM Setup shows why in the directory''s requests.\"}","bodyBytes":185,"isTruncated":false}'),
(17, NULL, 1780682185462, 'GET', '/scim/v2/qb7yyqb5pg0/Users?startIndex=1&count=2', '/scim/v2/qb7yyqb5pg0/Users?startIndex=1&count=2', 404, 654, 'Okta', '{"text":"Okta used an address that is nearly right","subject":null,"outcome":"a mistyped id"}', 0, '[]', '{"verdict":"unknownDirectory","text":"Not checked: the address names no directory.","advice":null,"lastFour":null}', 'Okta SCIM Client 1.0.0', 'https://acme.example.com', '{"headers":[["host","acme.example.com"],["x-forwarded-proto","https"],["user-agent","Okta SCIM Client 1.0.0"],["authorization","Bearer ••••PRp4"]],"body":null,"bodyBytes":0,"isTruncated":false}', '{"headers":[["content-type","application/scim+json; charset=utf-8"],["cache-control","no-store"]],"body":"{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],\"status\":\"404\",\"detail\":\"This is SCIM Setup, but the address names no directory. A base URL looks like https://acme.example.com/scim/v2/ and a directory''s id: copy the whole of it from the directory''s page.\"}","bodyBytes":267,"isTruncated":false}'),
(18, 2, 1780682185479, 'POST', '/scim/v2/jdmb7w32gi/Users', '/Users', 201, 3897, 'OneLogin', '{"text":"OneLogin created Lise Meitner","subject":"Lise Meitner","outcome":null}', 0, '[]', '{"verdict":"matched","text":"The bearer token ending …6_b8 matched.","advice":null,"lastFour":"6_b8"}', 'OneLogin', 'https://acme.example.com', '{"headers":[["host","acme.example.com"],["x-forwarded-proto","https"],["user-agent","OneLogin"],["authorization","Bearer ••••6_b8"],["content-type","application/scim+json; charset=utf-8"],["content-length","270"]],"body":"{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\",\"urn:example:params:scim:schemas:extension:badge:2.0:User\"],\"userName\":\"lise@globex.example\",\"displayName\":\"Lise Meitner\",\"active\":true,\"urn:example:params:scim:schemas:extension:badge:2.0:User\":{\"number\":\"B-17\"}}","bodyBytes":270,"isTruncated":false}', '{"headers":[["content-type","application/scim+json; charset=utf-8"],["cache-control","no-store"],["etag","W/\"1\""],["location","https://acme.example.com/scim/v2/jdmb7w32gi/Users/9286c587-9e0e-4657-b48b-8aa9fb2b0317"]],"body":"{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\",\"urn:example:params:scim:schemas:extension:badge:2.0:User\"],\"id\":\"9286c587-9e0e-4657-b48b-8aa9fb2b0317\",\"userName\":\"lise@globex.example\",\"displayName\":\"Lise Meitner\",\"active\":true,\"urn:example:params:scim:schemas:extension:badge:2.0:User\":{\"number\":\"B-17\"},\"meta\":{\"resourceType\":\"User\",\"created\":\"2026-06-05T17:56:25.479Z\",\"lastModified\":\"2026-06-05T17:56:25.479Z\",\"location\":\"https://acme.example.com/scim/v2/jdmb7w32gi/Users/9286c587-9e0e-4657-b48b-8aa9fb2b0317\",\"version\":\"W/\\\"1\\\"\"}}","bodyBytes":544,"isTruncated":false}'),
(19, 2, 1780682185484, 'DELETE', '/scim/v2/jdmb7w32gi/Users/9286c587-9e0e-4657-b48b-8aa9fb2b0317', '/Users/9286c587-9e0e-4657-b48b-8aa9fb2b0317', 204, 6483, 'OneLogin', '{"text":"OneLogin deleted Lise Meitner","subject":"Lise Meitner","outcome":null}', 0, '[]', '{"verdict":"matched","text":"The bearer token ending …6_b8 matched.","advice":null,"lastFour":"6_b8"}', 'OneLogin', 'https://acme.example.com', '{"headers":[["host","acme.example.com"],["x-forwarded-proto","https"],["user-agent","OneLogin"],["authorization","Bearer ••••6_b8"]],"body":null,"bodyBytes":0,"isTruncated":false}', '{"headers":[["cache-control","no-store"]],"body":null,"bodyBytes":0,"isTruncated":false}');
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
INSERT INTO changes (seq, directory, at, resource_kind, resource_id, resource_name, kind, fields, members, actor, exchange_id) VALUES
(1, 1, 1780682185292, 'user', '007d7de7-2851-4db5-9aab-db0f1ad50497', 'Grace Hopper', 'created', '[{"path":"externalId","after":"00ugrace"},{"path":"userName","after":"grace@example.com"},{"path":"name.familyName","after":"Hopper"},{"path":"name.givenName","after":"Grace"},{"path":"displayName","after":"Grace Hopper"},{"path":"active","after":true},{"path":"emails[work].value","after":"grace@example.com"},{"path":"emails[work].primary","after":true}]', NULL, 'Okta', 2),
(2, 1, 1780682185297, 'user', 'b3315beb-87ad-40af-aa56-5b17e3294070', 'Alan Turing', 'created', '[{"path":"externalId","after":"00ualan"},{"path":"userName","after":"alan@example.com"},{"path":"name.familyName","after":"Turing"},{"path":"name.givenName","after":"Alan"},{"path":"displayName","after":"Alan Turing"},{"path":"active","after":true}]', NULL, 'Okta', 3),
(3, 1, 1780682185301, 'user', '95f3e653-3303-4ab0-a8ef-64f3ebefff7b', 'Edsger Dijkstra', 'created', '[{"path":"externalId","after":"00uedsger"},{"path":"userName","after":"edsger@example.com"},{"path":"name.familyName","after":"Dijkstra"},{"path":"name.givenName","after":"Edsger"},{"path":"displayName","after":"Edsger Dijkstra"},{"path":"active","after":true}]', NULL, 'Okta', 4),
(4, 1, 1780682185307, 'user', 'a4ef2316-6af1-489e-889f-bb04e6e1b600', 'Søren O''Brien', 'created', '[{"path":"externalId","after":"00usoren"},{"path":"userName","after":"soren@example.com"},{"path":"name.familyName","after":"O''Brien"},{"path":"name.givenName","after":"Søren"},{"path":"displayName","after":"Søren O''Brien"},{"path":"active","after":true}]', NULL, 'Okta', 5),
(5, 1, 1780682185312, 'group', 'ff5677a8-4531-403c-b5c5-5f50852b58af', 'Everyone', 'created', '[{"path":"displayName","after":"Everyone"}]', '{"addedCount":1,"removedCount":0,"added":[{"id":"a4ef2316-6af1-489e-889f-bb04e6e1b600","kind":"user","name":"Søren O''Brien"}],"removed":[]}', 'Okta', 6),
(6, 1, 1780682185390, 'user', '9f303c74-6e59-4037-94bc-fd358e2abdf7', 'Ada Byron', 'created', '[{"path":"externalId","after":"00uada"},{"path":"userName","after":"ada.byron@example.com"},{"path":"name.familyName","after":"Byron"},{"path":"name.givenName","after":"Ada"},{"path":"displayName","after":"Ada Byron"},{"path":"title","after":"Account Executive"},{"path":"active","after":true},{"path":"emails[work].value","after":"ada.byron@example.com"},{"path":"emails[work].primary","after":true},{"path":"department","after":"Sales"}]', NULL, 'Okta', 8),
(7, 1, 1780682185396, 'user', '9f303c74-6e59-4037-94bc-fd358e2abdf7', 'Ada Lovelace', 'updated', '[{"path":"userName","before":"ada.byron@example.com","after":"ada@example.com"},{"path":"name.familyName","before":"Byron","after":"Lovelace"},{"path":"displayName","before":"Ada Byron","after":"Ada Lovelace"},{"path":"title","before":"Account Executive","after":"Campaign Lead"},{"path":"emails[work].value","before":"ada.byron@example.com","after":"ada@example.com"},{"path":"department","before":"Sales","after":"Marketing"}]', NULL, 'Okta', 9),
(8, 1, 1780682185400, 'user', 'b3315beb-87ad-40af-aa56-5b17e3294070', 'Alan Turing', 'deactivated', '[{"path":"active","before":true,"after":false}]', NULL, 'Okta', 10),
(9, 1, 1780682185404, 'group', 'da4b808f-b1a8-4f3d-a046-858332b05bb0', 'Engineering', 'created', '[{"path":"displayName","after":"Engineering"}]', '{"addedCount":4,"removedCount":0,"added":[{"id":"9f303c74-6e59-4037-94bc-fd358e2abdf7","kind":"user","name":"Ada Lovelace"},{"id":"007d7de7-2851-4db5-9aab-db0f1ad50497","kind":"user","name":"Grace Hopper"},{"id":"95f3e653-3303-4ab0-a8ef-64f3ebefff7b","kind":"user","name":"Edsger Dijkstra"},{"id":"2819c223-7f76-453a-919d-413861904646","kind":null,"name":"2819c223-7f76-453a-919d-413861904646"}],"removed":[]}', 'Okta', 11),
(10, 1, 1780682185410, 'group', 'da4b808f-b1a8-4f3d-a046-858332b05bb0', 'Engineering', 'membersChanged', '[]', '{"addedCount":0,"removedCount":1,"added":[],"removed":[{"id":"007d7de7-2851-4db5-9aab-db0f1ad50497","kind":"user","name":"Grace Hopper"}]}', 'Okta', 12),
(11, 1, 1780682185417, 'group', 'ff5677a8-4531-403c-b5c5-5f50852b58af', 'All staff', 'updated', '[{"path":"displayName","before":"Everyone","after":"All staff"}]', '{"addedCount":1,"removedCount":0,"added":[{"id":"da4b808f-b1a8-4f3d-a046-858332b05bb0","kind":"group","name":"Engineering"}],"removed":[]}', 'Okta', 13),
(12, 1, 1780682185420, 'group', 'da4b808f-b1a8-4f3d-a046-858332b05bb0', 'Engineering', 'membersChanged', '[]', '{"addedCount":0,"removedCount":1,"added":[],"removed":[{"id":"95f3e653-3303-4ab0-a8ef-64f3ebefff7b","kind":null,"name":"Edsger Dijkstra"}]}', 'Okta', 14),
(13, 1, 1780682185420, 'user', '95f3e653-3303-4ab0-a8ef-64f3ebefff7b', 'Edsger Dijkstra', 'deleted', '[{"path":"externalId","before":"00uedsger"},{"path":"userName","before":"edsger@example.com"},{"path":"name.familyName","before":"Dijkstra"},{"path":"name.givenName","before":"Edsger"},{"path":"displayName","before":"Edsger Dijkstra"},{"path":"active","before":true}]', NULL, 'Okta', 14),
(14, 2, 1780682185479, 'user', '9286c587-9e0e-4657-b48b-8aa9fb2b0317', 'Lise Meitner', 'created', '[{"path":"userName","after":"lise@globex.example"},{"path":"displayName","after":"Lise Meitner"},{"path":"active","after":true},{"path":"number","after":"B-17"}]', NULL, 'OneLogin', 18),
(15, 2, 1780682185484, 'user', '9286c587-9e0e-4657-b48b-8aa9fb2b0317', 'Lise Meitner', 'deleted', '[{"path":"userName","before":"lise@globex.example"},{"path":"displayName","before":"Lise Meitner"},{"path":"active","before":true},{"path":"number","before":"B-17"}]', NULL, 'OneLogin', 19);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence (name, seq) VALUES ('changes', 16);
CREATE UNIQUE INDEX directories_one_primary ON directories (organization_id) WHERE is_primary = 1;
CREATE UNIQUE INDEX tokens_one_in_force ON tokens (directory) WHERE retired_at IS NULL;
CREATE INDEX tokens_of_directory ON tokens (directory, created_at);
CREATE INDEX users_in_order ON users (directory, key);
CREATE INDEX users_by_external_id ON users (directory, external_id);
CREATE INDEX users_by_change ON users (directory, last_change);
CREATE INDEX users_by_active ON users (directory, active, last_change);
CREATE INDEX users_by_name ON users (directory, display_key);
CREATE INDEX users_by_modified ON users (directory, modified_at);
CREATE INDEX user_emails_of_user ON user_emails (user);
CREATE INDEX groups_in_order ON groups (directory, key);
CREATE INDEX groups_by_name ON groups (directory, display_key);
CREATE INDEX groups_by_external_id ON groups (directory, external_id);
CREATE INDEX groups_by_change ON groups (directory, last_change);
CREATE INDEX members_by_value ON members (value, group_key);
CREATE INDEX exchanges_of_directory ON exchanges (directory, id);
CREATE INDEX exchanges_failed ON exchanges (directory, id) WHERE status >= 400;
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
PRAGMA user_version = 1;
