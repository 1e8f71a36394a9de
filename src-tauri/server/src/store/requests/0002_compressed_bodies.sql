-- Long bodies are compressed.
CREATE TABLE new_exchange_details (
  id               INTEGER PRIMARY KEY REFERENCES exchanges (id) ON DELETE CASCADE,
  target           TEXT NOT NULL, -- as it arrived
  client           TEXT,
  came_through     TEXT,
  notes            TEXT NOT NULL, -- JSON: [Note]
  auth             TEXT NOT NULL, -- JSON: Authorization
  request_headers  TEXT NOT NULL, -- JSON: [[name, value]]
  request_body     ANY, -- a text; a blob: the same as an LZ4 block behind its length
  request_bytes    INTEGER NOT NULL, -- before it was cut
  request_is_cut   INTEGER NOT NULL,
  response_headers TEXT NOT NULL,
  response_body    ANY,
  response_bytes   INTEGER NOT NULL,
  response_is_cut  INTEGER NOT NULL
) STRICT;
INSERT INTO new_exchange_details SELECT * FROM exchange_details;
DROP TABLE exchange_details;
ALTER TABLE new_exchange_details RENAME TO exchange_details;
