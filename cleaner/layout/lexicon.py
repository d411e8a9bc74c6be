"""Rare character pairs: what two stretches of Chinese text have in common, without a dictionary."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from functools import cached_property
from itertools import chain, repeat

from cleaner.engine.patterns import find_pattern
from cleaner.engine.profile import RuleSet
from cleaner.layout.units import Pairs, Unit

NONE: Pairs = frozenset()


class Lexicon:
    """Pairs of neighbouring Han characters, weighed by how few of the given groups of units hold them.

    The groups are taken as they are now; their pairs are counted when a weight is first asked for.
    """

    def __init__(self, groups: Sequence[Sequence[Unit]], rules: RuleSet) -> None:
        self.han = rules.once("han pairs", lambda rules: find_pattern(f"(?=([{rules.classes['han']}]{{2}}))"))
        self.groups = [[(unit, unit.text) for unit in group] for group in groups]
        self.same = dict[str, str]().setdefault  # each pair once: they are most of what layout keeps

    @cached_property
    def seen(self) -> Counter[str]:
        """How many groups hold each pair."""
        sets = (_join([self._pairs_of(unit, text) for unit, text in group]) for group in self.groups)
        return Counter(chain.from_iterable(sets))

    @cached_property
    def worth(self) -> list[float]:
        """What a pair weighs, by how many groups hold it."""
        count = len(self.groups)
        return [0.0, *[math.log((count + 1) / held) for held in range(1, count + 1)]]

    def weight(self, pair: str) -> float:
        """Return what a pair weighs; nothing where no group holds it."""
        return self.worth[self.seen.get(pair, 0)]

    def pairs(self, units: Iterable[Unit]) -> Pairs:
        """Return the character pairs of some units."""
        return _join([self._pairs_of(unit, unit.text) for unit in units])

    def _pairs_of(self, unit: Unit, text: str) -> Pairs:
        """Return the pairs of a unit's text, or of the one that it had before."""
        known = unit.pairs
        if known is None or known[0] is not text:
            found = self.han.findall(text)
            known = (text, frozenset(map(self.same, found, found)))
            if text is unit.text:
                unit.pairs = known
        return known[1]

    def mass(self, pairs: Set[str]) -> float:
        """Return the summed weight of some pairs."""
        return sum(map(self.worth.__getitem__, map(self.seen.get, pairs, repeat(0))))

    def share(self, part: Pairs, whole: Set[str]) -> float:
        """Return which part of `part`'s weight `whole` holds too, between 0 and 1."""
        mass = self.mass(part)
        return self.mass(part & whole) / mass if mass else 0.0


def _join(sets: Sequence[Pairs]) -> Pairs:
    return sets[0] if len(sets) == 1 else NONE.union(*sets)
