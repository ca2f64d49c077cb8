-- The people for whom API clients may act. A row stays, so that its id is never given out again.

CREATE TABLE participants (
    id BIGINT PRIMARY KEY,
    organization_id BIGINT NOT NULL REFERENCES organizations (id),
    nickname TEXT NOT NULL,
    -- Folded: without differences of case and of Unicode form. So is the address.
    nickname_key TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    name TEXT NOT NULL,
    -- Folded, for the search.
    name_key TEXT NOT NULL,
    -- A PHC string. Whoever has none cannot sign in.
    password_hash TEXT,
    -- A JSON object, which the server only keeps.
    extra TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    accepted_terms_at TIMESTAMPTZ,
    confirmed_at TIMESTAMPTZ,
    blocked_at TIMESTAMPTZ,
    -- Raised by every block; tokens with an older one stay dead.
    generation BIGINT NOT NULL,
    version BIGINT NOT NULL
);

-- By nickname is also the order of their lists.
CREATE UNIQUE INDEX participants_by_nickname ON participants (organization_id, nickname_key);
CREATE UNIQUE INDEX participants_by_email ON participants (organization_id, email_key);
CREATE INDEX participants_by_version ON participants (version);
