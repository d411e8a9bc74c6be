"""Mend hard wraps: printed lines of one column become units.

The width of the column is learned from the lines around. Where the lines around show no column, nothing is joined.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from cleaner.engine.profile import RuleSet
from cleaner.layout.evidence import weigh
from cleaner.layout.lines import Line
from cleaner.layout.units import Part, Unit

LATIN_END = re.compile(r"[A-Za-z][,;:.]?$")
LATIN_START = re.compile(r"^[A-Za-z]")
HYPHEN_END = re.compile(r"[A-Za-z]-$")


def mend_wraps(lines: Sequence[Line], rules: RuleSet) -> list[Unit]:
    """Join the printed lines that one paragraph runs over; every other line is a unit of its own."""
    columns = find_columns(lines, rules)
    evidence = [item for item in rules.evidence if item.rule.step == "wrap"]
    units: list[Unit] = []
    opens = True  # the line before begins its paragraph
    for i, line in enumerate(lines):
        score, note = -1.0, ""
        column = columns[i - 1] if i else None
        if units and line.blanks == 0 and column is not None:
            measures = _measures(lines, columns, i, column, opens)
            score, note = weigh(evidence, lines[i - 1].text, line.text, measures)
        if score > 0:
            _extend(units[-1], line, note)
            opens = False
        else:
            part = Part(line.start, line.end, "")
            units.append(Unit([part], line.text, line.width, line.blanks, line.indent))
            opens = True
    return units


def find_columns(lines: Sequence[Line], rules: RuleSet) -> list[float | None]:
    """Return for each line the width of its column in cells, or None where the lines around show no column."""
    reach = int(rules.settings["column_reach"])
    slack = rules.settings["column_slack"]
    shown = rules.settings["column_share"]
    widest = rules.settings["column_widest"]
    narrowest = rules.settings["column_narrowest"]
    open_end = re.compile(f"[^{rules.classes['terminal']}{rules.classes['closing']}]$")
    found: list[float | None] = []
    for i in range(len(lines)):
        near = lines[max(0, i - reach) : i + reach + 1]
        widths = sorted({line.extent for line in near if narrowest <= line.extent <= widest}, reverse=True)
        best, best_count = None, 0
        for width in widths:
            full = [line for line in near if width - slack <= line.extent <= width + slack / 2]
            count = sum(1 for line in full if open_end.search(line.text))
            if count > best_count and count >= rules.settings["column_lines"] and count >= shown * len(near):
                best, best_count = width, count
        found.append(best)
    return found


def _measures(
    lines: Sequence[Line], columns: Sequence[float | None], i: int, column: float, opens: bool
) -> Mapping[str, float]:
    line, after = lines[i - 1], lines[i]
    measures = {"short": column - line.extent, "indent": after.indent - line.indent}
    if opens:
        measures["first_short"] = column - line.extent
    next_column = columns[i]
    if next_column is not None:
        measures["next_short"] = next_column - after.extent
    return measures


def _extend(unit: Unit, line: Line, note: str) -> None:
    glue = glue_between(unit.text, line.text)
    unit.parts.append(Part(line.start, line.end, glue, note, "mend-wrap"))
    unit.text += glue + line.text
    unit.width += line.width


def glue_between(before: str, after: str) -> str:
    """Return what stands between two halves: a blank between Latin words, nothing in Chinese.

    >>> glue_between("使用 Open", "Source 软件"), glue_between("公开信", "息")
    (' ', '')
    """
    return " " if LATIN_END.search(before) and LATIN_START.search(after) else ""
