#!/usr/bin/env python3
"""Measures Claviger against yardsticks in the same run, and writes tables as Markdown and a chart.

Rates depend on whatever else the machine does; processor time per request much less. Everything that is compared
is interleaved, round by round; a ratio is the median of the ratios within the rounds. A run that other processes
disturbed is repeated.
"""

import argparse
import pathlib
import signal
import sys
import tempfile

import chart
from databases import Bench
from machine import Quietness
from parts import file, growth, logins, memory, overload, pages, revocation, speed, start, statements
from report import Report, say

# The chart of a document, beside it.
CHART = "images/performance.svg"

PARTS = {
    "speed": speed.measure,
    "revocation": revocation.measure,
    "statements": statements.measure,
    "growth": growth.measure,
    "pages": pages.measure,
    "memory": memory.measure,
    "start": start.measure,
    "overload": overload.measure,
    "logins": logins.measure,
    "file": file.measure,
}


def main():
    options = read_options()
    # What was started is stopped however this ends.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    quietness = Quietness()
    report = Report(options, quietness)
    try:
        measure(options, quietness, report)
    finally:
        # Also when a later part failed: half an hour is too much to lose.
        publish(options, report)
    if report.misses:
        sys.exit("beyond its bound: " + "; ".join(report.misses))


def measure(options, quietness, report):
    with tempfile.TemporaryDirectory(prefix="claviger-bench-", dir=options.folder) as folder:
        bench = Bench(options, pathlib.Path(folder), quietness)
        try:
            for part in options.only or PARTS:
                say(f"== {part}")
                with report.part(part):
                    PARTS[part](bench, report)
        finally:
            bench.close()


def publish(options, report):
    """Prints and writes what was measured."""
    print(report.text())
    if options.out:
        options.out.write_text(report.text())
    drawn = chart.draw(report.bars, report.where()) if report.bars else None
    if drawn and options.out:
        options.out.with_suffix(".svg").write_text(drawn)
    if options.document:
        if drawn:
            (options.document.parent / CHART).write_text(drawn)
            report.parts["speed"].insert(0, f"![Requests a second of Claviger, Axum and nginx]({CHART})")
        report.write_into(options.document)


def read_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claviger", type=pathlib.Path, required=True, help="the server's binary")
    parser.add_argument("--ceiling", type=pathlib.Path, required=True, help="the yardstick's binary")
    parser.add_argument("--nginx", type=pathlib.Path, help="the other yardstick's binary (left out when it does not run)")
    parser.add_argument("--wrk", default="wrk", help="the load generator")
    parser.add_argument("--out", type=pathlib.Path, help="where the tables go; the chart goes beside them")
    parser.add_argument("--document", type=pathlib.Path, help="a document whose tables are replaced, and its chart")
    parser.add_argument("--folder", type=pathlib.Path, help="where databases are made (default: the temporary folder)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="length of a run")
    parser.add_argument("--quick", action="store_true", help="no million clients, no ten million tokens")
    parser.add_argument("--only", nargs="*", choices=PARTS, help="some parts alone")
    options = parser.parse_args()
    options.sizes = [100, 10_000] if options.quick else [100, 10_000, 1_000_000]
    options.tokens = 200_000 if options.quick else 10_000_000
    return options


if __name__ == "__main__":
    main()
