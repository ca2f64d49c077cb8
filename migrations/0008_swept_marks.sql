-- The marks that sweeps left, each with the version of its sweep: it covers only tokens that were issued before, so that
-- a sweep by a clock that was far ahead ends none that are issued after it. A mark joins the next one once its time is over.
CREATE TABLE sweep_watermarks (
    version BIGINT PRIMARY KEY,
    issued_until TIMESTAMPTZ NOT NULL,
    ended_until TIMESTAMPTZ NOT NULL
);

INSERT INTO sweep_watermarks (version, issued_until, ended_until)
SELECT d.version, s.issued_until, s.ended_until FROM swept_denylist s CROSS JOIN directory_version d;

DROP TABLE swept_denylist;
