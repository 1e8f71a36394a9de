-- Lists are built anew where another version of the program sorts by another collation.
ALTER TABLE derived ADD COLUMN collation BLOB NOT NULL DEFAULT x''; -- the sort key of a sample
