-- The people who hand out clients, and their sessions.

CREATE TABLE admins (
    id BIGINT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    -- A PHC string.
    password_hash TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    -- The name of whoever made or invited them.
    made_by TEXT NOT NULL,
    -- When one of their sessions was last used.
    seen_at TIMESTAMPTZ,
    disabled_at TIMESTAMPTZ
);

-- So that the last owner is found without reading the others.
CREATE INDEX admins_by_role ON admins (role);

-- One-time links: to join as an administrator, or to a new password of one. A row goes when its link is used or withdrawn,
-- and some weeks after it has ended.
CREATE TABLE admin_links (
    email TEXT PRIMARY KEY,
    -- SHA-256 of the code in the link, which is random.
    digest BYTEA NOT NULL UNIQUE,
    -- The role to join with; none of a link to a new password.
    role TEXT,
    made_by TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ NOT NULL
);

CREATE INDEX admin_links_by_end ON admin_links (ends_at);

CREATE TABLE admin_sessions (
    -- SHA-256 of the id in the cookie.
    digest BYTEA PRIMARY KEY,
    admin BIGINT NOT NULL REFERENCES admins (id),
    created_at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ NOT NULL,
    -- When it last proved the password: at sign-in, or later.
    proved_at TIMESTAMPTZ NOT NULL,
    address TEXT,
    -- Browser and system, such as `Firefox/Linux`; never the whole text that the browser sends.
    device TEXT NOT NULL
);

CREATE INDEX admin_sessions_by_admin ON admin_sessions (admin);
CREATE INDEX admin_sessions_by_end ON admin_sessions (ends_at);

-- Forms that made something, so that one that is sent twice makes one thing. A row goes after a day.
CREATE TABLE form_keys (
    -- The name of whoever sent the form: the same key of somebody else is another one.
    actor TEXT NOT NULL,
    -- SHA-256 of the key, which is random and made with the page that has the form.
    key BYTEA NOT NULL,
    -- SHA-256 of what the form asks for.
    digest BYTEA NOT NULL,
    -- The id of what was made.
    made TEXT NOT NULL,
    -- A secret that was made with it, sealed for a session and a few minutes, after which it is removed here.
    sealed TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (actor, key)
);

CREATE INDEX form_keys_by_age ON form_keys (created_at);
