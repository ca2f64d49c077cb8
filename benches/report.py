"""What came of a run: tables in Markdown, and which bounds were missed."""

import contextlib
import datetime
import os
import platform
import re
import sys

from machine import processor


class Report:
    """Tables, and which bounds were missed."""

    def __init__(self, options, quietness):
        self.options = options
        self.quietness = quietness
        self.parts = {}
        self.tables = []
        self.misses = []
        # What the chart shows: (title, [(label, kind, requests a second, microseconds of processor)]).
        self.bars = []

    @contextlib.contextmanager
    def part(self, name):
        """The tables that are added meanwhile are of this part. When it fails, they are dropped."""
        self.tables = []
        yield
        self.parts[name] = self.tables

    def table(self, title, heads, rows, note=""):
        lines = [f"### {title}", ""]
        lines.append("| " + " | ".join(heads) + " |")
        lines.append("|---" * len(heads) + "|")
        lines += ["| " + " | ".join(str(cell) for cell in [*row, *[""] * (len(heads) - len(row))]) + " |" for row in rows]
        notes = " ".join(text for text in (note, self.quietness.summary()) if text)
        if notes:
            lines += ["", notes]
        self.tables.append("\n".join(lines))
        say("\n".join(lines))

    def bound(self, what, value, least=None, most=None, form="{:.2f}"):
        """A figure with its bound; a miss is marked and remembered."""
        sign, limit = ("≥", least) if least is not None else ("≤", most)
        kept = value >= least if least is not None else value <= most
        bound = f"{sign} {form.format(limit)}"
        if kept:
            return f"{form.format(value)} ({bound})"
        figure = unlike(limit, value, form)
        self.misses.append(f"{what}: {figure}, not {bound}")
        return f"{figure} ({bound}) **missed**"

    def where(self):
        """When and on what it was measured."""
        return f"{datetime.date.today()}, {os.cpu_count()} cores ({processor()}), Linux {platform.release().partition('-')[0]}"

    def measured(self):
        return f"*Measured {self.where()}; {self.options.rounds} rounds of {self.options.seconds} s.*"

    def text(self):
        tables = [table for part in self.parts.values() for table in part]
        return "\n\n".join([self.measured(), *tables]) + "\n"

    def write_into(self, document):
        """Replaces the measured parts of a document, which stand between comments that name them; the others stay."""
        text = document.read_text()
        for part, tables in self.parts.items():
            region = re.compile(f"(<!-- measured: {part} -->\n).*?(<!-- end: {part} -->)", re.DOTALL)
            if not region.search(text):
                raise SystemExit(f"{document} has no place for what was measured of {part}")
            fresh = "\n\n".join([self.measured(), *tables])
            text = region.sub(lambda found: f"{found[1]}\n{fresh}\n\n{found[2]}", text)
        document.write_text(text)


def unlike(limit, value, form):
    """A value that is not its limit, with as many more digits as it takes not to be written like it."""
    while form.format(value) == form.format(limit):
        form = re.sub(r"\.(\d+)f", lambda digits: f".{int(digits[1]) + 1}f", form)
    return form.format(value)


def say(text):
    print(text, file=sys.stderr, flush=True)
