"""Try the conditions of many rules at one place of the page: patterns of a few texts there, and limits of measures.

Most rules are ruled out by a text's edges or by a measure; patterns that several rules share are looked for once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import Generic, Protocol, TypeVar

from cleaner.engine.deadline import Searcher
from cleaner.layout.edges import Edges, Finder

MOST = 4096  # sets of rules remembered


class Conditions(Protocol):
    """What a rule says of a measure: its name and limits."""

    @property
    def measure(self) -> str | None: ...
    @property
    def at_least(self) -> float | None: ...
    @property
    def at_most(self) -> float | None: ...


R = TypeVar("R", bound=Conditions)
Pattern = tuple[int, int, Finder]  # its number, which of the texts it is looked for in, and what finds it
Trial = tuple[R, str | None, float, float, tuple[Pattern, ...]]  # rule, measure with limits, patterns


class Trials(Generic[R]):
    """Rules with their patterns: for each of the texts one for each rule, or None."""

    def __init__(self, rules: Sequence[R], patterns: Sequence[Sequence[Searcher | None]]) -> None:
        self.edges = [Edges(column) for column in patterns]
        self.trials: list[Trial[R]] = []
        numbers: dict[tuple[int, str], int] = {}
        for i, rule in enumerate(rules):
            found: list[Pattern] = []
            for place, (edges, column) in enumerate(zip(self.edges, patterns, strict=True)):
                finder, pattern = edges.finders[i], column[i]
                if finder is not None and pattern is not None:
                    source = getattr(pattern, "pattern", f"{i}")
                    found.append((numbers.setdefault((place, source), len(numbers)), place, finder))
            low = -inf if rule.at_least is None else rule.at_least
            high = inf if rule.at_most is None else rule.at_most
            self.trials.append((rule, rule.measure, low, high, tuple(found)))
        self.possible: dict[int, list[Trial[R]]] = {}

    def fired(self, texts: Sequence[str], measures: Mapping[str, float | None], mask: int = -1) -> list[R]:
        """Return the rules, of those whose bits are in `mask`, whose conditions hold."""
        for edges, text in zip(self.edges, texts, strict=True):
            mask &= edges(text)
        trials = self.possible.get(mask)
        if trials is None:
            trials = self._choose(mask)
        known: dict[int, bool] = {}
        fired: list[R] = []
        for rule, measure, low, high, patterns in trials:
            if measure is not None:
                value = measures.get(measure)
                if value is None or not low <= value <= high:
                    continue
            for number, place, finder in patterns:
                holds = known.get(number)
                if holds is None:
                    holds = known[number] = finder.search(texts[place]) is not None
                if not holds:
                    break
            else:
                fired.append(rule)
        return fired

    def _choose(self, mask: int) -> list[Trial[R]]:
        if len(self.possible) >= MOST:
            self.possible.clear()
        trials = self.possible[mask] = [trial for number, trial in enumerate(self.trials) if mask >> number & 1]
        return trials
