-- Searches compare by the comparison key, as names are compared. Lists are built anew.
UPDATE exchanges SET users = comparison_key(users), groups = comparison_key(groups), text = comparison_key(text)
WHERE users <> comparison_key(users) OR groups <> comparison_key(groups) OR text <> comparison_key(text);
DELETE FROM derived;
