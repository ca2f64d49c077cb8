-- How many tokens of each organization were issued and have not expired, at most: by the hour until which they may be live, so
-- that a page adds up a few rows, and what is over is left out without being counted down. Written with the other usage; what
-- is revoked with its client, or with all tokens of it, is taken away at once.

CREATE TABLE live_tokens (
    -- 0 for the tokens of all clients, also of those that belong to no organization.
    organization BIGINT NOT NULL,
    hour BIGINT NOT NULL,
    tokens BIGINT NOT NULL,
    PRIMARY KEY (organization, hour)
) /* SQLite: WITHOUT ROWID */ /* PostgreSQL: WITH (fillfactor = 50) */;

-- When all tokens of a client were last revoked: the hour, and how many it had got in that hour. Those, and those of earlier
-- hours, are not live.
CREATE TABLE revoked_token_counts (
    client BIGINT PRIMARY KEY,
    hour BIGINT NOT NULL,
    issued BIGINT NOT NULL
);
