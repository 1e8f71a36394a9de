-- Of those that were deleted, the oldest go: found in the order in which they were deleted.
CREATE INDEX resources_deleted ON resources (directory, last_change) WHERE state = 'deleted';
