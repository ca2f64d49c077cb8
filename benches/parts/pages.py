"""What the pages of administrators cost among 10,000 clients."""

from visits import page_costs

MOST = {"overview": 5.0, "clients, 25 rows": 2.0, "its permissions": 1.5}


def measure(bench, report):
    database = bench.running(10_000)
    costs = bench.quietness.measure(lambda: page_costs(database, 500))
    rows = []
    for what, (milliseconds, length) in costs.items():
        bounded = f"{milliseconds:.2f}"
        if what in MOST:
            bounded = report.bound(f"processor of the page: {what}", milliseconds, most=MOST[what])
        on_wire = str(length)
        if what == "clients, 25 rows":
            on_wire = report.bound("bytes of the list", length, most=15_000, form="{:.0f}")
        rows.append([what, bounded, on_wire])
    report.table(
        "Pages among 10,000 clients", ["", "ms of processor", "bytes, gzip"], rows,
        "Of the server, session, compression and answer included; 500 of each, one request at a time.",
    )
