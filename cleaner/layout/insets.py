"""Give heads that stand inside running text to the article that they belong to.

An engine that reads column after column meets a headline over two columns, or one in the middle of the page, when it is
inside another stretch of text, or inside the headline's own. No section heading stands inside a sentence: what parts
one is such a headline.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

from cleaner.engine.profile import RuleSet
from cleaner.layout.joins import TearJudge
from cleaner.layout.segments import Segment
from cleaner.layout.units import Unit

ALONE = ("kicker", "title", "subtitle", "byline")


def take_insets(segments: Sequence[Segment], rules: RuleSet, judge: TearJudge) -> None:
    """Lift headings out of sentences, and give heads without a body to the article around them, in place."""
    plain = [segment for segment in segments if not segment.photo]
    for before, after in pairwise(plain):
        _close_up(before, after, rules, judge)
    for segment in plain:
        _lift_headings(segment, rules, judge)
    owners = sorted(((unit.start, segment) for segment in plain for unit in segment.body), key=lambda item: item[0])
    for segment in plain:
        if segment.head and not segment.body:
            _give_head(segment, owners)


def _close_up(before: Segment, after: Segment, rules: RuleSet, judge: TearJudge) -> None:
    """Put text without a title before the text that its last sentence goes on in, over the title between them."""
    if before.has("title") or not after.has("title") or not before.body or not after.body:
        return
    if _goes_on(before.body[-1], after.body[0], rules, judge):
        after.body[:0] = before.body
        before.body = []
        for unit in [unit for unit in before.head if not after.has(unit.role)]:
            before.head.remove(unit)
            after.head.append(unit)


def _lift_headings(segment: Segment, rules: RuleSet, judge: TearJudge) -> None:
    """Make the lines that part a sentence part of the head; where it is full they stay, behind the sentence."""
    body: list[Unit] = []
    lines: list[Unit] = []  # headings since the last paragraph
    for unit in segment.body:
        if unit.role == "heading":
            lines.append(unit)
            continue
        before = body[-1] if body else None
        if lines and before is not None and _goes_on(before, unit, rules, judge):
            for line in lines:
                line.role = next((role for role in ("title", "subtitle") if not segment.has(role)), "heading")
                if line.role != "heading":
                    segment.head.append(line)
            lines = [line for line in lines if line.role == "heading"]
            body += [unit, *lines]
        else:
            body += [*lines, unit]
        lines = []
    segment.body = [*body, *lines]


def _goes_on(before: Unit, after: Unit, rules: RuleSet, judge: TearJudge) -> bool:
    if before.role != "paragraph" or after.role != "paragraph" or not judge.is_cut(before):
        return False
    return judge.weigh(before, after)[0] >= rules.settings["inset_odds"]


def _give_head(segment: Segment, owners: Sequence[tuple[int, Segment]]) -> None:
    """Give a head to the article below it that has no title, or to the one that stands above and below."""
    first, last = segment.head[0].start, segment.head[-1].start
    over = bisect_left(owners, first, key=lambda item: item[0])
    under = bisect_right(owners, last, key=lambda item: item[0])
    above = owners[over - 1][1] if over else None
    below = owners[under][1] if under < len(owners) else None
    if below is None or (below.has("title") and above is not below):
        return
    for unit in list(segment.head):
        role = "subtitle" if unit.role == "title" and below.has("title") else unit.role
        if role in ALONE and not below.has(role):
            unit.role = role
            segment.head.remove(unit)
            below.head.append(unit)
