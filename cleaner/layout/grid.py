"""Part a page on which every line goes over all columns, as programs write it that keep a page's lines together.

Such a line is cut at its blanks. Which column a piece belongs to is told by the place where it begins, if the program
keeps places, by the words that go on down a column, and by the columns whose last line was not a paragraph's last. A
stretch of lines is parted when words go on down its columns and not over the gaps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from cleaner.engine.patterns import LazyPattern, find_pattern
from cleaner.engine.profile import RuleSet
from cleaner.layout.across import weigh_places
from cleaner.layout.lines import BLANKS, Line, measure_width
from cleaner.layout.words import cuts_word

GAP = LazyPattern(f"[{BLANKS}]{{2,}}|(?<![\\x21-\\x7e])[{BLANKS}]")  # one blank behind a half-width character is none
WORD = LazyPattern(r"\w")
MOST = 8  # columns in a row
HALF = 0.5  # part of a column's width that few lines fall below
FAR = 4.0  # most that a wrong place counts


class Run(NamedTuple):
    """A piece of a row: where it begins, in cells and in characters, how many blanks stand before it, and its line."""

    cells: float
    chars: int
    gap: int
    line: Line


@dataclass(slots=True)
class Column:
    """A column as it grows: its lines, and where the last one stands among the rows."""

    lines: list[Line] = field(default_factory=list)
    row: int = -1


def part_grid(lines: Sequence[Line], text: str, rules: RuleSet) -> list[Line]:
    """Return the lines of a page with rows over several columns cut into pieces, column by column."""
    least = int(rules.settings["grid_rows"])
    if sum(1 for line in lines if GAP.search(line.text)) < least:
        return list(lines)
    rows = [_cut(line, text) for line in lines]
    parted: dict[int, tuple[int, list[Line]]] = {}  # by a stretch's first row: its end, its lines
    free = [True] * len(rows)
    for width in _find_widths(rows, rules):
        for start, end in _find_stretches(rows, free, width, rules):
            stretch = _Stretch(rows[start:end], width, text, rules)
            if found := stretch.read():
                first, last = start + stretch.first, start + stretch.last
                parted[first] = last, found
                free[first:last] = [False] * (last - first)
    out: list[Line] = []
    at = 0
    for first, (last, found) in sorted(parted.items()):
        out += [*_set_off(lines[at:first], at > 0), *found]
        at = last
    return [*out, *_set_off(lines[at:], at > 0)]


def _set_off(lines: Sequence[Line], apart: bool) -> list[Line]:
    """Return lines, the first one behind a blank line if they stand apart from what is before."""
    return [line._replace(blanks=max(line.blanks, 1)) if apart and not i else line for i, line in enumerate(lines)]


def _cut(line: Line, text: str) -> list[Run]:
    """Return the pieces of a line between its blanks."""
    begin = text.rfind("\n", 0, line.start) + 1
    runs: list[Run] = []
    at = gap = 0
    for start, end in [*(found.span() for found in GAP.finditer(line.text)), (len(line.text), len(line.text))]:
        piece = line.text[at:start]
        width = measure_width(piece)
        part = Line(line.start + at, line.start + start, piece, width, 0.0, line.blanks)
        if WORD.search(piece) is None and runs:  # marks that a recogniser saw in the gap
            last = runs[-1].line
            runs[-1] = runs[-1]._replace(line=last._replace(end=part.end, text=text[last.start : part.end]))
        else:
            runs.append(Run(line.indent + measure_width(line.text[:at]), line.start + at - begin, gap, part))
        at, gap = end, end - start
    return runs


def _find_widths(rows: Sequence[Sequence[Run]], rules: RuleSet) -> list[float]:
    """Return the widths, in cells, that many pieces of rows have, narrow ones first."""
    pieces = [run.line.width for row in rows if len(row) > 1 for run in row]
    counts = Counter(round(width) for width in pieces if width >= rules.settings["column_narrowest"])
    near = {width: counts[width - 1] + counts[width] + counts[width + 1] for width in counts}
    least = rules.settings["grid_rows"]
    return sorted(float(width) for width in near if near[width] >= least and counts[width] >= counts[width + 1])


def _find_stretches(
    rows: Sequence[Sequence[Run]], free: Sequence[bool], width: float, rules: RuleSet
) -> Iterator[tuple[int, int]]:
    """Yield the bounds of stretches of rows that may go over columns of a width, in cells."""
    slack, least = rules.settings["across_slack"], int(rules.settings["grid_rows"])
    start = many = alone = 0
    for i in range(len(rows) + 1):
        fits = i < len(rows) and free[i] and all(run.line.width <= width + slack for run in rows[i])
        alone = alone + 1 if fits and len(rows[i]) == 1 else 0
        if fits and alone < least:
            many += len(rows[i]) > 1 and _count_sound(rows[i], width) > 0
            continue
        if many >= least:
            yield start, i
        start, many = i + 1, 0


def _count_sound(row: Sequence[Run], width: float) -> int:
    """Return how many pieces of a row may be lines of columns of a width."""
    return sum(1 for run in row if run.line.width >= HALF * width)


class _Stretch:
    """Rows over columns of one width."""

    def __init__(self, rows: Sequence[Sequence[Run]], width: float, text: str, rules: RuleSet) -> None:
        self.width, self.text, self.rules = width, text, rules
        self.slack = rules.settings["across_slack"]
        self.ends = rules.once("row ends", lambda rules: find_pattern(f"[{rules.classes['terminal']}]"))
        counts = [_count_sound(row, width) if len(row) > 1 else 0 for row in rows]
        multiple = [i for i, count in enumerate(counts) if count]
        self.rows = rows[multiple[0] : multiple[-1] + 1]
        usual = Counter(count for count in counts if count)
        self.count = max(count for count in usual if usual[count] >= usual.total() / 5)
        self.places, self.kind = self._find_places()
        self.first, self.last = multiple[0], multiple[-1] + 1
        while self.first and self._is_beside(rows[self.first - 1]):
            self.first -= 1
        while self.last < len(rows) and (
            self._is_beside(rows[self.last]) or self._is_under(*rows[self.last - 1 : self.last + 1])
        ):
            self.last += 1
        self.rows = rows[self.first : self.last]

    def _is_beside(self, row: Sequence[Run]) -> bool:
        """Say whether a row of one piece stands at the place of a column that is not the first."""
        return len(row) == 1 and any(self._distance(row[0], number) < 2 for number in range(1, len(self.places)))

    def _is_under(self, above: Sequence[Run], row: Sequence[Run]) -> bool:
        """Say whether a row of one piece goes on in the first column."""
        first = above[0]
        left = not self.places or self._distance(first, 0) < 2
        return len(row) == 1 and left and self._goes_on(first.line) and not row[0].line.blanks

    def _distance(self, run: Run, number: int) -> float:
        """Return how far a piece begins from a column's place, in slacks."""
        return abs((run.cells if self.kind == "cells" else run.chars) - self.places[number]) / self.slack

    def _is_full(self, line: Line) -> bool:
        return line.width >= self.width - self.slack

    def _find_places(self) -> tuple[list[float], str]:
        """Return where columns begin, and whether that is counted in cells or in characters; "" where places tell
        nothing."""
        from statistics import fmean, median  # takes long to import

        whole = [row for row in self.rows if len(row) == self.count]
        best: tuple[float, list[float], str] = (self.rules.settings["grid_spread"], [], "")
        for kind in ("cells", "chars") if whole and self.count > 1 else ():
            starts = [[float(getattr(row[number], kind)) for row in whole] for number in range(1, self.count)]
            places = [median(column) for column in starts]
            spread = fmean(
                min(abs(start - place), FAR) for column, place in zip(starts, places, strict=True) for start in column
            )
            best = min(best, (spread, [0.0, *places], kind))
        return best[1], best[2]

    def read(self) -> list[Line]:
        """Return the pieces column by column; nothing where words do not go on down the columns."""
        if not 2 <= self.count <= MOST:
            return []
        columns = [Column() for _ in range(self.count)]
        over: list[tuple[str, str]] = []
        for number, row in enumerate(self.rows):
            over += [(one.line.text, other.line.text) for one, other in pairwise(row) if self._is_full(one.line)]
            for column, line in self._assign(row, columns):
                self._put(columns[column], line, number)
        down = [
            (one.text, other.text) for column in columns for one, other in pairwise(column.lines) if self._is_full(one)
        ]
        if weigh_places(down, self.rules) - weigh_places(over, self.rules) < self.rules.settings["across_odds"]:
            return []
        return [line for column in columns for line in column.lines]

    def _put(self, column: Column, line: Line, row: int) -> None:
        """Put a line into a column; after rows in which the column was empty a new paragraph begins."""
        last = column.lines[-1] if column.lines else None
        blank = last is None or row > column.row + 1
        column.lines.append(line._replace(blanks=int(blank)))
        column.row = row

    def _goes_on(self, line: Line) -> bool:
        """Say whether a line is not the last one of its paragraph."""
        return self._is_full(line) and self.ends.match(line.text[-1:]) is None

    def _assign(self, row: Sequence[Run], columns: Sequence[Column]) -> list[tuple[int, Line]]:
        """Return the lines of a row with the columns that fit them best together."""
        best: dict[int, tuple[float, tuple[tuple[int, Line], ...]]] = {-1: (0.0, ())}
        for run in row:
            grown: dict[int, tuple[float, tuple[tuple[int, Line], ...]]] = {}
            for at, (score, done) in best.items():
                for column in range(max(at, 0), self.count):
                    total, lines = score, done
                    if column == at:
                        joined = self._glue(done[-1][1], run)
                        total -= self._join_price(joined, run)
                        lines = (*done[:-1], (at, joined))
                    else:
                        total += self._fit(run, column, columns[column])
                        total -= sum(self._skip_price(columns[other]) for other in range(at + 1, column))
                        lines = (*done, (column, run.line))
                    if column not in grown or total > grown[column][0]:
                        grown[column] = (total, lines)
            best = grown
        ends = [
            (score - sum(self._skip_price(columns[other]) for other in range(at + 1, self.count)), lines)
            for at, (score, lines) in best.items()
        ]
        return list(max(ends, key=lambda item: item[0])[1])

    def _fit(self, run: Run, number: int, column: Column) -> float:
        """Return how well a piece goes on in a column."""
        score = 0.0
        if self.kind:
            score -= min(self._distance(run, number), FAR)
        last = column.lines[-1] if column.lines else None
        if last is not None and self._goes_on(last):
            score += 1.0 + cuts_word(last.text, run.line.text)
        return score

    def _skip_price(self, column: Column) -> float:
        """Return the price of leaving a column empty: high where its last line should go on."""
        return 1.5 if column.lines and self._goes_on(column.lines[-1]) else 0.3

    def _glue(self, line: Line, run: Run) -> Line:
        """Return a line with the next piece of its row."""
        text = self.text[line.start : run.line.end]
        return line._replace(end=run.line.end, text=text, width=measure_width(text))

    def _join_price(self, joined: Line, run: Run) -> float:
        """Return the price of taking the blanks before a piece for blanks inside a line."""
        return (5.0 if joined.width > self.width + self.slack else 1.0) + (run.gap > 1)
