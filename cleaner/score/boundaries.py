"""Measure where paragraphs begin and end: boundaries, missed joins, false joins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from cleaner.score.alignment import FREE, Alignment
from cleaner.score.side import BODY, NEUTRAL, Side, Stretch

NOISE = 3  # fewer characters of a unit in another one are an accident of the comparison, unless either is as short
SHOWN = 10  # characters of an example on either side


@dataclass(slots=True)
class Tally:
    """What was counted on a page or on several, and examples of wrong joins."""

    counts: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Add what was counted elsewhere."""
        self.counts.update(other.counts)
        self.missed += other.missed
        self.false += other.false


@dataclass(slots=True)
class Meeting:
    """Which units of the other side each unit shares characters with, in its own order."""

    gold: list[list[int]]
    made: list[list[int]]


def meet(gold: Side, made: Side, found: Alignment) -> Meeting:
    """Find which units share characters; in made units, gold units that may stand anywhere do not count."""
    anywhere = {number for number, unit in enumerate(gold.units) if unit.role in NEUTRAL}
    theirs = [[gold.owner[i] for i in found.back[u.start : u.end] if i != FREE] for u in made.units]
    return Meeting(
        [
            _runs([made.owner[j] for j in found.there[u.start : u.end] if j != FREE], u, made.units)
            for u in gold.units
        ],
        [
            _runs([number for number in numbers if number not in anywhere], unit, gold.units)
            for unit, numbers in zip(made.units, theirs, strict=True)
        ],
    )  # fmt: skip


def _runs(numbers: Sequence[int], unit: Stretch, others: Sequence[Stretch]) -> list[int]:
    """Return the units met, one after the other, without those that only a character or two are shared with."""
    runs = [(number, sum(1 for _ in run)) for number, run in groupby(numbers)]
    kept = [number for number, size in runs if size >= min(NOISE, unit.size, others[number].size)]
    return [number for number, _ in groupby(kept)]


def count_boundaries(gold: Side, made: Side, found: Alignment, meeting: Meeting, tally: Tally) -> None:
    """Count boundaries of the bodies: their beginnings, their ends, and those between two of their paragraphs.

    A paragraph that is nowhere in the prediction has no right boundary.
    """
    bodies: dict[int, list[int]] = {}
    for number, unit in enumerate(gold.units):
        if unit.role in BODY:
            bodies.setdefault(unit.record, []).append(number)
    for numbers in bodies.values():
        opens = [_is_edge(meeting, number, 0) for number in numbers]
        closes = [_is_edge(meeting, number, -1) for number in numbers]
        between = [end and start for end, start in zip(closes, opens[1:], strict=False)]
        right = [opens[0], *between, closes[-1]]
        tally.counts["boundary right"] += sum(right)
        tally.counts["boundary missing"] += len(right) - sum(right)
        for number in numbers:
            breaks = max(len(meeting.gold[number]) - 1, 0)
            tally.counts["missed joins"] += breaks
            if breaks:
                tally.missed += _breaks(gold, made, found, number)[:breaks]


def _is_edge(meeting: Meeting, number: int, edge: int) -> bool:
    """Say whether a gold unit is the first (0) or last (-1) one in the made unit where it begins or ends."""
    homes = meeting.gold[number]
    return bool(homes) and meeting.made[homes[edge]][edge:][:1] == [number]


def _breaks(gold: Side, made: Side, found: Alignment, number: int) -> list[str]:
    unit = gold.units[number]
    pairs = [(i, found.there[i]) for i in range(unit.start, unit.end) if found.there[i] != FREE]
    cuts = [i for (_, before), (i, after) in pairwise(pairs) if made.owner[before] != made.owner[after]]
    return [f"{gold.raw[max(i - SHOWN, unit.start) : i]} | {gold.raw[i : min(i + SHOWN, unit.end)]}" for i in cuts]


def count_false_joins(gold: Side, meeting: Meeting, tally: Tally) -> None:
    """Count the places inside made units where one gold unit gives way to another."""
    for numbers in meeting.made:
        for first, then in pairwise(numbers):
            before, after = gold.units[first], gold.units[then]
            kind = name_join(before, after)
            tally.counts["false joins"] += 1
            tally.counts[f"false join {kind}"] += 1
            left, right = (
                gold.raw[max(before.start, before.end - SHOWN) : before.end],
                gold.raw[after.start : after.end],
            )
            tally.false.append(f"{kind}: {left} + {right[:SHOWN]}")


def name_join(before: Stretch, after: Stretch) -> str:
    """Say what was wrongly joined."""
    roles = (before.role, after.role)
    if "caption" in roles:
        return "with a caption"
    if before.record != after.record:
        return "with another article"
    if all(role == "paragraph" for role in roles):
        return "of two paragraphs"
    return "with a headline or heading"
