-- The directory: who exists and what they may do. Every statement here is understood by SQLite and PostgreSQL;
-- store/migrations.rs says how keys differ.

-- One row. Raised by every transaction that changes the directory; the changed rows carry the new value.
CREATE TABLE directory_version (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    version BIGINT NOT NULL
);

INSERT INTO directory_version (one, version) VALUES (1, 0);

CREATE TABLE organizations (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    -- The name in lower case, in NFC and with single spaces, for sorting and search.
    name_key TEXT NOT NULL,
    -- In canonical form, without a port. An archived organization has none, so its host is free for another one.
    host TEXT UNIQUE,
    generation BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    archived_at TIMESTAMPTZ,
    -- The directory version of the last restore: tokens that were issued at an older one stay dead.
    tokens_since BIGINT NOT NULL DEFAULT 0,
    version BIGINT NOT NULL
);

CREATE INDEX organizations_by_version ON organizations (version);

-- The pages of their lists.
CREATE INDEX organizations_by_name ON organizations (name_key, id) WHERE archived_at IS NULL;
CREATE INDEX organizations_archived ON organizations (name_key, id) WHERE archived_at IS NOT NULL;

CREATE TABLE api_clients (
    -- What tokens carry, and the order of lists.
    number BIGINT PRIMARY KEY,
    -- The public client_id. Never given out again, so rows stay.
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- As in `organizations`.
    name_key TEXT NOT NULL,
    organization_id BIGINT REFERENCES organizations (id),
    -- Scope names in the order given, separated by spaces. Never updated.
    scopes TEXT NOT NULL,
    token_ttl BIGINT,
    expires_at TIMESTAMPTZ,
    suspended_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ,
    revoked_by TEXT,
    generation BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    created_by TEXT NOT NULL,
    version BIGINT NOT NULL
);

CREATE INDEX api_clients_by_version ON api_clients (version);
CREATE INDEX api_clients_by_organization ON api_clients (organization_id, number);

-- An organization's clients have different names, and so have those without one. A revoked client's name is free again, and
-- one that was made from the client's own id is as different as ids are.
CREATE UNIQUE INDEX api_clients_by_name ON api_clients (coalesce(organization_id, 0), name_key)
    WHERE revoked_at IS NULL AND name <> ('API Client ***' || substr(id, length(id) - 3));

CREATE TABLE client_permissions (
    client BIGINT NOT NULL REFERENCES api_clients (number),
    permission TEXT NOT NULL,
    -- The order of granting is the order of output.
    position BIGINT NOT NULL,
    granted_at TIMESTAMPTZ NOT NULL,
    granted_by TEXT NOT NULL,
    PRIMARY KEY (client, permission)
) /* SQLite: WITHOUT ROWID */;

CREATE TABLE client_secrets (
    number BIGINT PRIMARY KEY,
    client BIGINT NOT NULL REFERENCES api_clients (number),
    -- 'hmac': 32 bytes under the pepper. 'argon2id': a PHC string.
    kind TEXT NOT NULL,
    digest BYTEA NOT NULL,
    -- The text itself under the master key, where a copy is kept.
    sealed BYTEA,
    -- The last four characters of a generated secret; of a chosen one, none.
    hint TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    created_by TEXT NOT NULL,
    expires_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ
);

CREATE INDEX client_secrets_by_client ON client_secrets (client);

-- Tokens that were revoked one by one. A row goes when its token would have ended. The key is in the order of writing: with an
-- index of random tokens each row would change a page of its own. A token that two nodes revoke at once has two rows.
CREATE TABLE denylist (
    version BIGINT NOT NULL,
    token BYTEA NOT NULL,
    issued_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (version, token)
) /* SQLite: WITHOUT ROWID */;

CREATE INDEX denylist_by_end ON denylist (expires_at);

-- What sweeps of the denylist left, each with the version of its sweep: the latest begin and the latest end of a swept token,
-- so that a token whose row is gone stays dead even when the clock that swept was ahead. A watermark covers only tokens
-- that were issued before its sweep, so none that are issued later end by it; it joins the next one once its time is over.
CREATE TABLE sweep_watermarks (
    version BIGINT PRIMARY KEY,
    issued_until TIMESTAMPTZ NOT NULL,
    ended_until TIMESTAMPTZ NOT NULL
);

-- Keys that the server made for itself, each under the master key.
CREATE TABLE server_keys (
    purpose TEXT NOT NULL,
    number BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    retires_at TIMESTAMPTZ,
    version BIGINT NOT NULL,
    PRIMARY KEY (purpose, number)
);
