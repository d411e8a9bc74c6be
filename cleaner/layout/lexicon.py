"""Rare character pairs: what two stretches of Chinese text have in common, without a dictionary."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from cleaner.engine.profile import RuleSet
from cleaner.layout.units import Unit

Pairs = frozenset[str]


class Lexicon:
    """Pairs of neighbouring Han characters, weighed by how few of the given groups of units hold them."""

    def __init__(self, groups: Sequence[Sequence[Unit]], rules: RuleSet) -> None:
        self.han = re.compile(f"[{rules.classes['han']}]{{2,}}")
        seen: Counter[str] = Counter()
        for group in groups:
            seen.update(self.pairs(group))
        self.weight = {pair: math.log((len(groups) + 1) / count) for pair, count in seen.items()}

    def pairs(self, units: Iterable[Unit]) -> Pairs:
        """Return the character pairs of some units."""
        runs = [run for unit in units for run in self.han.findall(unit.text)]
        return frozenset(run[i : i + 2] for run in runs for i in range(len(run) - 1))

    def mass(self, pairs: Pairs) -> float:
        """Return the summed weight of some pairs."""
        return sum(self.weight.get(pair, 0.0) for pair in pairs)

    def share(self, part: Pairs, whole: Pairs) -> float:
        """Return which part of `part`'s weight `whole` holds too, between 0 and 1."""
        mass = self.mass(part)
        return self.mass(part & whole) / mass if mass else 0.0
