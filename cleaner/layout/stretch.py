"""A stretch of rows over columns of one width: which column each piece belongs to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from cleaner.engine.patterns import LazyPattern, find_pattern
from cleaner.engine.profile import RuleSet
from cleaner.layout.across import weigh_places
from cleaner.layout.lines import Line, measure_width
from cleaner.layout.runs import Run, count_sound
from cleaner.layout.words import cuts_word

MOST = 8  # columns in a row
FAR = 4.0  # most that a wrong place counts


@dataclass(slots=True)
class Column:
    """A column as it grows: its lines, and where the last one stands among the rows."""

    lines: list[Line] = field(default_factory=list)
    row: int = -1


def _make_inside(rules: RuleSet) -> LazyPattern:
    return find_pattern(f"[{rules.classes['clause']}{rules.classes['terminal']}](?=.)")


class Stretch:
    """Rows over columns of one width."""

    def __init__(self, rows: Sequence[Sequence[Run]], width: float, text: str, rules: RuleSet) -> None:
        self.width, self.text, self.rules = width, text, rules
        self.slack = rules.settings["across_slack"]
        self.ends = rules.once("row ends", lambda rules: find_pattern(f"[{rules.classes['terminal']}]"))
        self.inside = rules.once("marks inside", _make_inside)
        counts = [count_sound(row, width) if len(row) > 1 else 0 for row in rows]
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
        self.rows = [self._part_touching(row) for row in rows[self.first : self.last]]

    def _part_touching(self, row: Sequence[Run]) -> list[Run]:
        """Cut a piece that is wider than a column at the place where the next column begins."""
        runs: list[Run] = []
        for run in row:
            after = [place for place in self.places if place - run.place(self.kind) > self.width / 2]
            cut = run.find(min(after), self.kind) if after and run.line.width > self.width + self.slack else 0
            runs += run.part(cut) if 0 < cut < len(run.line.text) else [run]
        return runs

    def _is_beside(self, row: Sequence[Run]) -> bool:
        """Say whether a row of one piece stands at the place of a column that is not the first."""
        return len(row) == 1 and any(self._distance(row[0], number) < 2 for number in range(1, len(self.places)))

    def _is_under(self, above: Sequence[Run], row: Sequence[Run]) -> bool:
        """Say whether a row of one piece goes on in the first column."""
        left = not self.places or (self._distance(above[0], 0) < 2 and self._distance(row[0], 0) < 2)
        return len(row) == 1 and left and not row[0].line.blanks

    def _distance(self, run: Run, number: int) -> float:
        """Return how far a piece begins from a column's place, in slacks."""
        return abs(run.place(self.kind) - self.places[number]) / self.slack

    def _is_full(self, line: Line) -> bool:
        return line.width >= self.width - self.slack

    def _find_places(self) -> tuple[list[float], str]:
        """Return where columns begin, and whether that is counted in cells or in characters; "" where places tell
        nothing."""
        from statistics import fmean, median  # takes long to import

        whole = [row for row in self.rows if len(row) == self.count]
        best: tuple[float, list[float], str] = (self.rules.settings["grid_spread"], [], "")
        for kind in ("cells", "chars") if whole and self.count > 1 else ():
            starts = [[row[number].place(kind) for row in whole] for number in range(1, self.count)]
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
        odds = weigh_places(down, self.rules) - weigh_places(over, self.rules)
        if odds + self._weigh_looks() < self.rules.settings["across_odds"]:
            return []
        return [line for column in columns for line in column.lines]

    def _weigh_looks(self) -> float:
        """Return the log-odds of pieces that look like running text in columns: wide as these, with marks inside."""
        lines = [run.line for row in self.rows if len(row) > 1 for run in row]
        full = sum(1 for line in lines if self._is_full(line))
        marked = sum(1 for line in lines if self.inside.search(line.text))
        settings = self.rules.settings
        looks = full >= settings["grid_full"] * len(lines) and marked >= settings["column_marked"] * len(lines)
        return settings["grid_looks"] if looks else 0.0

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
