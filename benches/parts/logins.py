"""What a login of a participant costs, and good clients beside 64 connections with wrong passwords."""

import urllib.parse

from parts.attacked import Attacked, network
from servers import basic

SECRET = "a-secret-that-logs-people-in"
PEOPLE = [(f"person-{number}", f"the password of number {number}") for number in range(50)]


def measure(bench, report):
    database = bench.database(100)
    database.create("bench-logins", SECRET, "--allow-login")
    listed = bench.folder / "people.csv"
    rows = [f"{name},{name}@example.org,{name},{password}\n" for name, password in PEOPLE]
    listed.write_text("nickname,email,name,password\n" + "".join(rows))
    database.run("participant", "import", "--organization-id", "1", str(listed))
    database = bench.restarted(100, CLAVIGER_TRUSTED_PROXIES="127.0.0.0/8")
    client = basic("bench-logins", SECRET)

    def right_logins():
        before = database.server.processor_seconds()
        for person in PEOPLE:
            database.server.post("/oauth/token", client, login(*person))
        return (database.server.processor_seconds() - before) / len(PEOPLE) * 1e3

    cost = bench.quietness.measure(right_logins)
    guesses = bench.load.file(
        [("/oauth/token", client, login(PEOPLE[turn % 50][0], f"wrong {turn}"), network(turn)) for turn in range(50_000)]
    )
    good = bench.grants(database.credentials[:50])
    attacked = Attacked(bench, database.server, good, guesses, 64)
    if not attacked.answers["400 -"]:
        raise SystemExit("no wrong password was refused")
    report.table(
        "Logins of participants", ["16 connections", "requests/s", "p99 µs", "of their throughput"],
        attacked.rows(report, "good clients beside wrong logins", "64 connections with wrong passwords"),
        f"A right login takes {cost:.1f} ms of processor, nearly all of it for one Argon2id hash. The wrong ones were answered: "
        f"{attacked.summary()}.",
    )


def login(name, password):
    return "grant_type=password&auth_type=login&" + urllib.parse.urlencode({"username": name, "password": password})
