-- Of the newest request that was refused for its token.
ALTER TABLE activity ADD COLUMN rejected_exchange INTEGER;
ALTER TABLE activity ADD COLUMN rejected_last_four TEXT; -- of the token that it showed
-- JSON: MisaddressedRequests, to an address that is nearly this directory's, since the last accepted request.
ALTER TABLE activity ADD COLUMN misaddressed TEXT;
