"""The pieces of a row: what stands between its blanks, with their places."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, islice
from typing import NamedTuple

from cleaner.engine.patterns import LazyPattern
from cleaner.layout.lines import BLANKS, Line, measure_width

GAP = LazyPattern(f"[{BLANKS}]{{2,}}|(?<![\\x21-\\x7e])[{BLANKS}]")  # one blank behind a half-width character is none
WORD = LazyPattern(r"\w")
HALF = 0.5  # part of a column's width that few lines fall below
MOST_PIECES = 32  # a row of more is none of columns


class Run(NamedTuple):
    """A piece of a row: where it begins, in cells and in characters, how many blanks stand before it, and its line."""

    cells: float
    chars: int
    gap: int
    line: Line

    def place(self, kind: str) -> float:
        """Return where it begins, in cells or in characters."""
        return self.cells if kind == "cells" else float(self.chars)

    def find(self, place: float, kind: str) -> int:
        """Return the index of its first character from a place on."""
        if kind == "chars":
            return max(round(place) - self.chars, 0)
        at = accumulate((measure_width(char) for char in self.line.text), initial=self.cells)
        return next((number for number, cells in enumerate(at) if cells >= place - HALF), 0)

    def part(self, at: int) -> list[Run]:
        """Return the two parts that come of a cut before a character."""
        line, text = self.line, self.line.text
        width = measure_width(text[:at])
        first = line._replace(end=line.start + at, text=text[:at], width=width)
        rest = line._replace(start=line.start + at, text=text[at:], width=line.width - width)
        return [self._replace(line=first), Run(self.cells + width, self.chars + at, 0, rest)]


def cut_row(line: Line, text: str) -> list[Run]:
    """Return the pieces of a line between its blanks; the line where these are too many for columns."""
    begin = text.rfind("\n", 0, line.start) + 1
    gaps = [found.span() for found in islice(GAP.finditer(line.text), MOST_PIECES)]
    if len(gaps) == MOST_PIECES:
        return [Run(line.indent, line.start - begin, 0, line)]
    runs: list[Run] = []
    at = gap = 0
    cells = line.indent
    for start, end in [*gaps, (len(line.text), len(line.text))]:
        piece = line.text[at:start]
        width = measure_width(piece)
        part = Line(line.start + at, line.start + start, piece, width, 0.0, line.blanks)
        if WORD.search(piece) is None and runs:  # marks that a recogniser saw in the gap: not counted in the width
            last = runs[-1].line
            runs[-1] = runs[-1]._replace(line=last._replace(end=part.end, text=text[last.start : part.end]))
        else:
            runs.append(Run(cells, line.start + at - begin, gap, part))
        cells += width + measure_width(line.text[start:end])
        at, gap = end, end - start
    return runs


def count_sound(row: Sequence[Run], width: float) -> int:
    """Return how many pieces of a row may be lines of columns of a width."""
    return sum(1 for run in row if run.line.width >= HALF * width)
