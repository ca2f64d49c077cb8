#!/usr/bin/env python3
"""Measures Claviger against a bare Axum handler in the same run, and writes the table as Markdown.

Rates depend on whatever else the machine does; processor time per request much less. Everything that is compared
is interleaved, round by round; a ratio is the median of the ratios within the rounds.
"""

import argparse
import collections
import contextlib
import http.client
import os
import pathlib
import re
import statistics
import sys
import tempfile
import time
import urllib.parse

from load import Generator, Runs
from pages import PAGES, page_costs, page_times
from report import Report, say
from servers import Claviger, Server, basic

GRANT = "grant_type=client_credentials"
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
        return self.made.get(clients) or self.fresh(clients, clients)

    def fresh(self, name, clients):
        """The same, that nothing has happened to."""
        say(f"   seeding {clients:,} clients")
        self.made[name] = Claviger(str(self.options.claviger), self.folder / str(name), clients, min(clients, IN_USE))
        return self.made[name]

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
        path, authorization, body = requests[0]
        if not house.server.post(path, authorization, body)["active"]:
            raise SystemExit("a token that was just issued is not live")
        return self.load.file(requests)

    def compare(self, contests, connections, rounds=None):
        """Runs every contest once per round: name → (server, requests). Answers with the runs by name."""
        runs = {name: Runs() for name in contests}
        for _ in range(rounds or self.options.rounds):
            for name, (server, requests) in contests.items():
                runs[name].add(self.load.run(server, requests, connections, self.options.seconds))
        return runs


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
        f"Each on the disk before its answer; {answered:,} were answered, {denied:,} rows are there. "
        f"A server that is started with them has its first token out after {first_token(house):.0f} ms "
        f"and holds {house.server.resident_mib():.1f} MiB.",
    )


def growth(bench, report):
    """The same with few clients and many, and the clients page."""
    least = bench.options.sizes[0]
    houses = {}
    for clients in bench.options.sizes:
        # The others are compared with the smallest, so it is as fresh as they are.
        houses[clients] = bench.fresh("growth", clients) if clients == least else bench.house(clients)
        if houses[clients].server:
            houses[clients].stop()
        houses[clients].start()
    contests = {}
    for clients, house in houses.items():
        contests[f"issue {clients}"] = (house.server, bench.grants(house.credentials))
        contests[f"introspect {clients}"] = (house.server, bench.introspections(house, house.credentials))
    # What filling the databases left in memory is written out before, not meanwhile.
    os.sync()
    # The differences are small, so more rounds than elsewhere.
    rounds = bench.options.rounds + 4
    runs = bench.compare(contests, 64, rounds)
    pages = page_times(houses)
    rows = []
    for clients, house in houses.items():
        cells = [f"{clients:,}", f"{len(house.credentials):,}"]
        for name in ("issue", "introspect"):
            ours, first = runs[f"{name} {clients}"], runs[f"{name} {least}"]
            ratio = ours.against(first, "cost")
            bounded = report.bound(f"{name} with {clients:,} clients", ratio, most=1.15) if clients > least else "1"
            cells += [f"{ours.median('cost'):.1f} µs", bounded]
        rows.append(cells)
    heads = ["clients", "in use", "issue", "÷ 100 clients", "introspect", "÷ 100 clients"]
    report.table("Growth of the token path, at 64 connections", heads, rows, f"Processor time of the server per request, {rounds} rounds.")
    rows = []
    for clients in houses:
        cells = [f"{clients:,}"]
        for what in PAGES:
            # What a search may take is measured by the whole page of the smallest, whatever it finds there.
            ratio = pages[clients][what] / pages[least][PAGES[0]]
            bounded = report.bound(f"{what} with {clients:,} clients", ratio, most=3.0)
            cells.append(f"{pages[clients][what] * 1e3:.1f} ms, {bounded}")
        rows.append(cells)
    report.table(
        "Growth of the pages", ["clients", *PAGES], rows,
        "Time to the whole page for one signed in, one request at a time, against the clients page of the fewest.",
    )


