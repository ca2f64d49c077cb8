-- What clients do with their credentials, written in batches, once a second at most. The rows are narrow, with moments in
-- microseconds since 1970, and those of one batch lie together, so that a batch for ten thousand clients changes few
-- pages. Nothing here refers to another table, so that a batch need not look anything up.

-- How many requests a client made in an hour, hours since 1970.
CREATE TABLE usage_hourly (
    hour BIGINT NOT NULL,
    client BIGINT NOT NULL,
    issued BIGINT NOT NULL,
    introspected BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    -- The last hour in which one of the tokens may be live.
    live_until BIGINT NOT NULL,
    PRIMARY KEY (hour, client)
) /* SQLite: WITHOUT ROWID */ /* PostgreSQL: WITH (fillfactor = 50) */;

-- The same by day, all kinds in one number, and the refused ones among them: two weeks of a client are 14 rows here, but
-- 336 there.
CREATE TABLE usage_daily (
    day BIGINT NOT NULL,
    client BIGINT NOT NULL,
    requests BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    -- The requests as they were at most a minute ago, for the order of the busiest: an index of what changes each second would
    -- lose and gain an entry each second for each client in use.
    ranked BIGINT NOT NULL,
    PRIMARY KEY (day, client)
) /* SQLite: WITHOUT ROWID */ /* PostgreSQL: WITH (fillfactor = 50) */;

-- When a secret was last used.
CREATE TABLE secret_uses (
    client BIGINT NOT NULL,
    secret BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (client, secret)
) /* SQLite: WITHOUT ROWID */ /* PostgreSQL: WITH (fillfactor = 50) */;

-- The last fifty tokens of each client, in a ring: the slot of a token is its number modulo fifty, so that it takes the
-- row of the oldest one. The network address is that of whoever asked for it.
CREATE TABLE recent_tokens (
    client BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    token BYTEA NOT NULL,
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    address TEXT,
    -- By which grant: 0 client credentials, 1 login, 2 impersonation, 3 token exchange.
    grant_code BIGINT NOT NULL,
    -- What is sealed in the token: for whom it is, its scopes, and what ends it.
    claims BYTEA NOT NULL,
    PRIMARY KEY (client, slot)
) /* SQLite: WITHOUT ROWID */ /* PostgreSQL: WITH (fillfactor = 50) */;

-- How many tokens of a client were put there so far. The next one has this number.
CREATE TABLE recent_token_counts (
    client BIGINT PRIMARY KEY,
    tokens BIGINT NOT NULL
) /* PostgreSQL: WITH (fillfactor = 50) */;
