"""From nothing to the first token."""

import statistics
import time

from databases import GRANT
from servers import basic


def measure(bench, report):
    rows = []
    few = bench.fresh("start", 1)
    for database, most in ((few, 50), (bench.database(bench.options.sizes[-1]), 150)):
        clients = database.clients
        taken = [bench.quietness.measure(lambda: first_token(database)) for _ in range(max(bench.options.rounds, 5))]
        database.stop()
        median = statistics.median(taken)
        rows.append([f"clients in the file: {clients:,}", report.bound(f"start with {clients:,} clients", median, most=most, form="{:.0f}")])
    report.table("From nothing to the first token, ms", ["", "ms"], rows)


def first_token(database):
    """Milliseconds from the start of the process to the first answered token."""
    if database.server:
        database.stop()
    server = database.start()
    server.post("/oauth/token", basic(*database.credentials[0]), GRANT)
    return (time.perf_counter() - server.started) * 1e3
