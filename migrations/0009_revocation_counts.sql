-- How many tokens a client has revoked one by one in an hour, hours since 1970. The first hundred have an entry each in
-- audit_events; the others share one, which carries their number, so that one client cannot fill the disk.
CREATE TABLE revocation_counts (
    hour BIGINT NOT NULL,
    client BIGINT NOT NULL,
    revoked BIGINT NOT NULL,
    -- The id of the shared entry; before there is one, the id that it would have had.
    entry UUID NOT NULL,
    PRIMARY KEY (hour, client)
);

-- Of all entries only these are swept. Both engines use a partial index only for a literal value.
CREATE INDEX audit_events_short_lived ON audit_events (at) WHERE action IN ('token.revoked', 'admin.sign_in_failed');
