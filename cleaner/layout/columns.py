"""Learn the width of the column that a printed line stands in from the lines around it.

Lines around show a column when enough of them are full and end in mid-sentence; where they show none, none is known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaner.engine.profile import RuleSet
from cleaner.layout.lines import Line
from cleaner.layout.parts import matches


def find_columns(lines: Sequence[Line], opens: Sequence[int], rules: RuleSet) -> list[float | None]:
    """Return for each line the width of its column in cells, or None where nothing shows a column; `opens` says how
    open each line ends (`measure_openness`).

    Lines around show a column when enough of them are full and end in mid-sentence. On a page where that holds for
    half of the lines, the lines between two blank ones can show a column of their own.
    """
    if not _runs_on(lines, rules):
        return [None] * len(lines)
    found = [_column_around(lines, opens, i, rules) for i in range(len(lines))]
    if 2 * sum(1 for width in found if width is not None) < len(lines):
        return found
    start = 0
    for i in range(1, len(lines) + 1):
        if i == len(lines) or lines[i].blanks:
            width = _column_of_group(lines[start:i], opens[start:i], rules)
            if width is not None:
                found[start:i] = [min(width, known or width) for known in found[start:i]]
            start = i
    for i, known in enumerate(found):
        if known is None:
            found[i] = _column_of_neighbours(lines, opens, i, rules)
    return _spread(lines, found, rules)


def _runs_on(lines: Sequence[Line], rules: RuleSet) -> bool:
    """Say whether enough lines hold a clause mark: lists and menus, whose lines may be of one length, hold few."""
    marks = rules.classes["mark"] + rules.classes["narrow_clause"]
    held = sum(1 for line in lines if re.search(f"[{marks}]", line.text))
    return held >= rules.settings["column_marked"] * len(lines)


def measure_openness(line: Line, rules: RuleSet) -> int:
    """Return 2 for a line that ends without any mark, 1 for one that ends at a clause mark, 0 for others and for rows.

    Verse ends its lines at marks, lists and tables have rows; printed lines mostly end in the middle of a clause.
    """
    if any(matches(rules, role, line.text) for role in ("row-list", "row-table", "row-code")):
        return 0
    classes = rules.classes
    if re.search(f"[{classes['terminal']}{classes['closing']}]$", line.text):
        return 0
    return 1 if re.search(f"[{classes['clause']}{classes['narrow_clause']}]$", line.text) else 2


def _spread(lines: Sequence[Line], found: Sequence[float | None], rules: RuleSet) -> list[float | None]:
    """Give lines that show no column themselves the nearest known one that they fit in."""
    reach, slack = int(rules.settings["column_spread"]), rules.settings["column_slack"] / 2
    out = list(found)
    for i, known in enumerate(found):
        if known is None:
            near = [found[k] for d in range(1, reach + 1) for k in (i + d, i - d) if 0 <= k < len(lines)]
            out[i] = next((width for width in near if width is not None and width + slack >= lines[i].extent), None)
    return out


def _column_of_neighbours(lines: Sequence[Line], opens: Sequence[int], i: int, rules: RuleSet) -> float | None:
    """Return the width that two or three lines in a row agree on, one of them ending in mid-sentence, or None."""
    settings = rules.settings
    low = max(i - 1, 0)
    near = [k for k in range(low, min(i + 3, len(lines))) if settings["neighbour_narrowest"] <= lines[k].extent]
    near = [k for k in near if lines[k].extent <= settings["column_widest"]]
    if not near:
        return None
    width = max(lines[k].extent for k in near)
    full = [k for k in near if lines[k].extent >= width - settings["column_slack"]]
    return width if len(full) > 1 and any(opens[k] == 2 for k in full) else None


def _column_around(lines: Sequence[Line], opens: Sequence[int], i: int, rules: RuleSet) -> float | None:
    settings = rules.settings
    reach, slack = int(settings["column_reach"]), settings["column_slack"]
    low, high = max(0, i - reach), i + reach + 1
    near = [(line.extent, openness) for line, openness in zip(lines[low:high], opens[low:high], strict=True)]
    fitting = {extent for extent, _ in near if settings["column_narrowest"] <= extent <= settings["column_widest"]}
    best, best_count = None, 0
    for width in sorted(fitting, reverse=True):
        full = [openness for extent, openness in near if width - slack <= extent <= width + slack / 2 and openness]
        count = len(full)
        enough = count >= settings["column_lines"] and count >= settings["column_share"] * len(near)
        if enough and count > best_count and full.count(2) * 2 > count:
            best, best_count = width, count
    return best


def _column_of_group(lines: Sequence[Line], opens: Sequence[int], rules: RuleSet) -> float | None:
    """Return the column's width that the lines between two blank lines show by themselves, or None."""
    settings = rules.settings
    width = max(line.extent for line in lines)
    if len(lines) < settings["group_lines"] or not settings["column_narrowest"] <= width <= settings["column_widest"]:
        return None
    full = [
        is_open for line, is_open in zip(lines, opens, strict=True) if line.extent >= width - settings["column_slack"]
    ]
    return width if 2 * len(full) >= len(lines) and sum(1 for openness in full if openness == 2) >= 2 else None
