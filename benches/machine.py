"""The machine: what processes use of its processors, and how much of that is not part of the measurement."""

import contextlib
import dataclasses
import gzip
import os
import pathlib
import platform
import statistics
import tempfile
import time

from probe import Probe

TICKS = os.sysconf("SC_CLK_TCK")

# From how many cores of other processes on a run is repeated. Server and load generator together keep two cores busy,
# so what others use is missing from the rate: a tenth of a core is up to a twentieth of it, a third of the distance
# between the figures and their bounds.
DISTURBED = 0.10

# From what slowdown of a processor on a run is repeated: twice what the probe varies by on a quiet machine. A neighbour on the
# same core of the host makes it 1.6 times as slow.
SLOWED = 1.15

# How often a disturbed run is repeated. On a machine that is never quiet the whole takes three times as long, not forever.
MOST_REPEATS = 2

# For how many seconds all runs together wait until the processors are fast again.
PATIENCE = 900


def processes():
    """Every process: id → (id of its parent, processor seconds of itself and of its children that have ended)."""
    found = {}
    for path in pathlib.Path("/proc").iterdir():
        if path.name.isdecimal():
            # It may have ended meanwhile.
            with contextlib.suppress(OSError):
                fields = (path / "stat").read_text().rpartition(")")[2].split()
                found[int(path.name)] = (int(fields[1]), sum(map(int, fields[11:15])) / TICKS)
    return found


def tree_seconds(pid):
    """What a process and all its descendants have used, in user and kernel."""
    found = processes()
    if pid not in found:
        raise SystemExit(f"process {pid} is gone")
    children = {}
    for child, (parent, _) in found.items():
        children.setdefault(parent, []).append(child)
    seconds, following = 0, [pid]
    while following:
        next_pid = following.pop()
        seconds += found[next_pid][1]
        following += children.get(next_pid, [])
    return seconds


def has_interrupts_apart():
    """Whether the kernel charges interrupts to no process. Then those of the load would look like another process."""
    release = platform.release()
    with contextlib.suppress(OSError):
        return "CONFIG_IRQ_TIME_ACCOUNTING=y" in gzip.decompress(pathlib.Path("/proc/config.gz").read_bytes()).decode()
    with contextlib.suppress(OSError):
        return "CONFIG_IRQ_TIME_ACCOUNTING=y" in pathlib.Path(f"/boot/config-{release}").read_text()
    return False


INTERRUPTS_APART = has_interrupts_apart()


def busy_seconds():
    """What all processors have spent on anything. Time that a host gave to other machines (steal) counts."""
    user, nice, system, _idle, _wait, irq, softirq, steal = map(int, pathlib.Path("/proc/stat").read_text().split()[1:9])
    return (user + nice + system + steal + (0 if INTERRUPTS_APART else irq + softirq)) / TICKS


def own_seconds():
    """What this process has used, and everything that was started from it, ended or not."""
    # What has ended is in the times of its parent.
    return tree_seconds(os.getpid())


@dataclasses.dataclass
class Watch:
    """What disturbed a measurement."""

    others: float = 0.0
    """How many cores other processes used."""

    slowdown: float = 1.0
    """How many times as long as at its fastest a processor took for the probe, before or after, whichever was slower."""

    @property
    def disturbance(self):
        """More than 1 is too much."""
        return max(self.others / DISTURBED, (self.slowdown - 1) / (SLOWED - 1))


class Quietness:
    """How quiet the machine was during the measurements since the last table."""

    def __init__(self):
        self.watches = []
        self.repeated = 0
        self.probe = Probe()
        self.patience = PATIENCE

    def measure(self, action, repeats=MOST_REPEATS):
        """What `action` answers, of the quietest of as many tries as it takes."""
        tries = []
        while True:
            with self.watched(self.wait()) as watch:
                answer = action()
            tries.append((watch, answer))
            if watch.disturbance <= 1 or len(tries) > repeats:
                break
        self.repeated += len(tries) - 1
        watch, answer = min(tries, key=lambda attempt: attempt[0].disturbance)
        self.watches.append(watch)
        return answer

    def wait(self):
        """Until the processors are fast, while there is patience. Answers with how slow they are."""
        started = time.perf_counter()
        while (slowdown := self.probe.slowdown()) > SLOWED and time.perf_counter() - started < self.patience:
            time.sleep(0.5)
        self.patience -= time.perf_counter() - started
        return slowdown

    @contextlib.contextmanager
    def watched(self, before):
        watch = Watch()
        started, busy, own = time.perf_counter(), busy_seconds(), own_seconds()
        yield watch
        own, busy = own_seconds() - own, busy_seconds() - busy
        watch.others = max(0.0, (busy - own) / (time.perf_counter() - started))
        watch.slowdown = max(before, self.probe.slowdown())

    def summary(self):
        """What to say about the measurements since the last time; empty when there were none."""
        if not self.watches:
            return ""
        others = [watch.others for watch in self.watches]
        slowdowns = [watch.slowdown for watch in self.watches]
        disturbed = sum(watch.disturbance > 1 for watch in self.watches)
        sentences = (
            f"Other processes used {statistics.median(others):.2f} cores (median of {len(others)} runs; {max(others):.2f} at "
            f"most), and processors were {statistics.median(slowdowns):.2f} times as slow as at their fastest "
            f"({max(slowdowns):.2f} at most)."
        )
        if self.repeated:
            sentences += f" {self.repeated} times a disturbed run was repeated."
        if disturbed:
            sentences += f" **{disturbed} runs stayed disturbed** (more than {DISTURBED:.2f} cores, or {SLOWED:.2f} times as slow)."
        self.watches, self.repeated = [], 0
        return sentences


def flush_seconds(folder):
    """How long the disk takes until written data is on it, the median of fifty."""
    taken = []
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(bytes(64 * 4096))
        os.fsync(file.fileno())
        for turn in range(50):
            os.pwrite(file.fileno(), os.urandom(4096), turn * 4096)
            started = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
