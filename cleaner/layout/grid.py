"""Part a page on which every line goes over all columns, as programs write it that keep a page's lines together.

Such a line is cut at its blanks. Which column a piece belongs to is told by the place where it begins, if the program
keeps places, by the words that go on down a column, and by the columns whose last line was not a paragraph's last. A
stretch of lines is parted when words go on down its columns and not over the gaps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from cleaner.engine.profile import RuleSet
from cleaner.layout.lines import Line
from cleaner.layout.runs import GAP, Run, count_sound, cut_row
from cleaner.layout.stretch import Stretch

TOUCHING = 0.25  # part of the rows in which two lines may touch


def part_grid(lines: Sequence[Line], text: str, rules: RuleSet) -> list[Line]:
    """Return the lines of a page with rows over several columns cut into pieces, column by column."""
    least = int(rules.settings["grid_rows"])
    if sum(1 for line in lines if GAP.search(line.text)) < least:
        return list(lines)
    rows = [cut_row(line, text) for line in lines]
    parted: dict[int, tuple[int, list[Line]]] = {}  # by a stretch's first row: its end, its lines
    free = [True] * len(rows)
    for low, high in _find_regions(rows, least):
        for width in _find_widths(rows[low:high], rules):
            for start, end in _find_stretches(rows, range(low, high), free, width, rules):
                stretch = Stretch(rows[start:end], width, text, rules)
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


def _find_regions(rows: Sequence[Sequence[Run]], least: int) -> Iterator[tuple[int, int]]:
    """Yield the bounds of regions in which rows of several pieces follow each other, with fewer others between."""
    multiple = [i for i, row in enumerate(rows) if len(row) > 1]
    first = 0
    for number in range(1, len(multiple) + 1):
        if number == len(multiple) or multiple[number] - multiple[number - 1] > least:
            if number - first >= least:
                yield multiple[first], multiple[number - 1] + 1
            first = number


def _find_widths(rows: Sequence[Sequence[Run]], rules: RuleSet) -> list[float]:
    """Return the widths, in cells, that many pieces of rows have, narrow ones first."""
    pieces = [run.line.width for row in rows if len(row) > 1 for run in row]
    counts = Counter(round(width) for width in pieces if width >= rules.settings["column_narrowest"])
    near = {width: counts[width - 1] + counts[width] + counts[width + 1] for width in counts}
    least = rules.settings["grid_rows"]
    widest = rules.settings["column_widest"]
    usual = [width for width in near if near[width] >= least and counts[width] >= counts[width + 1]]
    return sorted(float(width) for width in usual if width <= widest)


def _find_stretches(
    rows: Sequence[Sequence[Run]], region: range, free: Sequence[bool], width: float, rules: RuleSet
) -> Iterator[tuple[int, int]]:
    """Yield the bounds of stretches of rows that may go over columns of a width, in cells, with the rows of one piece
    before and behind."""
    slack, least = rules.settings["across_slack"], int(rules.settings["grid_rows"])

    def fits(i: int) -> bool:
        return 0 <= i < len(rows) and free[i] and _fits(rows[i], width, slack)

    start, many, touching = region.start, 0, 0
    for i in range(region.start, region.stop + 1):
        if i < region.stop and fits(i):
            many += len(rows[i]) > 1 and count_sound(rows[i], width) > 0
            touching += any(run.line.width > width + slack for run in rows[i])
            continue
        if many >= least and touching <= TOUCHING * many:
            end = i
            while fits(start - 1) and len(rows[start - 1]) == 1:
                start -= 1
            while fits(end) and len(rows[end]) == 1:
                end += 1
            yield start, end
        start, many, touching = i + 1, 0, 0


def _fits(row: Sequence[Run], width: float, slack: float) -> bool:
    """Say whether no piece is wider than a column; in a row of several, one may be two lines that touch."""
    most = max(run.line.width for run in row)
    return most <= width + slack or (len(row) > 1 and abs(most - 2 * width) <= 2 * slack)
