-- JSON: Facts; null: recorded by an earlier version, not read yet.
ALTER TABLE exchanges ADD COLUMN facts TEXT;
