"""The same with few clients and many: the token path on both engines, and the clients page."""

import os

from visits import PAGES, page_times

MOST_OF_TOKENS = 1.10
MOST_OF_PAGES = 3.0


def measure(bench, report):
    databases = begun(bench)
    token_path(bench, report, "SQLite", databases)
    page_rows(bench, report, databases)
    if cluster := bench.postgres():
        databases = begun(bench, cluster)
        cluster.settle()
        token_path(bench, report, "PostgreSQL", databases)


def begun(bench, cluster=None):
    """A running server over a database of each size."""
    least = bench.options.sizes[0]
    databases = {}
    for clients in bench.options.sizes:
        # The others are compared with the smallest, so it is as fresh as they are.
        name = "postgres-growth" if cluster else "growth"
        databases[clients] = bench.fresh(name, clients, cluster) if clients == least else bench.database(clients, cluster)
        if databases[clients].server:
            databases[clients].stop()
        databases[clients].start()
    # What filling the databases left in memory is written out before, not meanwhile.
    os.sync()
    return databases


def token_path(bench, report, engine, databases):
    least = bench.options.sizes[0]
    compared = {}
    for clients, database in databases.items():
        compared[f"issue {clients}"] = (database.server, bench.grants(database.credentials))
        compared[f"introspect {clients}"] = (database.server, bench.introspections(database, database.credentials))
    # The differences are small, so more rounds than elsewhere.
    rounds = bench.options.rounds + 4
    runs = bench.compare(compared, 64, rounds)
    rows = []
    for clients, database in databases.items():
        cells = [f"{clients:,}", f"{len(database.credentials):,}"]
        for name in ("issue", "introspect"):
            ours, first = runs[f"{name} {clients}"], runs[f"{name} {least}"]
            ratio = ours.against(first, "cost")
            what = f"{name} with {clients:,} clients, {engine}"
            bounded = report.bound(what, ratio, most=MOST_OF_TOKENS) if clients > least else "1"
            cells += [f"{ours.median('cost'):.1f} µs", bounded]
        rows.append(cells)
    heads = ["clients", "in use", "issue", f"÷ {least} clients", "introspect", f"÷ {least} clients"]
    counted = "" if engine == "SQLite" else ", PostgreSQL's processes included"
    report.table(
        f"Growth of the token path on {engine}, at 64 connections", heads, rows,
        f"Processor time of the server per request{counted}, {rounds} rounds.",
    )


def page_rows(bench, report, databases):
    least = bench.options.sizes[0]
    times = bench.quietness.measure(lambda: page_times(databases))
    rows = []
    for clients in databases:
        cells = [f"{clients:,}"]
        for what in PAGES:
            # What a search may take is measured by the whole page of the smallest, whatever it finds there.
            ratio = times[clients][what] / times[least][PAGES[0]]
            bounded = report.bound(f"{what} with {clients:,} clients", ratio, most=MOST_OF_PAGES)
            cells.append(f"{times[clients][what] * 1e3:.1f} ms, {bounded}")
        rows.append(cells)
    report.table(
        "Growth of the pages", ["clients", *PAGES], rows,
        "Time to the whole page for one signed in, one request at a time, against the clients page of the fewest.",
    )
