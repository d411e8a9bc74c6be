"""Which rules can fire on which lines of a text.

A rule whose pattern never reads beyond its line (`stays_in_line`) runs only on the lines that open its gate; most lines
open few. When a text walks through again, such rules run only around what the walk before has changed or flagged: on
other lines they find what they found, nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import accumulate
from operator import or_

from cleaner.engine.eyes import MOST
from cleaner.engine.plan import EVERY_LINE, Plan
from cleaner.model import Span
from cleaner.trace import Change

_NONE: set[int] = set()
RADIUS = 8  # lines, blank ones not counted, on either side of a change that what is judged on a line may depend on


class _Sights(dict[str, int]):
    """What the plan sees in each line, filled in when a line is first met."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.look = plan.eyes.look

    def __missing__(self, line: str) -> int:
        sights = self.look(line)
        if len(self) < MOST:
            self[line] = sights
        return sights


class Lines:
    """The lines of a text, for each the rules that can fire on it, and for each rule the lines.

    `seen` are all sights so far, `touched` the numbers of the lines that were changed or flagged in this walk, `only`
    those that rules need to look at, where not all.
    """

    def __init__(self, plan: Plan, text: str) -> None:
        self.plan = plan
        self.seen = 0
        self.sights = _Sights(plan)
        self.read(text)

    def read(self, text: str) -> None:
        """Look at a text; what was seen before stays seen."""
        self.lines = text.split("\n")
        self.sizes = [len(line) + 1 for line in self.lines]  # with their line breaks
        sights = list(map(self.sights.__getitem__, self.lines))
        self.seen = reduce(or_, set(sights), self.seen)
        self.opened = list(map(self.plan.opened.__getitem__, sights))
        self._index()
        self.starts: list[int] | None = None
        self.touched: set[int] = set()
        self.only: set[int] | None = None

    def _index(self) -> None:
        self.by_rule: defaultdict[int, set[int]] = defaultdict(set)
        for number, rules in enumerate(self.opened):
            for rule in rules:
                self.by_rule[rule].add(number)

    def narrow(self, touched: Iterable[int]) -> None:
        """Let rules look only around the lines that were touched; a new walk begins, in which none is yet."""
        self.only = self._around(touched)
        self.touched = set()

    def touch(self, start: int, end: int) -> None:
        """Note that something was flagged in a span of the text."""
        starts = self._starts()
        self.touched.update(range(bisect_right(starts, start) - 1, max(bisect_left(starts, end), 1)))

    def update(self, changes: Sequence[Change]) -> None:
        """Carry the changes of a text over to its lines, and look at these again."""
        starts, lines = self._starts(), self.lines
        moved = False
        edited: list[tuple[int, int, list[str]]] = []  # first and last line, and what stands there now
        parts: list[str] = []
        first = last = -1
        at = 0  # place in the old text up to which the edited lines are written
        for start, stop, new, _, _ in changes:
            if first < 0 or start > starts[last] + len(lines[last]):
                if first >= 0:
                    parts.append(lines[last][at - starts[last] :])
                    edited.append((first, last, parts))
                first = last = bisect_right(starts, start) - 1
                at, parts = starts[first], []
            parts.append(lines[last][at - starts[last] : start - starts[last]])
            parts.append(new)
            if stop > starts[last] + len(lines[last]):
                last = bisect_right(starts, stop, last) - 1
            moved = moved or len(new) != stop - start
            at = stop
        if first >= 0:
            parts.append(lines[last][at - starts[last] :])
            edited.append((first, last, parts))
        if moved:
            self.starts = None
        self._write([(one, other, "".join(parts).split("\n")) for one, other, parts in edited])

    def _write(self, edited: Sequence[tuple[int, int, list[str]]]) -> None:
        """Put new lines in the place of old ones."""
        if any(last > first or len(lines) > 1 for first, last, lines in edited):
            self._renumber(edited)
            edited = [(number, number, [self.lines[number]]) for number in sorted(self.touched)]
        for number, _, (line,) in edited:
            self.lines[number], self.sizes[number] = line, len(line) + 1
            sights = self.sights[line]
            self.seen |= sights
            opened = self.plan.opened[sights]
            if opened != self.opened[number]:
                for rule in self.opened[number]:
                    self.by_rule[rule].discard(number)
                for rule in opened:
                    self.by_rule[rule].add(number)
                self.opened[number] = opened
        numbers = [number for number, _, _ in edited]
        self.touched.update(numbers)
        if self.only is not None:
            self.only |= self._around(numbers)

    def _renumber(self, edited: Sequence[tuple[int, int, list[str]]]) -> None:
        """Put lines in the place of others, more or fewer; what is known of the rest goes along."""
        old, lines, sizes, opened = self.lines, list[str](), list[int](), list[tuple[int, ...]]()
        places: dict[int, int] = {}  # numbers of lines that stay, before and after
        touched: set[int] = set()
        at = 0
        for first, last, new in (*edited, (len(old), len(old), [])):
            places.update(zip(range(at, first), range(len(lines), len(lines) + first - at), strict=True))
            lines += old[at:first]
            sizes += [*self.sizes[at:first], *(len(line) + 1 for line in new)]
            opened += [*self.opened[at:first], *([()] * len(new))]
            touched.update(range(len(lines), len(lines) + len(new)))
            lines += new
            at = last + 1
        self.lines, self.sizes, self.starts = lines, sizes, None
        self.opened = opened
        self._index()
        self.touched = touched | {places[number] for number in self.touched if number in places}
        if self.only is not None:
            self.only = {places[number] for number in self.only if number in places}

    def where(self, rule: int) -> Sequence[Span] | None:
        """Return the spans of the lines on which a rule can fire, neighbours as one; None for all lines."""
        only = self.only
        if rule != EVERY_LINE:
            found = self.by_rule.get(rule, _NONE)
            numbers = sorted(found if only is None else found & only)
        elif only is None:
            return None
        else:
            numbers = sorted(only)
        if not numbers:
            return ()
        starts = self._starts()
        spans: list[Span] = []
        first = last = numbers[0]
        for number in numbers:
            if number > last + 1:
                spans.append((starts[first], starts[last + 1] - 1))
                first = number
            last = number
        spans.append((starts[first], starts[last + 1] - 1))
        return spans

    def _starts(self) -> list[int]:
        """Return where each line starts, and where the text is over."""
        if self.starts is None:
            self.starts = list(accumulate(self.sizes, initial=0))
        return self.starts

    def _around(self, numbers: Iterable[int]) -> set[int]:
        """Return the numbers of some lines and of those near them."""
        lines, around = self.lines, set[int]()
        number = high = -1  # up to the line `high` all are taken
        count = 0  # of the lines behind `number` and not behind `high`, those that are not blank
        for following in sorted(numbers):
            low, before, taken = following, 0, high
            while low > max(high + 1, 0) and before < RADIUS:
                low -= 1
                before += not _is_blank(lines[low])
            if following < high:
                count -= sum(not _is_blank(line) for line in lines[number + 1 : following + 1])
            else:
                count, high = 0, following
            number = following
            wanted = RADIUS + _is_blank(lines[number])
            while high < len(lines) - 1 and count < wanted:
                high += 1
                count += not _is_blank(lines[high])
            around.update(range(max(low, taken + 1), high + 1))
        return around


def _is_blank(line: str) -> bool:
    return not line or line.isspace()
