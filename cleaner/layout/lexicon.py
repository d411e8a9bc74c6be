"""Rare character pairs: what two stretches of Chinese text have in common, without a dictionary."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from itertools import repeat

from cleaner.engine.profile import RuleSet
from cleaner.layout.units import Pairs, Unit

NONE: Pairs = frozenset()


class Lexicon:
    """Pairs of neighbouring Han characters, weighed by how few of the given groups of units hold them."""

    def __init__(self, groups: Sequence[Sequence[Unit]], rules: RuleSet) -> None:
        self.han = rules.once("han pairs", lambda rules: re.compile(f"(?=([{rules.classes['han']}]{{2}}))"))
        seen: Counter[str] = Counter()
        for group in groups:
            seen.update(self.pairs(group))
        weights = {count: math.log((len(groups) + 1) / count) for count in set(seen.values())}
        self.weight = {pair: weights[count] for pair, count in seen.items()}

    def pairs(self, units: Iterable[Unit]) -> Pairs:
        """Return the character pairs of some units."""
        sets = [self._pairs_of(unit) for unit in units]
        return sets[0] if len(sets) == 1 else NONE.union(*sets)

    def _pairs_of(self, unit: Unit) -> Pairs:
        known = unit.pairs
        if known is None or known[0] is not unit.text:
            known = unit.pairs = (unit.text, frozenset(self.han.findall(unit.text)))
        return known[1]

    def mass(self, pairs: Set[str]) -> float:
        """Return the summed weight of some pairs."""
        return sum(map(self.weight.get, pairs, repeat(0.0)))

    def share(self, part: Pairs, whole: Set[str]) -> float:
        """Return which part of `part`'s weight `whole` holds too, between 0 and 1."""
        mass = self.mass(part)
        return self.mass(part & whole) / mass if mass else 0.0
