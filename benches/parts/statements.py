"""What the database is asked while tokens are issued and looked at and nothing changes: every statement of both drivers
is a line in the log."""

import re
import time

LOG = "off,sqlx::query=debug,claviger::store=trace"


def measure(bench, report):
    clusters = {"SQLite": None}
    if cluster := bench.postgres():
        clusters["PostgreSQL"] = cluster
    rows = []
    for engine, cluster in clusters.items():
        for connections in (1, 16, 64):
            for name in ("issue", "introspect"):
                run, asked = asked_while(bench, cluster, name, connections)
                rows.append([engine, *table_row(report, engine, name, connections, run, asked)])
    report.table(
        "Database statements",
        ["", "", "connections", "requests", "reads of the version", "others", "per request", "of the usage, a second"], rows,
        "Counted from the log, which has a line for every statement of both database drivers. One run each. The usage is "
        "written once a second, whatever the number of requests.",
    )


def asked_while(bench, cluster, name, connections):
    """A run, and the statements that the log has of it."""
    log = bench.folder / "statements.log"
    with log.open("w") as file:
        database = bench.restarted(100, cluster, log=file, CLAVIGER_LOG=LOG)
        one = database.credentials[:1]
        requests = bench.grants(one) if name == "issue" else bench.introspections(database, one)
        # Whatever is read once only is in memory from here on.
        bench.load.run_once(database.server, requests, connections, 1)
        before = log.stat().st_size
        run = bench.load.run_once(database.server, requests, connections, bench.options.seconds)
        time.sleep(1.5)
        with log.open() as lines:
            lines.seek(before)
            said = lines.read()
    database.stop()
    return run, re.findall(r'summary="([^"]*)', said)


def table_row(report, engine, name, connections, run, asked):
    reads = [statement for statement in asked if statement.startswith("SELECT version FROM directory_version")]
    usage = [statement for statement in asked if re.search("usage_|_uses|recent_token|live_tokens|pg_advisory", statement)]
    others = [
        statement for statement in asked
        if statement not in reads and statement not in usage and not re.fullmatch("(BEGIN|COMMIT).*", statement)
    ]
    what = f"statements per {name} at {connections}, {engine}"
    if any(not statement.startswith("SELECT") for statement in others):
        report.misses.append(f"{what}: one of them writes")
    ratio = (len(reads) + len(others)) / run.requests
    # Only SQLite can see without a statement that nothing has changed.
    most = 0.01 if engine == "SQLite" else 0.2 if connections == 64 else None
    return [
        name, connections, f"{run.requests:,}", f"{len(reads):,}", len(others),
        report.bound(what, ratio, most=most, form="{:.4f}") if most else f"{ratio:.4f}",
        report.bound(f"statements of the usage, {name} at {connections}", len(usage) / run.seconds, most=50, form="{:.0f}"),
    ]
