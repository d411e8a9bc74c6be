"""Read what counts of a text where it may go on: its open marks, its full stops, how its cells are built."""

from __future__ import annotations

import re
from typing import NamedTuple

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
        names = ("opening", "closing", "terminal")
        self.any = re.compile(f"[{''.join(rules.classes[name] for name in names)}]")
        self.opening, self.closing, self.stop = (re.compile(f"[{rules.classes[name]}]") for name in names)
        self.worth: dict[str, tuple[int, int]] = {}  # by mark: how many it opens, and whether it is a full stop

    def __missing__(self, text: str) -> Marks:
        hanging = stops = 0
        for mark in self.any.findall(text):
            worth = self.worth.get(mark) or self._weigh(mark)
            hanging += worth[0]
            stops += worth[1]
        return self.remember(text, Marks(hanging, stops, skeleton(text)))

    def _weigh(self, mark: str) -> tuple[int, int]:
        opens = bool(self.opening.match(mark)) - bool(self.closing.match(mark))
        self.worth[mark] = worth = opens, int(bool(self.stop.match(mark)))
        return worth
