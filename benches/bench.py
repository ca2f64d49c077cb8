#!/usr/bin/env python3
"""Measures Claviger against a bare Axum handler in the same run, and writes the table as Markdown.

Rates depend on whatever else the machine does; processor time per request much less. Everything that is compared
is interleaved, round by round; a ratio is the median of the ratios within the rounds.
"""

import argparse
import collections
import contextlib
import datetime
import http.client
import http.cookies
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

from load import Generator, Runs
from servers import Claviger, Server, basic

GRANT = "grant_type=client_credentials"
ADMIN, PASSWORD = "bench@example.org", "a password for the benchmark"
IN_USE = 10_000


def main():
    options = read_options()
    with tempfile.TemporaryDirectory(prefix="claviger-bench-", dir=options.folder) as folder:
        bench = Bench(options, pathlib.Path(folder))
        report = Report()
        try:
            for part in options.only or PARTS:
                say(f"== {part}")
                PARTS[part](bench, report)
        finally:
            bench.close()
    text = report.text(options)
    print(text)
    if options.out:
        options.out.write_text(text)
    if report.misses:
        sys.exit("beyond its bound: " + "; ".join(report.misses))


def read_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claviger", type=pathlib.Path, required=True, help="the server's binary")
    parser.add_argument("--ceiling", type=pathlib.Path, required=True, help="the yardstick's binary")
    parser.add_argument("--wrk", default="wrk", help="the load generator")
    parser.add_argument("--out", type=pathlib.Path, help="where the table goes")
    parser.add_argument("--folder", type=pathlib.Path, help="where databases are made (default: the temporary folder)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="length of a run")
    parser.add_argument("--quick", action="store_true", help="no million clients, no ten million tokens")
    parser.add_argument("--only", nargs="*", choices=PARTS, help="some parts alone")
    options = parser.parse_args()
    options.sizes = [100, 10_000] if options.quick else [100, 10_000, 1_000_000]
    options.tokens = 200_000 if options.quick else 10_000_000
    return options


class Bench:
    """What the parts share: the yardstick, the load, and the databases that were made."""

    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.load = Generator(options.wrk, folder)
        self.stack = contextlib.ExitStack()
        self.ceiling = Server([str(options.ceiling), "127.0.0.1:0"])
        self.stack.callback(self.ceiling.stop)
        self.made = {}

    def close(self):
        for made in self.made.values():
            if made.server:
                made.stop()
        self.stack.close()

    def house(self, clients):
        """A database with that many clients; 10,000 of them, or all, are in use."""
        if clients not in self.made:
            say(f"   seeding {clients:,} clients")
            self.made[clients] = Claviger(
                str(self.options.claviger), self.folder / str(clients), clients, min(clients, IN_USE)
            )
        return self.made[clients]

    def running(self, clients, **more):
        house = self.house(clients)
        if not house.server:
            house.start(**more)
        return house

    def restarted(self, clients, **more):
        house = self.house(clients)
        if house.server:
            house.stop()
        house.start(**more)
        return house

    def grants(self, credentials):
        return self.load.file([("/oauth/token", basic(*pair), GRANT) for pair in credentials])

    def introspections(self, house, credentials):
        connection = http.client.HTTPConnection(house.server.host, house.server.port)
        requests = []
        for pair in credentials:
            token = house.server.post("/oauth/token", basic(*pair), GRANT, connection)["access_token"]
            requests.append(("/oauth/introspect", basic(*pair), f"token={token}"))
        return self.load.file(requests)

    def compare(self, contests, connections, rounds=None):
        """Runs every contest once per round: name → (server, requests). Answers with the runs by name."""
        runs = {name: Runs() for name in contests}
        for _ in range(rounds or self.options.rounds):
            for name, (server, requests) in contests.items():
                runs[name].add(self.load.run(server, requests, connections, self.options.seconds))
        return runs


class Report:
    """Tables, and which bounds were missed."""

    def __init__(self):
        self.parts = []
        self.misses = []

    def table(self, title, heads, rows, note=""):
        lines = [f"### {title}", ""]
        lines.append("| " + " | ".join(heads) + " |")
        lines.append("|---" * len(heads) + "|")
        lines += ["| " + " | ".join(str(cell) for cell in [*row, *[""] * (len(heads) - len(row))]) + " |" for row in rows]
        if note:
            lines += ["", note]
        self.parts.append("\n".join(lines))
        say("\n".join(lines))

    def bound(self, what, value, least=None, most=None, form="{:.2f}"):
        """A figure with its bound; a miss is marked and remembered."""
        bound = f"≥ {form.format(least)}" if least is not None else f"≤ {form.format(most)}"
        kept = value >= least if least is not None else value <= most
        if not kept:
            self.misses.append(f"{what}: {form.format(value)}, not {bound}")
        return f"{form.format(value)} ({bound})" + ("" if kept else " **missed**")

    def text(self, options):
        cores = os.cpu_count()
        head = (
            f"Measured on {datetime.date.today()} with {cores} cores ({processor()}), Linux {platform.release()}, "
            f"{options.rounds} rounds of {options.seconds} s each, medians. Bounds in parentheses."
        )
        return "\n\n".join([head, *self.parts]) + "\n"


def speed(bench, report):
    """Issuance, introspection, revocation and chosen secrets against the ceiling."""
    house = bench.running(100)
    one = house.credentials[:1]
    grant, introspect = bench.grants(one), bench.introspections(house, one)
    chosen = ("bench-chosen-client", "a-secret-that-somebody-chose")
    house.run(
        "create", "--id", chosen[0], "--secret", chosen[1], "--organization-id", "1", "--scope", "public",
        program=str(bench.options.claviger.with_name("api-client")),
    )
    first = time.perf_counter()
    house.server.post("/oauth/token", basic(*chosen), GRANT)
    first = time.perf_counter() - first
    rows = []
    for connections in (16, 64):
        runs = bench.compare(
            {
                "ceiling, token": (bench.ceiling, grant),
                "issue": (house.server, grant),
                "issue, chosen secret": (house.server, bench.grants([chosen])),
                "ceiling, introspect": (bench.ceiling, introspect),
                "introspect": (house.server, introspect),
            },
            connections,
        )
        for name, most_cost in (("issue", 2.0), ("introspect", 1.8)):
            ceiling = runs["ceiling, token" if name == "issue" else "ceiling, introspect"]
            ours, at = runs[name], f"{name} at {connections}"
            rows.append(row(f"{name}, the ceiling", connections, ceiling))
            rows.append(
                row(name, connections, ours)
                + [
                    report.bound(f"{at}, processor time", ours.against(ceiling, "cost"), most=most_cost),
                    report.bound(f"{at}, rate", ours.against(ceiling, "rate"), least=0.60),
                    report.bound(f"{at}, p99", ours.against(ceiling, "p99"), most=3.0)
                    if name == "issue" else f"{ours.against(ceiling, 'p99'):.2f}",
                ]
            )
        ours, generated = runs["issue, chosen secret"], runs["issue"]
        rows.append(
            row("issue, chosen secret", connections, ours)
            + [
                report.bound(
                    f"chosen secret at {connections}, processor time beside a generated one",
                    ours.against(generated, "cost"), most=1.10,
                ) + " of a generated one",
                f"{ours.against(runs['ceiling, token'], 'rate'):.2f}",
                f"{ours.against(runs['ceiling, token'], 'p99'):.2f}",
            ]
        )
    heads = ["", "connections", "requests/s", "µs of processor", "p50 µs", "p99 µs", "processor ÷ ceiling", "rate ÷ ceiling", "p99 ÷ ceiling"]
    report.table("Against the ceiling", heads, rows, f"The first proof of a chosen secret took {first * 1e3:.0f} ms; it costs one Argon2id hash.")


def row(name, connections, runs):
    return [
        name, connections, f"{runs.median('rate'):,.0f}", f"{runs.median('cost'):.1f}",
        f"{runs.median('p50'):,.0f}", f"{runs.median('p99'):,.0f}",
    ]


def revocation(bench, report):
    """RFC 7009: durable before the answer, at 64 connections."""
    house = bench.running(100)
    pair = house.credentials[0]
    grant = bench.grants([pair])
    seconds = 2
    kept = bench.folder / "tokens"
    counted = []

    def fresh():
        bench.load.run(house.server, grant, 64, 4, tokens=kept)
        tokens = [token for token in kept.read_text().splitlines() if token]
        counted.append(len(tokens))
        return bench.load.file([("/oauth/revoke", basic(*pair), f"token={token}") for token in tokens])

    denied = house.rows("denied_tokens")
    ceiling, ours = Runs(), Runs()
    for _ in range(bench.options.rounds):
        requests = fresh()
        ceiling.add(bench.load.run(bench.ceiling, requests, 64, seconds))
        run = bench.load.run(house.server, requests, 64, seconds)
        if run.requests > counted[-1]:
            raise SystemExit("more revocations than tokens: some revoked nothing")
        ours.add(run)
    denied = house.rows("denied_tokens") - denied
    answered = sum(run.requests for run in ours.runs)
    if denied < answered:
        raise SystemExit(f"{answered} revocations were answered and {denied} are in the database")
    rows = [
        row("revoke, the ceiling", 64, ceiling),
        row("revoke", 64, ours)
        + [report.bound("revocation, rate", ours.against(ceiling, "rate"), least=0.10)],
    ]
    report.table(
        "Revocation of single tokens",
        ["", "connections", "requests/s", "µs of processor", "p50 µs", "p99 µs", "rate ÷ ceiling"], rows,
        f"Each on the disk before its answer; {answered:,} were answered, {denied:,} rows are there.",
    )


def growth(bench, report):
    """The same with few clients and many, and the clients page."""
    contests, pages = {}, {}
    for clients in bench.options.sizes:
        house = bench.running(clients)
        contests[f"issue {clients}"] = (house.server, bench.grants(house.credentials))
        contests[f"introspect {clients}"] = (house.server, bench.introspections(house, house.credentials))
    # What filling the databases left in memory is written out before, not meanwhile.
    os.sync()
    # The differences are small, so more rounds than elsewhere.
    runs = bench.compare(contests, 64, bench.options.rounds + 4)
    for clients in bench.options.sizes:
        pages[clients] = page_times(bench, bench.house(clients))
    least = bench.options.sizes[0]
    rows = []
    for clients in bench.options.sizes:
        cells = [f"{clients:,}", f"{min(clients, IN_USE):,}"]
        for name in ("issue", "introspect"):
            ours, first = runs[f"{name} {clients}"], runs[f"{name} {least}"]
            ratio = ours.against(first, "cost")
            bounded = report.bound(f"{name} with {clients:,} clients", ratio, most=1.15) if clients > least else "1"
            cells += [f"{ours.median('cost'):.1f} µs", bounded]
        for what in PAGES:
            # What a search may take is measured by the whole page of the smallest, whatever it finds there.
            ratio = pages[clients][what] / pages[least]["clients page"]
            bounded = report.bound(f"{what} with {clients:,} clients", ratio, most=3.0)
            cells.append(f"{pages[clients][what] * 1e3:.1f} ms, {bounded}")
        rows.append(cells)
    heads = ["clients", "in use", "issue", "÷ 100 clients", "introspect", "÷ 100 clients", *PAGES]
    report.table("Growth, at 64 connections", heads, rows)


PAGES = ["clients page", "search, common", "search, one name", "search, two letters", "search, id"]


def addresses(house):
    """The pages, each with a search that finds something there."""
    name = house.ask("SELECT name FROM api_clients WHERE number = (SELECT max(number) / 2 FROM api_clients)")
    searches = ["", "data", name, name[:2], house.credentials[0][0][:8]]
    return dict(zip(PAGES, ["/system/api-clients?" + urllib.parse.urlencode({"q": text}) for text in searches]))


def page_times(bench, house):
    """Seconds to the whole page, signed in, the median of many, one at a time."""
    house.run("admin", "create", "--email", ADMIN, feed=PASSWORD + "\n")
    connection = http.client.HTTPConnection(house.server.host, house.server.port)
    form = urllib.parse.urlencode({"form[email]": ADMIN, "password": PASSWORD})
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": f"http://{house.server.host}:{house.server.port}",
        "Sec-Fetch-Site": "same-origin",
        "Accept": "text/html",
    }
    connection.request("POST", "/system/do/sign-in", form, headers)
    answer = connection.getresponse()
    answer.read()
    cookies = "; ".join(value.split(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie")
    times = {}
    for what, address in addresses(house).items():
        taken = []
        for _ in range(40):
            started = time.perf_counter()
            connection.request("GET", address, headers={"Cookie": cookies, "Accept": "text/html"})
            answer = connection.getresponse()
            text = answer.read()
            taken.append(time.perf_counter() - started)
            if answer.status != 200 or b'<tr' not in text:
                raise SystemExit(f"{address}: {answer.status}, or nothing found")
        times[what] = statistics.median(taken)
    return times


def memory(bench, report):
    """Resident memory: idle, after 100,000 tokens, and with a million clients in the file."""
    house = bench.restarted(100)
    time.sleep(2)
    idle = house.server.resident_mib()
    grant = bench.grants(house.credentials)
    issued = 0
    while issued < 100_000:
        issued += bench.load.run(house.server, grant, 64, 2).requests
    rows = [
        ["idle", report.bound("idle memory", idle, most=20, form="{:.1f}")],
        [f"after {issued:,} tokens at 64 connections", report.bound("memory after 100,000 tokens", house.server.resident_mib(), most=48, form="{:.1f}")],
    ]
    most = bench.options.sizes[-1]
    house = bench.restarted(most)
    bench.load.run(house.server, bench.grants(house.credentials), 64, 5)
    rows.append(
        [f"{most:,} clients in the file, {len(house.credentials):,} in use", report.bound("memory with many clients", house.server.resident_mib(), most=128, form="{:.1f}")]
    )
    report.table("Resident memory, MiB", ["", "MiB"], rows)


def start(bench, report):
    """From the start of the process to the first answered token."""
    rows = []
    few = Claviger(str(bench.options.claviger), bench.folder / "fresh", 1, 1)
    for house, most in ((few, 50), (bench.house(bench.options.sizes[-1]), 150)):
        clients = house.clients
        if house.server:
            house.stop()
        taken = []
        for _ in range(max(bench.options.rounds, 5)):
            server = house.start()
            server.post("/oauth/token", basic(*house.credentials[0]), GRANT)
            taken.append((time.perf_counter() - server.started) * 1e3)
            house.stop()
        rows.append([f"clients in the file: {clients:,}", report.bound(f"start with {clients:,} clients", statistics.median(taken), most=most, form="{:.0f}")])
    report.table("From nothing to the first token, ms", ["", "ms"], rows)


def statements(bench, report):
    """What the database is asked while tokens are issued and looked at: every statement of both drivers is a line in the log."""
    rows = []
    for connections in (1, 16, 64):
        for name in ("issue", "introspect"):
            log = bench.folder / "statements.log"
            with log.open("w") as file:
                house = bench.restarted(100, log=file, CLAVIGER_LOG="off,sqlx::query=debug,claviger::store::pulse=trace")
                one = house.credentials[:1]
                requests = bench.grants(one) if name == "issue" else bench.introspections(house, one)
                # Whatever is read once only is in memory from here on.
                bench.load.run(house.server, requests, connections, 1)
                before = log.stat().st_size
                run = bench.load.run(house.server, requests, connections, bench.options.seconds)
                time.sleep(1.5)
                with log.open() as lines:
                    lines.seek(before)
                    said = lines.read()
            asked = re.findall(r'summary="([^"]*)', said)
            looks = sum(statement.startswith("SELECT version FROM directory_version") for statement in asked)
            usage = sum(bool(re.search("usage_hourly|usage_daily|secret_uses|recent_tokens", statement)) for statement in asked)
            others = [statement for statement in asked if "directory_version" not in statement and not re.search("usage_|secret_uses|recent_tokens|BEGIN|COMMIT", statement)]
            what = f"statements per {name} at {connections}"
            ratio = (looks + len(others)) / run.requests
            rows.append([
                name, connections, f"{run.requests:,}", looks, len(others),
                report.bound(what, ratio, most=0.2, form="{:.4f}") if connections == 64 else f"{ratio:.4f}", usage,
            ])
            if any(not statement.startswith("SELECT") for statement in others):
                report.misses.append(f"{what}: one of them writes")
    report.table(
        "Database statements",
        ["", "connections", "requests", "looks at the version", "others", "per request", "of the usage, written once a second"], rows,
        "Every statement of both drivers is a line of the log, and these are the lines.",
    )


def overload(bench, report):
    """Good clients with generated secrets, beside 512 connections that try wrong secrets against clients with chosen ones."""
    house = bench.house(100)
    chosen = [(f"overload-chosen-{number}", "a-secret-that-somebody-chose") for number in range(50)]
    for name, secret in chosen:
        house.run(
            "create", "--id", name, "--secret", secret, "--organization-id", "1", "--scope", "public",
            program=str(bench.options.claviger.with_name("api-client")),
        )
    house = bench.restarted(100, CLAVIGER_TRUSTED_PROXIES="127.0.0.0/8")
    # Each guess from a network of its own, or throttling alone would turn them away.
    guesses = bench.load.file(
        [("/oauth/token", basic(chosen[turn % 50][0], f"a-wrong-secret-{turn}"), GRANT, f"10.{turn // 250}.{turn % 250}.1") for turn in range(50_000)]
    )
    good = bench.grants(house.credentials[:50])
    alone, beside = Runs(), Runs()
    statuses = bench.folder / "statuses"
    for _ in range(bench.options.rounds):
        alone.add(bench.load.run(house.server, good, 16, bench.options.seconds))
        attack = bench.load.begin(house.server, guesses, 512, bench.options.seconds + 2, statuses=statuses)
        time.sleep(1)
        beside.add(bench.load.run(house.server, good, 16, bench.options.seconds))
        attack.communicate()
    answers = collections.Counter(statuses.read_text().splitlines())
    told = ", ".join(f"{count:,} × {status}" for status, count in answers.most_common())
    for status in answers:
        code, retry_after = status.split()
        if code not in ("401", "429", "503") or (code != "401" and retry_after == "-"):
            raise SystemExit(f"a wrong secret was answered with {status}")
    rows = [
        ["good clients alone", f"{alone.median('rate'):,.0f}", f"{alone.median('p99'):,.0f}", ""],
        [
            "beside 512 connections with wrong chosen secrets", f"{beside.median('rate'):,.0f}", f"{beside.median('p99'):,.0f}",
            report.bound("good clients under attack", beside.against(alone, "rate"), least=0.5),
        ],
    ]
    report.table(
        "Overload", ["16 connections", "requests/s", "p99 µs", "of their throughput"], rows,
        f"The wrong ones were answered (status, Retry-After) {told}. Resident memory afterwards: {house.server.resident_mib():.1f} MiB.",
    )


def file(bench, report):
    """How the database file grows with tokens."""
    house = bench.running(100)
    grant = bench.grants(house.credentials)
    bench.load.run(house.server, grant, 64, 2)
    time.sleep(1.5)
    before, issued = house.pages(), 0
    while issued < bench.options.tokens:
        issued += bench.load.run(house.server, grant, 64, 10).requests
    time.sleep(1.5)
    after = house.pages()
    report.table(
        "The database file", ["tokens issued", "pages before", "pages after", "rows of usage"],
        [[f"{issued:,}", before, after, house.rows("usage_hourly") + house.rows("secret_uses") + house.rows("recent_tokens")]],
    )


PARTS = {
    "speed": speed,
    "revocation": revocation,
    "statements": statements,
    "growth": growth,
    "memory": memory,
    "start": start,
    "overload": overload,
    "file": file,
}


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def say(text):
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
