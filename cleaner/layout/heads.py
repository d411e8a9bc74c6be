"""Tell kicker, title and subtitle apart where nothing but the wording of two headline lines shows which is which.

Read after the body is known: a title says what its text says, a kicker need not.
"""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.engine.profile import RuleSet
from cleaner.layout.evidence import scales_for
from cleaner.layout.lexicon import Lexicon
from cleaner.layout.matcher import matches
from cleaner.layout.segments import Segment
from cleaner.layout.units import Unit

LINES = ("kicker", "title", "subtitle")


def settle_heads(segments: Sequence[Segment], rules: RuleSet) -> None:
    """Set the roles of two headline lines: kicker and title, title and subtitle, or title and (read late) kicker."""
    scales = scales_for(rules, "pair")
    words = Lexicon([segment.units() for segment in segments], rules)
    for segment in segments:
        lines = [unit for unit in segment.head if unit.role in LINES]
        if len(lines) != 2 or not segment.body or any(matches(rules, "sure-head", unit.text) for unit in lines):
            continue
        first, second = lines
        body = words.pairs(segment.body)
        shares = [words.share(words.pairs([unit]), body) for unit in lines]
        if first.before == 0 and second.before == 0 and second.role == "title" and first.role == "title":
            continue
        measures = {
            "ratio": second.width / first.width,
            "share_first": shares[0],
            "share_second": shares[1],
            "gap": shares[0] - shares[1],
        }
        total, _ = scales.weigh(first.text, second.text, measures)
        _name(first, second, total, measures["gap"], rules)


def _name(first: Unit, second: Unit, total: float, gap: float, rules: RuleSet) -> None:
    if gap > rules.settings["late_kicker"] and second.width <= first.width * rules.settings["late_kicker_width"]:
        first.role, second.role = "title", "kicker"
    elif total > 0:
        first.role, second.role = "kicker", "title"
    else:
        first.role, second.role = "title", "subtitle"
