"""Lay out a text on which nothing shows a page of articles: paragraphs are mended, all else stays."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.engine.profile import RuleSet
from cleaner.layout.arrange import FURNITURE_RULE, Arranger, Laid, Layout, plain_gap
from cleaner.layout.joins import TearJudge, mend_tears
from cleaner.layout.segments import Segment
from cleaner.layout.units import PairCounts, Unit

ROLES = ("paragraph", "heading", "title", "list", "table", "verse", "code")
HEAD_ROLES = ("kicker", "subtitle", "byline", "label")


def lay_plain(text: str, units: list[Unit], running: Sequence[Unit], rules: RuleSet, pairs: PairCounts) -> Layout:
    """Keep a text without a page's structure as it is: joined lines, the gaps as they were.

    What is printed around the text of a book's pages is left out, and a paragraph that runs over a page's end stands
    before that page's notes; nothing else moves.
    """
    for unit in units:
        if unit.role not in ROLES + HEAD_ROLES:
            unit.role = "paragraph"
    paired = mend_tears(units, TearJudge(rules, pairs, units, plain=True))
    for unit in paired[1:]:
        unit.role = "heading" if unit.role == "title" else unit.role
    for unit in paired:
        unit.role = "paragraph" if unit.role in HEAD_ROLES else unit.role
    head = [unit for unit in paired[:1] if unit.role == "title"]
    segment = Segment(head=head, body=paired[len(head) :])
    arranger = Arranger(text, [*paired, *running], indents=True)
    drops = list(running)
    for unit in paired:
        while drops and drops[0].start < unit.start:
            arranger.drop(drops.pop(0), FURNITURE_RULE)
        gap = plain_gap(text[arranger.gap_before[unit.start] : unit.start])
        arranger.print(Laid(unit, gap if arranger.bounds or not running else "", unit.role, 0))
    for drop in drops:
        arranger.drop(drop, FURNITURE_RULE)
    tail = text[arranger.tail :]
    return Layout(arranger.finish(plain_gap(tail) if paired else tail), arranger.bounds, [segment])
