-- Schema version 12; see README.md.
CREATE TABLE settings (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO settings VALUES('portInUse','46165');
INSERT INTO settings VALUES('runningAt','1796001877447');
INSERT INTO settings VALUES('settings','{"port":7246,"theme":"dark","keepExchanges":20000,"keepDays":null,"notify":{"enabled":true,"firstUser":true,"connected":true,"refused":true,"tunnel":true},"stayInTray":false}');
CREATE TABLE environments (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  name_key   TEXT NOT NULL UNIQUE,
  public_url TEXT,
  local_only INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO environments VALUES('994pxpq4pr','Local','local','https://scim.example.com',0,1780682185229);
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
INSERT INTO organizations VALUES('cspp6utqhg','994pxpq4pr','Acme Corp','acme corp','CUST-1','["example.com"]',1780682185267);
INSERT INTO organizations VALUES('fu66nru5dz','994pxpq4pr','Globex','globex',NULL,'[]',1780682185281);
CREATE TABLE tokens (
  hash         BLOB PRIMARY KEY, -- SHA-256
  directory    INTEGER NOT NULL REFERENCES directories (key) ON DELETE CASCADE,
  last_four    TEXT NOT NULL,
  created_at   INTEGER NOT NULL,
  retired_at   INTEGER -- null: in force
) STRICT, WITHOUT ROWID;
INSERT INTO tokens VALUES(X'02dd65fc6c2c077c3529a2342dbbb35436e747f9dd2ea778a9ee3456b7e8ead7',3,'IUSM',1780682185550,NULL);
INSERT INTO tokens VALUES(X'a1542083273d146184e5123b8396d8840e4161e75a4f612c89646ab32ea563a6',1,'PRp4',1780682185431,NULL);
INSERT INTO tokens VALUES(X'bccd703445d63ff467ccd5cc986e62f6df83ee9c1840bc8540ebd0b6f32cb029',1,'s87U',1780682185270,1780682185431);
INSERT INTO tokens VALUES(X'f8fad4e21aaa6cec6d296f3466819d07fef30be5c6185082217a8dac6f2f85f1',2,'6_b8',1780682185473,NULL);
CREATE TABLE deleted_users (
  directory     INTEGER NOT NULL REFERENCES directories (key) ON DELETE CASCADE,
  user_name_key TEXT NOT NULL,
  id            TEXT NOT NULL,
  version       INTEGER NOT NULL,
  created_at    INTEGER NOT NULL,
  PRIMARY KEY (directory, user_name_key)
) STRICT, WITHOUT ROWID;
INSERT INTO deleted_users VALUES(2,'lise@globex.example','9286c587-9e0e-4657-b48b-8aa9fb2b0317',1,1780682185479);
CREATE TABLE guide_tracks (
  directory INTEGER PRIMARY KEY REFERENCES directories (key) ON DELETE CASCADE,
  track     TEXT NOT NULL -- JSON: GuideTrackId
) STRICT;
INSERT INTO guide_tracks VALUES(1,'"okta-template"');
INSERT INTO guide_tracks VALUES(3,'"entra"');
CREATE TABLE guide_ticks (
  directory INTEGER NOT NULL REFERENCES directories (key) ON DELETE CASCADE,
  track     TEXT NOT NULL, -- JSON: GuideTrackId
  step      TEXT NOT NULL,
  at        INTEGER NOT NULL,
  PRIMARY KEY (directory, track, step)
) STRICT, WITHOUT ROWID;
INSERT INTO guide_ticks VALUES(1,'"okta-template"','add',1780682185539);
INSERT INTO guide_ticks VALUES(3,'"entra"','connect',1780682185555);
INSERT INTO guide_ticks VALUES(3,'"entra"','create',1780682185555);
CREATE TABLE former_urls (
  directory INTEGER PRIMARY KEY REFERENCES directories (key) ON DELETE CASCADE,
  url       TEXT NOT NULL, -- scheme, host and port
  since     INTEGER NOT NULL
) STRICT;
INSERT INTO former_urls VALUES(1,'https://acme.example.com',1780682185563);
INSERT INTO former_urls VALUES(2,'https://acme.example.com',1780682185563);
CREATE TABLE IF NOT EXISTS "directories" (
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
  UNIQUE (organization_id, name_key)
) STRICT;
INSERT INTO directories VALUES(1,'qb7yyqb5pg','cspp6utqhg','Okta','okta',1,0,'{"mode":"tolerant","patchAnswer":"noContent"}','[]',1780682185268);
INSERT INTO directories VALUES(2,'jdmb7w32gi','fu66nru5dz','OneLogin','onelogin',1,0,'{"mode":"tolerant","deletion":"soft"}','[{"resourceKind":"user","schema":{"id":"urn:example:params:scim:schemas:extension:badge:2.0:User","name":"Badge","description":"","attributes":[{"name":"number","type":"string","multiValued":false,"description":"","required":false,"mutability":"readWrite","returned":"default"}]}}]',1780682185283);
INSERT INTO directories VALUES(3,'hd6yvgj9zt','fu66nru5dz','Entra','entra',0,0,'{"mode":"tolerant"}','[]',1780682185545);
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
INSERT INTO resources VALUES(1,1,'user','active','007d7de7-2851-4db5-9aab-db0f1ad50497','Grace Hopper','grace@example.com','grace@example.com','00ugrace','okta',1,1780682185292,1780682185292,1);
INSERT INTO resources VALUES(2,1,'user','deactivated','b3315beb-87ad-40af-aa56-5b17e3294070','Alan Turing','alan@example.com','alan@example.com','00ualan','okta',2,1780682185297,1780682185400,8);
INSERT INTO resources VALUES(3,1,'user','deleted','95f3e653-3303-4ab0-a8ef-64f3ebefff7b','Edsger Dijkstra','edsger@example.com','edsger@example.com',NULL,'okta',1,1780682185301,1780682185301,13);
INSERT INTO resources VALUES(4,1,'user','active','a4ef2316-6af1-489e-889f-bb04e6e1b600','Søren O''Brien','soren@example.com','soren@example.com','00usoren','okta',1,1780682185307,1780682185307,4);
INSERT INTO resources VALUES(5,1,'group','active','ff5677a8-4531-403c-b5c5-5f50852b58af','All staff','all staff','',NULL,'okta',2,1780682185312,1780682185417,11);
INSERT INTO resources VALUES(6,1,'user','active','9f303c74-6e59-4037-94bc-fd358e2abdf7','Ada Lovelace','ada@example.com','ada@example.com','00uada','okta',2,1780682185390,1780682185396,7);
INSERT INTO resources VALUES(7,1,'group','active','da4b808f-b1a8-4f3d-a046-858332b05bb0','Engineering','engineering','',NULL,'okta',3,1780682185404,1780682185420,12);
INSERT INTO resources VALUES(8,2,'user','deleted','9286c587-9e0e-4657-b48b-8aa9fb2b0317','Lise Meitner','lise@globex.example','lise@globex.example',NULL,'onelogin',1,1780682185479,1780682185479,15);
CREATE TABLE resource_emails (
  directory INTEGER NOT NULL REFERENCES directories (key) ON DELETE CASCADE,
  value_key TEXT NOT NULL, -- lower case
  resource  INTEGER NOT NULL, -- resources.key
  PRIMARY KEY (directory, value_key, resource)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS "changes" (
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
INSERT INTO changes VALUES(1,1,1,1780682185292,'created','Grace Hopper','[{"path":"externalId","after":"00ugrace"},{"path":"userName","after":"grace@example.com"},{"path":"name.familyName","after":"Hopper"},{"path":"name.givenName","after":"Grace"},{"path":"displayName","after":"Grace Hopper"},{"path":"active","after":true},{"path":"emails[work].value","after":"grace@example.com"},{"path":"emails[work].primary","after":true}]',NULL,'okta',2);
INSERT INTO changes VALUES(2,1,2,1780682185297,'created','Alan Turing','[{"path":"externalId","after":"00ualan"},{"path":"userName","after":"alan@example.com"},{"path":"name.familyName","after":"Turing"},{"path":"name.givenName","after":"Alan"},{"path":"displayName","after":"Alan Turing"},{"path":"active","after":true}]',NULL,'okta',3);
INSERT INTO changes VALUES(3,1,3,1780682185301,'created','Edsger Dijkstra','[{"path":"externalId","after":"00uedsger"},{"path":"userName","after":"edsger@example.com"},{"path":"name.familyName","after":"Dijkstra"},{"path":"name.givenName","after":"Edsger"},{"path":"displayName","after":"Edsger Dijkstra"},{"path":"active","after":true}]',NULL,'okta',4);
INSERT INTO changes VALUES(4,1,4,1780682185307,'created','Søren O''Brien','[{"path":"externalId","after":"00usoren"},{"path":"userName","after":"soren@example.com"},{"path":"name.familyName","after":"O''Brien"},{"path":"name.givenName","after":"Søren"},{"path":"displayName","after":"Søren O''Brien"},{"path":"active","after":true}]',NULL,'okta',5);
INSERT INTO changes VALUES(5,1,5,1780682185312,'created','Everyone','[{"path":"displayName","after":"Everyone"}]','{"addedCount":1,"removedCount":0,"added":[{"id":"a4ef2316-6af1-489e-889f-bb04e6e1b600","kind":"user","name":"Søren O''Brien"}],"removed":[]}','okta',6);
INSERT INTO changes VALUES(6,1,6,1780682185390,'created','Ada Byron','[{"path":"externalId","after":"00uada"},{"path":"userName","after":"ada.byron@example.com"},{"path":"name.familyName","after":"Byron"},{"path":"name.givenName","after":"Ada"},{"path":"displayName","after":"Ada Byron"},{"path":"title","after":"Account Executive"},{"path":"active","after":true},{"path":"emails[work].value","after":"ada.byron@example.com"},{"path":"emails[work].primary","after":true},{"path":"department","after":"Sales"}]',NULL,'okta',8);
INSERT INTO changes VALUES(7,1,6,1780682185396,'updated','Ada Lovelace','[{"path":"userName","before":"ada.byron@example.com","after":"ada@example.com"},{"path":"name.familyName","before":"Byron","after":"Lovelace"},{"path":"displayName","before":"Ada Byron","after":"Ada Lovelace"},{"path":"title","before":"Account Executive","after":"Campaign Lead"},{"path":"emails[work].value","before":"ada.byron@example.com","after":"ada@example.com"},{"path":"department","before":"Sales","after":"Marketing"}]',NULL,'okta',9);
INSERT INTO changes VALUES(8,1,2,1780682185400,'deactivated','Alan Turing','[{"path":"active","before":true,"after":false}]',NULL,'okta',10);
INSERT INTO changes VALUES(9,1,7,1780682185404,'created','Engineering','[{"path":"displayName","after":"Engineering"}]','{"addedCount":4,"removedCount":0,"added":[{"id":"9f303c74-6e59-4037-94bc-fd358e2abdf7","kind":"user","name":"Ada Lovelace"},{"id":"007d7de7-2851-4db5-9aab-db0f1ad50497","kind":"user","name":"Grace Hopper"},{"id":"95f3e653-3303-4ab0-a8ef-64f3ebefff7b","kind":"user","name":"Edsger Dijkstra"},{"id":"2819c223-7f76-453a-919d-413861904646","kind":null,"name":"2819c223-7f76-453a-919d-413861904646"}],"removed":[]}','okta',11);
INSERT INTO changes VALUES(10,1,7,1780682185410,'membersChanged','Engineering','[]','{"addedCount":0,"removedCount":1,"added":[],"removed":[{"id":"007d7de7-2851-4db5-9aab-db0f1ad50497","kind":"user","name":"Grace Hopper"}]}','okta',12);
INSERT INTO changes VALUES(11,1,5,1780682185417,'updated','All staff','[{"path":"displayName","before":"Everyone","after":"All staff"}]','{"addedCount":1,"removedCount":0,"added":[{"id":"da4b808f-b1a8-4f3d-a046-858332b05bb0","kind":"group","name":"Engineering"}],"removed":[]}','okta',13);
INSERT INTO changes VALUES(12,1,7,1780682185420,'membersChanged','Engineering','[]','{"addedCount":0,"removedCount":1,"added":[],"removed":[{"id":"95f3e653-3303-4ab0-a8ef-64f3ebefff7b","kind":null,"name":"Edsger Dijkstra"}]}','okta',14);
INSERT INTO changes VALUES(13,1,3,1780682185420,'deleted','Edsger Dijkstra','[{"path":"externalId","before":"00uedsger"},{"path":"userName","before":"edsger@example.com"},{"path":"name.familyName","before":"Dijkstra"},{"path":"name.givenName","before":"Edsger"},{"path":"displayName","before":"Edsger Dijkstra"},{"path":"active","before":true}]',NULL,'okta',14);
INSERT INTO changes VALUES(14,2,8,1780682185479,'created','Lise Meitner','[{"path":"userName","after":"lise@globex.example"},{"path":"displayName","after":"Lise Meitner"},{"path":"active","after":true},{"path":"number","after":"B-17"}]',NULL,'onelogin',18);
INSERT INTO changes VALUES(15,2,8,1780682185484,'deleted','Lise Meitner','[{"path":"userName","before":"lise@globex.example"},{"path":"displayName","before":"Lise Meitner"},{"path":"active","before":true},{"path":"number","before":"B-17"}]',NULL,'onelogin',19);
CREATE TABLE IF NOT EXISTS "versions" (
  seq         INTEGER PRIMARY KEY REFERENCES changes (seq) ON DELETE CASCADE,
  body        TEXT NOT NULL, -- the resource after the change without id, meta, groups and members; of a deleted one, before it
  version     INTEGER NOT NULL,
  created_at  INTEGER NOT NULL,
  modified_at INTEGER NOT NULL
) STRICT;
INSERT INTO versions VALUES(1,'{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"externalId":"00ugrace","userName":"grace@example.com","name":{"familyName":"Hopper","givenName":"Grace"},"displayName":"Grace Hopper","active":true,"emails":[{"value":"grace@example.com","type":"work","primary":true}]}',1,1780682185292,1780682185292);
INSERT INTO versions VALUES(2,'{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"externalId":"00ualan","userName":"alan@example.com","name":{"familyName":"Turing","givenName":"Alan"},"displayName":"Alan Turing","active":true}',1,1780682185297,1780682185297);
INSERT INTO versions VALUES(3,'{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"externalId":"00uedsger","userName":"edsger@example.com","name":{"familyName":"Dijkstra","givenName":"Edsger"},"displayName":"Edsger Dijkstra","active":true}',1,1780682185301,1780682185301);
INSERT INTO versions VALUES(4,'{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"externalId":"00usoren","userName":"soren@example.com","name":{"familyName":"O''Brien","givenName":"Søren"},"displayName":"Søren O''Brien","active":true}',1,1780682185307,1780682185307);
INSERT INTO versions VALUES(5,'{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Everyone"}',1,1780682185312,1780682185312);
INSERT INTO versions VALUES(6,'{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"externalId":"00uada","userName":"ada.byron@example.com","name":{"familyName":"Byron","givenName":"Ada"},"displayName":"Ada Byron","title":"Account Executive","active":true,"emails":[{"value":"ada.byron@example.com","type":"work","primary":true}],"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Sales"}}',1,1780682185390,1780682185390);
INSERT INTO versions VALUES(7,'{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"externalId":"00uada","userName":"ada@example.com","name":{"familyName":"Lovelace","givenName":"Ada"},"displayName":"Ada Lovelace","title":"Campaign Lead","active":true,"emails":[{"value":"ada@example.com","type":"work","primary":true}],"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Marketing"}}',2,1780682185390,1780682185396);
INSERT INTO versions VALUES(8,'{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"externalId":"00ualan","userName":"alan@example.com","name":{"familyName":"Turing","givenName":"Alan"},"displayName":"Alan Turing","active":false}',2,1780682185297,1780682185400);
INSERT INTO versions VALUES(9,'{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Engineering"}',1,1780682185404,1780682185404);
INSERT INTO versions VALUES(10,'{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Engineering"}',2,1780682185404,1780682185410);
INSERT INTO versions VALUES(11,'{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"All staff"}',2,1780682185312,1780682185417);
INSERT INTO versions VALUES(12,'{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Engineering"}',3,1780682185404,1780682185420);
INSERT INTO versions VALUES(13,'{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"externalId":"00uedsger","userName":"edsger@example.com","name":{"familyName":"Dijkstra","givenName":"Edsger"},"displayName":"Edsger Dijkstra","active":true}',1,1780682185301,1780682185301);
INSERT INTO versions VALUES(14,'{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:example:params:scim:schemas:extension:badge:2.0:User"],"userName":"lise@globex.example","displayName":"Lise Meitner","active":true,"urn:example:params:scim:schemas:extension:badge:2.0:User":{"number":"B-17"}}',1,1780682185479,1780682185479);
INSERT INTO versions VALUES(15,'{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:example:params:scim:schemas:extension:badge:2.0:User"],"userName":"lise@globex.example","displayName":"Lise Meitner","active":true,"urn:example:params:scim:schemas:extension:badge:2.0:User":{"number":"B-17"}}',1,1780682185479,1780682185479);
CREATE TABLE IF NOT EXISTS "members" (
  key       INTEGER PRIMARY KEY,
  group_key INTEGER NOT NULL REFERENCES resources (key) ON DELETE CASCADE,
  value     TEXT NOT NULL, -- the id of a user or a group; may be unknown here
  display   TEXT,
  kind      TEXT, -- User or Group, as it was sent
  resource  INTEGER, -- resources.key; null: nothing here has this id
  came      INTEGER NOT NULL, -- changes.seq; 0: not known
  UNIQUE (group_key, value)
) STRICT;
INSERT INTO members VALUES(1,5,'a4ef2316-6af1-489e-889f-bb04e6e1b600',NULL,NULL,4,5);
INSERT INTO members VALUES(2,7,'9f303c74-6e59-4037-94bc-fd358e2abdf7','ada@example.com',NULL,6,9);
INSERT INTO members VALUES(5,7,'2819c223-7f76-453a-919d-413861904646',NULL,NULL,NULL,9);
INSERT INTO members VALUES(6,5,'da4b808f-b1a8-4f3d-a046-858332b05bb0',NULL,'Group',7,11);
CREATE TABLE IF NOT EXISTS "former_members" (
  key       INTEGER PRIMARY KEY,
  group_key INTEGER NOT NULL REFERENCES resources (key) ON DELETE CASCADE,
  value     TEXT NOT NULL,
  display   TEXT,
  kind      TEXT,
  resource  INTEGER,
  came      INTEGER NOT NULL,
  went      INTEGER NOT NULL -- changes.seq
) STRICT;
INSERT INTO former_members VALUES(1,7,'007d7de7-2851-4db5-9aab-db0f1ad50497',NULL,NULL,1,9,10);
INSERT INTO former_members VALUES(2,7,'95f3e653-3303-4ab0-a8ef-64f3ebefff7b',NULL,NULL,3,9,12);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('directories',3);
INSERT INTO sqlite_sequence VALUES('resources',8);
INSERT INTO sqlite_sequence VALUES('changes',16);
CREATE UNIQUE INDEX tokens_one_in_force ON tokens (directory) WHERE retired_at IS NULL;
CREATE INDEX tokens_of_directory ON tokens (directory, created_at);
CREATE UNIQUE INDEX directories_one_primary ON directories (organization_id) WHERE is_primary = 1;
CREATE UNIQUE INDEX resources_users_by_name ON resources (directory, lookup_key) WHERE kind = 'user' AND state <> 'deleted';
CREATE INDEX resources_groups_by_name ON resources (directory, lookup_key) WHERE kind = 'group' AND state <> 'deleted';
CREATE INDEX resources_by_external_id ON resources (directory, external_id) WHERE external_id IS NOT NULL AND state <> 'deleted';
CREATE INDEX resources_in_order ON resources (directory, kind) WHERE state <> 'deleted';
CREATE INDEX resources_deactivated ON resources (directory) WHERE state = 'deactivated';
CREATE INDEX changes_of_directory ON changes (directory);
CREATE INDEX changes_of_resource ON changes (resource);
CREATE INDEX changes_by_time ON changes (directory, at);
CREATE INDEX members_by_value ON members (value, group_key);
CREATE INDEX members_in_order ON members (group_key, came, key, resource);
CREATE INDEX members_unknown ON members (group_key, key) WHERE resource IS NULL;
CREATE INDEX former_members_by_value ON former_members (value, group_key);
CREATE INDEX former_members_in_order ON former_members (group_key, came, key, went, resource);
CREATE INDEX former_members_who_went ON former_members (group_key, went, key, resource);
PRAGMA user_version = 12;
