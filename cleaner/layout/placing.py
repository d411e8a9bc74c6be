"""Which column each piece of a row belongs to: by its place, by words that go on, by columns that wait for more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from cleaner.engine.patterns import LazyPattern, find_pattern
from cleaner.engine.profile import RuleSet
from cleaner.layout.lines import Line, measure_width
from cleaner.layout.runs import Run
from cleaner.layout.words import cuts_word

TAIL = 4  # characters at a line's end among which its full stop stands, with the closing marks behind it


class Shape(NamedTuple):
    """Columns of one width, in cells: how many, and where they begin, in cells or in characters as `kind` says; no
    places where they tell nothing."""

    width: float
    size: int
    places: list[float]
    kind: str

    def find_distance(self, run: Run, number: int) -> float:
        """Return how far from a column's beginning a piece begins."""
        return abs(run.place(self.kind) - self.places[number])


@dataclass(slots=True)
class Column:
    """A column as it grows: its lines, and where the last one stands among the rows."""

    lines: list[Line] = field(default_factory=list)
    row: int = -1


class _Placed(NamedTuple):
    """A way to place the pieces of a row so far: its score, and the lines with their columns."""

    score: float = 0.0
    lines: tuple[tuple[int, Line], ...] = ()


class Placer:
    """Gives the pieces of rows to columns."""

    def __init__(self, shape: Shape, text: str, rules: RuleSet) -> None:
        self.shape, self.text, self.settings = shape, text, rules.settings
        self.slack = rules.settings["across_slack"]
        self.ends = rules.once("ends of rows", _make_ends)
        self.filled: list[Column] = []  # all columns so far
        self.begin()

    def begin(self) -> None:
        """Begin new columns."""
        self.columns = [Column() for _ in range(self.shape.size)]
        self.filled += self.columns

    def place(self, row: Sequence[Run], number: int) -> None:
        """Give the pieces of the row of a number to the columns that fit them best together."""
        for at, line in self._choose(row):
            column = self.columns[at]
            last = column.lines[-1] if column.lines else None
            blank = last is None or number > column.row + 1 or (line.blanks > 0 and not self.goes_on(last))
            column.lines.append(line._replace(blanks=int(blank)))
            column.row = number

    def is_full(self, line: Line) -> bool:
        """Say whether a line is as wide as its column."""
        return line.width >= self.shape.width - self.slack

    def goes_on(self, line: Line) -> bool:
        """Say whether a line is not the last one of its paragraph."""
        return self.is_full(line) and self.ends.search(line.text[-TAIL:]) is None

    def is_closed(self) -> bool:
        """Say whether the text of all columns may be over: of each it ends, or goes on at the next one's beginning."""
        if not all(column.lines for column in self.columns) or self.goes_on(self.columns[-1].lines[-1]):
            return False
        return all(
            not self.goes_on(one.lines[-1]) or cuts_word(one.lines[-1].text, two.lines[0].text)
            for one, two in pairwise(self.columns)
        )

    def join(self, row: Sequence[Run]) -> Line:
        """Return a row as one line."""
        line = row[0].line
        for run in row[1:]:
            line = self._glue(line, run)
        return line

    def _choose(self, row: Sequence[Run]) -> tuple[tuple[int, Line], ...]:
        best = {-1: _Placed()}  # by the last piece's column
        for run in row:
            grown: dict[int, _Placed] = {}
            for at, placed in best.items():
                for column in range(max(at, 0), self.shape.size):
                    more = self._join_to(placed, run) if column == at else self._add_to(placed, run, at, column)
                    if column not in grown or more.score > grown[column].score:
                        grown[column] = more
            best = grown
        whole = [placed.score - self._skip(at + 1, self.shape.size) for at, placed in best.items()]
        return list(best.values())[whole.index(max(whole))].lines

    def _join_to(self, placed: _Placed, run: Run) -> _Placed:
        """Take the blanks before a piece for blanks inside a line."""
        at, line = placed.lines[-1]
        joined = self._glue(line, run)
        wide = joined.width > self.shape.width + self.slack
        price = self.settings["grid_join_wide" if wide else "grid_join"] + (run.gap > 1)
        return _Placed(placed.score - price, (*placed.lines[:-1], (at, joined)))

    def _add_to(self, placed: _Placed, run: Run, at: int, column: int) -> _Placed:
        """Put a piece into a column behind the last piece's."""
        score = placed.score + self._fit(run, column) - self._skip(at + 1, column)
        return _Placed(score, (*placed.lines, (column, run.line)))

    def _fit(self, run: Run, number: int) -> float:
        """Return how well a piece goes on in a column."""
        score = 0.0
        if self.shape.places:
            score -= min(self.shape.find_distance(run, number) / self.slack, self.settings["grid_far"])
        lines = self.columns[number].lines
        if lines and self.goes_on(lines[-1]):
            score += 1.0 + cuts_word(lines[-1].text, run.line.text)
        return score

    def _skip(self, first: int, end: int) -> float:
        """Return the price of leaving columns empty: high where the last line should go on."""
        price = 0.0
        for column in self.columns[first:end]:
            waits = bool(column.lines) and self.goes_on(column.lines[-1])
            price += self.settings["grid_skip_open" if waits else "grid_skip"]
        return price

    def _glue(self, line: Line, run: Run) -> Line:
        """Return a line with the next piece of its row."""
        text = self.text[line.start : run.line.end]
        return line._replace(end=run.line.end, text=text, width=measure_width(text))


def _make_ends(rules: RuleSet) -> LazyPattern:
    return find_pattern(f"[{rules.classes['terminal']}][{rules.classes['closing']}]*$")
