-- The orders of the list of clients beside the newest first.

-- By name, those that are not revoked and those that are. With the columns that filters look at, SQLite would read a whole
-- index rather than the few rows of another one.
CREATE INDEX api_clients_live_by_name ON api_clients (name_key, number) WHERE revoked_at IS NULL;

CREATE INDEX api_clients_revoked_by_name ON api_clients (name_key, number) WHERE revoked_at IS NOT NULL;

-- When a client was last used, with any secret, in microseconds since 1970; written with `secret_uses`. One that was never
-- used has no row.
CREATE TABLE IF NOT EXISTS client_uses (
    client BIGINT PRIMARY KEY,
    used_at BIGINT NOT NULL
);

CREATE INDEX IF NOT EXISTS client_uses_by_time ON client_uses (used_at, client);

INSERT INTO client_uses (client, used_at)
    SELECT client, max(used_at) FROM secret_uses WHERE true GROUP BY client
    ON CONFLICT (client) DO NOTHING;