def pages(bench, report):
    """What the pages of administrators cost among 10,000 clients."""
    costs = page_costs(bench.running(10_000), 500)
    most = {"overview": 5.0, "clients, 25 rows": 2.0, "its permissions": 1.5}
    rows = []
    for what, (milliseconds, length) in costs.items():
        bounded = f"{milliseconds:.2f}"
        if what in most:
            bounded = report.bound(f"processor of the page: {what}", milliseconds, most=most[what])
        on_wire = str(length)
        if what == "clients, 25 rows":
            on_wire = report.bound("bytes of the list", length, most=15_000, form="{:.0f}")
        rows.append([what, bounded, on_wire])
    report.table(
        "Pages among 10,000 clients", ["", "ms of processor", "bytes, gzip"], rows,
        "Of the server, session, compression and answer included; 500 of each, one request at a time.",
    )


def memory(bench, report):
    """Resident memory: idle, after 100,000 tokens, and with a million clients in the file."""
    # One that nothing happened to yet.
    house = bench.fresh("memory", 100)
    house.start()
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


def first_token(house):
    """Milliseconds from the start of the process to the first answered token."""
    if house.server:
        house.stop()
    server = house.start()
    server.post("/oauth/token", basic(*house.credentials[0]), GRANT)
    return (time.perf_counter() - server.started) * 1e3


