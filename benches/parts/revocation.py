"""Revocation of single tokens (RFC 7009): durable before the answer, at 64 connections."""

from databases import GRANT
from load import Runs, better
from machine import flush_seconds
from parts.speed import row
from parts.start import first_token
from servers import basic

CONNECTIONS = 64
SECONDS = 2

# Of the ceiling. A slow disk may not allow as much; the table says how much it allows.
LEAST = 0.25


def measure(bench, report):
    database = bench.running(100)
    pair = database.credentials[0]
    grant = bench.grants([pair])
    kept = bench.folder / "tokens"
    answered = []

    def fresh():
        """Tokens that no run has revoked yet."""
        bench.load.run_once(database.server, grant, CONNECTIONS, 4, tokens=kept)
        tokens = [token for token in kept.read_text().splitlines() if token]
        return len(tokens), bench.load.file([("/oauth/revoke", basic(*pair), f"token={token}") for token in tokens])

    def revoke():
        counted, requests = fresh()
        # The load of issuing them is no part of this.
        run = bench.quietness.measure(lambda: bench.load.run_once(database.server, requests, CONNECTIONS, SECONDS), repeats=0)
        if run.requests > counted:
            raise SystemExit("more revocations than tokens: some revoked nothing")
        answered.append(run.requests)
        return requests, run

    denied = database.rows("denylist")
    ceilings, ours = {kind: Runs() for kind in bench.ceilings}, Runs()
    for _ in range(bench.options.rounds):
        requests, run = revoke()
        ours.add(run)
        for kind, ceiling in bench.ceilings.items():
            ceilings[kind].add(bench.load.run(ceiling, requests, CONNECTIONS, SECONDS))
    denied = database.rows("denylist") - denied
    if denied < sum(answered):
        raise SystemExit(f"{sum(answered)} revocations were answered and {denied} are in the database")
    ceiling = better(ceilings.values(), "rate")
    # Each of the 64 connections waits for a flush of its own request at least.
    flush = flush_seconds(bench.folder)
    by_disk = CONNECTIONS / flush
    rows = [row(f"revoke, ceiling, {kind}", CONNECTIONS, runs) for kind, runs in ceilings.items()]
    rows.append(
        row("revoke", CONNECTIONS, ours) + [report.bound("revocation, rate", ours.against(ceiling, "rate"), least=LEAST)],
    )
    report.table(
        "Revocation of single tokens",
        ["", "connections", "requests/s", "µs of processor", "p50 µs", "p99 µs", "rate ÷ ceiling"], rows,
        f"Each on the disk before its answer. A flush of this disk takes {flush * 1e3:.2f} ms, so {CONNECTIONS} connections that wait "
        f"for one each get {by_disk:,.0f} answers a second at most, {by_disk / ceiling.median('rate'):.2f} of the ceiling; "
        f"{ours.median('rate') / by_disk:.2f} of that was reached. {sum(answered):,} were answered, {denied:,} rows are there. "
        f"A server that is started with them has its first token out after {first_token(database):.0f} ms "
        f"and holds {database.server.resident_mib():.1f} MiB.",
    )
