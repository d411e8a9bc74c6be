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
from cleaner.layout.stacks import SURE
from cleaner.layout.units import Pairs, Unit

LINES = ("kicker", "title", "subtitle")


def settle_heads(segments: Sequence[Segment], rules: RuleSet) -> None:
    """Set the roles of two or three headline lines: kicker and title, title and subtitle, or title and (read late)
    kicker; a third line is a subtitle."""
    words = Lexicon([segment.units() for segment in segments], rules)
    for segment in segments:
        lines = sorted((unit for unit in segment.head if unit.role in LINES), key=lambda unit: unit.start)
        third = lines[2:]  # below a title: a kicker there was read late
        if len(lines) < 2 or not segment.body or len(third) > 1 or any(unit.role != "subtitle" for unit in third):
            continue
        if not any(matches(rules, SURE, unit.text) for unit in lines[:2]):
            _settle(lines, words.pairs(segment.body), words, rules)


def _settle(lines: Sequence[Unit], body: Pairs, words: Lexicon, rules: RuleSet) -> None:
    first, second = lines[:2]
    shares = [words.share(words.pairs([unit]), body) for unit in (first, second)]
    if first.before == 0 and second.before == 0 and second.role == "title" and first.role == "title":
        return
    measures = {
        "ratio": second.width / first.width,
        "share_first": shares[0],
        "share_second": shares[1],
        "gap": shares[0] - shares[1],
    }
    if len(lines) > 2:
        measures["below"] = abs(second.width - lines[2].width)
    total, _ = scales_for(rules, "pair").weigh(first.text, second.text, measures)
    late = len(lines) == 2 and measures["gap"] > rules.settings["late_kicker"]
    if late and second.width <= first.width * rules.settings["late_kicker_width"]:
        first.role, second.role = "title", "kicker"
    elif total > 0:
        first.role, second.role = "kicker", "title"
    else:
        first.role, second.role = "title", "subtitle"