def start(bench, report):
    """From nothing to the first token."""
    rows = []
    few = bench.fresh("start", 1)
    for house, most in ((few, 50), (bench.house(bench.options.sizes[-1]), 150)):
        clients = house.clients
        taken = [first_token(house) for _ in range(max(bench.options.rounds, 5))]
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
                house = bench.restarted(100, log=file, CLAVIGER_LOG="off,sqlx::query=debug,claviger::store::sqlite_probe=trace")
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
            looks = [statement for statement in asked if statement.startswith("SELECT version FROM directory_version")]
            usage = [statement for statement in asked if re.search("usage_hourly|usage_daily|secret_uses|recent_tokens", statement)]
            others = [
                statement for statement in asked
                if statement not in looks and statement not in usage and not re.fullmatch("(BEGIN|COMMIT).*", statement)
            ]
            what = f"statements per {name} at {connections}"
            ratio = (len(looks) + len(others)) / run.requests
            each_second = len(usage) / run.seconds
            rows.append([
                name, connections, f"{run.requests:,}", f"{len(looks):,}", len(others),
                report.bound(what, ratio, most=0.01, form="{:.4f}"),
                report.bound(f"statements of the usage, {name} at {connections}", each_second, most=50, form="{:.0f}"),
            ])
            if any(not statement.startswith("SELECT") for statement in others):
                report.misses.append(f"{what}: one of them writes")
    report.table(
        "Database statements",
        ["", "connections", "requests", "looks at the version", "others", "per request", "of the usage, a second"], rows,
        "Counted from the log, which has a line for every statement of both database drivers. One run each. The usage is "
        "written once a second, whatever the number of requests.",
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
    statuses, answers = bench.folder / "statuses", collections.Counter()
    for _ in range(bench.options.rounds):
        alone.add(bench.load.run(house.server, good, 16, bench.options.seconds))
        attack = bench.load.begin(house.server, guesses, 512, bench.options.seconds + 2, statuses=statuses)
        time.sleep(1)
        beside.add(bench.load.run(house.server, good, 16, bench.options.seconds))
        attack.communicate()
        answered = collections.Counter(statuses.read_text().splitlines())
        if attack.returncode or not answered["401 -"]:
            raise SystemExit("the attack was none")
        answers += answered
    for status in answers:
        code, retry_after = status.split()
        if code not in ("401", "429", "503") or (code != "401" and retry_after == "-"):
            raise SystemExit(f"a wrong secret was answered with {status}")
    told = ", ".join(
        f"{count:,} with {code}" + ("" if retry_after == "-" else f" and `Retry-After: {retry_after}`")
        for (code, retry_after), count in ((status.split(), count) for status, count in answers.most_common())
    )
    rows = [
        ["good clients alone", f"{alone.median('rate'):,.0f}", f"{alone.median('p99'):,.0f}", ""],
        [
            "beside 512 connections with wrong chosen secrets", f"{beside.median('rate'):,.0f}", f"{beside.median('p99'):,.0f}",
            report.bound("good clients under attack", beside.against(alone, "rate"), least=0.5),
        ],
    ]
    report.table(
        "Overload", ["16 connections", "requests/s", "p99 µs", "of their throughput"], rows,
        f"Of the wrong ones were answered {told}. Resident memory afterwards: {house.server.resident_mib():.1f} MiB.",
    )


def logins(bench, report):
    """What a login of a participant costs, and good clients beside 64 connections with wrong passwords."""
    house = bench.house(100)
    secret = "a-secret-that-logs-people-in"
    house.run(
        "create", "--id", "bench-logins", "--secret", secret, "--organization-id", "1", "--scope", "public", "--allow-login",
        program=str(bench.options.claviger.with_name("api-client")),
    )
    people = [(f"person-{number}", f"the password of number {number}") for number in range(50)]
    listed = bench.folder / "people.csv"
    listed.write_text("nickname,email,name,password\n" + "".join(f"{name},{name}@example.org,{name},{password}\n" for name, password in people))
    house.run("participant", "import", "--organization-id", "1", str(listed))
    house = bench.restarted(100, CLAVIGER_TRUSTED_PROXIES="127.0.0.0/8")
    client = basic("bench-logins", secret)

    def login(name, password):
        return "grant_type=password&auth_type=login&" + urllib.parse.urlencode({"username": name, "password": password})

    before = house.server.processor_seconds()
    for person in people:
        house.server.post("/oauth/token", client, login(*person))
    cost = (house.server.processor_seconds() - before) / len(people) * 1e3
    # Each guess from a network of its own, or throttling alone would turn them away.
    guesses = bench.load.file(
        [("/oauth/token", client, login(people[turn % 50][0], f"wrong {turn}"), f"10.{turn // 250}.{turn % 250}.1") for turn in range(50_000)]
    )
    good = bench.grants(house.credentials[:50])
    alone, beside = Runs(), Runs()
    statuses, answers = bench.folder / "statuses", collections.Counter()
    for _ in range(bench.options.rounds):
        alone.add(bench.load.run(house.server, good, 16, bench.options.seconds))
        attack = bench.load.begin(house.server, guesses, 64, bench.options.seconds + 2, statuses=statuses)
        time.sleep(1)
        beside.add(bench.load.run(house.server, good, 16, bench.options.seconds))
        attack.communicate()
        answered = collections.Counter(statuses.read_text().splitlines())
        if attack.returncode or not answered["400 -"]:
            raise SystemExit("no wrong password was refused")
        answers += answered
    told = ", ".join(f"{count:,} with {status}" for status, count in answers.most_common())
    report.table(
        "Logins of participants", ["16 connections", "requests/s", "p99 µs", "of their throughput"],
        [
            ["good clients alone", f"{alone.median('rate'):,.0f}", f"{alone.median('p99'):,.0f}", ""],
            [
                "beside 64 connections with wrong passwords", f"{beside.median('rate'):,.0f}", f"{beside.median('p99'):,.0f}",
                report.bound("good clients beside wrong logins", beside.against(alone, "rate"), least=0.5),
            ],
        ],
        f"A right login takes {cost:.1f} ms of processor, nearly all of it for one Argon2id hash. The wrong ones were answered: "
        f"{told} (status and `Retry-After`).",
    )


def file(bench, report):
    """How the database file grows with tokens."""
    house = bench.running(100)
    grant = bench.grants(house.credentials)
    # Until each client has its fifty recent tokens.
    full = -1
    while (kept := house.rows("recent_tokens")) > full:
        full = kept
        bench.load.run(house.server, grant, 64, 2)
    time.sleep(1.5)
    before, issued = house.pages(), 0
    while issued < bench.options.tokens:
        issued += bench.load.run(house.server, grant, 64, 10).requests
    time.sleep(1.5)
    after = house.pages()
    report.table(
        "The database file", ["tokens issued", "pages before", "pages more", "rows of usage"],
        [[
            f"{issued:,}", f"{before:,}", report.bound("growth of the file", after - before, most=16, form="{}"),
            f"{house.rows('usage_hourly') + house.rows('secret_uses') + house.rows('recent_tokens'):,}",
        ]],
        "Pages of 4 KiB. Usage is counts by the hour, the last use of each secret, and fifty recent tokens of each client.",
    )


PARTS = {
    "speed": speed,
    "revocation": revocation,
    "statements": statements,
    "growth": growth,
    "pages": pages,
    "memory": memory,
    "start": start,
    "overload": overload,
    "logins": logins,
    "file": file,
}


if __name__ == "__main__":
    main()
