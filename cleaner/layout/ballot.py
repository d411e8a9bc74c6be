"""Count what role rules say: for each unit the sum of the weights of the rules that hold, role by role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from cleaner.engine.names import DECIDED_ROLES
from cleaner.engine.profile import RuleSet
from cleaner.engine.rule import RoleRule
from cleaner.layout.evidence import within
from cleaner.layout.matcher import shorten
from cleaner.layout.memory import Memory
from cleaner.layout.trials import Trials
from cleaner.layout.units import Unit

DEFAULT = "paragraph"
Roles = tuple[str, ...]
WIDE = (DEFAULT, "caption")  # what a unit can be that is wider than any rule looks at
LEAST = -6.0  # a role with a smaller sum is not thought of


class Scores(NamedTuple):
    """The sums of weights by role, of those worth thinking of; and the roles, last by name first, with their sums."""

    by_role: Mapping[str, float]
    names: Roles
    sums: list[float]


class Ballot:
    """The role rules, ready to be counted."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        items = [item for item in rules.roles if item.rule.role in DECIDED_ROLES]
        self.roles = tuple(dict.fromkeys([DEFAULT, *(item.rule.role for item in items)]))
        columns = [[item.pattern for item in items], [item.previous for item in items], [item.next for item in items]]
        self.trials = Trials([item.rule for item in items], columns)
        self.widths = _Widths([item.rule for item in items])
        self.sums: Memory[tuple[int, bool], Scores] = Memory()  # by the rules that hold, and whether the unit is wide
        self.widest = max((item.rule.longest or 0.0 for item in rules.roles), default=0.0)

    def count(self, units: Sequence[Unit], measured: Iterable[Mapping[str, float]]) -> list[Scores]:
        """Return for each unit the sum of evidence for each role that is worth thinking of."""
        texts = ["", *[shorten(unit.text, self.rules) for unit in units], ""]
        scores: list[Scores] = []
        for i, (unit, measures) in enumerate(zip(units, measured, strict=True)):
            held = self.trials.hold((texts[i + 1], texts[i], texts[i + 2]), measures, self.widths[unit.width])
            wide = unit.width > self.widest
            scores.append(self.sums.get((held, wide)) or self.sums.remember((held, wide), self._add(held, wide)))
        return scores

    def _add(self, held: int, wide: bool) -> Scores:
        sums = dict.fromkeys(self.roles, 0.0)
        for rule in self.trials.choose(held):
            sums[rule.role] += rule.weight
        known = WIDE if wide else self.roles
        by_role = {role: total for role, total in sums.items() if role == DEFAULT or (total > LEAST and role in known)}
        names = tuple(sorted(by_role, reverse=True))
        return Scores(by_role, names, [by_role[name] for name in names])


class _Widths(Memory[float, int]):
    """Tells which rules' limits a width lies in, as bits."""

    def __init__(self, rules: Sequence[RoleRule]) -> None:
        super().__init__()
        self.rules = rules

    def __missing__(self, width: float) -> int:
        held = [1 << i for i, rule in enumerate(self.rules) if within(width, rule.shortest, rule.longest)]
        return self.remember(width, sum(held))
