"""Part the lines in which an engine has read several columns across, at their wide gaps.

Some engines write a wide gap of the page as many blanks. On a page of printed lines, a line with such gaps that is much
wider than the columns around is a row across columns. The pieces of rows that follow each other go column by column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cleaner.engine.patterns import LazyPattern, find_pattern
from cleaner.engine.profile import RuleSet
from cleaner.layout.lines import BLANKS, Line, measure_width


def part_columns(lines: Sequence[Line], rules: RuleSet) -> list[Line]:
    """Return the lines with rows across columns cut into pieces, in order column by column."""
    settings = rules.settings
    gap = find_pattern(f"[{BLANKS}]{{{int(settings['gap_blanks'])},}}")
    if not any(gap.search(line.text) for line in lines):
        return list(lines)
    printed = [line.extent for line in lines if settings["column_narrowest"] <= line.extent]
    if len(printed) < settings["gap_lines"]:
        return list(lines)
    from statistics import median  # takes long to import

    widest = median(printed) * settings["gap_wider"]
    out: list[Line] = []
    row: list[_Column] = []
    for line in lines:
        pieces = _cut(line, gap) if line.extent > widest else []
        if len(pieces) > 1:
            _add_row(row, pieces)
            continue
        out += [*_read(row), line._replace(blanks=max(line.blanks, 1)) if row else line]
        row = []
    return [*out, *_read(row)]


@dataclass(slots=True)
class _Column:
    """Pieces of rows that stand under each other; `start` is where the first begins, in cells."""

    start: float
    pieces: list[Line] = field(default_factory=list)


def _read(columns: Sequence[_Column]) -> list[Line]:
    """Return the pieces column by column; each column is set off by a blank line."""
    return [
        line if number else line._replace(blanks=max(line.blanks, 1))
        for column in columns
        for number, line in enumerate(column.pieces)
    ]


def _cut(line: Line, gap: LazyPattern) -> list[tuple[float, Line]]:
    """Return the pieces of a line between its gaps, each with where it begins in the line, in cells."""
    pieces: list[tuple[float, Line]] = []
    at = 0
    for end in [*(found.start() for found in gap.finditer(line.text)), len(line.text)]:
        text = line.text[at:end].lstrip(BLANKS)
        start = end - len(text)
        piece = Line(line.start + start, line.start + end, text, measure_width(text), 0.0, line.blanks)
        pieces.append((measure_width(line.text[:start]), piece))
        at = end
    return pieces


def _add_row(columns: list[_Column], pieces: Sequence[tuple[float, Line]]) -> None:
    """Put the pieces of a row into the columns whose beginnings are nearest; the first row opens them."""
    if not columns:
        columns += [_Column(start) for start, _ in pieces]
    for start, piece in pieces:
        min(columns, key=lambda column: abs(column.start - start)).pieces.append(piece)
