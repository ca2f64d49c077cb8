-- The trail. Rows are added in the transaction of the change they tell of, and never touched again.

CREATE TABLE audit_events (
    -- UUIDv7: the order of ids is the order of time.
    id UUID PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    organization_id BIGINT,
    detail TEXT NOT NULL,
    address TEXT
);

CREATE INDEX audit_events_by_target ON audit_events (target, id);
