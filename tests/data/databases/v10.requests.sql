-- requests.sqlite3 beside schema version 10, itself of version 2; see README.md.
CREATE TABLE exchanges (
  id            INTEGER PRIMARY KEY, -- in order of arrival
  directory     INTEGER, -- null: it addressed none, or none that is there
  at            INTEGER NOT NULL,
  method        TEXT NOT NULL,
  path          TEXT NOT NULL,
  status        INTEGER NOT NULL,
  duration_us   INTEGER NOT NULL,
  actor         TEXT NOT NULL,
  summary       TEXT NOT NULL, -- JSON: Sentence
  note_count    INTEGER NOT NULL,
  is_write      INTEGER NOT NULL,
  is_simulated  INTEGER NOT NULL,
  first_change  INTEGER, -- changes.seq in the other database: what it changed, from the first to the last; null: nothing
  last_change   INTEGER,
  facts         TEXT, -- JSON: Facts; null: of an earlier version, not read yet
  story         INTEGER, -- the first request of those that belong together
  replay_of     INTEGER,
  users         TEXT NOT NULL DEFAULT '', -- for searches, in lower case: the users and the groups that it is about
  groups        TEXT NOT NULL DEFAULT '',
  text          TEXT, -- everything else that is shown of it
  -- Of an earlier version, until they have become facts.
  resource_kind TEXT,
  resource_id   TEXT,
  resource_name TEXT,
  sought        TEXT,
  found         INTEGER
) STRICT;
INSERT INTO exchanges VALUES(7,1,1780682185388,'GET','/Users?filter=userName eq "ada.byron@example.com"&startIndex=1&count=100',200,841,'Okta','{"text":"Okta checked whether ada.byron@example.com exists","subject":null,"outcome":"no match"}',0,0,0,NULL,NULL,'{"operation":{"query":"user"},"resource":{"kind":"user"},"query":{"isFiltered":true,"sought":{"attribute":"userName","value":"ada.byron@example.com"},"startIndex":1,"count":100,"total":0}}',7,NULL,'ada.byron@example.com','',replace('get /users?filter=username eq "ada.byron@example.com"&startindex=1&count=100 200 okta\nokta checked whether ada.byron@example.com exists\nno match','\n',char(10)),'user',NULL,NULL,'ada.byron@example.com',0);
INSERT INTO exchanges VALUES(8,1,1780682185390,'POST','/Users',201,4444,'Okta','{"text":"Okta created Ada Byron","subject":"Ada Byron","outcome":null}',0,1,0,6,6,'{"operation":{"create":"user"},"resource":{"kind":"user","id":"9f303c74-6e59-4037-94bc-fd358e2abdf7","name":"Ada Byron"},"pushes":[{"whom":{"userName":"ada.byron@example.com"}}]}',7,NULL,replace('ada byron\n9f303c74-6e59-4037-94bc-fd358e2abdf7','\n',char(10)),'',replace('post /users 201 okta\nokta created ada byron','\n',char(10)),'user','9f303c74-6e59-4037-94bc-fd358e2abdf7','Ada Byron',NULL,NULL);
INSERT INTO exchanges VALUES(9,1,1780682185396,'PUT','/Users/9f303c74-6e59-4037-94bc-fd358e2abdf7',200,2330,'Okta','{"text":"Okta updated Ada Lovelace, 6 attributes","subject":"Ada Lovelace","outcome":null}',0,1,0,7,7,'{"operation":{"replace":"user"},"resource":{"kind":"user","id":"9f303c74-6e59-4037-94bc-fd358e2abdf7","name":"Ada Lovelace"},"pushes":[{"whom":{"id":"9f303c74-6e59-4037-94bc-fd358e2abdf7"}}]}',7,NULL,replace('ada lovelace\n9f303c74-6e59-4037-94bc-fd358e2abdf7','\n',char(10)),'',replace('put /users/9f303c74-6e59-4037-94bc-fd358e2abdf7 200 okta\nokta updated ada lovelace, 6 attributes','\n',char(10)),'user','9f303c74-6e59-4037-94bc-fd358e2abdf7','Ada Lovelace',NULL,NULL);
INSERT INTO exchanges VALUES(10,1,1780682185400,'PATCH','/Users/b3315beb-87ad-40af-aa56-5b17e3294070',204,1940,'Okta','{"text":"Okta deactivated Alan Turing","subject":"Alan Turing","outcome":null}',0,1,0,8,8,'{"operation":{"modify":"user"},"resource":{"kind":"user","id":"b3315beb-87ad-40af-aa56-5b17e3294070","name":"Alan Turing"},"deactivates":true,"pushes":[{"whom":{"id":"b3315beb-87ad-40af-aa56-5b17e3294070"}}]}',3,NULL,replace('alan turing\nb3315beb-87ad-40af-aa56-5b17e3294070','\n',char(10)),'',replace('patch /users/b3315beb-87ad-40af-aa56-5b17e3294070 204 okta\nokta deactivated alan turing','\n',char(10)),'user','b3315beb-87ad-40af-aa56-5b17e3294070','Alan Turing',NULL,NULL);
INSERT INTO exchanges VALUES(11,1,1780682185404,'POST','/Groups',201,3807,'Okta','{"text":"Okta created Engineering","subject":"Engineering","outcome":null}',1,1,0,9,9,'{"operation":{"create":"group"},"resource":{"kind":"group","id":"da4b808f-b1a8-4f3d-a046-858332b05bb0","name":"Engineering"}}',11,NULL,replace('ada lovelace\n9f303c74-6e59-4037-94bc-fd358e2abdf7\ngrace hopper\n007d7de7-2851-4db5-9aab-db0f1ad50497\nedsger dijkstra\n95f3e653-3303-4ab0-a8ef-64f3ebefff7b\n2819c223-7f76-453a-919d-413861904646','\n',char(10)),replace('engineering\nda4b808f-b1a8-4f3d-a046-858332b05bb0','\n',char(10)),replace('post /groups 201 okta\nokta created engineering','\n',char(10)),'group','da4b808f-b1a8-4f3d-a046-858332b05bb0','Engineering',NULL,NULL);
INSERT INTO exchanges VALUES(12,1,1780682185410,'PATCH','/Groups/da4b808f-b1a8-4f3d-a046-858332b05bb0',204,4982,'Okta','{"text":"Okta removed 1 member from Engineering","subject":"Engineering","outcome":null}',0,1,0,10,10,'{"operation":{"modify":"group"},"resource":{"kind":"group","id":"da4b808f-b1a8-4f3d-a046-858332b05bb0","name":"Engineering"}}',11,NULL,replace('grace hopper\n007d7de7-2851-4db5-9aab-db0f1ad50497','\n',char(10)),replace('engineering\nda4b808f-b1a8-4f3d-a046-858332b05bb0','\n',char(10)),replace('patch /groups/da4b808f-b1a8-4f3d-a046-858332b05bb0 204 okta\nokta removed 1 member from engineering','\n',char(10)),'group','da4b808f-b1a8-4f3d-a046-858332b05bb0','Engineering',NULL,NULL);
INSERT INTO exchanges VALUES(13,1,1780682185417,'PATCH','/Groups/ff5677a8-4531-403c-b5c5-5f50852b58af',204,1717,'Okta','{"text":"Okta updated All staff, 1 attribute","subject":"All staff","outcome":null}',0,1,0,11,11,'{"operation":{"modify":"group"},"resource":{"kind":"group","id":"ff5677a8-4531-403c-b5c5-5f50852b58af","name":"All staff"}}',6,NULL,'',replace('all staff\nff5677a8-4531-403c-b5c5-5f50852b58af\nengineering\nda4b808f-b1a8-4f3d-a046-858332b05bb0','\n',char(10)),replace('patch /groups/ff5677a8-4531-403c-b5c5-5f50852b58af 204 okta\nokta updated all staff, 1 attribute','\n',char(10)),'group','ff5677a8-4531-403c-b5c5-5f50852b58af','All staff',NULL,NULL);
INSERT INTO exchanges VALUES(14,1,1780682185420,'DELETE','/Users/95f3e653-3303-4ab0-a8ef-64f3ebefff7b',204,3301,'Okta','{"text":"Okta deleted Edsger Dijkstra","subject":"Edsger Dijkstra","outcome":null}',0,1,0,12,13,'{"operation":{"delete":"user"},"resource":{"kind":"user","id":"95f3e653-3303-4ab0-a8ef-64f3ebefff7b","name":"Edsger Dijkstra"},"pushes":[{"whom":{"id":"95f3e653-3303-4ab0-a8ef-64f3ebefff7b"}}]}',4,NULL,replace('edsger dijkstra\n95f3e653-3303-4ab0-a8ef-64f3ebefff7b','\n',char(10)),replace('engineering\nda4b808f-b1a8-4f3d-a046-858332b05bb0','\n',char(10)),replace('delete /users/95f3e653-3303-4ab0-a8ef-64f3ebefff7b 204 okta\nokta deleted edsger dijkstra','\n',char(10)),'user','95f3e653-3303-4ab0-a8ef-64f3ebefff7b',NULL,NULL,NULL);
INSERT INTO exchanges VALUES(15,1,1780682185426,'POST','/Users',409,1057,'Okta','{"text":"Okta could not create Grace Hopper: A user with the userName \"grace@example.com\" already exists (id 007d7de7-2851-4db5-9aab-db0f1ad50497). Letter case does not make a difference.","subject":"Grace Hopper","outcome":null}',0,1,0,NULL,NULL,'{"operation":{"create":"user"},"resource":{"kind":"user","name":"Grace Hopper","userName":"grace@example.com","aliases":["00ugrace"]},"pushes":[{"whom":{"userName":"grace@example.com"},"failure":{"kind":"notLinked","method":"POST","status":409,"reason":"A user with the userName \"grace@example.com\" already exists (id 007d7de7-2851-4db5-9aab-db0f1ad50497). Letter case does not make a difference."}}],"refusal":{"status":409,"scimType":"uniqueness","detail":"A user with the userName \"grace@example.com\" already exists (id 007d7de7-2851-4db5-9aab-db0f1ad50497). Letter case does not make a difference."}}',15,NULL,replace('grace hopper\ngrace@example.com\n00ugrace','\n',char(10)),'',replace('post /users 409 okta\nokta could not create grace hopper: a user with the username "grace@example.com" already exists (id 007d7de7-2851-4db5-9aab-db0f1ad50497). letter case does not make a difference.','\n',char(10)),'user',NULL,'Grace Hopper','grace@example.com',NULL);
INSERT INTO exchanges VALUES(16,1,1780682185460,'PUT','/Users/a4ef2316-6af1-489e-889f-bb04e6e1b600',401,721,'Okta','{"text":"Rejected: the bearer token was replaced","subject":null,"outcome":null}',0,1,0,NULL,NULL,'{"operation":{"replace":"user"},"resource":{"kind":"user","id":"a4ef2316-6af1-489e-889f-bb04e6e1b600","name":"Søren O''Brien"},"deactivates":true,"pushes":[{"whom":{"id":"a4ef2316-6af1-489e-889f-bb04e6e1b600"},"failure":{"kind":"notDeactivated","method":"PUT","status":401,"reason":"The bearer token is not valid for this directory. SCIM Setup shows why in the directory''s requests."}}],"refusal":{"status":401,"detail":"The bearer token is not valid for this directory. SCIM Setup shows why in the directory''s requests."}}',5,NULL,replace('søren o''brien\na4ef2316-6af1-489e-889f-bb04e6e1b600','\n',char(10)),'',replace('put /users/a4ef2316-6af1-489e-889f-bb04e6e1b600 401 okta\nrejected: the bearer token was replaced','\n',char(10)),'user','a4ef2316-6af1-489e-889f-bb04e6e1b600','Søren O''Brien',NULL,NULL);
INSERT INTO exchanges VALUES(17,NULL,1780682185462,'GET','/scim/v2/qb7yyqb5pg0/Users?startIndex=1&count=2',404,654,'Okta','{"text":"Okta used an address that is nearly right","subject":null,"outcome":"a mistyped id"}',0,0,0,NULL,NULL,'{"operation":"other","refusal":{"status":404,"detail":"This is SCIM Setup, but the address names no directory. A base URL looks like https://acme.example.com/scim/v2/ and a directory''s id: copy the whole of it from the directory''s page."},"leadsNowhere":true,"nearlyRight":"a mistyped id"}',NULL,NULL,'','',replace('get /scim/v2/qb7yyqb5pg0/users?startindex=1&count=2 404 okta\nokta used an address that is nearly right\na mistyped id','\n',char(10)),NULL,NULL,NULL,NULL,NULL);
INSERT INTO exchanges VALUES(18,2,1780682185479,'POST','/Users',201,3897,'OneLogin','{"text":"OneLogin created Lise Meitner","subject":"Lise Meitner","outcome":null}',0,1,0,14,14,'{"operation":{"create":"user"},"resource":{"kind":"user","id":"9286c587-9e0e-4657-b48b-8aa9fb2b0317","name":"Lise Meitner"},"pushes":[{"whom":{"userName":"lise@globex.example"}}]}',18,NULL,replace('lise meitner\n9286c587-9e0e-4657-b48b-8aa9fb2b0317','\n',char(10)),'',replace('post /users 201 onelogin\nonelogin created lise meitner','\n',char(10)),'user','9286c587-9e0e-4657-b48b-8aa9fb2b0317','Lise Meitner',NULL,NULL);
INSERT INTO exchanges VALUES(19,2,1780682185484,'DELETE','/Users/9286c587-9e0e-4657-b48b-8aa9fb2b0317',204,6483,'OneLogin','{"text":"OneLogin deleted Lise Meitner","subject":"Lise Meitner","outcome":null}',0,1,0,15,15,'{"operation":{"delete":"user"},"resource":{"kind":"user","id":"9286c587-9e0e-4657-b48b-8aa9fb2b0317","name":"Lise Meitner"},"pushes":[{"whom":{"id":"9286c587-9e0e-4657-b48b-8aa9fb2b0317"}}]}',18,NULL,replace('lise meitner\n9286c587-9e0e-4657-b48b-8aa9fb2b0317','\n',char(10)),'',replace('delete /users/9286c587-9e0e-4657-b48b-8aa9fb2b0317 204 onelogin\nonelogin deleted lise meitner','\n',char(10)),'user','9286c587-9e0e-4657-b48b-8aa9fb2b0317',NULL,NULL,NULL);
CREATE TABLE exchange_details (
  id               INTEGER PRIMARY KEY REFERENCES exchanges (id) ON DELETE CASCADE,
  target           TEXT NOT NULL, -- as it arrived
  client           TEXT,
  came_through     TEXT,
  notes            TEXT NOT NULL, -- JSON: [Note]
  auth             TEXT NOT NULL, -- JSON: Authorization
  request_headers  TEXT NOT NULL, -- JSON: [[name, value]]
  request_body     TEXT,
  request_bytes    INTEGER NOT NULL, -- before it was cut
  request_is_cut   INTEGER NOT NULL,
  response_headers TEXT NOT NULL,
  response_body    TEXT,
  response_bytes   INTEGER NOT NULL,
  response_is_cut  INTEGER NOT NULL
, request_compressed BLOB, response_compressed BLOB) STRICT;
INSERT INTO exchange_details VALUES(7,'/scim/v2/qb7yyqb5pg/Users?filter=userName%20eq%20%22ada.byron%40example.com%22&startIndex=1&count=100','Okta SCIM Client 1.0.0','https://acme.example.com','[]','{"verdict":"matched","text":"The bearer token ending …s87U matched.","advice":null,"lastFour":"s87U"}','[["host","acme.example.com"],["x-forwarded-proto","https"],["user-agent","Okta SCIM Client 1.0.0"],["authorization","Bearer ••••s87U"]]',NULL,0,0,'[["content-type","application/scim+json; charset=utf-8"],["cache-control","no-store"]]','{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"startIndex":1,"itemsPerPage":0,"Resources":[]}',130,0,NULL,NULL);
INSERT INTO exchange_details VALUES(8,'/scim/v2/qb7yyqb5pg/Users','Okta SCIM Client 1.0.0','https://acme.example.com','[]','{"verdict":"matched","text":"The bearer token ending …s87U matched.","advice":null,"lastFour":"s87U"}','[["host","acme.example.com"],["x-forwarded-proto","https"],["user-agent","Okta SCIM Client 1.0.0"],["authorization","Bearer ••••s87U"],["content-type","application/scim+json; charset=utf-8"],["content-length","472"]]','{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"userName":"ada.byron@example.com","name":{"givenName":"Ada","familyName":"Byron"},"emails":[{"primary":true,"value":"ada.byron@example.com","type":"work"}],"displayName":"Ada Byron","externalId":"00uada","active":true,"title":"Account Executive","password":"••••","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Sales"}}',472,0,'[["content-type","application/scim+json; charset=utf-8"],["cache-control","no-store"],["etag","W/\"1\""],["location","https://acme.example.com/scim/v2/qb7yyqb5pg/Users/9f303c74-6e59-4037-94bc-fd358e2abdf7"]]','{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"id":"9f303c74-6e59-4037-94bc-fd358e2abdf7","externalId":"00uada","userName":"ada.byron@example.com","name":{"familyName":"Byron","givenName":"Ada"},"displayName":"Ada Byron","title":"Account Executive","active":true,"emails":[{"value":"ada.byron@example.com","type":"work","primary":true}],"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Sales"},"meta":{"resourceType":"User","created":"2026-06-05T17:56:25.390Z","lastModified":"2026-06-05T17:56:25.390Z","location":"https://acme.example.com/scim/v2/qb7yyqb5pg/Users/9f303c74-6e59-4037-94bc-fd358e2abdf7","version":"W/\"1\""}}',724,0,NULL,NULL);
INSERT INTO exchange_details VALUES(9,'/scim/v2/qb7yyqb5pg/Users/9f303c74-6e59-4037-94bc-fd358e2abdf7','Okta SCIM Client 1.0.0','https://acme.example.com','[]','{"verdict":"matched","text":"The bearer token ending …s87U matched.","advice":null,"lastFour":"s87U"}','[["host","acme.example.com"],["x-forwarded-proto","https"],["user-agent","Okta SCIM Client 1.0.0"],["authorization","Bearer ••••s87U"],["content-type","application/scim+json; charset=utf-8"],["content-length","444"]]','{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"userName":"ada@example.com","name":{"givenName":"Ada","familyName":"Lovelace"},"emails":[{"primary":true,"value":"ada@example.com","type":"work"}],"displayName":"Ada Lovelace","externalId":"00uada","active":true,"title":"Campaign Lead","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Marketing"}}',444,0,'[["content-type","application/scim+json; charset=utf-8"],["cache-control","no-store"],["etag","W/\"2\""],["location","https://acme.example.com/scim/v2/qb7yyqb5pg/Users/9f303c74-6e59-4037-94bc-fd358e2abdf7"]]','{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"id":"9f303c74-6e59-4037-94bc-fd358e2abdf7","externalId":"00uada","userName":"ada@example.com","name":{"familyName":"Lovelace","givenName":"Ada"},"displayName":"Ada Lovelace","title":"Campaign Lead","active":true,"emails":[{"value":"ada@example.com","type":"work","primary":true}],"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Marketing"},"meta":{"resourceType":"User","created":"2026-06-05T17:56:25.390Z","lastModified":"2026-06-05T17:56:25.396Z","location":"https://acme.example.com/scim/v2/qb7yyqb5pg/Users/9f303c74-6e59-4037-94bc-fd358e2abdf7","version":"W/\"2\""}}',718,0,NULL,NULL);
INSERT INTO exchange_details VALUES(10,'/scim/v2/qb7yyqb5pg/Users/b3315beb-87ad-40af-aa56-5b17e3294070','Okta SCIM Client 1.0.0','https://acme.example.com','[]','{"verdict":"matched","text":"The bearer token ending …s87U matched.","advice":null,"lastFour":"s87U"}','[["host","acme.example.com"],["x-forwarded-proto","https"],["user-agent","Okta SCIM Client 1.0.0"],["authorization","Bearer ••••s87U"],["content-type","application/scim+json; charset=utf-8"],["content-length","118"]]','{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","value":{"active":false}}]}',118,0,'[["cache-control","no-store"],["etag","W/\"2\""],["location","https://acme.example.com/scim/v2/qb7yyqb5pg/Users/b3315beb-87ad-40af-aa56-5b17e3294070"]]',NULL,0,0,NULL,NULL);
INSERT INTO exchange_details VALUES(11,'/scim/v2/qb7yyqb5pg/Groups','Okta SCIM Client 1.0.0','https://acme.example.com','[{"rule":"unknown-member","section":"RFC 7643 §4.2","text":"No user or group here has the id \"2819c223-7f76-453a-919d-413861904646\"; it was kept as a member all the same."}]','{"verdict":"matched","text":"The bearer token ending …s87U matched.","advice":null,"lastFour":"s87U"}','[["host","acme.example.com"],["x-forwarded-proto","https"],["user-agent","Okta SCIM Client 1.0.0"],["authorization","Bearer ••••s87U"],["content-type","application/scim+json; charset=utf-8"],["content-length","323"]]','{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Engineering","members":[{"value":"9f303c74-6e59-4037-94bc-fd358e2abdf7","display":"ada@example.com"},{"value":"007d7de7-2851-4db5-9aab-db0f1ad50497"},{"value":"95f3e653-3303-4ab0-a8ef-64f3ebefff7b"},{"value":"2819c223-7f76-453a-919d-413861904646"}]}',323,0,'[["content-type","application/scim+json; charset=utf-8"],["cache-control","no-store"],["etag","W/\"1\""],["location","https://acme.example.com/scim/v2/qb7yyqb5pg/Groups/da4b808f-b1a8-4f3d-a046-858332b05bb0"]]','{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"da4b808f-b1a8-4f3d-a046-858332b05bb0","displayName":"Engineering","members":[{"value":"9f303c74-6e59-4037-94bc-fd358e2abdf7","$ref":"https://acme.example.com/scim/v2/qb7yyqb5pg/Users/9f303c74-6e59-4037-94bc-fd358e2abdf7","type":"User","display":"ada@example.com"},{"value":"007d7de7-2851-4db5-9aab-db0f1ad50497","$ref":"https://acme.example.com/scim/v2/qb7yyqb5pg/Users/007d7de7-2851-4db5-9aab-db0f1ad50497","type":"User","display":"Grace Hopper"},{"value":"95f3e653-3303-4ab0-a8ef-64f3ebefff7b","$ref":"https://acme.example.com/scim/v2/qb7yyqb5pg/Users/95f3e653-3303-4ab0-a8ef-64f3ebefff7b","type":"User","display":"Edsger Dijkstra"},{"value":"2819c223-7f76-453a-919d-413861904646"}],"meta":{"resourceType":"Group","created":"2026-06-05T17:56:25.404Z","lastModified":"2026-06-05T17:56:25.404Z","location":"https://acme.example.com/scim/v2/qb7yyqb5pg/Groups/da4b808f-b1a8-4f3d-a046-858332b05bb0","version":"W/\"1\""}}',982,0,NULL,NULL);
INSERT INTO exchange_details VALUES(12,'/scim/v2/qb7yyqb5pg/Groups/da4b808f-b1a8-4f3d-a046-858332b05bb0','Okta SCIM Client 1.0.0','https://acme.example.com','[]','{"verdict":"matched","text":"The bearer token ending …s87U matched.","advice":null,"lastFour":"s87U"}','[["host","acme.example.com"],["x-forwarded-proto","https"],["user-agent","Okta SCIM Client 1.0.0"],["authorization","Bearer ••••s87U"],["content-type","application/scim+json; charset=utf-8"],["content-length","160"]]','{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"remove","path":"members[value eq \"007d7de7-2851-4db5-9aab-db0f1ad50497\"]"}]}',160,0,'[["cache-control","no-store"],["etag","W/\"2\""],["location","https://acme.example.com/scim/v2/qb7yyqb5pg/Groups/da4b808f-b1a8-4f3d-a046-858332b05bb0"]]',NULL,0,0,NULL,NULL);
INSERT INTO exchange_details VALUES(13,'/scim/v2/qb7yyqb5pg/Groups/ff5677a8-4531-403c-b5c5-5f50852b58af','Okta SCIM Client 1.0.0','https://acme.example.com','[]','{"verdict":"matched","text":"The bearer token ending …s87U matched.","advice":null,"lastFour":"s87U"}','[["host","acme.example.com"],["x-forwarded-proto","https"],["user-agent","Okta SCIM Client 1.0.0"],["authorization","Bearer ••••s87U"],["content-type","application/scim+json; charset=utf-8"],["content-length","277"]]','{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","value":{"id":"ff5677a8-4531-403c-b5c5-5f50852b58af","displayName":"All staff"}},{"op":"add","path":"members","value":[{"value":"da4b808f-b1a8-4f3d-a046-858332b05bb0","type":"Group"}]}]}',277,0,'[["cache-control","no-store"],["etag","W/\"2\""],["location","https://acme.example.com/scim/v2/qb7yyqb5pg/Groups/ff5677a8-4531-403c-b5c5-5f50852b58af"]]',NULL,0,0,NULL,NULL);
INSERT INTO exchange_details VALUES(14,'/scim/v2/qb7yyqb5pg/Users/95f3e653-3303-4ab0-a8ef-64f3ebefff7b','Okta SCIM Client 1.0.0','https://acme.example.com','[]','{"verdict":"matched","text":"The bearer token ending …s87U matched.","advice":null,"lastFour":"s87U"}','[["host","acme.example.com"],["x-forwarded-proto","https"],["user-agent","Okta SCIM Client 1.0.0"],["authorization","Bearer ••••s87U"]]',NULL,0,0,'[["cache-control","no-store"]]',NULL,0,0,NULL,NULL);
INSERT INTO exchange_details VALUES(15,'/scim/v2/qb7yyqb5pg/Users','Okta SCIM Client 1.0.0','https://acme.example.com','[]','{"verdict":"matched","text":"The bearer token ending …s87U matched.","advice":null,"lastFour":"s87U"}','[["host","acme.example.com"],["x-forwarded-proto","https"],["user-agent","Okta SCIM Client 1.0.0"],["authorization","Bearer ••••s87U"],["content-type","application/scim+json; charset=utf-8"],["content-length","277"]]','{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"grace@example.com","name":{"givenName":"Grace","familyName":"Hopper"},"emails":[{"primary":true,"value":"grace@example.com","type":"work"}],"displayName":"Grace Hopper","externalId":"00ugrace","active":true}',277,0,'[["content-type","application/scim+json; charset=utf-8"],["cache-control","no-store"]]','{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409","scimType":"uniqueness","detail":"A user with the userName \"grace@example.com\" already exists (id 007d7de7-2851-4db5-9aab-db0f1ad50497). Letter case does not make a difference."}',254,0,NULL,NULL);
INSERT INTO exchange_details VALUES(16,'/scim/v2/qb7yyqb5pg/Users/a4ef2316-6af1-489e-889f-bb04e6e1b600','Okta SCIM Client 1.0.0','https://acme.example.com','[]','{"verdict":"retired","text":[{"text":"This token was replaced "},{"at":"2026-06-05T17:56:25.431Z"},{"text":"."}],"advice":"Paste the new one into the identity provider. If it is lost, generate another: a token is shown only once.","lastFour":"s87U"}','[["host","acme.example.com"],["x-forwarded-proto","https"],["user-agent","Okta SCIM Client 1.0.0"],["authorization","Bearer ••••s87U"],["content-type","application/scim+json; charset=utf-8"],["content-length","212"]]','{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"soren@example.com","name":{"givenName":"Søren","familyName":"O''Brien"},"displayName":"Søren O''Brien","externalId":"00usoren","active":false}',212,0,'[["content-type","application/scim+json; charset=utf-8"],["cache-control","no-store"],["www-authenticate","Bearer realm=\"SCIM Setup\""]]','{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"401","detail":"The bearer token is not valid for this directory. SCIM Setup shows why in the directory''s requests."}',185,0,NULL,NULL);
INSERT INTO exchange_details VALUES(17,'/scim/v2/qb7yyqb5pg0/Users?startIndex=1&count=2','Okta SCIM Client 1.0.0','https://acme.example.com','[]','{"verdict":"unknownDirectory","text":"Not checked: the address names no directory.","advice":null,"lastFour":null}','[["host","acme.example.com"],["x-forwarded-proto","https"],["user-agent","Okta SCIM Client 1.0.0"],["authorization","Bearer ••••PRp4"]]',NULL,0,0,'[["content-type","application/scim+json; charset=utf-8"],["cache-control","no-store"]]','{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"404","detail":"This is SCIM Setup, but the address names no directory. A base URL looks like https://acme.example.com/scim/v2/ and a directory''s id: copy the whole of it from the directory''s page."}',267,0,NULL,NULL);
INSERT INTO exchange_details VALUES(18,'/scim/v2/jdmb7w32gi/Users','OneLogin','https://acme.example.com','[]','{"verdict":"matched","text":"The bearer token ending …6_b8 matched.","advice":null,"lastFour":"6_b8"}','[["host","acme.example.com"],["x-forwarded-proto","https"],["user-agent","OneLogin"],["authorization","Bearer ••••6_b8"],["content-type","application/scim+json; charset=utf-8"],["content-length","270"]]','{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:example:params:scim:schemas:extension:badge:2.0:User"],"userName":"lise@globex.example","displayName":"Lise Meitner","active":true,"urn:example:params:scim:schemas:extension:badge:2.0:User":{"number":"B-17"}}',270,0,'[["content-type","application/scim+json; charset=utf-8"],["cache-control","no-store"],["etag","W/\"1\""],["location","https://acme.example.com/scim/v2/jdmb7w32gi/Users/9286c587-9e0e-4657-b48b-8aa9fb2b0317"]]','{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:example:params:scim:schemas:extension:badge:2.0:User"],"id":"9286c587-9e0e-4657-b48b-8aa9fb2b0317","userName":"lise@globex.example","displayName":"Lise Meitner","active":true,"urn:example:params:scim:schemas:extension:badge:2.0:User":{"number":"B-17"},"meta":{"resourceType":"User","created":"2026-06-05T17:56:25.479Z","lastModified":"2026-06-05T17:56:25.479Z","location":"https://acme.example.com/scim/v2/jdmb7w32gi/Users/9286c587-9e0e-4657-b48b-8aa9fb2b0317","version":"W/\"1\""}}',544,0,NULL,NULL);
INSERT INTO exchange_details VALUES(19,'/scim/v2/jdmb7w32gi/Users/9286c587-9e0e-4657-b48b-8aa9fb2b0317','OneLogin','https://acme.example.com','[]','{"verdict":"matched","text":"The bearer token ending …6_b8 matched.","advice":null,"lastFour":"6_b8"}','[["host","acme.example.com"],["x-forwarded-proto","https"],["user-agent","OneLogin"],["authorization","Bearer ••••6_b8"]]',NULL,0,0,'[["cache-control","no-store"]]',NULL,0,0,NULL,NULL);
CREATE TABLE sightings (
  directory INTEGER NOT NULL,
  method    TEXT NOT NULL,
  target    TEXT NOT NULL, -- what it was for: /Users/{id}
  status    INTEGER NOT NULL,
  verdict   TEXT NOT NULL, -- JSON: AuthVerdict
  who       TEXT NOT NULL,
  first_id  INTEGER NOT NULL,
  first_at  INTEGER NOT NULL,
  path      TEXT NOT NULL, -- of the first, as it was
  last_id   INTEGER NOT NULL,
  last_at   INTEGER NOT NULL,
  PRIMARY KEY (directory, method, target, status, verdict, who)
) STRICT, WITHOUT ROWID;
INSERT INTO sightings VALUES(1,'DELETE','/Users/{id}',204,'"matched"','Okta',14,1780682185420,'/Users/95f3e653-3303-4ab0-a8ef-64f3ebefff7b',14,1780682185420);
INSERT INTO sightings VALUES(1,'GET','/Users?filter',200,'"matched"','Okta',7,1780682185388,'/Users?filter=userName eq "ada.byron@example.com"&startIndex=1&count=100',7,1780682185388);
INSERT INTO sightings VALUES(1,'GET','/Users?startIndex=1&count=2',200,'"matched"','Okta',1,1780682185290,'/Users?startIndex=1&count=2',1,1780682185290);
INSERT INTO sightings VALUES(1,'PATCH','/Groups/{id}',204,'"matched"','Okta',12,1780682185410,'/Groups/da4b808f-b1a8-4f3d-a046-858332b05bb0',13,1780682185417);
INSERT INTO sightings VALUES(1,'PATCH','/Users/{id}',204,'"matched"','Okta',10,1780682185400,'/Users/b3315beb-87ad-40af-aa56-5b17e3294070',10,1780682185400);
INSERT INTO sightings VALUES(1,'POST','/Groups',201,'"matched"','Okta',6,1780682185312,'/Groups',11,1780682185404);
INSERT INTO sightings VALUES(1,'POST','/Users',201,'"matched"','Okta',2,1780682185292,'/Users',8,1780682185390);
INSERT INTO sightings VALUES(1,'POST','/Users',409,'"matched"','Okta',15,1780682185426,'/Users',15,1780682185426);
INSERT INTO sightings VALUES(1,'PUT','/Users/{id}',200,'"matched"','Okta',9,1780682185396,'/Users/9f303c74-6e59-4037-94bc-fd358e2abdf7',9,1780682185396);
INSERT INTO sightings VALUES(1,'PUT','/Users/{id}',401,'"retired"','Okta',16,1780682185460,'/Users/a4ef2316-6af1-489e-889f-bb04e6e1b600',16,1780682185460);
INSERT INTO sightings VALUES(2,'DELETE','/Users/{id}',204,'"matched"','OneLogin',19,1780682185484,'/Users/9286c587-9e0e-4657-b48b-8aa9fb2b0317',19,1780682185484);
INSERT INTO sightings VALUES(2,'POST','/Users',201,'"matched"','OneLogin',18,1780682185479,'/Users',18,1780682185479);
CREATE TABLE activity (
  directory           INTEGER PRIMARY KEY, -- 0: the requests that addressed none
  last_request_at     INTEGER,
  last_request_status INTEGER,
  rejected_count      INTEGER NOT NULL DEFAULT 0, -- for their token, since the last accepted request
  rejected_since      INTEGER,
  rejected_reason     TEXT, -- JSON: DatedText; of an earlier version a sentence
  rejected_verdict    TEXT, -- JSON: AuthVerdict of the newest refusal; null: of an earlier version
  exchange_count      INTEGER NOT NULL DEFAULT 0, -- of those that are kept
  error_count         INTEGER NOT NULL DEFAULT 0,
  write_count         INTEGER NOT NULL DEFAULT 0,
  note_count          INTEGER NOT NULL DEFAULT 0 -- requests with notes
) STRICT;
INSERT INTO activity VALUES(0,NULL,NULL,0,NULL,NULL,NULL,1,1,0,0);
INSERT INTO activity VALUES(1,1780682185460,401,1,1780682185460,'This token was replaced on 2026-06-05T17:56:25.431Z.','"retired"',10,2,9,1);
INSERT INTO activity VALUES(2,1780682185484,204,0,NULL,NULL,NULL,2,0,2,0);
INSERT INTO activity VALUES(3,NULL,NULL,0,NULL,NULL,NULL,0,0,0,0);
CREATE TABLE token_uses (
  hash         BLOB PRIMARY KEY, -- tokens.hash in the other database
  last_used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO token_uses VALUES(X'bccd703445d63ff467ccd5cc986e62f6df83ee9c1840bc8540ebd0b6f32cb029',1780682185426);
INSERT INTO token_uses VALUES(X'f8fad4e21aaa6cec6d296f3466819d07fef30be5c6185082217a8dac6f2f85f1',1780682185484);
CREATE TABLE recorded (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  id   INTEGER NOT NULL
) STRICT;
INSERT INTO recorded VALUES(1,19);
CREATE TABLE listing (
  key         INTEGER PRIMARY KEY, -- resources.key
  directory   INTEGER NOT NULL,
  kind        TEXT NOT NULL, -- user, group
  state       TEXT NOT NULL, -- active, deactivated, deleted
  name_key    TEXT NOT NULL, -- lower case, its beginning: for sorting
  search      TEXT NOT NULL, -- lower case, a line each: name, userName, e-mail addresses, externalId, id
  size        INTEGER NOT NULL DEFAULT 0, -- groups of a user, members of a group
  unknown     INTEGER NOT NULL DEFAULT 0, -- members that nobody here knows
  is_adrift   INTEGER NOT NULL DEFAULT 0, -- a user whose last push failed, a group with unknown members
  touched     INTEGER NOT NULL, -- changes.seq: its newest change, or that of a group that it came to or left
  touched_at  INTEGER NOT NULL,
  touched_how INTEGER NOT NULL DEFAULT 0 -- 0 by a change of its own, 1 it came to a group, 2 it left one
) STRICT;
INSERT INTO listing VALUES(1,1,'user','active','grace hopper',replace('grace hopper\ngrace@example.com\n00ugrace\n007d7de7-2851-4db5-9aab-db0f1ad50497','\n',char(10)),0,0,1,10,1780682185410,2);
INSERT INTO listing VALUES(2,1,'user','deactivated','alan turing',replace('alan turing\nalan@example.com\n00ualan\nb3315beb-87ad-40af-aa56-5b17e3294070','\n',char(10)),0,0,0,8,1780682185400,0);
INSERT INTO listing VALUES(3,1,'user','deleted','edsger dijkstra',replace('edsger dijkstra\nedsger@example.com\n00uedsger\n95f3e653-3303-4ab0-a8ef-64f3ebefff7b','\n',char(10)),0,0,0,13,1780682185420,0);
INSERT INTO listing VALUES(4,1,'user','active','søren o''brien',replace('søren o''brien\nsoren@example.com\n00usoren\na4ef2316-6af1-489e-889f-bb04e6e1b600','\n',char(10)),1,0,1,5,1780682185312,1);
INSERT INTO listing VALUES(5,1,'group','active','all staff',replace('all staff\nff5677a8-4531-403c-b5c5-5f50852b58af','\n',char(10)),2,0,0,11,1780682185417,0);
INSERT INTO listing VALUES(6,1,'user','active','ada lovelace',replace('ada lovelace\nada@example.com\n00uada\n9f303c74-6e59-4037-94bc-fd358e2abdf7','\n',char(10)),1,0,0,9,1780682185404,1);
INSERT INTO listing VALUES(7,1,'group','active','engineering',replace('engineering\nda4b808f-b1a8-4f3d-a046-858332b05bb0','\n',char(10)),2,1,1,12,1780682185420,0);
INSERT INTO listing VALUES(8,2,'user','deleted','lise meitner',replace('lise meitner\nlise@globex.example\n9286c587-9e0e-4657-b48b-8aa9fb2b0317','\n',char(10)),0,0,0,15,1780682185484,0);
CREATE VIRTUAL TABLE listing_search USING fts5 (search, content = 'listing', content_rowid = 'key', tokenize = 'trigram');
CREATE TABLE listing_counts (
  directory   INTEGER NOT NULL,
  kind        TEXT NOT NULL,
  active      INTEGER NOT NULL DEFAULT 0,
  deactivated INTEGER NOT NULL DEFAULT 0,
  deleted     INTEGER NOT NULL DEFAULT 0,
  adrift      INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (directory, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO listing_counts VALUES(1,'group',2,0,0,1);
INSERT INTO listing_counts VALUES(1,'user',3,1,1,2);
INSERT INTO listing_counts VALUES(2,'user',0,0,1,0);
CREATE TABLE derived (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  seq  INTEGER NOT NULL -- changes.seq
) STRICT;
INSERT INTO derived VALUES(1,16);
CREATE TABLE drift (
  resource    INTEGER PRIMARY KEY, -- resources.key
  kind        TEXT NOT NULL, -- JSON: DriftKind
  at          INTEGER NOT NULL,
  exchange_id INTEGER NOT NULL,
  actor       TEXT NOT NULL,
  method      TEXT NOT NULL,
  status      INTEGER NOT NULL,
  reason      TEXT NOT NULL
) STRICT;
INSERT INTO drift VALUES(1,'"notLinked"',1780682185426,15,'Okta','POST',409,'A user with the userName "grace@example.com" already exists (id 007d7de7-2851-4db5-9aab-db0f1ad50497). Letter case does not make a difference.');
INSERT INTO drift VALUES(4,'"notDeactivated"',1780682185460,16,'Okta','PUT',401,'The bearer token is not valid for this directory. SCIM Setup shows why in the directory''s requests.');
CREATE INDEX exchanges_of_directory ON exchanges (directory);
CREATE INDEX exchanges_failed ON exchanges (directory) WHERE status >= 400;
CREATE INDEX exchanges_written ON exchanges (directory) WHERE is_write = 1;
CREATE INDEX exchanges_noted ON exchanges (directory) WHERE note_count > 0;
CREATE INDEX exchanges_of_story ON exchanges (story) WHERE story IS NOT NULL;
CREATE INDEX exchanges_unread ON exchanges (id) WHERE facts IS NULL;
CREATE INDEX listing_in_order ON listing (directory, kind);
CREATE INDEX listing_by_change ON listing (directory, kind, touched, state, size, is_adrift);
CREATE INDEX listing_by_name ON listing (directory, kind, name_key, key, state, size, touched, is_adrift);
CREATE INDEX listing_by_size ON listing (directory, kind, size, touched, state, is_adrift);
CREATE INDEX listing_by_state ON listing (directory, kind, state, touched, size, is_adrift);
CREATE INDEX listing_adrift ON listing (directory, kind, touched, state) WHERE is_adrift = 1;
CREATE TRIGGER listing_came AFTER INSERT ON listing BEGIN
  INSERT INTO listing_search (rowid, search) VALUES (NEW.key, NEW.search);
  INSERT INTO listing_counts (directory, kind, active, deactivated, deleted, adrift)
  VALUES (NEW.directory, NEW.kind, NEW.state = 'active', NEW.state = 'deactivated', NEW.state = 'deleted', NEW.is_adrift)
  ON CONFLICT DO UPDATE SET active = active + excluded.active, deactivated = deactivated + excluded.deactivated,
    deleted = deleted + excluded.deleted, adrift = adrift + excluded.adrift;
END;
CREATE TRIGGER listing_renamed AFTER UPDATE OF search ON listing WHEN NEW.search <> OLD.search BEGIN
  INSERT INTO listing_search (listing_search, rowid, search) VALUES ('delete', OLD.key, OLD.search);
  INSERT INTO listing_search (rowid, search) VALUES (NEW.key, NEW.search);
END;
CREATE TRIGGER listing_changed AFTER UPDATE OF state, is_adrift ON listing
WHEN NEW.state <> OLD.state OR NEW.is_adrift <> OLD.is_adrift BEGIN
  UPDATE listing_counts SET
    active = active + (NEW.state = 'active') - (OLD.state = 'active'),
    deactivated = deactivated + (NEW.state = 'deactivated') - (OLD.state = 'deactivated'),
    deleted = deleted + (NEW.state = 'deleted') - (OLD.state = 'deleted'),
    adrift = adrift + NEW.is_adrift - OLD.is_adrift
  WHERE directory = NEW.directory AND kind = NEW.kind;
END;
CREATE TRIGGER listing_gone AFTER DELETE ON listing BEGIN
  INSERT INTO listing_search (listing_search, rowid, search) VALUES ('delete', OLD.key, OLD.search);
  UPDATE listing_counts SET
    active = active - (OLD.state = 'active'), deactivated = deactivated - (OLD.state = 'deactivated'),
    deleted = deleted - (OLD.state = 'deleted'), adrift = adrift - OLD.is_adrift
  WHERE directory = OLD.directory AND kind = OLD.kind;
  DELETE FROM drift WHERE resource = OLD.key;
END;
CREATE TRIGGER drift_began AFTER INSERT ON drift BEGIN
  UPDATE listing SET is_adrift = 1 WHERE key = NEW.resource;
END;
CREATE TRIGGER drift_ended AFTER DELETE ON drift BEGIN
  UPDATE listing SET is_adrift = 0 WHERE key = OLD.resource;
END;
INSERT INTO listing_search (listing_search) VALUES ('rebuild');
PRAGMA user_version = 2;
