ALTER TABLE directories ADD COLUMN rejected_verdict TEXT; -- JSON: AuthVerdict of the newest refusal; null: of an earlier version
