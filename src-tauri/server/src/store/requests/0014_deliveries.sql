-- How far each webhook is, and how it is doing.
CREATE TABLE webhook_progress (
  webhook           TEXT PRIMARY KEY, -- webhooks.id in the other database
  seq               INTEGER NOT NULL, -- with place: up to which event all are sent, given up or stand in deliveries as waiting
  place             INTEGER NOT NULL, -- which event of the change; the greatest: all of them
  last_delivered_at INTEGER,
  failing_since     INTEGER, -- the first failure after the last success
  failing_for       INTEGER NOT NULL, -- milliseconds since then in which it was tried
  paused_until      INTEGER, -- before then, as the receiver asked, nothing is sent
  error             TEXT, -- of the newest failure
  missed_at         INTEGER -- when events were let go of before they were sent
) STRICT, WITHOUT ROWID;

-- What webhooks sent, and what waits to be sent again.
CREATE TABLE deliveries (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  webhook       TEXT NOT NULL, -- webhooks.id in the other database
  event         TEXT NOT NULL,
  seq           INTEGER, -- changes.seq in the other database; null: a test
  place         INTEGER, -- which event of the change
  type          TEXT NOT NULL,
  at            TEXT NOT NULL, -- when it happened
  directory     INTEGER, -- directories.key in the other database
  directory_id  TEXT,
  resource      INTEGER, -- resources.key in the other database
  resource_kind TEXT, -- user, group
  resource_id   TEXT,
  resource_name TEXT,
  state         TEXT NOT NULL, -- waiting, delivered, failed
  attempts      INTEGER NOT NULL, -- all of them
  tries         INTEGER NOT NULL, -- those that the schedule made
  is_reached    INTEGER NOT NULL, -- whether the newest attempt reached somebody
  next_try_at   INTEGER, -- null: it does not wait, or waits for another one about the same resource
  attempted_at  INTEGER,
  status        INTEGER,
  duration      INTEGER, -- microseconds
  error         TEXT,
  body_digest   BLOB, -- SHA-256 of the body that was sent; empty: not always the same; null: nothing was sent
  bytes         INTEGER NOT NULL, -- of detail
  detail        TEXT NOT NULL -- JSON: [DeliveryAttempt]
) STRICT;
CREATE UNIQUE INDEX deliveries_by_event ON deliveries (webhook, event);
CREATE INDEX deliveries_in_order ON deliveries (webhook, id);
CREATE INDEX deliveries_waiting ON deliveries (webhook, seq, place) WHERE state = 'waiting';
