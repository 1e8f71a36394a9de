-- Names are compared by their comparison key (RFC 7644 §5: PRECIS) instead of in lower case: a capital final sigma, a letter with a combining
-- mark and one in full width are the same letter. Who has the same name by that as somebody else keeps it, and is reported.
CREATE TABLE name_collisions (
  directory  INTEGER NOT NULL REFERENCES directories (key) ON DELETE CASCADE,
  kind       TEXT NOT NULL, -- user, group
  lookup_key TEXT NOT NULL,
  PRIMARY KEY (directory, kind, lookup_key)
) STRICT, WITHOUT ROWID;
INSERT INTO name_collisions
SELECT directory, kind, comparison_key(iif(kind = 'user', user_name, name)) AS new_key FROM resources WHERE state <> 'deleted'
GROUP BY directory, kind, new_key HAVING count(DISTINCT lookup_key) > 1;

-- Not unique any more: writes see to that, one after the other.
DROP INDEX resources_users_by_name;
UPDATE resources SET lookup_key = comparison_key(iif(kind = 'user', user_name, name))
WHERE lookup_key <> comparison_key(iif(kind = 'user', user_name, name));
CREATE INDEX resources_users_by_name ON resources (directory, lookup_key) WHERE kind = 'user' AND state <> 'deleted';

INSERT OR IGNORE INTO resource_emails
SELECT directory, comparison_key(value_key), resource FROM resource_emails WHERE value_key <> comparison_key(value_key);
DELETE FROM resource_emails WHERE value_key <> comparison_key(value_key)
  OR EXISTS (SELECT 1 FROM resources r WHERE r.key = resource_emails.resource AND r.lookup_key = resource_emails.value_key);

UPDATE OR IGNORE deleted_users SET user_name_key = comparison_key(user_name_key) WHERE user_name_key <> comparison_key(user_name_key);
-- Two of the same name stay, one of them with the key that it had, as long as it keeps its name: the key says only that no third comes.
UPDATE OR IGNORE environments SET name_key = comparison_key(name) WHERE name_key <> comparison_key(name);
UPDATE OR IGNORE organizations SET name_key = comparison_key(name) WHERE name_key <> comparison_key(name);
UPDATE OR IGNORE directories SET name_key = comparison_key(name) WHERE name_key <> comparison_key(name);
