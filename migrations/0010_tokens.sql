-- What the pages say about the tokens of a client, beside the counts: which grants for participants it uses, and why its
-- requests were refused. Narrow rows that refer to nothing, as in `0004_usage.sql`.

-- The directory version at which every token of the client was revoked last: tokens that were issued at an older one stay
-- dead.
ALTER TABLE api_clients ADD COLUMN tokens_since BIGINT NOT NULL DEFAULT 0;

-- When a client last got a token for a participant, by grant.
CREATE TABLE client_grant_uses (
    client BIGINT NOT NULL,
    -- As in `recent_tokens`.
    grant_code BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (client, grant_code)
) /* SQLite: WITHOUT ROWID */;

-- Refused requests of a client, equal ones in one row with a number. Of each client the last ten remain that it made
-- itself, and the last ten of whoever did not prove to be it.
CREATE TABLE client_refusals (
    client BIGINT NOT NULL,
    -- Whether the sender had proven to be the client, 0 or 1.
    is_proven BIGINT NOT NULL,
    reason BIGINT NOT NULL,
    -- The secret or the organization that belongs to the reason; otherwise 0.
    detail BIGINT NOT NULL,
    network TEXT NOT NULL,
    refused BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (client, is_proven, reason, detail, network)
);

-- Old rows are swept.
CREATE INDEX client_refusals_by_time ON client_refusals (last_at);
