"""Name the lines that stand over one text together: three headline lines, and a line under the rest of the head.

By the roles alone two titles with a line between them are two articles, of which the first has lost its text. Where
three lines stand right over a text and the form of none tells what it is, they are a kicker, a title and a subtitle.
"""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.engine.profile import RuleSet
from cleaner.layout.matcher import matches
from cleaner.layout.units import Unit

TORN = ["title", "kicker", "title"]
STACK = ("kicker", "title", "subtitle")
TEXT = ("paragraph", "heading", "verse", "list", "table")
SURE = "sure-head|presided"  # lines whose form alone says what they are


def settle_stacks(units: Sequence[Unit], rules: RuleSet) -> None:
    """Set the roles of headline lines that their neighbours tell."""
    printed = [unit for unit in units if unit.role != "furniture"]
    for i, unit in enumerate(printed[:-1]):
        above = [line.role for line in printed[max(i - 2, 0) : i]]
        if unit.role == "subtitle" and printed[i + 1].role in TEXT and matches(rules, "presided", unit.text):
            unit.role = "subtitle" if above and above[-1] in STACK else "title"
        elif unit.role == "kicker" and i and printed[i + 1].role not in ("kicker", "title"):
            _settle_late(printed[i - 1], unit, printed[i + 1], above[0] in STACK, rules)
    for i in range(len(printed) - 3):
        lines = printed[i : i + 3]
        alone = i == 0 or printed[i - 1].role not in STACK
        if alone and printed[i + 3].role in (*TEXT, "byline") and _are_one_head(lines, rules):
            for unit, role in zip(lines, STACK, strict=True):
                unit.role = role


def _settle_late(above: Unit, unit: Unit, below: Unit, headed: bool, rules: RuleSet) -> None:
    """Name a kicker that stands over no title: it was read late only where it says so. `headed`: a headline stands over
    the byline above."""
    sure = is_kicker(unit, rules)
    if above.role in ("title", "subtitle") and not (sure and unit.before):
        unit.role = "subtitle"
    elif above.role == "byline" and above.scores.get("byline", 0.0) > 0 and below.role in TEXT and not sure:
        title, heading = unit.scores.get("title", -9.0), unit.scores.get("heading", -9.0)
        unit.role = "heading" if headed or heading > title else "title"


def _are_one_head(lines: Sequence[Unit], rules: RuleSet) -> bool:
    if [unit.role for unit in lines] != TORN or any(is_kicker(unit, rules) for unit in lines[1:]):
        return False
    return not any(matches(rules, SURE, unit.text) for unit in lines)


def is_kicker(unit: Unit, rules: RuleSet) -> bool:
    """Say whether what a headline line says makes it a kicker, wherever it stands."""
    return unit.scores.get("kicker", 0.0) >= rules.settings["stack_kicker"]
