-- Who did something: the word of an identity provider or a tool instead of its name, and what a client that is not recognised calls itself
-- behind "client:".
CREATE TEMP TABLE words (name TEXT PRIMARY KEY, word TEXT NOT NULL) STRICT;
INSERT INTO words VALUES
  ('Okta', 'okta'), ('Entra ID', 'entra'), ('OneLogin', 'onelogin'), ('JumpCloud', 'jumpcloud'), ('Google', 'google'),
  ('Google Workspace', 'google'), ('PingOne', 'pingone'), ('authentik', 'authentik'), ('Keycloak', 'keycloak'), ('curl', 'curl'),
  ('A browser', 'browser'), ('Simulator', 'simulator'), ('Replay', 'replay'), ('A client', ''), ('', '');
UPDATE exchanges SET actor = ifnull((SELECT word FROM words WHERE name = actor), 'client:' || actor);
UPDATE drift SET actor = ifnull((SELECT word FROM words WHERE name = actor), 'client:' || actor);
-- A stranger was '?'. Two names become one word: of a directory that saw both, which a day's builds could, one row stays.
UPDATE OR IGNORE sightings SET who = ifnull((SELECT word FROM words WHERE name = who), 'client:');
DELETE FROM sightings WHERE who IN ('Google', 'Google Workspace');
DROP TABLE words;
