-- Requests that went because of the limits, since a person last deleted them.
ALTER TABLE activity ADD COLUMN let_go INTEGER NOT NULL DEFAULT 0;
-- What an identity provider asked for in vain is kept apart (sender 3): no large sync pushes it out.
CREATE INDEX exchanges_of_failed ON exchanges (directory) WHERE sender = 3;
UPDATE exchanges SET sender = 3 WHERE sender = 0 AND status >= 400;
DELETE FROM kept;
INSERT INTO kept
SELECT ifnull(directory, 0), sender, count(*), sum(200 + octet_length(path) + octet_length(summary) + ifnull(octet_length(facts), 0) +
  octet_length(users) + octet_length(groups) + ifnull(octet_length(text), 0) + ifnull(octet_length(details), 0))
FROM exchanges GROUP BY 1, 2;
