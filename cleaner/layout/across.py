"""Part the lines in which an engine has read two or three columns across without leaving a gap.

Such a line is as wide as two or three columns. Where the columns meet the text does not go on, it goes on down the
columns; in a column that is as wide as two it is the other way round. That is told by words: characters that stand side
by side in running text are often inside one, others only by chance.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise, permutations

from cleaner.engine.patterns import find_pattern
from cleaner.engine.profile import RuleSet
from cleaner.layout.lines import Line, measure_width
from cleaner.layout.units import count_pairs, seam_count
from cleaner.layout.words import cuts_word, weigh_places

MOST = 3  # columns in one line


def part_rows(lines: Sequence[Line], rules: RuleSet) -> list[Line]:
    """Return the lines with rows across columns cut into pieces, column by column; the order of columns is the one over
    whose ends the text goes on best."""
    parter = _Parter(lines, rules)
    if not parter.rows:
        return list(lines)
    out: list[Line] = []
    at = 0
    for start, end in parter.runs():
        out += lines[at:start]
        out += parter.read(start, end)
        at = end
    if at:
        out += [lines[at]._replace(blanks=max(lines[at].blanks, 1)), *lines[at + 1 :]] if at < len(lines) else []
    return out


class _Parter:
    def __init__(self, lines: Sequence[Line], rules: RuleSet) -> None:
        self.lines, self.rules = lines, rules
        self.slack = rules.settings["across_slack"]
        self.closing = find_pattern(f"[{rules.classes['closing']}{rules.classes['mark']}]")
        self.column = _find_column(lines, rules)
        self.rows: dict[int, list[Line]] = {}
        if self.column is not None:
            self.rows = {i: pieces for i in range(len(lines)) if len(pieces := self._cut(i)) > 1}
            self._choose(rules.settings["across_odds"])
        rest = [line for i, line in enumerate(lines) if i not in self.rows] if self.rows else []
        self.pairs = count_pairs(rest)

    def _choose(self, least: float) -> None:
        """Keep the rows in which the text goes down, if all of them together show it."""
        runs = {run: self._weigh_run(*run) for run in self.runs()}
        if sum(runs.values()) < least:
            self.rows = {}
        for (start, end), odds in runs.items():
            if odds <= 0:
                for i in range(start, end):
                    self.rows.pop(i, None)

    def _weigh_run(self, start: int, end: int) -> float:
        """Return the log-odds that rows go down columns and not over them to the next row."""
        rows = [list(self._halve(self.lines[i])) for i in range(start, end)]
        over = [pair for row in rows for pair in pairwise(row)]
        over += [(above[-1], below[0]) for above, below in pairwise(rows)]
        down = [pair for above, below in pairwise(rows) for pair in zip(above, below, strict=True)]
        return weigh_places(down, self.rules) - weigh_places(over, self.rules)

    def runs(self) -> Iterator[tuple[int, int]]:
        """Return the bounds of rows that follow each other with as many columns."""
        start = None
        for i in range(len(self.lines) + 1):
            here, width = self.rows.get(i), len(self.rows.get(i - 1, ()))
            goes_on = here is not None and len(here) == width and not self.lines[i].blanks
            if start is not None and not goes_on:
                yield start, i
                start = None
            if here is not None and start is None:
                start = i

    def read(self, start: int, end: int) -> list[Line]:
        """Return the pieces of the rows of a run in the best order of columns, each column set off by a blank line."""
        columns = list(zip(*(self.rows[i] for i in range(start, end)), strict=True))
        before = self.lines[start - 1].text if start else ""
        after = self.lines[end].text if end < len(self.lines) else ""
        best = max(permutations(columns), key=lambda order: self._weigh(before, order, after))
        return [
            piece if number else piece._replace(blanks=max(piece.blanks, 1))
            for column in best
            for number, piece in enumerate(column)
        ]

    def _weigh(self, before: str, columns: Sequence[Sequence[Line]], after: str) -> float:
        return self._seam(before, columns[0][0].text) + self._seam(columns[-1][-1].text, after)

    def _seam(self, before: str, after: str) -> float:
        if not before or not after:
            return 0.0
        return cuts_word(before, after) + min(seam_count(self.pairs, before, after), 1) / 2

    def _halve(self, line: Line) -> Iterator[str]:
        """Return a line's text in pieces of one width, as many as it seems to have columns."""
        count = self._count_columns(line)
        widths = list(accumulate(measure_width(char) for char in line.text))
        at = 0
        for number in range(1, count):
            end = bisect_left(widths, number * (self.column or line.width), at) + 1
            yield line.text[at:end]
            at = end
        yield line.text[at:]

    def _count_columns(self, line: Line) -> int:
        """Return as how many columns a line is wide, 1 where that is no whole number of them, or too many."""
        assert self.column is not None
        count = round(line.width / self.column)
        fits = abs(line.width - count * self.column) <= count * self.slack and line.indent < self.column / 2
        return count if fits and 2 <= count <= MOST else 1

    def _cut(self, i: int) -> list[Line]:
        """Return the pieces of a line that is as wide as several columns, else the line."""
        line = self.lines[i]
        count = self._count_columns(line)
        if count == 1 or self.column is None:
            return [line]
        share = max(self.column, line.width / count)
        widths = list(accumulate(measure_width(char) for char in line.text))
        cuts = [0, *(self._find_cut(i, widths, number * share) for number in range(1, count)), len(line.text)]
        return [
            Line(line.start + low, line.start + high, text, measure_width(text), 0.0, line.blanks)
            for low, high in pairwise(cuts)
            if (text := line.text[low:high])
        ]

    def _find_cut(self, i: int, widths: Sequence[float], wanted: float) -> int:
        """Return where to cut a line: near a width, where no word is cut but by the line's end, and no mark begins a
        line."""
        text = self.lines[i].text
        above = self.lines[i - 1].text if i else ""
        below = self.lines[i + 1].text if i + 1 < len(self.lines) else ""

        def price(at: int) -> tuple[int, float]:
            over = self.closing.match(text[at]) is not None or cuts_word(text[:at], text[at:])
            down = cuts_word(text[:at], below) or cuts_word(above, text[at:])
            return over - down, abs(widths[at - 1] - wanted)

        near = [at for at in range(1, len(text)) if abs(widths[at - 1] - wanted) <= self.slack]
        return min(near, key=price, default=0)


def _find_column(lines: Sequence[Line], rules: RuleSet) -> float | None:
    """Return the width that most printed lines of the page have, in cells, where one stands out."""
    settings = rules.settings
    counts = Counter(round(line.extent) for line in lines if line.extent >= settings["column_narrowest"])
    if sum(counts.values()) < settings["gap_lines"]:
        return None
    width = max(counts, key=lambda extent: counts[extent] + counts[extent - 1] + counts[extent + 1])
    about = (width - 1, width, width + 1)
    near = sum(counts[extent] for extent in about)
    width = max(about, key=lambda extent: counts[extent])
    return float(width) if near >= settings["across_share"] * sum(counts.values()) else None
