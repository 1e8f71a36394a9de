-- Requests that showed no token of this program are kept apart: many of them push no other out of the record.
ALTER TABLE exchanges ADD COLUMN is_stranger INTEGER NOT NULL DEFAULT 0;
CREATE INDEX exchanges_of_strangers ON exchanges (directory) WHERE is_stranger = 1;
ALTER TABLE activity ADD COLUMN stranger_count INTEGER NOT NULL DEFAULT 0; -- of those that are kept
