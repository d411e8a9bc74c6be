"""Bring torn paragraphs their other halves from elsewhere on the page.

Asked are the paragraphs that stop in mid-sentence; offered are units that stand at a place where they do not fit. A
pair is made when the sentence goes on over the seam far better than at the place where the unit stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cleaner.engine.profile import RuleSet
from cleaner.layout.joins import JOIN_RULE, TearJudge
from cleaner.layout.segments import Segment
from cleaner.layout.units import Unit
from cleaner.layout.wraps import RULE as WRAP_RULE
from cleaner.layout.wraps import glue_between


class Offer(NamedTuple):
    """A unit that may be somebody's other half."""

    gain: float
    segment: Segment
    at: int  # its index in the segment's body
    note: str


def return_tails(segments: Sequence[Segment], rules: RuleSet, judge: TearJudge) -> None:
    """Move other halves to the paragraphs that they were torn from, best pairs first, each once."""
    asking = [
        (segment, unit)
        for segment in segments
        if not segment.photo
        for unit in segment.body
        if unit.role == "paragraph" and unit.verdict == "dangling"
    ]
    body = (unit for segment in segments for unit in segment.body)
    if len(asking) > rules.settings["tail_most"] or is_hard_wrapped(body, rules):
        return
    found = [
        (offer, segment, unit) for segment, unit in asking if (offer := _best(segment, unit, segments, rules, judge))
    ]
    found.sort(key=lambda item: -item[0].gain)
    taken: set[int] = set()
    for offer, segment, unit in found:
        rest = next((u for u in offer.segment.body[offer.at : offer.at + 1]), None)
        if rest is None or id(rest) in taken or id(unit) in taken or rest is unit:
            continue
        taken |= {id(rest), id(unit)}
        _move(offer, segment, unit, rest)


def is_hard_wrapped(units: Iterable[Unit], rules: RuleSet) -> bool:
    """Say whether much of the running text was printed lines."""
    body = [unit for unit in units if unit.role == "paragraph"]
    wrapped = sum(1 for unit in body if any(part.rule == WRAP_RULE for part in unit.parts))
    return wrapped > rules.settings["tail_wrapped"] * len(body)


def _best(segment: Segment, unit: Unit, segments: Sequence[Segment], rules: RuleSet, judge: TearJudge) -> Offer | None:
    """Return the best offer for a torn paragraph if it is good, and better than the next best."""
    offers: list[Offer] = []
    for other in segments:
        for at, rest in enumerate(other.body if not other.photo else []):
            if rest is unit or rest.role != "paragraph" or (at == 0 and other.has("title")):
                continue
            before = other.body[at - 1] if at else None
            if before is unit or (before is not None and before.role != "paragraph"):
                continue
            odds, note = judge.weigh(unit, rest)
            here = judge.weigh(before, rest)[0] if before is not None else rules.settings["tail_at_start"]
            if odds >= rules.settings["tail_odds"]:
                offers.append(Offer(odds - here, other, at, note))
    offers.sort(key=lambda offer: -offer.gain)
    if not offers or offers[0].gain < rules.settings["tail_gain"]:
        return None
    if len(offers) > 1 and offers[0].gain - offers[1].gain < rules.settings["tail_margin"]:
        segment.flags.append(("ambiguous-continuation", "more than one piece could go on here; kept in page order"))
        return None
    return offers[0]


def _move(offer: Offer, segment: Segment, unit: Unit, rest: Unit) -> None:
    """Join the half to its paragraph; where it ends its segment, a credit that it brought along goes with it."""
    source = offer.segment
    source.body.remove(rest)
    unit.absorb([rest], glue_between(unit.text, rest.text), offer.note, JOIN_RULE)
    last = offer.at == len(source.body)
    signed_before = source.has("byline")
    if (
        last
        and source is not segment
        and not segment.credits
        and unit is segment.body[-1]
        and (signed_before or offer.at == 0)
    ):
        segment.credits += source.credits
        source.credits = []
