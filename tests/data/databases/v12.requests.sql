-- requests.sqlite3 beside schema version 12, itself of version 5; see README.md.
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
, details BLOB, is_stranger INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO exchanges VALUES(7,1,1780682185388,'GET','/Users?filter=userName eq "ada.byron@example.com"&startIndex=1&count=100',200,841,'okta','{"text":"Okta checked whether ada.byron@example.com exists","subject":null,"outcome":"no match"}',0,0,0,NULL,NULL,'{"operation":{"query":"user"},"resource":{"kind":"user"},"query":{"isFiltered":true,"sought":{"attribute":"userName","value":"ada.byron@example.com"},"startIndex":1,"count":100,"total":0}}',7,NULL,'ada.byron@example.com','',replace('get /users?filter=username eq "ada.byron@example.com"&startindex=1&count=100 200 okta\nokta checked whether ada.byron@example.com exists\nno match','\n',char(10)),'user',NULL,NULL,'ada.byron@example.com',0,X'490300000f680601a2716237797971623570676c000f7206089f6164612e6279726f6e7b064c97733a2f2f61636d652e2a020f7e064b4f73383755820614002b000f86060f0dbf0000d70508db0e09c80e010a050f1d06150a7a070fce060201a400225d5d13020446070f1f020e0ffa0559059c000fb205451f30b2051000240009b2050c47032d3133490360616c73657d7d',0);
INSERT INTO exchanges VALUES(8,1,1780682185390,'POST','/Users',201,4444,'okta','{"text":"Okta created Ada Byron","subject":"Ada Byron","outcome":null}',0,1,0,6,6,'{"operation":{"create":"user"},"resource":{"kind":"user","id":"9f303c74-6e59-4037-94bc-fd358e2abdf7","name":"Ada Byron"},"pushes":[{"whom":{"userName":"ada.byron@example.com"}}]}',7,NULL,replace('ada byron\n9f303c74-6e59-4037-94bc-fd358e2abdf7','\n',char(10)),'',replace('post /users 201 okta\nokta created ada byron','\n',char(10)),'user','9f303c74-6e59-4037-94bc-fd358e2abdf7','Ada Byron',NULL,NULL,X'730800000f680601a2716237797971623570676c0000ad0d0190042f223aa304050f2f060197733a2f2f61636d652ede010f32064b4f73383755360614002b000f3a060f0dbf00008b05088f0e097c0e01be040fd105150a2e070f82060201a4000072000029050f67052203380005fd0562343732225d5d18020f1b051503b1040c8f040f120c3d9f6164612e6279726f6eb404080a8d043141646187000b1e0c1042450002a904096f040a4204003d0305d4090f7c000700d90601230407190c035c0405ff044341646120750000e3040df60a1361a80004090e040d0506a30b214163c20b62204578656375070a0c400a029408020600011e000f3b060a001c06106e1a040f470b070bf30a5053616c6573c70a12221e020336043f3437323804020f13087e0f6d04010533050cd104ff162f39663330336337342d366535392d343033372d393462632d66643335386532616264663729037803f7070fb60011011c0200ff010a7a0d048402009e0405b9020ff70207068e0f0f5d03030d1908018c0300030d0f1d030b0ff3020d0c230309c10306e3070fb900070bb00300460309f703107db9130f3b03440f420826ff01362d30355431373a35363a32352e333942080b0f2e00050c42080f12033f0150010f7308080a3b043c3732343b0460616c73657d7d',0);
INSERT INTO exchanges VALUES(9,1,1780682185396,'PUT','/Users/9f303c74-6e59-4037-94bc-fd358e2abdf7',200,2330,'okta','{"text":"Okta updated Ada Lovelace, 6 attributes","subject":"Ada Lovelace","outcome":null}',0,1,0,7,7,'{"operation":{"replace":"user"},"resource":{"kind":"user","id":"9f303c74-6e59-4037-94bc-fd358e2abdf7","name":"Ada Lovelace"},"pushes":[{"whom":{"id":"9f303c74-6e59-4037-94bc-fd358e2abdf7"}}]}',7,NULL,replace('ada lovelace\n9f303c74-6e59-4037-94bc-fd358e2abdf7','\n',char(10)),'',replace('put /users/9f303c74-6e59-4037-94bc-fd358e2abdf7 200 okta\nokta updated ada lovelace, 6 attributes','\n',char(10)),'user','9f303c74-6e59-4037-94bc-fd358e2abdf7','Ada Lovelace',NULL,NULL,X'6e0800000f680601a3716237797971623570676c00f01539663330336337342d366535392d343033372d393462632d666433353865326162646637d20d01b5042f223ac804050f54060197733a2f2f61636d652e03020f57064b4f733837555b0614002b000f5f060f0dbf0000b00508b40e09a10e01e3040ff605150a53070fa7060201a400007200004e050f8c052203380005220662343434225d5d3d020f40051503d6040cb4040f370c3d3f616461d304080aac043141646181000b3d0c424c6f7665310d00b2090991040a6404005f0305f6090f79000100f506013f0407350c037804051b05464164612072000002050d150b1361a80004280e042c0506c20bd143616d706169676e204c65616446000f38060a001906106e17040f440b070bf00a904d61726b6574696e67c80a1222fa010337043f3434343904020f1408671f321408030f4904010534050fd204230f05037703f8070f8805110120020003020a7b0d046602007a04059e020fd6020106890f0f3903060d1708016b03004f030fff020e0fd502090c0103099c0306e0070fb500010b8b03007d0d09cc03107db0130f3503480f3d0826ff01362d30355431373a35363a32352e33393d080b0c2e0021365aec00041e0b018d04003d080f0c033f0168000e6e0814326e080a35043c373138350460616c73657d7d',0);
INSERT INTO exchanges VALUES(10,1,1780682185400,'PATCH','/Users/b3315beb-87ad-40af-aa56-5b17e3294070',204,1940,'okta','{"text":"Okta deactivated Alan Turing","subject":"Alan Turing","outcome":null}',0,1,0,8,8,'{"operation":{"modify":"user"},"resource":{"kind":"user","id":"b3315beb-87ad-40af-aa56-5b17e3294070","name":"Alan Turing"},"deactivates":true,"pushes":[{"whom":{"id":"b3315beb-87ad-40af-aa56-5b17e3294070"}}]}',3,NULL,replace('alan turing\nb3315beb-87ad-40af-aa56-5b17e3294070','\n',char(10)),'',replace('patch /users/b3315beb-87ad-40af-aa56-5b17e3294070 204 okta\nokta deactivated alan turing','\n',char(10)),'user','b3315beb-87ad-40af-aa56-5b17e3294070','Alan Turing',NULL,NULL,X'aa0300000f680601a3716237797971623570676c00f01562333331356265622d383761642d343061662d616135362d356231376533323934303730d20d01b5042f223ac804050f54060197733a2f2f61636d652e03020f57064b4f733837555b0614002b000f5f060f0dbf0000b00508b40e09a10e01e3040ff605150a53070fa7060201a400007200004e050f8c052203380005220662313138225d5d3d020f4005260f730d120fbc0c1612228e0003cb023f313138cd02020fa806080f7006141f327006030fa502010590030f2e032306610102d1080faa030960616c73657d7d',0);
INSERT INTO exchanges VALUES(11,1,1780682185404,'POST','/Groups',201,3807,'okta','{"text":"Okta created Engineering","subject":"Engineering","outcome":null}',1,1,0,9,9,'{"operation":{"create":"group"},"resource":{"kind":"group","id":"da4b808f-b1a8-4f3d-a046-858332b05bb0","name":"Engineering"}}',11,NULL,replace('ada lovelace\n9f303c74-6e59-4037-94bc-fd358e2abdf7\ngrace hopper\n007d7de7-2851-4db5-9aab-db0f1ad50497\nedsger dijkstra\n95f3e653-3303-4ab0-a8ef-64f3ebefff7b\n2819c223-7f76-453a-919d-413861904646','\n',char(10)),replace('engineering\nda4b808f-b1a8-4f3d-a046-858332b05bb0','\n',char(10)),replace('post /groups 201 okta\nokta created engineering','\n',char(10)),'group','da4b808f-b1a8-4f3d-a046-858332b05bb0','Engineering',NULL,NULL,X'7c0900000f680601a371623779797162357067fb0b00ae0d0191042f223aa404050f30060197733a2f2f61636d652edf01073306f2027b2272756c65223a22756e6b6e6f776e2dee0a40222c2273400e08660f703320c2a7342e327e0e02690f304e6f203a0541206f72200702f23d20686572652068617320746865206964205c2232383139633232332d376637362d343533612d393139642d3431333836313930343634365c223b20697420776173206b65707420617320612087004120616c6c4d005073616d652e55090b35060fe1062f4f73383755e50614002b000fe9060f0d6d01003a06083e0f092b0f016d050046010f8006110add070f31070201a40000720000d8050f16062203380006ac06523233225d5dc7020fca0515036005063e0501c302023f0503160405b904b1456e67696e656572696e67860302fa0104aa05065304f11539663330336337342d366535392d343033372d393462632d66643335386532616264663741000361000155043a6164617f05012a0e065500fd1530303764376465372d323835312d346462352d396161622d6462306631616435303439373500fd1539356633653635332d333330332d346162302d613865662d36346633656265666666376235000f0a03130d32043f3332333404020f0f087e0f680401052f050dcd04ff162f64613462383038662d623161382d346633642d613034362d38353833333262303562623077023a03b6070f7800110846020fa7024705f906006a060f3e0115025a090f0b031600130a01080300380008d7000115000f1d03330fcb002b0f81031300fa090d060808e803a0477261636520486f7070e800297d2c8d080fb003130fc8002b0f6400160f93010bfd004564736765722044696a6b73747261cb000f4604150148050f490906038e050f4a0902f103362d30355431373a35363a32352e3430345a29000f4a09040f2e00050c4a090fe00215019a000f1e04130197000f7c09081222b306037a093c393832480560616c73657d7d',0);
INSERT INTO exchanges VALUES(12,1,1780682185410,'PATCH','/Groups/da4b808f-b1a8-4f3d-a046-858332b05bb0',204,4982,'okta','{"text":"Okta removed 1 member from Engineering","subject":"Engineering","outcome":null}',0,1,0,10,10,'{"operation":{"modify":"group"},"resource":{"kind":"group","id":"da4b808f-b1a8-4f3d-a046-858332b05bb0","name":"Engineering"}}',11,NULL,replace('grace hopper\n007d7de7-2851-4db5-9aab-db0f1ad50497','\n',char(10)),replace('engineering\nda4b808f-b1a8-4f3d-a046-858332b05bb0','\n',char(10)),replace('patch /groups/da4b808f-b1a8-4f3d-a046-858332b05bb0 204 okta\nokta removed 1 member from engineering','\n',char(10)),'group','da4b808f-b1a8-4f3d-a046-858332b05bb0','Engineering',NULL,NULL,X'da0300000f680601a471623779797162357067fb0bf01564613462383038662d623161382d346633642d613034362d383538333332623035626230d30d01b6042f223ac904050f55060197733a2f2f61636d652e04020f58064b4f733837555c0614002b000f60060f0dbf0000b10508b50e09a20e01e4040ff705150a54070fa8060201a400007200004f050f8d052203380005230662313630225d5d3e020f4105260f740d120ff40c16f11a30303764376465372d323835312d346462352d396161622d6462306631616435303439375c5c5c225d930d1222bc0003fa022f3136fc02030fd706080f9f06141f329f06030fd3020105bf030f5d03240690010201090fda030960616c73657d7d',0);
INSERT INTO exchanges VALUES(13,1,1780682185417,'PATCH','/Groups/ff5677a8-4531-403c-b5c5-5f50852b58af',204,1717,'okta','{"text":"Okta updated All staff, 1 attribute","subject":"All staff","outcome":null}',0,1,0,11,11,'{"operation":{"modify":"group"},"resource":{"kind":"group","id":"ff5677a8-4531-403c-b5c5-5f50852b58af","name":"All staff"}}',6,NULL,'',replace('all staff\nff5677a8-4531-403c-b5c5-5f50852b58af\nengineering\nda4b808f-b1a8-4f3d-a046-858332b05bb0','\n',char(10)),replace('patch /groups/ff5677a8-4531-403c-b5c5-5f50852b58af 204 okta\nokta updated all staff, 1 attribute','\n',char(10)),'group','ff5677a8-4531-403c-b5c5-5f50852b58af','All staff',NULL,NULL,X'630400000f680601a471623779797162357067fb0bf01566663536373761382d343533312d343033632d623563352d356635303835326235386166d30d01b6042f223ac904050f55060197733a2f2f61636d652e04020f58064b4f733837555c0614002b000f60060f0dbf0000b10508b50e09a20e01e4040ff705150a54070fa8060201a400007200004f050f8d052203380005230662323737225d5d3e020f4105260f740d120fbd0c0403e7040f760211013e0303ee0305910491416c6c207374616666980906630d0fe30d20b064613462383038662d6231ff02f1066633642d613034362d3835383333326230356262308400000307014d04013303011a0e0c83033f3237378503020f6007080f2807141f322807030f5c03010548040fe60324061902028a090f63040960616c73657d7d',0);
INSERT INTO exchanges VALUES(14,1,1780682185420,'DELETE','/Users/95f3e653-3303-4ab0-a8ef-64f3ebefff7b',204,3301,'okta','{"text":"Okta deleted Edsger Dijkstra","subject":"Edsger Dijkstra","outcome":null}',0,1,0,12,13,'{"operation":{"delete":"user"},"resource":{"kind":"user","id":"95f3e653-3303-4ab0-a8ef-64f3ebefff7b","name":"Edsger Dijkstra"},"pushes":[{"whom":{"id":"95f3e653-3303-4ab0-a8ef-64f3ebefff7b"}}]}',4,NULL,replace('edsger dijkstra\n95f3e653-3303-4ab0-a8ef-64f3ebefff7b','\n',char(10)),replace('engineering\nda4b808f-b1a8-4f3d-a046-858332b05bb0','\n',char(10)),replace('delete /users/95f3e653-3303-4ab0-a8ef-64f3ebefff7b 204 okta\nokta deleted edsger dijkstra','\n',char(10)),'user','95f3e653-3303-4ab0-a8ef-64f3ebefff7b',NULL,NULL,NULL,X'5c0200000f680601a3716237797971623570676c00f01539356633653635332d333330332d346162302d613865662d363466336562656666663762d20d01b5042f223ac804050f54060197733a2f2f61636d652e03020f57064b4f733837555b0614002b000f5f060f0dbf0000b00508b40e09a10e01e3040ff605150a53070fa7060201a400225d5dec01041f070ff8010e0fd305080f9b05060f64001860616c73657d7d',0);
INSERT INTO exchanges VALUES(15,1,1780682185426,'POST','/Users',409,1057,'okta','{"text":"Okta could not create Grace Hopper: A user with the userName \"grace@example.com\" already exists (id 007d7de7-2851-4db5-9aab-db0f1ad50497). Letter case does not make a difference.","subject":"Grace Hopper","outcome":null}',0,1,0,NULL,NULL,'{"operation":{"create":"user"},"resource":{"kind":"user","name":"Grace Hopper","userName":"grace@example.com","aliases":["00ugrace"]},"pushes":[{"whom":{"userName":"grace@example.com"},"failure":{"kind":"notLinked","method":"POST","status":409,"reason":"A user with the userName \"grace@example.com\" already exists (id 007d7de7-2851-4db5-9aab-db0f1ad50497). Letter case does not make a difference."}}],"refusal":{"status":409,"scimType":"uniqueness","detail":"A user with the userName \"grace@example.com\" already exists (id 007d7de7-2851-4db5-9aab-db0f1ad50497). Letter case does not make a difference."}}',15,NULL,replace('grace hopper\ngrace@example.com\n00ugrace','\n',char(10)),'',replace('post /users 409 okta\nokta could not create grace hopper: a user with the username "grace@example.com" already exists (id 007d7de7-2851-4db5-9aab-db0f1ad50497). letter case does not make a difference.','\n',char(10)),'user',NULL,'Grace Hopper','grace@example.com',NULL,X'0f0500000f680601a2716237797971623570676c0000ad0d0190042f223aa304050f2f060197733a2f2f61636d652ede010f32064b4f73383755360614002b000f3a060f0dbf00008b05088f0e097c0e01be040fd105150a2e070f82060201a4000072000029050f67052203380005fd0562323737225d5d18020f1b051503b1040f8f040100ec000506045f67726163657104080a4a0410472e0001fb020bdd0b40486f70707609005009092f040a020400fd020594090f7b000300950601df0307d50b03180405b5000187001420740000a2040db50a015d00011c0004ca0d02830412224701035f033f3237376103020f3c07590fd9011c0d270f08a60f4074617475b306515c22343039fe0000630705e10b0fb90f072041201602912077697468207468650e00006f013f205c5ca90101fc585c5c2220616c726561647920657869737473202869642030303764376465372d323835312d346462352d396161622d646230663161643530343937292e204c6574746572206361736520646f6573206e6f74206d616b65206120646966666572656e63652e5c22ae012c3534ae0160616c73657d7d',0);
INSERT INTO exchanges VALUES(16,1,1780682185460,'PUT','/Users/a4ef2316-6af1-489e-889f-bb04e6e1b600',401,721,'okta','{"text":"Rejected: the bearer token was replaced","subject":null,"outcome":null}',0,1,0,NULL,NULL,'{"operation":{"replace":"user"},"resource":{"kind":"user","id":"a4ef2316-6af1-489e-889f-bb04e6e1b600","name":"Søren O''Brien"},"deactivates":true,"pushes":[{"whom":{"id":"a4ef2316-6af1-489e-889f-bb04e6e1b600"},"failure":{"kind":"notDeactivated","method":"PUT","status":401,"reason":"The bearer token is not valid for this directory. SCIM Setup shows why in the directory''s requests."}}],"refusal":{"status":401,"detail":"The bearer token is not valid for this directory. SCIM Setup shows why in the directory''s requests."}}',5,NULL,replace('søren o''brien\na4ef2316-6af1-489e-889f-bb04e6e1b600','\n',char(10)),'',replace('put /users/a4ef2316-6af1-489e-889f-bb04e6e1b600 401 okta\nrejected: the bearer token was replaced','\n',char(10)),'user','a4ef2316-6af1-489e-889f-bb04e6e1b600','Søren O''Brien',NULL,NULL,X'540500000f680601a3716237797971623570676c00f01561346566323331362d366166312d343839652d383839662d626230346536653162363030d20d01b5042f223ac804050f54060197733a2f2f61636d652e03020f5706165f72657469725706042369735106d0776173207265706c6163656420720b202261f806028f01f103362d30355431373a35363a32352e3433315a220003cf0f102e4c09057a06f10822506173746520746865206e6577206f6e6520696e746f1100f3266964656e746974792070726f76696465722e204966206974206973206c6f73742c2067656e657261746520616e6f746865723a2061f206f10669732073686f776e206f6e6c79206f6e63652e222c400203e2064f73383755e6060f0d4601003706083b0f09280f016a050f7d06150ada070f2e070201a40000720000d5050f13062203380005a90662323132225d5dc4020fc70515035d050f3b050100ec0005b2045f736f72656e1d05080af6046153c3b872656ea8030b8a0c504f274272691b0000fe09037404056500023700152024000000050d130b018a00011c0004280e0375071222fa0003be033f323132c003020f9b075c0fde121c0fbf011d0db90f08381040746174754507515c223430313201072f100d470af2076973206e6f742076616c696420666f72207468697320fd05426f72792e6709018713017e0381732077687920696ece0305270010273b0401df124b732e5c2294013c313835940160616c73657d7d',0);
INSERT INTO exchanges VALUES(17,NULL,1780682185462,'GET','/scim/v2/qb7yyqb5pg0/Users?startIndex=1&count=2',404,654,'okta','{"text":"Okta used an address that is nearly right","subject":null,"outcome":"a mistyped id"}',0,0,0,NULL,NULL,'{"operation":"other","refusal":{"status":404,"detail":"This is SCIM Setup, but the address names no directory. A base URL looks like https://acme.example.com/scim/v2/ and a directory''s id: copy the whole of it from the directory''s page."},"leadsNowhere":true,"nearlyRight":"a mistyped id"}',NULL,NULL,'','',replace('get /scim/v2/qb7yyqb5pg0/users?startindex=1&count=2 404 okta\nokta used an address that is nearly right\na mistyped id','\n',char(10)),NULL,NULL,NULL,NULL,NULL,X'a70300000f680601b271623779797162357067306d001f3f4706001032c30d01a6042f223ab904050f45060197733a2f2f61636d652ef4010f48061681756e6b6e6f776e44c401306f72798f0e017a0f235b7b0900f303224e6f7420636865636b65643a20746865207a091020620a6473206e6f20643e00102e2b090f5906060069060f5b060e0dca0000ac0508b00e099d0e01df040ff205150a4f070fa306027250527034225d5de80102b200020c000ff4010a0fcf0559059c000f87052408390e40746174754605515c22343034360307300e72546869732069733e07015e115f2c2062757402020df008204120626173652055524c206c6f6f6b73206c696b652082030fa902010585036620616e6420614b02b127732069643a20636f70797300f10177686f6c65206f662069742066726f6d1500057902c9277320706167652e5c227d22b1013c323637a70360616c73657d7d',0);
INSERT INTO exchanges VALUES(18,2,1780682185479,'POST','/Users',201,3897,'onelogin','{"text":"OneLogin created Lise Meitner","subject":"Lise Meitner","outcome":null}',0,1,0,14,14,'{"operation":{"create":"user"},"resource":{"kind":"user","id":"9286c587-9e0e-4657-b48b-8aa9fb2b0317","name":"Lise Meitner"},"pushes":[{"whom":{"userName":"lise@globex.example"}}]}',18,NULL,replace('lise meitner\n9286c587-9e0e-4657-b48b-8aa9fb2b0317','\n',char(10)),'',replace('post /users 201 onelogin\nonelogin created lise meitner','\n',char(10)),'user','9286c587-9e0e-4657-b48b-8aa9fb2b0317','Lise Meitner',NULL,NULL,X'950600000f680601a26a646d623777333267696c0000ad0d01900428223a650e0e210697733a2f2f61636d652ed0010f24064b4f365f6238280614002b000f2c060f0dbf00007d0508810e096e0e01b0040ac3050420010038000a12070f660602019600002c00000d050f4b052203380005e10562323730225d5dfc010fff04150395040c730403f60b03ce01093105043200008604106e84025c3a62616467b004001b01052704b46c69736540676c6f626578210201630003ac03052800a04c697365204d6569746e7e090f4604000036050f94002300600c166e380a40422d3137bb0912222e01032a032f32372c03030f07077e0f6f03010527040cc503ff162f39323836633538372d396530652d343635372d623438622d38616139666232623033313739027603e9060fb400110123020f6902930f640626f103362d30355431373a35363a32352e3437395af60000060b0f6406000f2e00050c64060f40023f0196000f9506080a69033c353434690360616c73657d7d',0);
INSERT INTO exchanges VALUES(19,2,1780682185484,'DELETE','/Users/9286c587-9e0e-4657-b48b-8aa9fb2b0317',204,6483,'onelogin','{"text":"OneLogin deleted Lise Meitner","subject":"Lise Meitner","outcome":null}',0,1,0,15,15,'{"operation":{"delete":"user"},"resource":{"kind":"user","id":"9286c587-9e0e-4657-b48b-8aa9fb2b0317","name":"Lise Meitner"},"pushes":[{"whom":{"id":"9286c587-9e0e-4657-b48b-8aa9fb2b0317"}}]}',18,NULL,replace('lise meitner\n9286c587-9e0e-4657-b48b-8aa9fb2b0317','\n',char(10)),'',replace('delete /users/9286c587-9e0e-4657-b48b-8aa9fb2b0317 204 onelogin\nonelogin deleted lise meitner','\n',char(10)),'user','9286c587-9e0e-4657-b48b-8aa9fb2b0317',NULL,NULL,NULL,X'400200000f680601a36a646d623777333267696c00f01539323836633538372d396530652d343635372d623438622d386161396662326230333137d20d01b50428223a8a0e0e460697733a2f2f61636d652ef5010f49064b4f365f62384d0614002b000f51060f0dbf0000a20508a60e09930e01d5040ae8050420010038000a37070f8b0602019600225d5dd0010403070fdc010e0fb705080f7f05060f64001860616c73657d7d',0);
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
INSERT INTO sightings VALUES(1,'DELETE','/Users/{id}',204,'"matched"','okta',14,1780682185420,'/Users/95f3e653-3303-4ab0-a8ef-64f3ebefff7b',14,1780682185420);
INSERT INTO sightings VALUES(1,'GET','/Users?filter',200,'"matched"','okta',7,1780682185388,'/Users?filter=userName eq "ada.byron@example.com"&startIndex=1&count=100',7,1780682185388);
INSERT INTO sightings VALUES(1,'GET','/Users?startIndex=1&count=2',200,'"matched"','okta',1,1780682185290,'/Users?startIndex=1&count=2',1,1780682185290);
INSERT INTO sightings VALUES(1,'PATCH','/Groups/{id}',204,'"matched"','okta',12,1780682185410,'/Groups/da4b808f-b1a8-4f3d-a046-858332b05bb0',13,1780682185417);
INSERT INTO sightings VALUES(1,'PATCH','/Users/{id}',204,'"matched"','okta',10,1780682185400,'/Users/b3315beb-87ad-40af-aa56-5b17e3294070',10,1780682185400);
INSERT INTO sightings VALUES(1,'POST','/Groups',201,'"matched"','okta',6,1780682185312,'/Groups',11,1780682185404);
INSERT INTO sightings VALUES(1,'POST','/Users',201,'"matched"','okta',2,1780682185292,'/Users',8,1780682185390);
INSERT INTO sightings VALUES(1,'POST','/Users',409,'"matched"','okta',15,1780682185426,'/Users',15,1780682185426);
INSERT INTO sightings VALUES(1,'PUT','/Users/{id}',200,'"matched"','okta',9,1780682185396,'/Users/9f303c74-6e59-4037-94bc-fd358e2abdf7',9,1780682185396);
INSERT INTO sightings VALUES(1,'PUT','/Users/{id}',401,'"retired"','okta',16,1780682185460,'/Users/a4ef2316-6af1-489e-889f-bb04e6e1b600',16,1780682185460);
INSERT INTO sightings VALUES(2,'DELETE','/Users/{id}',204,'"matched"','onelogin',19,1780682185484,'/Users/9286c587-9e0e-4657-b48b-8aa9fb2b0317',19,1780682185484);
INSERT INTO sightings VALUES(2,'POST','/Users',201,'"matched"','onelogin',18,1780682185479,'/Users',18,1780682185479);
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
, stranger_count INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO activity VALUES(0,NULL,NULL,0,NULL,NULL,NULL,1,1,0,0,0);
INSERT INTO activity VALUES(1,1780682185460,401,1,1780682185460,'This token was replaced on 2026-06-05T17:56:25.431Z.','"retired"',10,2,9,1,0);
INSERT INTO activity VALUES(2,1780682185484,204,0,NULL,NULL,NULL,2,0,2,0,0);
INSERT INTO activity VALUES(3,NULL,NULL,0,NULL,NULL,NULL,0,0,0,0,0);
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
INSERT INTO drift VALUES(1,'"notLinked"',1780682185426,15,'okta','POST',409,'A user with the userName "grace@example.com" already exists (id 007d7de7-2851-4db5-9aab-db0f1ad50497). Letter case does not make a difference.');
INSERT INTO drift VALUES(4,'"notDeactivated"',1780682185460,16,'okta','PUT',401,'The bearer token is not valid for this directory. SCIM Setup shows why in the directory''s requests.');
CREATE VIRTUAL TABLE listing_search USING fts5 (search, content = 'listing', content_rowid = 'key', tokenize = 'trigram');
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
CREATE INDEX exchanges_of_strangers ON exchanges (directory) WHERE is_stranger = 1;
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
PRAGMA user_version = 5;
