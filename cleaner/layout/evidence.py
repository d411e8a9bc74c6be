"""Add up what rule files hold for and against: join evidence and role evidence are weighed in one way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cleaner.engine.profile import CompiledEvidence

TAIL = 80  # characters on either side of a boundary that patterns may look at


def within(value: float | None, low: float | None, high: float | None) -> bool:
    """Say whether a measured value lies in a rule's limits; an unknown value lies in none."""
    if value is None:
        return False
    return (low is None or value >= low) and (high is None or value <= high)


def fired(
    evidence: Sequence[CompiledEvidence], before: str, after: str, measures: Mapping[str, float | None]
) -> list[CompiledEvidence]:
    """Return the evidence whose conditions hold at a boundary."""
    left, right = before[-TAIL:], after[:TAIL]
    return [
        item
        for item in evidence
        if (item.rule.measure is None or within(measures.get(item.rule.measure), item.rule.at_least, item.rule.at_most))
        and (item.end is None or item.end.search(left))
        and (item.start is None or item.start.search(right))
    ]


def weigh(
    evidence: Sequence[CompiledEvidence], before: str, after: str, measures: Mapping[str, float | None]
) -> tuple[float, str]:
    """Return the log-odds that text goes on over a boundary, and the evidence as `id+1.5 id-2.0`."""
    holds = [item.rule for item in fired(evidence, before, after, measures)]
    return sum(rule.weight for rule in holds), " ".join(f"{rule.id}{rule.weight:+g}" for rule in holds)
