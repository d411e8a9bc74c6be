"""Try the conditions of many rules at one place of the page: patterns of a few texts there, and limits of measures.

Which rules hold is a number, a bit for each rule. Measures and the edges of the texts rule most of them out; what the
patterns of the rest find in a text is remembered, as texts are met again: as a neighbour, in a later step, in the next
walk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import Generic, Protocol, TypeVar

from cleaner.engine.deadline import Searcher
from cleaner.layout.edges import Edges, Finder
from cleaner.layout.memory import Memory, TextMemory


class Conditions(Protocol):
    """What a rule says of a measure: its name and limits."""

    @property
    def measure(self) -> str | None: ...
    @property
    def at_least(self) -> float | None: ...
    @property
    def at_most(self) -> float | None: ...


R = TypeVar("R", bound=Conditions)
Seen = tuple[int, int]  # of a text: the rules that may hold, and those for which that is sure


class Trials(Generic[R]):
    """Rules with their patterns: for each of the texts one for each rule, or None."""

    def __init__(self, rules: Sequence[R], patterns: Sequence[Sequence[Searcher | None]]) -> None:
        self.rules = rules
        self.every = (1 << len(rules)) - 1
        self.columns = [_Column(column) for column in patterns]
        names = dict.fromkeys(rule.measure for rule in rules if rule.measure is not None)
        self.names = list(names)
        self.limits = [_Limits(rules, name) for name in names]

    def hold(self, texts: Sequence[str], measures: Mapping[str, float | None], mask: int = -1) -> int:
        """Return the rules, of those whose bits are in `mask`, whose conditions hold, as bits."""
        mask &= self.every
        for limits, value in zip(self.limits, map(measures.get, self.names), strict=True):
            mask &= limits[value]
        found: list[Seen] = []
        for column, text in zip(self.columns, texts, strict=True):
            seen = column[text]
            mask &= seen[0]
            found.append(seen)
        for column, text, seen in zip(self.columns, texts, found, strict=True):
            if mask & ~seen[1]:
                mask &= column.look(text, seen, mask)
        return mask

    def fired(self, texts: Sequence[str], measures: Mapping[str, float | None]) -> list[R]:
        """Return the rules whose conditions hold."""
        return self.choose(self.hold(texts, measures))

    def choose(self, mask: int) -> list[R]:
        """Return the rules whose bits are in `mask`, in their order."""
        return [rule for number, rule in enumerate(self.rules) if mask >> number & 1]


class _Column(TextMemory[Seen]):
    """The patterns that rules look for in one of the texts; those that several share are looked for once."""

    def __init__(self, patterns: Sequence[Searcher | None]) -> None:
        super().__init__()
        self.edges = Edges(patterns)
        shared: dict[str, tuple[int, Finder]] = {}
        for number, (pattern, finder) in enumerate(zip(patterns, self.edges.finders, strict=True)):
            if pattern is not None and finder is not None:
                source = getattr(pattern, "pattern", f"{number}")
                bits, first = shared.get(source, (0, finder))
                shared[source] = bits | 1 << number, first
        self.finders = list(shared.values())
        self.sure = ~sum(bits for bits, _ in self.finders)
        self.possible: Memory[int, list[tuple[int, Finder]]] = Memory()

    def __missing__(self, text: str) -> Seen:
        return self.remember(text, (self.edges(text), self.sure))

    def look(self, text: str, seen: Seen, asked: int) -> int:
        """Look for the patterns of some rules, and return the rules that may hold."""
        may, sure = seen
        unsure = asked & ~sure
        finders = self.possible.get(may)
        if finders is None:
            finders = self.possible.remember(may, [item for item in self.finders if item[0] & may])
        for bits, finder in finders:
            if bits & unsure:
                sure |= bits
                if finder.search(text) is None:
                    may &= ~bits
        self.remember(text, (may, sure))
        return may


class _Limits(Memory[float | None, int]):
    """For each value of a measure the rules that it leaves possible; an unknown value, those that do not ask for it."""

    def __init__(self, rules: Sequence[Conditions], name: str) -> None:
        super().__init__()
        self.free = 0
        self.asking: list[tuple[int, float, float]] = []
        for number, rule in enumerate(rules):
            if rule.measure == name:
                low = -inf if rule.at_least is None else rule.at_least
                high = inf if rule.at_most is None else rule.at_most
                self.asking.append((1 << number, low, high))
            else:
                self.free |= 1 << number

    def __missing__(self, value: float | None) -> int:
        if value is None:
            return self.remember(None, self.free)
        held = [bit for bit, low, high in self.asking if low <= value <= high]
        return self.remember(value, self.free | sum(held))
