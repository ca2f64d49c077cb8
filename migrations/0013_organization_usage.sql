-- What the clients of each organization did, added up, so that a page of organizations reads some rows of each, however many
-- clients it has. Written with the other usage.

-- How many requests they made on a day.
CREATE TABLE organization_usage_daily (
    day BIGINT NOT NULL,
    organization BIGINT NOT NULL,
    requests BIGINT NOT NULL,
    PRIMARY KEY (day, organization)
) /* SQLite: WITHOUT ROWID */ /* PostgreSQL: WITH (fillfactor = 50) */;

-- When one of them was last used, in microseconds since 1970. An organization without such a client has no row.
CREATE TABLE organization_uses (
    organization BIGINT PRIMARY KEY,
    used_at BIGINT NOT NULL
) /* PostgreSQL: WITH (fillfactor = 50) */;
