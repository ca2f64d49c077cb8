"""Resident memory: idle, after 100,000 tokens, and with a million clients in the file."""

import time


def measure(bench, report):
    # One that nothing happened to yet.
    database = bench.fresh("memory", 100)
    database.start()
    time.sleep(2)
    idle = database.server.resident_mib()
    grant = bench.grants(database.credentials)
    issued = 0
    while issued < 100_000:
        issued += bench.load.run_once(database.server, grant, 64, 2).requests
    rows = [
        ["idle", report.bound("idle memory", idle, most=20, form="{:.1f}")],
        [
            f"after {issued:,} tokens at 64 connections",
            report.bound("memory after 100,000 tokens", database.server.resident_mib(), most=48, form="{:.1f}"),
        ],
    ]
    most = bench.options.sizes[-1]
    database = bench.restarted(most)
    bench.load.run_once(database.server, bench.grants(database.credentials), 64, 5)
    rows.append([
        f"{most:,} clients in the file, {len(database.credentials):,} in use",
        report.bound("memory with many clients", database.server.resident_mib(), most=128, form="{:.1f}"),
    ])
    report.table("Resident memory, MiB", ["", "MiB"], rows)
