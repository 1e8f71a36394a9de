-- An e-mail address that is the userName is found by that: an import of 100,000 people wrote the same text into two indexes.
DELETE FROM resource_emails
WHERE EXISTS (SELECT 1 FROM resources r WHERE r.key = resource_emails.resource AND r.lookup_key = resource_emails.value_key);
