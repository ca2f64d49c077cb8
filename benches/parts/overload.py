"""Good clients with generated secrets, beside 512 connections that try wrong secrets against clients with chosen ones."""

from databases import GRANT
from parts.attacked import Attacked, network
from servers import basic


def measure(bench, report):
    database = bench.database(100)
    chosen = [f"overload-chosen-{number}" for number in range(50)]
    for name in chosen:
        database.create(name, "a-secret-that-somebody-chose")
    database = bench.restarted(100, CLAVIGER_TRUSTED_PROXIES="127.0.0.0/8")
    guesses = bench.load.file(
        [("/oauth/token", basic(chosen[turn % 50], f"a-wrong-secret-{turn}"), GRANT, network(turn)) for turn in range(50_000)]
    )
    good = bench.grants(database.credentials[:50])
    attacked = Attacked(bench, database.server, good, guesses, 512)
    if not attacked.answers["401 -"]:
        raise SystemExit("the attack was none")
    for status in attacked.answers:
        code, retry_after = status.split()
        if code not in ("401", "429", "503") or (code != "401" and retry_after == "-"):
            raise SystemExit(f"a wrong secret was answered with {status}")
    report.table(
        "Overload", ["16 connections", "requests/s", "p99 µs", "of their throughput"],
        attacked.rows(report, "good clients under attack", "512 connections with wrong chosen secrets"),
        f"Of the wrong ones were answered {attacked.summary()}. "
        f"Resident memory afterwards: {database.server.resident_mib():.1f} MiB.",
    )
