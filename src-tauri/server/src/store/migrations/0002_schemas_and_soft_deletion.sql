ALTER TABLE directories ADD COLUMN schemas TEXT NOT NULL DEFAULT '[]'; -- a JSON array of DeclaredSchema

-- Where deletion is soft: the ids that come back with the next user of the same name.
CREATE TABLE deleted_users (
  directory     INTEGER NOT NULL REFERENCES directories (key) ON DELETE CASCADE,
  user_name_key TEXT NOT NULL,
  id            TEXT NOT NULL,
  version       INTEGER NOT NULL,
  created_at    INTEGER NOT NULL,
  PRIMARY KEY (directory, user_name_key)
) STRICT, WITHOUT ROWID;
