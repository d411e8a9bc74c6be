"""Take out the lines at a page's head and foot that are a folio in parts: number, section, date, weekday, editors.

Engines print these parts as lines of their own. Each alone may be a label, a heading or the date of a letter; several
in a row at the page's edge, a page's number or a date with its weekday among them, are the folio.
"""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.engine.profile import RuleSet
from cleaner.layout.lines import Line
from cleaner.layout.matcher import matches


def part_margins(lines: Sequence[Line], rules: RuleSet) -> tuple[list[Line], list[Line]]:
    """Return the lines of the text, and those of the folio over and under it."""
    head, foot = _count(lines, rules), _count(lines[::-1], rules)
    while foot and matches(rules, "folio-date", lines[len(lines) - foot].text):
        foot -= 1
    if head + foot >= len(lines):
        return list(lines), []
    end = len(lines) - foot
    return list(lines[head:end]), [*lines[:head], *lines[end:]]


def _count(lines: Sequence[Line], rules: RuleSet) -> int:
    """Return how many lines from the edge on are the folio."""
    most = int(rules.settings["margin_lines"])
    count = marks = sections = numbers = 0
    for line in lines[: most + 1]:
        section = matches(rules, "folio-alone", line.text)
        mark = section or matches(rules, "folio-mark", line.text)
        if not mark and not matches(rules, "folio-part", line.text):
            break
        count, marks, sections = count + 1, marks + mark, sections + section
        numbers += section or (mark and line.width <= rules.settings["page_number_width"])
    if count == 1 and len(lines) > 1:
        return int(sections == 1 and not matches(rules, "folio-row", lines[1].text))
    return count if marks and 1 < count <= most and numbers < 2 else 0  # several numbers are those of rows
