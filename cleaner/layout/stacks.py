"""Read three headline lines over one text as one head.

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
UNDER = ("paragraph", "byline")


def settle_stacks(units: Sequence[Unit], rules: RuleSet) -> None:
    """Set the roles of three headline lines that stand by themselves over text or a byline."""
    printed = [unit for unit in units if unit.role != "furniture"]
    for i in range(len(printed) - 3):
        lines = printed[i : i + 3]
        if [unit.role for unit in lines] != TORN or printed[i + 3].role not in UNDER:
            continue
        if (i and printed[i - 1].role in STACK) or any(is_kicker(unit, rules) for unit in lines[1:]):
            continue
        if not any(matches(rules, "sure-head", unit.text) for unit in lines):
            for unit, role in zip(lines, STACK, strict=True):
                unit.role = role


def is_kicker(unit: Unit, rules: RuleSet) -> bool:
    """Say whether what a headline line says makes it a kicker, wherever it stands."""
    return unit.scores.get("kicker", 0.0) >= rules.settings["stack_kicker"]
