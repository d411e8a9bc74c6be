"""Say on the standard error how far a run is: a line that is written over on a terminal, else one now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from itertools import accumulate

from cleaner.dump.files import identify
from cleaner.dump.model import Chunk, Counts, Made, Shard
from cleaner.dump.plan import Task
from cleaner.io.names import STDIN
from cleaner.io.stderr import show_controls, write_stderr

TERMINAL, ELSEWHERE = 0.5, 30.0  # seconds between two lines


class Progress:
    """Counts what this run does. How far it is, is reckoned in bytes of the files, compressed as they may be."""

    def __init__(self, tasks: Sequence[Task], quiet: bool = False) -> None:
        self.quiet = quiet
        self.terminal = sys.stderr is not None and sys.stderr.isatty()
        self.begun = self.told = time.monotonic()
        sizes = [[_size(shard) for shard in task.shards] for task in tasks]
        self.known = all(size is not None for row in sizes for size in row)
        self.sizes = [[size or 0 for size in row] for row in sizes]
        self.before = list(accumulate(map(sum, self.sizes), initial=0))
        self.tasks = tasks
        self.counts = Counts()
        self.bytes = 0  # read by this run, not compressed
        self.place = 0.0  # how far the run is, in bytes of all files, and
        self.first: tuple[float, float] | None = None  # how far it was at a time (place, time)
        self.width = 0

    def add(self, chunk: Chunk, made: Made) -> None:
        """Note a chunk that is done."""
        self.counts.add(made.counts)
        self.bytes += chunk.size
        self.place = self._place(chunk)
        self.first = self.first or (self.place, time.monotonic())
        self.tick()

    def _place(self, chunk: Chunk) -> float:
        sizes, number = self.sizes[chunk.task], chunk.end.shard
        before = self.before[chunk.task] + sum(sizes[:number])
        if number == len(sizes):
            return before
        shard = self.tasks[chunk.task].shards[number]
        part = chunk.read * sizes[number] / len(shard.names) if shard.kind == "text" else chunk.read
        return before + min(part, sizes[number])

    def tick(self) -> None:
        """Print the line when it is time."""
        now = time.monotonic()
        if self.quiet or now - self.told < (TERMINAL if self.terminal else ELSEWHERE):
            return
        self.told = now
        line = self._line(now)
        if self.terminal:
            write_stderr(f"\r{line:<{self.width}}")
            self.width = len(line)
        else:
            write_stderr(line + "\n")

    def _line(self, now: float) -> str:
        seconds = max(now - self.begun, 1e-9)
        counts = self.counts
        parts = [
            f"{counts.records} records", f"{self.bytes / 1e6 / seconds:.2f} MB/s", f"{counts.edits} edits",
            f"{sum(counts.rejects.values())} rejects",
        ]  # fmt: skip
        if self.known and self.first is not None and self.place > self.first[0]:
            left = (self.before[-1] - self.place) * (now - self.first[1]) / (self.place - self.first[0])
            parts += [f"{100 * self.place / self.before[-1]:.0f} %", f"{_clock(left)} left"]
        return ", ".join(parts)

    def say(self, message: str) -> None:
        """Print a message of its own line."""
        if not self.quiet:
            self.clear()
            write_stderr(show_controls(message) + "\n")

    def clear(self) -> None:
        """Take the line away from the terminal."""
        if self.width:
            write_stderr("\r" + " " * self.width + "\r")
            self.width = 0


def _size(shard: Shard) -> int | None:
    if shard.names[0] == STDIN:
        return None
    sizes = [identify(name)["size"] for name in shard.names]
    return None if None in sizes else sum(sizes)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}"


def summarise(counts: Counts, seconds: float, top: int = 10) -> str:
    """Return the summary at the end of a run: counts, and the rules that did most."""
    rejects = sum(counts.rejects.values())
    lines = [
        f"{counts.records} records in = {counts.documents} cleaned + {rejects} rejects; {counts.written} records out, "
        f"{counts.changed} of the cleaned ones changed, {counts.edits} edits, {counts.flags} flags, {seconds:.0f} s"
    ]
    if rejects:
        lines.append("rejects: " + ", ".join(f"{number} {reason}" for reason, number in counts.rejects.most_common()))
    if counts.rules:
        lines.append("rules: " + ", ".join(f"{rule} {number}" for rule, number in counts.rules.most_common(top)))
    return "\n".join(lines)
