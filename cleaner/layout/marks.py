"""Read what counts of a text where it may go on: its open marks, its full stops, how its cells are built."""

from __future__ import annotations

from typing import NamedTuple

from cleaner.engine.patterns import find_pattern
from cleaner.engine.profile import RuleSet
from cleaner.layout.lines import skeleton
from cleaner.layout.memory import TextMemory


class Marks(NamedTuple):
    """Marks left open (> 0) or closed without being opened (< 0), full stops, and how the text's cells are built."""

    hanging: int
    stops: int
    skeleton: str


def marks_in(text: str, rules: RuleSet) -> Marks:
    """Return what a text shows."""
    return rules.once("marks", _MarkReader)[text]


class _MarkReader(TextMemory[Marks]):
    """Reads texts by one look for all the marks that count."""

    def __init__(self, rules: RuleSet) -> None:
        super().__init__()
        opening, closing, stop = (rules.classes[name] for name in ("opening", "closing", "terminal"))
        self.any = find_pattern(f"[{opening}{closing}{stop}]")
        self.opens, self.stops = _Worth(opening, closing), _Worth(stop)

    def __missing__(self, text: str) -> Marks:
        marks = self.any.findall(text)
        hanging, stops = (sum(map(worth.__getitem__, marks)) for worth in (self.opens, self.stops))
        return self.remember(text, Marks(hanging, stops, skeleton(text)))


class _Worth(dict[str, int]):
    """What a mark counts: 1 if it is of one class, 1 less if it is of another."""

    def __init__(self, adding: str, taking: str = "") -> None:
        super().__init__()
        self.adding = find_pattern(f"[{adding}]")
        self.taking = find_pattern(f"[{taking}]") if taking else None

    def __missing__(self, mark: str) -> int:
        taken = self.taking is not None and self.taking.match(mark) is not None
        self[mark] = worth = (self.adding.match(mark) is not None) - taken
        return worth
