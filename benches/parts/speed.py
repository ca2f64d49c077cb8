"""Issuance, introspection and chosen secrets on both engines, against the ceiling and nginx."""

import time

from databases import GRANT
from load import better
from servers import basic

CHOSEN = ("bench-chosen-client", "a-secret-that-somebody-chose")
ENGINES = ("SQLite", "PostgreSQL")

HEADS = [
    "", "connections", "requests/s", "µs of processor", "p50 µs", "p99 µs",
    "processor ÷ ceiling", "rate ÷ ceiling", "p99 ÷ ceiling",
]


def measure(bench, report):
    databases = {"SQLite": bench.running(100)}
    if cluster := bench.postgres():
        databases["PostgreSQL"] = bench.running(100, cluster)
    first = first_proof(databases["SQLite"])
    requests = {}
    for engine, database in databases.items():
        one = database.credentials[:1]
        requests["issue", engine] = bench.grants(one)
        requests["introspect", engine] = bench.introspections(database, one)
    chosen = bench.grants([CHOSEN])
    rows = []
    for connections in (1, 16, 64):
        for name in ("issue", "introspect"):
            compared = {}
            for kind, ceiling in bench.ceilings.items():
                compared[f"ceiling, {kind}"] = (ceiling, requests[name, "SQLite"])
            if bench.nginx:
                compared["nginx"] = (bench.nginx, requests[name, "SQLite"])
            for engine, database in databases.items():
                compared[engine] = (database.server, requests[name, engine])
            if name == "issue":
                compared["chosen secret"] = (databases["SQLite"].server, chosen)
            runs = bench.compare(compared, connections)
            rows += table_rows(report, name, connections, runs)
            add_bars(report, name, connections, runs)
    report.table(
        "Against the ceiling and nginx", HEADS, rows,
        f"The first proof of a chosen secret took {first * 1e3:.0f} ms; it costs one Argon2id hash. For each ratio the "
        "better of the two ceilings counts. The processor time of PostgreSQL's own processes is counted.",
    )


def first_proof(database):
    """Seconds to the first token for a chosen secret."""
    database.create(*CHOSEN)
    started = time.perf_counter()
    database.server.post("/oauth/token", basic(*CHOSEN), GRANT)
    return time.perf_counter() - started


def row(name, connections, runs):
    return [
        name, connections, f"{runs.median('rate'):,.0f}", f"{runs.median('cost'):.1f}",
        f"{runs.median('p50'):,.0f}", f"{runs.median('p99'):,.0f}",
    ]


def table_rows(report, name, connections, runs):
    ceilings = [of for label, of in runs.items() if label.startswith("ceiling")]
    against = lambda ours, figure: ours.against(better(ceilings, figure), figure)
    rows = [row(f"{name}, {label}", connections, of) for label, of in runs.items() if label not in (*ENGINES, "chosen secret")]
    at = f"{name} at {connections}"
    ours = runs["SQLite"]
    cost, rate, p99 = (against(ours, figure) for figure in ("cost", "rate", "p99"))
    rows.append(
        row(f"{name}, SQLite", connections, ours)
        + [
            report.bound(f"{at}, processor time", cost, most=1.30) if connections > 1 else f"{cost:.2f}",
            report.bound(f"{at}, rate", rate, least=0.80 if connections > 1 else 0.75),
            report.bound(f"{at}, p99", p99, most=3.0) if connections > 1 else f"{p99:.2f}",
        ]
    )
    if of := runs.get("chosen secret"):
        beside = report.bound(
            f"chosen secret at {connections}, processor time beside a generated one", of.against(ours, "cost"), most=1.10,
        )
        rows.append(
            row(f"{name}, SQLite, chosen secret", connections, of)
            + [f"{beside} of a generated one", f"{against(of, 'rate'):.2f}", f"{against(of, 'p99'):.2f}"]
        )
    if of := runs.get("PostgreSQL"):
        cost, rate, p99 = (against(of, figure) for figure in ("cost", "rate", "p99"))
        later = f"{of.beyond(ours, 'p99') / 1e3:.2f}"
        if connections == 64:
            rate = report.bound(f"{at}, PostgreSQL, rate", rate, least=0.45)
            later = report.bound(f"{at}, PostgreSQL, p99 beyond SQLite's", of.beyond(ours, "p99") / 1e3, most=2.0)
        else:
            rate = f"{rate:.2f}"
        rows.append(row(f"{name}, PostgreSQL", connections, of) + [f"{cost:.2f}", rate, f"{p99:.2f}; {later} ms beyond SQLite's"])
    return rows


def add_bars(report, name, connections, runs):
    """What the chart shows, at the most connections only."""
    if connections < 64:
        return
    ceilings = [of for label, of in runs.items() if label.startswith("ceiling")]
    bars = [
        (f"Claviger, {engine}", "ours", runs[engine].median("rate"), runs[engine].median("cost"))
        for engine in ENGINES if engine in runs
    ]
    rate, cost = better(ceilings, "rate").median("rate"), better(ceilings, "cost").median("cost")
    bars.append(("Axum, nothing decided", "yardstick", rate, cost))
    if of := runs.get("nginx"):
        bars.append(("nginx, constant text", "yardstick", of.median("rate"), of.median("cost")))
    title = {"issue": "Issue a token", "introspect": "Introspect a token"}[name]
    report.bars.append((f"{title}, {connections} connections", bars))
