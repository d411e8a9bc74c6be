"""Measure characters: punctuation, character error rate, what is lost."""

from __future__ import annotations

from cleaner.score.align import align
from cleaner.score.alignment import FREE, Alignment
from cleaner.score.boundaries import Tally
from cleaner.score.side import BODY, Side, is_mark

OUTSIDE = ("furniture", "jump")  # need not be kept
INSERTED = 40  # characters in a row at most that count as put into the text; more are another text


def count_characters(gold: Side, made: Side, found: Alignment, tally: Tally) -> None:
    """Count lost characters, and in bodies wrong ones and punctuation."""
    counts = tally.counts
    for i, j in enumerate(found.there):
        role = gold.role_at(i)
        if role in OUTSIDE:
            continue
        counts["characters gold"] += 1
        counts["characters lost"] += j == FREE
        if role not in BODY:
            continue
        counts["body gold"] += 1
        counts["body wrong"] += j == FREE or gold.folded[i] != made.folded[j]
        if is_mark(gold.raw[i]):
            counts["marks gold"] += 1
            if j != FREE:
                counts["marks found"] += 1
                counts["marks right"] += gold.raw[i] == made.raw[j]
    counts["body inserted"] += _count_inserted(gold, found)


def _count_inserted(gold: Side, found: Alignment) -> int:
    """Return how many made characters are paired with none and stand inside one unit of a gold body."""
    inserted, pending = 0, 0
    last = FREE
    for i in found.back:
        if i == FREE:
            pending += 1
            continue
        if 0 < pending <= INSERTED and last != FREE and gold.role_at(i) in BODY:
            near = 0 <= i - last - 1 <= pending + INSERTED
            inserted += pending if near and gold.owner[last] == gold.owner[i] else 0
        last, pending = i, 0
    return inserted


def count_dump(gold: Side, dump: str, bounds: list[int], found: Alignment, tally: Tally) -> None:
    """Count what was in the dump, and what of that is lost; `dump` is folded and without blanks."""
    raw = align(gold.folded, dump, bounds)
    for i, j in enumerate(raw.there):
        if gold.role_at(i) not in OUTSIDE:
            tally.counts["dump held"] += j != FREE
            tally.counts["dump lost"] += j != FREE and found.there[i] == FREE
