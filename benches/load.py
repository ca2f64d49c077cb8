"""Load: runs wrk over a file of requests and says what came of it, by the clock and by processor time."""

import dataclasses
import json
import os
import pathlib
import statistics
import subprocess

SCRIPT = pathlib.Path(__file__).with_name("load.lua")


@dataclasses.dataclass
class Run:
    """What one run of the generator came to."""

    requests: int
    seconds: float
    p50: float
    p99: float
    refused: int
    broken: int
    processor: float

    @property
    def rate(self):
        """Requests a second."""
        return self.requests / self.seconds

    @property
    def cost(self):
        """Processor time of the server per request, in microseconds."""
        return self.processor / self.requests * 1e6


class Generator:
    def __init__(self, wrk, folder, quietness):
        self.wrk = wrk
        self.folder = folder
        self.quietness = quietness
        self.files = 0

    def file(self, requests):
        """Requests as a file: path, Authorization and body each, and the address they are said to come from."""
        self.files += 1
        path = self.folder / f"requests-{self.files}.tsv"
        path.write_text("".join("\t".join([*request, ""][:4]) + "\n" for request in requests))
        return path

    def begin(self, server, requests, connections, seconds, **kept):
        """Starts a run that goes on beside others. `tokens` or `statuses` name a file that keeps them."""
        environment = {**os.environ, "REQUESTS": str(requests)}
        environment |= {name.upper(): str(path) for name, path in kept.items()}
        command = [
            self.wrk, "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s",
            "--timeout", "20s", "--script", str(SCRIPT), f"http://{server.host}:{server.port}",
        ]
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)

    def run_once(self, server, requests, connections, seconds, **kept):
        """A run, however disturbed."""
        before = server.processor_seconds()
        running = self.begin(server, requests, connections, seconds, **kept)
        printed = running.communicate()[0]
        if running.returncode:
            raise SystemExit(f"{self.wrk} ended with {running.returncode}")
        used = server.processor_seconds() - before
        line = next(line for line in printed.splitlines() if line.startswith("{"))
        return Run(**json.loads(line), processor=used)

    def run(self, server, requests, connections, seconds):
        """A run that is repeated when other processes disturb it."""
        return self.quietness.measure(lambda: self.run_once(server, requests, connections, seconds))


class Runs:
    """Several runs of the same load, by their medians."""

    def __init__(self):
        self.runs = []

    def add(self, run):
        if run.refused or run.broken:
            raise SystemExit(f"{run.refused} requests were refused and {run.broken} connections broke")
        self.runs.append(run)

    def median(self, figure):
        return statistics.median(getattr(run, figure) for run in self.runs)

    def compared(self, others, figure, by):
        """The median of what `by` makes of each round's figure and that of others that ran in turns with it."""
        pairs = zip(self.runs, others.runs, strict=True)
        return statistics.median(by(getattr(ours, figure), getattr(other, figure)) for ours, other in pairs)

    def against(self, others, figure):
        """The median of the rounds' ratios."""
        return self.compared(others, figure, lambda ours, other: ours / other)

    def beyond(self, others, figure):
        """The median of the rounds' differences."""
        return self.compared(others, figure, lambda ours, other: ours - other)


def better(runs, figure):
    """Of several that are the same but for how they are run, the one whose figure is better."""
    return (max if figure == "rate" else min)(runs, key=lambda each: each.median(figure))
