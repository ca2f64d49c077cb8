-- The audit log. Records are added in the transaction of the change they tell of; numbers and hashes: store/events.rs.

-- One row, once there is a record: the number and the hash of the newest. Whoever adds records updates it first.
CREATE TABLE audit_head (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    sequence BIGINT NOT NULL,
    hash BYTEA NOT NULL
);

CREATE TABLE audit_events (
    sequence BIGINT PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    kind TEXT NOT NULL,
    -- The content: these six. It is swept from old records of some kinds, and all are NULL then.
    actor TEXT,
    address TEXT,
    target TEXT,
    organization_id BIGINT,
    data TEXT,
    -- The directory version that the change made.
    version BIGINT,
    -- SHA-256 of the content.
    digest BYTEA NOT NULL,
    -- SHA-256 of the hash before, the digest, and what is not content.
    hash BYTEA NOT NULL
);

-- One index for each filter of the pages. Each ends with the number, so that the newest come first without sorting.
CREATE INDEX audit_events_by_target ON audit_events (target, sequence);
CREATE INDEX audit_events_by_actor ON audit_events (actor, sequence);
CREATE INDEX audit_events_by_organization ON audit_events (organization_id, sequence);
CREATE INDEX audit_events_by_kind ON audit_events (kind, sequence);

-- Between which numbers the records of a day are, days since 1970: a clock that was set back makes moments go another
-- way than numbers, so that no index of moments would do.
CREATE TABLE audit_days (
    day BIGINT PRIMARY KEY,
    first_sequence BIGINT NOT NULL,
    last_sequence BIGINT NOT NULL
);

-- How far the chain was verified: by the pass that follows what is added ('new'), and by the one that reads everything
-- again ('again').
CREATE TABLE audit_passes (
    pass TEXT PRIMARY KEY,
    -- The last record that fits, and its hash.
    sequence BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    -- When the pass last came to the end.
    ended_at TIMESTAMPTZ,
    -- The first number that does not fit.
    broken BIGINT
);

-- Of all records only these are swept. Both engines use a partial index only for a literal value.
CREATE INDEX audit_events_short_lived ON audit_events (at)
    WHERE kind IN ('token.revoked', 'tokens.revoked', 'admin.sign_in_failed') AND data IS NOT NULL;

-- How many tokens a client has revoked one by one in an hour, hours since 1970. The first hundred have a record each in
-- audit_events; the number of the others is recorded when the hour is over, so that one client cannot fill the disk.
CREATE TABLE revocation_counts (
    hour BIGINT NOT NULL,
    client BIGINT NOT NULL,
    revoked BIGINT NOT NULL,
    PRIMARY KEY (hour, client)
) /* SQLite: WITHOUT ROWID */;
