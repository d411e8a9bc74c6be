"""Put headlines and text right that stand in a neighbour's place: the article before has the one, or the one behind."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from cleaner.engine.profile import RuleSet
from cleaner.layout.lexicon import Lexicon
from cleaner.layout.segments import Segment
from cleaner.layout.stacks import is_kicker


def return_heads(segments: Sequence[Segment], words: Lexicon, rules: RuleSet) -> None:
    """Give a head between two bodies to the one before it where that has none and speaks of the same."""
    plain = [segment for segment in segments if not segment.photo]
    for before, after in pairwise(plain):
        if before.has("title") or not before.body or not after.has("title") or not after.body:
            continue
        head = words.pairs([unit for unit in after.head if unit.role in ("title", "subtitle")])
        there = words.share(head, words.pairs(before.units()))
        here = words.share(head, words.pairs(after.body))
        if there > here + rules.settings["head_behind"]:
            before.head += after.head
            after.head = []


def return_lines(segments: Sequence[Segment], words: Lexicon, rules: RuleSet) -> None:
    """Put headline lines that stand over another headline together with it where its text speaks of them too."""
    live = [segment for segment in segments if segment.units() and not segment.photo]
    for lines, below in pairwise(live):
        if lines.body or below.has("subtitle") or not below.body or not lines.has("title"):
            continue
        body = words.pairs(below.body)
        shares = [words.share(words.pairs([unit]), body) for unit in lines.head if unit.role == "title"]
        together = words.share(words.pairs([unit for unit in lines.head if unit.role != "byline"]), body)
        if min(shares) < rules.settings["line_share"] and together < rules.settings["lines_share"]:
            continue
        for unit in below.head:
            if unit.role == "title" and is_kicker(unit, rules):
                unit.role = "kicker"  # read late
            elif unit.role in ("title", "kicker"):
                unit.role = "subtitle"
        below.head = [*lines.head, *below.head]
        lines.head = []


def split_for_bodiless(segments: Sequence[Segment], words: Lexicon, rules: RuleSet) -> None:
    """Find the body of a title that stands alone inside the segment before it, where nothing marked its start."""
    live = [segment for segment in segments if segment.units() and not segment.photo]
    for before, alone in pairwise(live):
        if alone.body or not alone.has("title") or not before.has("title"):
            continue
        at = _hidden_start(before, alone, words, rules)
        if at:
            alone.body, before.body = before.body[at:], before.body[:at]
            alone.credits, before.credits = before.credits, []


def _hidden_start(before: Segment, alone: Segment, words: Lexicon, rules: RuleSet) -> int:
    """Return the index in `before.body` at which the body of `alone` begins, or 0."""
    title = words.pairs(alone.head)
    best, best_score = 0, rules.settings["hidden_start"]
    above: set[str] = set()
    for at in range(1, len(before.body)):
        above |= words.pairs(before.body[at - 1 : at])
        if before.body[at].role != "paragraph" or before.body[at - 1].role != "paragraph":
            continue
        left = words.pairs(before.body[max(0, at - 2) : at])
        right = words.pairs(before.body[at : at + 2])
        fresh = words.pairs(before.body[at : at + 1])
        gain = words.share(title, fresh) - words.share(title, above) / 2
        score = gain - words.share(left, right)
        if score > best_score:
            best, best_score = at, score
    return best
