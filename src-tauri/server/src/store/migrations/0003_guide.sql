-- Requests of a directory by what they were for: some dozens of rows, however many requests came. They outlive the requests themselves,
-- so that what was seen once stays seen.
CREATE TABLE sightings (
  directory INTEGER NOT NULL REFERENCES directories (key) ON DELETE CASCADE,
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

CREATE TABLE guide_tracks (
  directory INTEGER PRIMARY KEY REFERENCES directories (key) ON DELETE CASCADE,
  track     TEXT NOT NULL -- JSON: GuideTrackId
) STRICT;

CREATE TABLE guide_ticks (
  directory INTEGER NOT NULL REFERENCES directories (key) ON DELETE CASCADE,
  track     TEXT NOT NULL, -- JSON: GuideTrackId
  step      TEXT NOT NULL,
  at        INTEGER NOT NULL,
  PRIMARY KEY (directory, track, step)
) STRICT, WITHOUT ROWID;
