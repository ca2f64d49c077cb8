"""How fast the processors are: what else runs on a core of a virtual machine is in none of its own statistics."""

import os
import time

# A slice of the probe, and how many of them for each processor. The fastest slice counts, so that an interrupt, or the
# last writes of the server, are no disturbance, and a neighbour that stays is one.
LOOPS = 100_000
SLICES = 5


class Probe:
    """A fixed piece of work on each processor, against the fastest time that it ever took."""

    def __init__(self):
        self.fastest = float("inf")

    def slowdown(self):
        """How many times as long the slowest processor takes now."""
        allowed = os.sched_getaffinity(0)
        try:
            taken = [self.on(processor) for processor in allowed]
        finally:
            os.sched_setaffinity(0, allowed)
        self.fastest = min(self.fastest, *taken)
        return max(taken) / self.fastest

    def on(self, processor):
        os.sched_setaffinity(0, {processor})
        return min(slice_seconds() for _ in range(SLICES))


def slice_seconds():
    started = time.perf_counter()
    number = 0
    for _ in range(LOOPS):
        number = (number + 1) & 63
    return time.perf_counter() - started
