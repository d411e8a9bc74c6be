"""Write segments down as one text: the layer from the page's text to the laid-out one, and the bounds of its blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cleaner.layout.lines import BLANKS, IDEOGRAPHIC_SPACE
from cleaner.layout.rows import ROW_RULE
from cleaner.layout.segments import Segment
from cleaner.layout.units import Part, Unit
from cleaner.model import Bounds
from cleaner.trace import Layer, Piece

BLOCK_GAP = "\n\n"
FURNITURE_RULE = "page-furniture"


@dataclass(slots=True)
class Layout:
    """What layout found: the layer that writes it down, its blocks' bounds in the result, and the segments."""

    layer: Layer
    bounds: Bounds
    segments: list[Segment]
    furniture: list[Unit] = field(default_factory=list)


class Laid(NamedTuple):
    """A unit to be printed: what stands before it (None: what stood there), its role and the article's number."""

    unit: Unit
    gap: str | None
    role: str
    article: int


class Arranger:
    """Collects pieces in output order; every part of the text brings the blanks that stood before it along.

    `indents`: rows keep their indents, as in nested lists; on a page they are gaps between columns.
    """

    def __init__(self, text: str, units: Sequence[Unit], *, indents: bool = False) -> None:
        self.text = text
        self.indents = indents
        self.layer: Layer = []
        self.size = 0
        spans = sorted((part.start, part.end) for unit in units for part in unit.parts)
        ends = [0, *[end for _, end in spans]]
        self.gap_before = {start: end for (start, _), end in zip(spans, ends, strict=False)}
        self.tail = ends[-1]
        self.bounds: Bounds = []

    def print(self, laid: Laid) -> None:
        """Print a unit as a block of its own."""
        start = -1
        for number, part in enumerate(laid.unit.parts):
            if part.rule == ROW_RULE and self.indents:
                self._gap(part, plain_gap(self.text[self.gap_before[part.start] : part.start]), ROW_RULE, "")
            elif number:
                self._gap(part, part.glue, part.rule or "mend-wrap", part.note)
            else:
                self._gap(part, laid.gap, laid.unit.data.get("cut", "block-gap"), "")
                start = self.size
            self.layer.append(Piece(part.start, part.end))
            self.size += part.end - part.start
        self.bounds.append((start, self.size, laid.role, laid.article))

    def drop(self, unit: Unit, rule: str) -> None:
        """Leave a unit out; it stays in the edit log."""
        for part in unit.parts:
            gap = self.gap_before[part.start]
            self.layer.append(Piece(gap, part.end, "", rule))

    def finish(self, end: str) -> Layer:
        """Close the layer; `end` is what stands after the last block."""
        self._put(self.tail, len(self.text), end, "block-gap", "")
        return self.layer

    def _gap(self, part: Part, wanted: str | None, rule: str, note: str) -> None:
        start = self.gap_before[part.start]
        self._put(start, part.start, wanted, rule, note)

    def _put(self, start: int, end: int, wanted: str | None, rule: str, note: str) -> None:
        have = self.text[start:end]
        if wanted is None or wanted == have:
            self.layer.append(Piece(start, end))
            self.size += end - start
        elif start < end or wanted:
            self.layer.append(Piece(start, end, wanted, rule, note))
            self.size += len(wanted)


def plain_gap(gap: str) -> str:
    """Return the gap before a paragraph of plain text without trailing blanks and ideographic indents.

    An indent of other blanks stays: it may be code.
    """
    head, newline, indent = gap.rpartition("\n")
    if newline:
        head = re.sub(f"[{BLANKS}]+(?=\n|$)", "", head)
    return head + newline + indent.replace(IDEOGRAPHIC_SPACE, "")


def print_order(segment: Segment) -> list[tuple[str, list[Unit]]]:
    """Return an article's blocks in the order of text mode, as role and units (several for a title of two lines)."""
    order: list[tuple[str, list[Unit]]] = []
    for unit in segment.units():
        if unit.role == "jump":
            continue
        same_head = order and order[-1][0] == unit.role == "title"
        if same_head:
            order[-1][1].append(unit)
        else:
            order.append((unit.role, [unit]))
    return order
