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


def settle_stacks(units: Sequence[Unit], rules: RuleSet) -> None:
    """Set the roles of headline lines that their neighbours tell."""
    printed = [unit for unit in units if unit.role != "furniture"]
    for i in range(1, len(printed) - 1):
        if printed[i].role == "kicker" and printed[i + 1].role not in ("kicker", "title"):
            _settle_late(printed[i - 1], printed[i], printed[i + 1], rules)
    for i in range(len(printed) - 3):
        lines = printed[i : i + 3]
        alone = i == 0 or printed[i - 1].role not in STACK
        if alone and printed[i + 3].role in (*TEXT, "byline") and _are_one_head(lines, rules):
            for unit, role in zip(lines, STACK, strict=True):
                unit.role = role


def _settle_late(above: Unit, unit: Unit, below: Unit, rules: RuleSet) -> None:
    """Name a kicker that stands over no title: it was read late only where it says so."""
    sure = is_kicker(unit, rules)
    if above.role in ("title", "subtitle") and not (sure and unit.before):
        unit.role = "subtitle"
    elif above.role == "byline" and above.scores.get("byline", 0.0) > 0 and below.role in TEXT and not sure:
        unit.role = "heading"


def _are_one_head(lines: Sequence[Unit], rules: RuleSet) -> bool:
    if [unit.role for unit in lines] != TORN or any(is_kicker(unit, rules) for unit in lines[1:]):
        return False
    return not any(matches(rules, "sure-head", unit.text) for unit in lines)


def is_kicker(unit: Unit, rules: RuleSet) -> bool:
    """Say whether what a headline line says makes it a kicker, wherever it stands."""
    return unit.scores.get("kicker", 0.0) >= rules.settings["stack_kicker"]
