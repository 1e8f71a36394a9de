-- What the identity provider of a directory still has: kept from the change of a base URL until a request arrives at the new one.
CREATE TABLE former_urls (
  directory INTEGER PRIMARY KEY REFERENCES directories (key) ON DELETE CASCADE,
  url       TEXT NOT NULL, -- scheme, host and port
  since     INTEGER NOT NULL
) STRICT;
