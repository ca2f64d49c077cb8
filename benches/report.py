"""What came of a run: tables in Markdown, and which bounds were missed."""

import datetime
import os
import pathlib
import platform
import sys


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
            f"Measured on {datetime.date.today()} with {cores} cores ({processor()}), Linux {platform.release().partition('-')[0]}, "
            f"{options.rounds} rounds of {options.seconds} s each where a table does not say otherwise, medians. "
            "Bounds in parentheses. A ratio is the median of the ratios within the rounds, not the quotient of two cells."
        )
        return "\n\n".join([head, *self.parts]) + "\n"


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def say(text):
    print(text, file=sys.stderr, flush=True)
