-- JSON: Facts; null: recorded by an earlier version, not read yet. resource_kind, resource_id, resource_name, sought and found are only
-- read for that.
ALTER TABLE exchanges ADD COLUMN facts TEXT;
DROP INDEX exchanges_unread;
CREATE INDEX exchanges_unread ON exchanges (id) WHERE facts IS NULL;
