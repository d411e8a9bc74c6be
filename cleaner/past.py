"""What is kept of the walks that others follow: all that the page is made of beside the last walk, and no more.

A walk's own layout takes many times the memory of the text, and a long text takes many walks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cleaner.engine.profile import RuleSet
from cleaner.layout.arrange import Layout
from cleaner.layout.parts import find_value
from cleaner.trace import Layer, Origins, compose, render

Jump = tuple[int, int, str]  # a raw place in the article that a jump mark belongs to, the mark's number, what it says
JUMPS = ("jump-from", "jump-on")


@dataclass(slots=True)
class Past:
    """The layer from the raw text to the one after some walks, and their furniture and jump marks, by role."""

    raw: str
    rules: RuleSet
    layer: Layer
    furniture: dict[str, None] = field(default_factory=dict)
    jumps: dict[str, list[Jump]] = field(default_factory=lambda: {role: [] for role in JUMPS})

    def add(self, layers: Sequence[Layer], before_layout: int, layout: Layout) -> None:
        """Add a walk: its layers, how many of them come before layout, and what layout found."""
        self.layer = fold(self.layer, layers[:before_layout])
        self.keep(layout)
        self.layer = fold(self.layer, layers[before_layout:])

    def keep(self, layout: Layout) -> None:
        """Keep the furniture and the jump marks that layout found in the text that the layer leads to."""
        self.furniture.update(dict.fromkeys(unit.text for unit in layout.furniture))
        if not any(segment.jumps for segment in layout.segments):
            return
        origins, text = Origins(self.layer, self.raw), render(self.layer, self.raw)
        for segment in layout.segments:
            others = [unit for unit in segment.units() if unit.role != "jump"]
            for unit in segment.jumps if others else []:
                place = origins.extent(*others[0].span)[0]
                mark = "".join(part.glue + text[part.start : part.end] for part in unit.parts)  # in its own script
                for role, jumps in self.jumps.items():
                    if value := find_value(self.rules, role, mark):
                        jumps.append((place, len(jumps), value))


def fold(layer: Layer, layers: Iterable[Layer]) -> Layer:
    """Return the layer that does what a layer and those after it do."""
    for following in layers:
        layer = compose(layer, following)
    return layer
