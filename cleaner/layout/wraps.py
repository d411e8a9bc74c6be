"""Mend hard wraps: printed lines of one column become units.

The width of the column is learned from the lines around. Where the lines around show no column, nothing is joined.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaner.engine.profile import RuleSet
from cleaner.layout.evidence import weigh
from cleaner.layout.lines import Line, skeleton
from cleaner.layout.parts import matches
from cleaner.layout.units import Part, Unit, count_pairs, seam_count
from cleaner.layout.words import cuts_word
from cleaner.marks.data import is_data

LATIN_END = re.compile(r"[A-Za-z][,;:.]?$")
LATIN_START = re.compile(r"^[A-Za-z]")
HYPHEN_END = re.compile(r"[A-Za-z]{2}-$")
HYPHEN_REST = re.compile(r"^[a-z]{2}")
RULE = "mend-wrap"


def mend_wraps(lines: Sequence[Line], rules: RuleSet) -> list[Unit]:
    """Join the printed lines that one paragraph runs over; every other line is a unit of its own."""
    judge = WrapJudge(lines, rules)
    units: list[Unit] = []
    opens = True  # the line before begins its paragraph
    for i, line in enumerate(lines):
        score, note = judge.weigh(i, opens)
        if score > 0:
            _extend(units[-1], line, note)
            opens = False
        else:
            part = Part(line.start, line.end, "")
            column = judge.columns[i]
            short = None if column is None else column - line.extent
            units.append(Unit([part], line.text, line.width, line.blanks, line.indent, short=short, lead=short))
            opens = True
    return units


class WrapJudge:
    """Weighs the evidence at the boundary between two printed lines."""

    def __init__(self, lines: Sequence[Line], rules: RuleSet) -> None:
        self.lines = lines
        self.columns = find_columns(lines, rules)
        self.evidence = [item for item in rules.evidence if item.rule.step == "wrap"]
        self.opening = re.compile(f"[{rules.classes['opening']}]")
        self.closing = re.compile(f"[{rules.classes['closing']}]")
        self.pairs = count_pairs(lines)

    def weigh(self, i: int, opens: bool) -> tuple[float, str]:
        """Return the log-odds that line `i` goes on from the line before, and the evidence; `opens`: that line begins
        its paragraph."""
        measures = self.measure(i, opens)
        if measures is None:
            return -1.0, ""
        return weigh(self.evidence, self.lines[i - 1].text, self.lines[i].text, measures)

    def measure(self, i: int, opens: bool) -> dict[str, float] | None:
        """Measure a boundary; None where no column is known, or a blank line stands."""
        column = self.columns[i - 1] if i else None
        if column is None or self.lines[i].blanks:
            return None
        line, after = self.lines[i - 1], self.lines[i]
        if is_data(line.text, 0, 1) or is_data(after.text, 0, 1):
            return None
        short = column - line.extent
        measures = {
            "first_short" if opens else "inner_short": short,
            "short": short,
            "indent": after.indent - line.indent,
            "open_marks": float(len(self.opening.findall(line.text)) - len(self.closing.findall(line.text))),
            "seam": seam_count(self.pairs, line.text, after.text),
            "word": float(cuts_word(line.text, after.text)),
            "wider": after.extent - line.extent,
            "same_shape": float(skeleton(line.text) == skeleton(after.text) != ""),
        }
        next_column = self.columns[i]
        if next_column is not None:
            measures["next_short"] = next_column - after.extent
            measures["column_change"] = abs(next_column - column)
        return measures


def find_columns(lines: Sequence[Line], rules: RuleSet) -> list[float | None]:
    """Return for each line the width of its column in cells, or None where nothing shows a column.

    Lines around show a column when enough of them are full and end in mid-sentence. On a page where that holds for
    half of the lines, the lines between two blank ones can show a column of their own.
    """
    opens = [_openness(line, rules) for line in lines]
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


def _openness(line: Line, rules: RuleSet) -> int:
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


def _extend(unit: Unit, line: Line, note: str) -> None:
    """Put a printed line at the end of a unit; the hyphen of a Latin word parted at the line's end goes."""
    glue = glue_between(unit.text, line.text)
    if HYPHEN_END.search(unit.text) and HYPHEN_REST.search(line.text):
        unit.parts[-1] = unit.parts[-1]._replace(end=unit.parts[-1].end - 1)
        unit.text = unit.text[:-1]
    unit.parts.append(Part(line.start, line.end, glue, note, RULE))
    unit.text += glue + line.text
    unit.width += line.width
    unit.short = None


def glue_between(before: str, after: str) -> str:
    """Return what stands between two halves: a blank between Latin words, nothing in Chinese.

    >>> glue_between("使用 Open", "Source 软件"), glue_between("公开信", "息")
    (' ', '')
    """
    return " " if LATIN_END.search(before) and LATIN_START.search(after) else ""
