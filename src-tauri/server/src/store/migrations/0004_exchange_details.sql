-- What lists show, search and count stays narrow; the whole of a request has a table of its own.
ALTER TABLE exchanges RENAME TO exchanges_whole;

CREATE TABLE exchanges (
  id            INTEGER PRIMARY KEY, -- in order of arrival
  directory     INTEGER REFERENCES directories (key) ON DELETE CASCADE,
  at            INTEGER NOT NULL,
  method        TEXT NOT NULL,
  path          TEXT NOT NULL,
  status        INTEGER NOT NULL,
  duration_us   INTEGER NOT NULL,
  actor         TEXT NOT NULL,
  summary       TEXT NOT NULL, -- JSON: Sentence
  note_count    INTEGER NOT NULL,
  is_write      INTEGER NOT NULL,
  resource_kind TEXT, -- user or group: what it was about
  resource_id   TEXT,
  resource_name TEXT,
  sought        TEXT, -- what a query compared with, or what a refused POST would have named
  found         INTEGER, -- by a query
  story         INTEGER, -- the first request of those that belong together
  replay_of     INTEGER,
  users         TEXT NOT NULL DEFAULT '', -- for searches, in lower case: the users and the groups that it is about
  groups        TEXT NOT NULL DEFAULT '',
  text          TEXT -- everything else that is shown of it; null: of an older version, not read yet
) STRICT;
INSERT INTO exchanges (id, directory, at, method, path, status, duration_us, actor, summary, note_count, is_write)
SELECT id, directory, at, method, path, status, duration_us, actor, summary, note_count,
       method IN ('POST', 'PUT', 'PATCH', 'DELETE') AND path NOT LIKE '%/.search%' FROM exchanges_whole;

CREATE TABLE exchange_details (
  id           INTEGER PRIMARY KEY REFERENCES exchanges (id) ON DELETE CASCADE,
  target       TEXT NOT NULL, -- as it arrived
  client       TEXT,
  came_through TEXT,
  notes        TEXT NOT NULL, -- JSON: [Note]
  auth         TEXT NOT NULL, -- JSON: Authorization
  request      TEXT NOT NULL, -- JSON: Message
  response     TEXT NOT NULL  -- JSON: Message
) STRICT;
INSERT INTO exchange_details SELECT id, target, client, came_through, notes, auth, request, response FROM exchanges_whole;

DROP TABLE exchanges_whole;
-- Searches read this index from end to end, and the rows of what they find.
CREATE INDEX exchanges_of_directory ON exchanges (directory, id, method, status, users, groups, text);
CREATE INDEX exchanges_failed ON exchanges (directory, id) WHERE status >= 400;
CREATE INDEX exchanges_written ON exchanges (directory, id) WHERE is_write = 1;
CREATE INDEX exchanges_noted ON exchanges (directory, id) WHERE note_count > 0;
CREATE INDEX exchanges_of_story ON exchanges (story) WHERE story IS NOT NULL;
CREATE INDEX exchanges_unread ON exchanges (id) WHERE text IS NULL;

ALTER TABLE directories ADD COLUMN write_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE directories ADD COLUMN note_count INTEGER NOT NULL DEFAULT 0; -- requests with notes
UPDATE directories SET
  write_count = (SELECT count(*) FROM exchanges WHERE directory = directories.key AND is_write = 1),
  note_count = (SELECT count(*) FROM exchanges WHERE directory = directories.key AND note_count > 0);

-- The same counts of the requests that addressed no directory.
CREATE TABLE unattributed (
  only           INTEGER PRIMARY KEY CHECK (only = 1),
  exchange_count INTEGER NOT NULL,
  error_count    INTEGER NOT NULL,
  write_count    INTEGER NOT NULL,
  note_count     INTEGER NOT NULL
) STRICT;
INSERT INTO unattributed
SELECT 1, count(*), ifnull(sum(status >= 400), 0), ifnull(sum(is_write), 0), ifnull(sum(note_count > 0), 0)
FROM exchanges WHERE directory IS NULL;

CREATE TRIGGER exchanges_counted AFTER INSERT ON exchanges WHEN NEW.directory IS NOT NULL BEGIN
  UPDATE directories SET exchange_count = exchange_count + 1, error_count = error_count + (NEW.status >= 400),
    write_count = write_count + NEW.is_write, note_count = note_count + (NEW.note_count > 0) WHERE key = NEW.directory;
END;
CREATE TRIGGER exchanges_uncounted AFTER DELETE ON exchanges WHEN OLD.directory IS NOT NULL BEGIN
  UPDATE directories SET exchange_count = exchange_count - 1, error_count = error_count - (OLD.status >= 400),
    write_count = write_count - OLD.is_write, note_count = note_count - (OLD.note_count > 0) WHERE key = OLD.directory;
END;
CREATE TRIGGER unattributed_counted AFTER INSERT ON exchanges WHEN NEW.directory IS NULL BEGIN
  UPDATE unattributed SET exchange_count = exchange_count + 1, error_count = error_count + (NEW.status >= 400),
    write_count = write_count + NEW.is_write, note_count = note_count + (NEW.note_count > 0);
END;
CREATE TRIGGER unattributed_uncounted AFTER DELETE ON exchanges WHEN OLD.directory IS NULL BEGIN
  UPDATE unattributed SET exchange_count = exchange_count - 1, error_count = error_count - (OLD.status >= 400),
    write_count = write_count - OLD.is_write, note_count = note_count - (OLD.note_count > 0);
END;
