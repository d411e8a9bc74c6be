"""Find the caption that a photo credit belongs to: the text before it, as newspapers set it, or the text after it.

Text mode prints the credit first, so both orders are met. Where running text stands on both sides, both are weighed.
"""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.engine.profile import RuleSet
from cleaner.layout.evidence import within
from cleaner.layout.matcher import matches, search
from cleaner.layout.units import Unit

TEXT = ("paragraph", "caption")


def settle_captions(units: Sequence[Unit], rules: RuleSet) -> None:
    """Give the role caption to the text on one side of each photo credit, and paragraph to that on the other."""
    for i, unit in enumerate(units):
        if unit.role != "credit" or not matches(rules, "photo", unit.text):
            continue
        before = units[i - 1] if i and units[i - 1].role in TEXT else None
        after = units[i + 1] if i + 1 < len(units) and units[i + 1].role in TEXT else None
        if before is not None and "cut" in unit.data:  # it stood at that text's own end
            chosen = before
        elif before is not None and after is not None:
            chosen = before if _prefers_before(units, i, rules) else after
            other = after if chosen is before else before
            other.role = "paragraph"
        else:
            chosen = before or after or unit
        if chosen is not unit:
            chosen.role = "caption"


def _prefers_before(units: Sequence[Unit], i: int, rules: RuleSet) -> bool:
    apart = rules.settings["caption_apart"]
    score = _likeness(units[i - 1], rules) - _likeness(units[i + 1], rules)
    if i < 2 or units[i - 2].role not in TEXT:
        score += apart
    if i + 2 >= len(units) or units[i + 2].role not in TEXT:
        score -= apart
    return score >= 0


def _likeness(unit: Unit, rules: RuleSet) -> float:
    """Sum up what rules of the internal role `caption-form` say of a text."""
    return sum(
        item.rule.weight
        for item, _ in search(rules, "caption-form", unit.text)
        if within(unit.width, item.rule.shortest, item.rule.longest)
    )
