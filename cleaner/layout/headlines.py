"""Put the printed lines of one headline together: on pages of printed lines a headline is often two.

Two short lines of nearly the same length are one headline where a quotation runs over them, where the cut goes through
a word, or where they stand alone between blank lines, unless the form of either says that it is something else.
"""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.engine.profile import RuleSet
from cleaner.layout.evidence import scales_for
from cleaner.layout.matcher import matches
from cleaner.layout.units import Unit
from cleaner.layout.words import cuts_word

RULE = "title-line"


def join_headlines(units: Sequence[Unit], rules: RuleSet) -> list[Unit]:
    """Return the units with two-line headlines as one unit each; only lines with a known column are asked."""
    scales = scales_for(rules, "line")
    out: list[Unit] = []
    for i, unit in enumerate(units):
        before = out[-1] if out else None
        if before is not None and _may_join(before, unit, rules):
            after = units[i + 1].before if i + 1 < len(units) else 1
            measures = {
                "blanks": float(unit.before),
                "alone": float(before.before > 0 and after > 0 and unit.before == 0),
                "difference": abs(before.width - unit.width),
                "word": float(cuts_word(before.text, unit.text)),
                "wider": unit.width - before.width,
            }
            total, note = scales.weigh(before.text, unit.text, measures)
            if total > 0:
                before.absorb([unit], "" if measures["word"] else " ", note, RULE)
                continue
        out.append(unit)
    return out


def _may_join(before: Unit, after: Unit, rules: RuleSet) -> bool:
    least = rules.settings["headline_short"]
    lines = (before, after)
    return all(
        len(unit.parts) == 1 and unit.short is not None and unit.short >= least and not unit.data for unit in lines
    ) and not any(matches(rules, "no-headline", unit.text) for unit in lines)
