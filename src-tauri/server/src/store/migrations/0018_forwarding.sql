-- Directories that pass on what they are asked to a server of the person's own: its base URL (NULL: they answer themselves), and which token
-- goes there, the identity provider's own (passOn) or another (replace), which is not in here.
ALTER TABLE directories ADD COLUMN forward_to TEXT;
ALTER TABLE directories ADD COLUMN forward_token TEXT NOT NULL DEFAULT 'passOn';
