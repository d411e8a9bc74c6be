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


def weigh(
    evidence: Sequence[CompiledEvidence], before: str, after: str, measures: Mapping[str, float]
) -> tuple[float, str]:
    """Return the log-odds that text goes on over a boundary, and the evidence as `id+1.5 id-2.0`."""
    total = 0.0
    reasons: list[str] = []
    left, right = before[-TAIL:], after[:TAIL]
    for item in evidence:
        rule = item.rule
        if rule.measure is not None and not within(measures.get(rule.measure), rule.at_least, rule.at_most):
            continue
        if item.end is not None and not item.end.search(left):
            continue
        if item.start is not None and not item.start.search(right):
            continue
        total += rule.weight
        reasons.append(f"{rule.id}{rule.weight:+g}")
    return total, " ".join(reasons)
