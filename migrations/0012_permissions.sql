-- Clients are found by the permissions that they hold, as they are by their scopes: each permission is one whole beginning.
INSERT INTO search_words (number, noun, beginning) SELECT client, 4, permission FROM client_permissions;

-- When a permission was last what a client needed to pass a verification (store/permission_uses.rs). As narrow as the other
-- tables of usage, and written with them.
CREATE TABLE permission_uses (
    client BIGINT NOT NULL,
    permission TEXT NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (client, permission)
) /* SQLite: WITHOUT ROWID */;
