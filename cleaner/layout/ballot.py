"""Count what role rules say: for each unit the sum of the weights of the rules that hold, role by role."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from cleaner.engine.names import DECIDED_ROLES
from cleaner.engine.profile import RuleSet
from cleaner.engine.rule import RoleRule
from cleaner.layout.evidence import within
from cleaner.layout.parts import shorten
from cleaner.layout.trials import Trials
from cleaner.layout.units import Unit

DEFAULT = "paragraph"
WIDE = (DEFAULT, "caption")  # what a unit can be that is wider than any rule looks at
LEAST = -6.0  # a role with a smaller sum is not thought of


class Ballot:
    """The role rules, ready to be counted."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        items = [item for item in rules.roles if item.rule.role in DECIDED_ROLES]
        self.roles = tuple(dict.fromkeys([DEFAULT, *(item.rule.role for item in items)]))
        columns = [[item.pattern for item in items], [item.previous for item in items], [item.next for item in items]]
        self.trials = Trials([item.rule for item in items], columns)
        self.widths = _Widths([item.rule for item in items])
        self.widest = max((item.rule.longest or 0.0 for item in rules.roles), default=0.0)

    def count(self, units: Sequence[Unit], measured: Iterable[Mapping[str, float]]) -> list[dict[str, float]]:
        """Return for each unit the sum of evidence for each role that is worth thinking of."""
        texts = ["", *(shorten(unit.text, self.rules) for unit in units), ""]
        scores: list[dict[str, float]] = []
        for i, (unit, measures) in enumerate(zip(units, measured, strict=True)):
            around = (texts[i + 1], texts[i], texts[i + 2])
            sums = dict.fromkeys(self.roles, 0.0)
            for rule in self.trials.fired(around, measures, self.widths.mask(unit.width)):
                sums[rule.role] += rule.weight
            known = WIDE if unit.width > self.widest else self.roles
            scores.append(
                {role: total for role, total in sums.items() if role == DEFAULT or (total > LEAST and role in known)}
            )
        return scores


class _Widths:
    """Tells which rules' limits a width lies in, as bits."""

    def __init__(self, rules: Sequence[RoleRule]) -> None:
        limits = {limit for rule in rules for limit in (rule.shortest, rule.longest) if limit is not None}
        self.limits = sorted(limits)
        around = [-1.0, *self.limits, (self.limits or [0.0])[-1] + 2.0]
        places = [width for low, high in pairwise(around) for width in ((low + high) / 2, high)]
        self.masks = [
            sum(1 << number for number, rule in enumerate(rules) if within(width, rule.shortest, rule.longest))
            for width in places[: 2 * len(self.limits) + 1]
        ]

    def mask(self, width: float) -> int:
        """Return the rules that a width leaves possible."""
        return self.masks[bisect_left(self.limits, width) + bisect_right(self.limits, width)]
