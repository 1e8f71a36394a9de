-- Whose a request is, as far as its token says, decides with which others it is kept: 0 an identity provider's, or a person's; 1 a stranger's;
-- 2 of a token that was given out here and does not open this directory, or does so no more.
ALTER TABLE exchanges RENAME COLUMN is_stranger TO sender;
CREATE INDEX exchanges_of_closed_tokens ON exchanges (directory) WHERE sender = 2;
-- The oldest of those that are few, wherever they were addressed to.
CREATE INDEX exchanges_of_others ON exchanges (sender) WHERE sender > 0;
-- How many of them are kept, and how many bytes they take.
CREATE TABLE kept (
  directory INTEGER NOT NULL, -- 0: they addressed none
  sender    INTEGER NOT NULL,
  requests  INTEGER NOT NULL,
  bytes     INTEGER NOT NULL,
  PRIMARY KEY (directory, sender)
) STRICT, WITHOUT ROWID;
INSERT INTO kept
SELECT ifnull(directory, 0), sender, count(*), sum(200 + octet_length(path) + octet_length(summary) + ifnull(octet_length(facts), 0) +
  octet_length(users) + octet_length(groups) + ifnull(octet_length(text), 0) + ifnull(octet_length(details), 0))
FROM exchanges GROUP BY 1, 2;
ALTER TABLE activity DROP COLUMN stranger_count;
-- What an earlier version recorded becomes longer when it is read.
CREATE TRIGGER exchanges_grew AFTER UPDATE OF facts, users, groups, text, details ON exchanges BEGIN
  UPDATE kept SET bytes = bytes + ifnull(octet_length(NEW.facts), 0) - ifnull(octet_length(OLD.facts), 0)
    + octet_length(NEW.users) - octet_length(OLD.users) + octet_length(NEW.groups) - octet_length(OLD.groups)
    + ifnull(octet_length(NEW.text), 0) - ifnull(octet_length(OLD.text), 0)
    + ifnull(octet_length(NEW.details), 0) - ifnull(octet_length(OLD.details), 0)
  WHERE directory = ifnull(NEW.directory, 0) AND sender = NEW.sender;
END;
