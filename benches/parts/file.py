"""How the database file grows with tokens."""

import time


def measure(bench, report):
    database = bench.running(100)
    grant = bench.grants(database.credentials)
    # Until each client has its fifty recent tokens.
    full = -1
    while (kept := database.rows("recent_tokens")) > full:
        full = kept
        bench.load.run_once(database.server, grant, 64, 2)
    time.sleep(1.5)
    before, issued = database.pages(), 0
    while issued < bench.options.tokens:
        issued += bench.load.run_once(database.server, grant, 64, 10).requests
    time.sleep(1.5)
    after = database.pages()
    report.table(
        "The database file", ["tokens issued", "pages before", "pages more", "rows of usage"],
        [[
            f"{issued:,}", f"{before:,}", report.bound("growth of the file", after - before, most=16, form="{}"),
            f"{database.rows('usage_hourly') + database.rows('secret_uses') + database.rows('recent_tokens'):,}",
        ]],
        "Pages of 4 KiB. Usage is counts by the hour, the last use of each secret, and fifty recent tokens of each client.",
    )
