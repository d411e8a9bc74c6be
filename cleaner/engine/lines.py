"""Which rules can fire on which lines of a text.

A rule whose pattern never reads beyond its line (`stays_in_line`) runs only on the lines that open its gate; most lines
open few. What a line opens is remembered: a text that walks through again is looked up, not looked at.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import reduce
from itertools import accumulate
from operator import or_

from cleaner.engine.plan import Plan
from cleaner.model import Span
from cleaner.trace import Change


class _Sights(dict[str, int]):
    """What the plan sees in each line, filled in when a line is first met."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.look = plan.eyes.look

    def __missing__(self, line: str) -> int:
        self[line] = sights = self.look(line)
        return sights


class Lines:
    """The lines of a text, and for each that can fire rules the rules, as bits; `seen` are all sights so far."""

    def __init__(self, plan: Plan, text: str) -> None:
        self.plan = plan
        self.seen = 0
        self.sights = _Sights(plan)
        self.read(text)

    def read(self, text: str) -> None:
        """Look at a text; what was seen before stays seen."""
        self.lines = text.split("\n")
        sights = list(map(self.sights.__getitem__, self.lines))
        self.seen = reduce(or_, set(sights), self.seen)
        opened = map(self.plan.opened.__getitem__, sights)
        self.live = {number: bits for number, bits in enumerate(opened) if bits}
        self.starts: list[int] | None = None

    def update(self, text: str, changes: Sequence[Change]) -> None:
        """Look again at the lines that changes touched; `text` is what stands after them."""
        starts = self._starts()
        parts: list[str] = []
        number = -1
        at = end = 0  # place in the old text up to which the line is written; the line's end
        moved = False
        for start, stop, new, _, _ in changes:
            if number < 0 or start > end:
                if number >= 0:
                    self._replace(number, parts, at)
                number = bisect_right(starts, start) - 1
                at, end, parts = starts[number], starts[number] + len(self.lines[number]), []
            if stop > end or "\n" in new:
                self.read(text)
                return
            moved = moved or len(new) != stop - start
            parts += (self.lines[number][at - starts[number] : start - starts[number]], new)
            at = stop
        if number >= 0:
            self._replace(number, parts, at)
        if moved:
            self.starts = None

    def _replace(self, number: int, parts: list[str], at: int) -> None:
        line = "".join(parts) + self.lines[number][at - self._starts()[number] :]
        self.lines[number] = line
        sights = self.sights[line]
        self.seen |= sights
        bits = self.plan.opened[sights]
        if bits:
            self.live[number] = bits
        else:
            self.live.pop(number, None)

    def _starts(self) -> list[int]:
        """Return where each line starts."""
        if self.starts is None:
            self.starts = list(accumulate([len(line) + 1 for line in self.lines], initial=0))
        return self.starts

    def where(self, bit: int) -> list[Span]:
        """Return the spans of the lines on which a rule can fire, neighbours as one."""
        numbers = sorted([number for number, bits in self.live.items() if bits & bit])
        starts = self._starts() if numbers else []
        spans: list[Span] = []
        last = -2
        for number in numbers:
            end = starts[number] + len(self.lines[number])
            if number == last + 1:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((starts[number], end))
            last = number
        return spans
