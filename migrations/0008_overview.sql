-- What the overview is read from, so that it costs the same among a hundred clients and among a million. The tables are written
-- with the other usage; each index answers one question.

-- The requests of all clients in an hour, hours since 1970.
CREATE TABLE usage_totals_hourly (
    hour BIGINT PRIMARY KEY,
    issued BIGINT NOT NULL,
    introspected BIGINT NOT NULL,
    refused BIGINT NOT NULL
);

-- When a client was last used, with whichever of its secrets, in microseconds since 1970. One that was never used has no row.
CREATE TABLE client_uses (
    client BIGINT PRIMARY KEY,
    used_at BIGINT NOT NULL
);

CREATE INDEX client_uses_by_time ON client_uses (used_at, client);

-- The busiest clients of a day. Without the client, so that nothing but this question is read from it.
CREATE INDEX usage_daily_by_rank ON usage_daily (day, ranked);

-- Those that were refused often. Both engines use a partial index only for a literal value.
CREATE INDEX usage_daily_by_refused ON usage_daily (day, refused) WHERE refused >= 20;

-- The clients that nobody has ended, by when they were made.
CREATE INDEX api_clients_by_creation ON api_clients (created_at, number, expires_at, suspended_at, revoked_at)
    WHERE revoked_at IS NULL AND suspended_at IS NULL;

-- The secrets that end by themselves, by their end.
CREATE INDEX client_secrets_by_end ON client_secrets (expires_at, client, number, revoked_at)
    WHERE expires_at IS NOT NULL AND revoked_at IS NULL;
