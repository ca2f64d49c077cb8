-- Denials of single tokens go when their tokens have ended. What is swept away leaves a mark, so that a token whose
-- denial is gone stays dead even when the clock that swept was ahead.

-- For tokens denied before there was this column, the latest it can be.
ALTER TABLE denylist ADD COLUMN issued_at TIMESTAMPTZ;

UPDATE denylist SET issued_at = expires_at;

-- One row, once something was swept: the latest beginning and the latest end of a token whose denial is gone.
CREATE TABLE swept_denylist (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    issued_until TIMESTAMPTZ NOT NULL,
    ended_until TIMESTAMPTZ NOT NULL
);
