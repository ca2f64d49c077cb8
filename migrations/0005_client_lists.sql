-- What lists and counts of clients are read from, so that they do not grow with the number of clients. Each index
-- holds every column that its question looks at.

-- The clients that are not revoked, newest first, and which of them work.
CREATE INDEX api_clients_live ON api_clients (number, suspended_at, expires_at, revoked_at)
    WHERE revoked_at IS NULL;

-- Those that end by themselves, by their end.
CREATE INDEX api_clients_by_end ON api_clients (expires_at, number, suspended_at, revoked_at)
    WHERE expires_at IS NOT NULL AND revoked_at IS NULL AND suspended_at IS NULL;

-- The clients that work until somebody ends them: together with the index above they tell how many are active, however
-- many have expired.
CREATE INDEX api_clients_without_end ON api_clients (number, expires_at, suspended_at, revoked_at)
    WHERE expires_at IS NULL AND revoked_at IS NULL AND suspended_at IS NULL;

CREATE INDEX api_clients_suspended ON api_clients (number, suspended_at, revoked_at)
    WHERE suspended_at IS NOT NULL AND revoked_at IS NULL;

CREATE INDEX api_clients_revoked ON api_clients (number, revoked_at)
    WHERE revoked_at IS NOT NULL;

-- How many clients of an organization are in which state.
CREATE INDEX api_clients_by_state ON api_clients (organization_id, revoked_at, suspended_at, expires_at);

-- The beginnings of the words that rows are found by; see store/search.rs. Every column is in the primary key.
CREATE TABLE search_words (
    -- The key of the row that has the word.
    number BIGINT NOT NULL,
    -- What the row is, as a number: a client, a client by its scopes, or an organization.
    noun SMALLINT NOT NULL,
    -- In lower case, at most eight characters; of a scope all.
    beginning TEXT NOT NULL,
    PRIMARY KEY (noun, beginning, number)
) /* SQLite: WITHOUT ROWID */;
