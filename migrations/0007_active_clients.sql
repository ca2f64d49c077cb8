-- The clients that work until somebody ends them. Those that work until their own end are in api_clients_by_end, so the
-- two together tell how many are active, however many have expired.
CREATE INDEX api_clients_without_end ON api_clients (number, expires_at, suspended_at, revoked_at)
    WHERE expires_at IS NULL AND revoked_at IS NULL AND suspended_at IS NULL;
