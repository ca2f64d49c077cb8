-- The orders of the list of clients beside the newest first.

-- By name, those that are not revoked and those that are. With the columns that filters look at, SQLite would read a whole
-- index rather than the few rows of another one.
CREATE INDEX api_clients_live_by_name ON api_clients (name_key, number) WHERE revoked_at IS NULL;

CREATE INDEX api_clients_revoked_by_name ON api_clients (name_key, number) WHERE revoked_at IS NOT NULL;
