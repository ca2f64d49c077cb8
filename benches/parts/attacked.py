"""Good clients, alone and beside connections that guess."""

import collections
import time

from load import Runs


class Attacked:
    """What came of rounds of good clients alone, and beside guesses."""

    def __init__(self, bench, server, good, guesses, connections):
        self.alone, self.beside = Runs(), Runs()
        # How often each status came, with its `Retry-After` or a dash.
        self.answers = collections.Counter()
        statuses, seconds = bench.folder / "statuses", bench.options.seconds
        for _ in range(bench.options.rounds):
            self.alone.add(bench.load.run(server, good, 16, seconds))
            attack = bench.load.begin(server, guesses, connections, seconds + 2, statuses=statuses)
            time.sleep(1)
            # Not repeated: the attack ends by itself.
            run = bench.quietness.measure(lambda: bench.load.run_once(server, good, 16, seconds), repeats=0)
            self.beside.add(run)
            attack.communicate()
            if attack.returncode:
                raise SystemExit("the attack was none")
            self.answers += collections.Counter(statuses.read_text().splitlines())

    def rows(self, report, what, attack):
        return [
            ["good clients alone", f"{self.alone.median('rate'):,.0f}", f"{self.alone.median('p99'):,.0f}", ""],
            [
                f"beside {attack}", f"{self.beside.median('rate'):,.0f}", f"{self.beside.median('p99'):,.0f}",
                report.bound(what, self.beside.against(self.alone, "rate"), least=0.5),
            ],
        ]

    def summary(self):
        """How the guesses were answered."""
        parts = []
        for status, count in self.answers.most_common():
            code, retry_after = status.split()
            parts.append(f"{count:,} with {code}" + ("" if retry_after == "-" else f" and `Retry-After: {retry_after}`"))
        return ", ".join(parts)


def network(turn):
    """Each guess comes from a network of its own, or throttling alone would turn them away."""
    return f"10.{turn // 250}.{turn % 250}.1"
