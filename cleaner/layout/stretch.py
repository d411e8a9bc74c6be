"""A stretch of rows over columns of one width: where its columns begin, and whether words go on down them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from cleaner.engine.patterns import LazyPattern, find_pattern
from cleaner.engine.profile import RuleSet
from cleaner.layout.lines import Line
from cleaner.layout.placing import Column, Placer, Shape
from cleaner.layout.runs import Run, count_sound
from cleaner.layout.words import cuts_word, weigh_places

MOST = 8  # columns in a row
NEAR = 2  # slacks from a column's beginning within which its lines begin
INDENT = 2  # cells by which a paragraph's first line falls short of its column

Seam = tuple[str, str]  # what stands before and after a place


class Stretch:
    """Rows over columns of one width, `first` to `last` of those that it was made of."""

    def __init__(self, rows: Sequence[Sequence[Run]], width: float, text: str, rules: RuleSet) -> None:
        self.rules, self.settings = rules, rules.settings
        self.slack = rules.settings["across_slack"]
        self.inside, self.stops = rules.once("marks of columns", _make_marks)
        counts = [count_sound(row, width) if len(row) > 1 else 0 for row in rows]
        multiple = [i for i, count in enumerate(counts) if count]
        self.first, self.last = multiple[0], multiple[-1] + 1
        usual = Counter(count for count in counts if count)
        least = self.settings["grid_usual"] * usual.total()
        count = max((count for count in usual if usual[count] >= least), default=0)
        places, kind = self._find_places(rows[self.first : self.last], count)
        self.shape = Shape(width, count, places, kind)
        self._extend(rows)
        self.rows = [self._part_touching(row) for row in rows[self.first : self.last]]
        self.placer = Placer(self.shape, text, rules)

    def _find_places(self, rows: Sequence[Sequence[Run]], count: int) -> tuple[list[float], str]:
        """Return where columns begin, and whether that is counted in cells or in characters."""
        from statistics import fmean, median  # takes long to import

        whole = [row for row in rows if len(row) == count]
        best: tuple[float, list[float], str] = (self.settings["grid_spread"], [], "")
        for kind in ("cells", "chars") if whole and count > 1 else ():
            starts = [[row[number].place(kind) for row in whole] for number in range(count)]
            places = [median(column) for column in starts]
            behind = zip(starts[1:], places[1:], strict=True)
            far = self.settings["grid_far"]
            spread = fmean(min(abs(start - place), far) for column, place in behind for start in column)
            best = min(best, (spread, places, kind))
        return best[1], best[2]

    def _extend(self, rows: Sequence[Sequence[Run]]) -> None:
        """Take in the rows before and behind that stand in the columns too."""
        while self.first and self._is_beside(rows[self.first - 1]):
            self.first -= 1
        while self.last < len(rows) and (
            self._is_beside(rows[self.last]) or self._is_under(*rows[self.last - 1 : self.last + 1])
        ):
            self.last += 1

    def _is_at(self, run: Run, numbers: range) -> bool:
        """Say whether a piece begins where one of some columns does."""
        near = NEAR * self.slack
        return bool(self.shape.places) and any(self.shape.find_distance(run, number) < near for number in numbers)

    def _is_beside(self, row: Sequence[Run]) -> bool:
        """Say whether all pieces of a row begin where columns do, not only in the first column."""
        count = self.shape.size
        return all(self._is_at(run, range(count)) for run in row) and self._is_at(row[-1], range(1, count))

    def _is_under(self, above: Sequence[Run], row: Sequence[Run]) -> bool:
        """Say whether a row of one piece stands right under another in the first column."""
        left = not self.shape.places or (self._is_at(above[0], range(1)) and self._is_at(row[0], range(1)))
        return len(row) == 1 and left and not row[0].line.blanks

    def _part_touching(self, row: Sequence[Run]) -> list[Run]:
        """Cut a piece that is wider than a column at the place where the next column begins."""
        shape = self.shape
        runs: list[Run] = []
        for run in row:
            after = [place for place in shape.places if place - run.place(shape.kind) > shape.width / 2]
            cut = run.find(min(after), shape.kind) if after and run.line.width > shape.width + self.slack else 0
            runs += run.part(cut) if 0 < cut < len(run.line.text) else [run]
        return runs

    def read(self) -> list[Line]:
        """Return the pieces column by column; nothing where words do not go on down the columns.

        A headline over several columns parts the text above it from the text below.
        """
        if not 2 <= self.shape.size <= MOST or (not self.shape.places and len(self.rows) < self.settings["gap_lines"]):
            return []
        out: list[Line] = []
        over: list[Seam] = []
        heads = 0
        for number, row in enumerate(self.rows):
            if self._is_head(row) and (heads or self.placer.is_closed()):
                if not heads:
                    out += _print(self.placer.columns)
                    self.placer.begin()
                out.append(self.placer.join(row)._replace(blanks=int(not heads)))
                heads += 1
                continue
            heads = 0
            over += [(one.line.text, two.line.text) for one, two in pairwise(row) if self.placer.is_full(one.line)]
            self.placer.place(row, number)
        down = [
            (one.text, two.text)
            for column in self.placer.filled
            for one, two in pairwise(column.lines)
            if self.placer.is_full(one)
        ]
        odds = weigh_places(_count_once(down), self.rules) - weigh_places(over, self.rules)
        if odds + self._weigh_looks() < self.settings["across_odds"]:
            return []
        return [*out, *_print(self.placer.columns)]

    def _is_head(self, row: Sequence[Run]) -> bool:
        """Say whether a row may be a headline over several columns: it begins where no column does, and is short."""
        if not self.shape.places or self._is_at(row[0], range(self.shape.size)):
            return False
        return self.placer.join(row).width < self.shape.width - self.slack

    def _weigh_looks(self) -> float:
        """Return the log-odds of pieces that look like running text in columns: as wide as these, with marks inside,
        and with sentences that end."""
        lines = [run.line for row in self.rows if len(row) > 1 for run in row]
        full = sum(1 for line in lines if line.width >= self.shape.width - self.slack - INDENT)
        marked = sum(1 for line in lines if self.inside.search(line.text))
        ended = sum(1 for line in lines if self.stops.search(line.text))
        found = {"grid_full": full, "column_marked": marked, "grid_ended": ended}
        looks = all(held >= self.settings[name] * len(lines) for name, held in found.items())
        return self.settings["grid_looks"] if looks else 0.0


def _count_once(seams: Sequence[Seam]) -> list[Seam]:
    """Leave out seams at which the same word goes on once more: in a table every row may repeat one."""
    once = {(a[-1], b[0]) if cuts_word(a, b) else number: (a, b) for number, (a, b) in enumerate(seams)}
    return list(once.values())


def _print(columns: Sequence[Column]) -> list[Line]:
    """Return the lines column by column."""
    return [line for column in columns for line in column.lines]


def _make_marks(rules: RuleSet) -> tuple[LazyPattern, LazyPattern]:
    """Return what finds a mark inside a line, and what finds one that ends a sentence."""
    clause, terminal = rules.classes["clause"], rules.classes["terminal"]
    return find_pattern(f"[{clause}{terminal}](?=.)"), find_pattern(f"[{terminal}]")
