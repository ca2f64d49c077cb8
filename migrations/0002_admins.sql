-- The people who hand out clients, and their sessions.

CREATE TABLE admins (
    id BIGINT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    -- A PHC string.
    password_hash TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    disabled_at TIMESTAMPTZ
);

CREATE TABLE admin_sessions (
    -- SHA-256 of the id in the cookie.
    digest BYTEA PRIMARY KEY,
    admin BIGINT NOT NULL REFERENCES admins (id),
    created_at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ NOT NULL,
    address TEXT
);

CREATE INDEX admin_sessions_by_admin ON admin_sessions (admin);
CREATE INDEX admin_sessions_by_end ON admin_sessions (ends_at);
