-- The newest change that was let go of and that lists would have had to add up: lists that are further behind are built anew.
CREATE TABLE trimmed_history (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  seq  INTEGER NOT NULL -- changes.seq
) STRICT;
-- What an earlier version let go of is not known.
INSERT INTO trimmed_history SELECT 1, ifnull(max(seq), 0) FROM changes;
