-- Requests that the simulator sent: shown as such, and no news of an identity provider.
ALTER TABLE exchanges ADD COLUMN simulated INTEGER NOT NULL DEFAULT 0;
-- Directories that were made to look around.
ALTER TABLE directories ADD COLUMN demo INTEGER NOT NULL DEFAULT 0;
