-- When the software under test read users or groups of a directory for the last time, whatever is kept of its requests.
CREATE TABLE app_reads (
  directory INTEGER PRIMARY KEY, -- directories.key in the other database
  at        INTEGER NOT NULL
) STRICT;
INSERT INTO app_reads SELECT d.value, max(a.at) FROM api_calls a, json_each(a.directories) d GROUP BY d.value;
