-- Several secrets of one client, and rotations that wait for the first use of the new one.

-- What people call the secret.
ALTER TABLE client_secrets ADD COLUMN label TEXT;

-- Of a secret that was made to replace the older ones and has not been used yet: for how many seconds those go on after
-- its first use. None otherwise.
ALTER TABLE client_secrets ADD COLUMN pending_grace BIGINT;

-- The network of the last use, as 192.0.2.0/24; none where it is not known.
ALTER TABLE secret_uses ADD COLUMN network TEXT;
