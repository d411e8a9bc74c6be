"""Add up what rule files hold for and against: join evidence and role evidence are weighed in one way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cleaner.engine.profile import CompiledEvidence, RuleSet
from cleaner.engine.rule import Evidence
from cleaner.layout.memory import Memory
from cleaner.layout.trials import Trials

TAIL = 80  # characters on either side of a boundary that patterns may look at


def within(value: float | None, low: float | None, high: float | None) -> bool:
    """Say whether a measured value lies in a rule's limits; an unknown value lies in none."""
    if value is None:
        return False
    return (low is None or value >= low) and (high is None or value <= high)


class Scales:
    """Weighs the evidence of one step at boundaries."""

    def __init__(self, evidence: Sequence[CompiledEvidence]) -> None:
        columns = [[item.end for item in evidence], [item.start for item in evidence]]
        self.trials = Trials([item.rule for item in evidence], columns)
        self.sums: Memory[int, tuple[float, str]] = Memory()  # by the rules that hold

    def fired(self, before: str, after: str, measures: Mapping[str, float | None]) -> list[Evidence]:
        """Return the evidence whose conditions hold at a boundary."""
        return self.trials.fired((before[-TAIL:], after[:TAIL]), measures)

    def weigh(self, before: str, after: str, measures: Mapping[str, float | None]) -> tuple[float, str]:
        """Return the log-odds that text goes on over a boundary, and the evidence as `id+1.5 id-2.0`."""
        held = self.trials.hold((before[-TAIL:], after[:TAIL]), measures)
        return self.sums.get(held) or self.sums.remember(held, self._add(held))

    def _add(self, held: int) -> tuple[float, str]:
        rules = self.trials.choose(held)
        return sum([rule.weight for rule in rules]), " ".join([f"{rule.id}{rule.weight:+g}" for rule in rules])


def scales_for(rules: RuleSet, step: str) -> Scales:
    """Return the scales for a step; they are made once for a rule set."""
    return rules.once(
        f"scales:{step}", lambda rules: Scales([item for item in rules.evidence if item.rule.step == step])
    )
