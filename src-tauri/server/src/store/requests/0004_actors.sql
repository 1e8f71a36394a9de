-- Who did something: the word of an identity provider or a tool instead of its name, and what a client that is not recognised calls itself
-- behind "client:".
UPDATE exchanges SET actor = CASE actor
  WHEN 'Okta' THEN 'okta' WHEN 'Entra ID' THEN 'entra' WHEN 'OneLogin' THEN 'onelogin' WHEN 'JumpCloud' THEN 'jumpcloud'
  WHEN 'Google' THEN 'google' WHEN 'Google Workspace' THEN 'google' WHEN 'PingOne' THEN 'pingone' WHEN 'authentik' THEN 'authentik'
  WHEN 'Keycloak' THEN 'keycloak' WHEN 'curl' THEN 'curl' WHEN 'A browser' THEN 'browser' WHEN 'Simulator' THEN 'simulator'
  WHEN 'Replay' THEN 'replay' WHEN 'A client' THEN '' WHEN '' THEN '' ELSE 'client:' || actor END;
UPDATE drift SET actor = CASE actor
  WHEN 'Okta' THEN 'okta' WHEN 'Entra ID' THEN 'entra' WHEN 'OneLogin' THEN 'onelogin' WHEN 'JumpCloud' THEN 'jumpcloud'
  WHEN 'Google' THEN 'google' WHEN 'Google Workspace' THEN 'google' WHEN 'PingOne' THEN 'pingone' WHEN 'authentik' THEN 'authentik'
  WHEN 'Keycloak' THEN 'keycloak' WHEN 'curl' THEN 'curl' WHEN 'A browser' THEN 'browser' WHEN 'Simulator' THEN 'simulator'
  WHEN 'Replay' THEN 'replay' WHEN 'A client' THEN '' WHEN '' THEN '' ELSE 'client:' || actor END;
-- A stranger was '?'. Two names become one word: of a directory that saw both, which a day's builds could, one row stays.
UPDATE OR IGNORE sightings SET who = CASE who
  WHEN 'Okta' THEN 'okta' WHEN 'Entra ID' THEN 'entra' WHEN 'OneLogin' THEN 'onelogin' WHEN 'JumpCloud' THEN 'jumpcloud'
  WHEN 'Google' THEN 'google' WHEN 'Google Workspace' THEN 'google' WHEN 'PingOne' THEN 'pingone' WHEN 'authentik' THEN 'authentik'
  WHEN 'Keycloak' THEN 'keycloak' WHEN 'curl' THEN 'curl' WHEN 'A browser' THEN 'browser' WHEN 'Simulator' THEN 'simulator'
  WHEN 'Replay' THEN 'replay' WHEN 'A client' THEN '' WHEN '' THEN '' ELSE 'client:' END;
DELETE FROM sightings WHERE who IN ('Google', 'Google Workspace');
