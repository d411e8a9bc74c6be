"""Units: the stretches of text that layout moves and names; first one a line, then lines that belong together."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cleaner.layout.lines import Line
from cleaner.model import Span

Pairs = frozenset[str]  # of neighbouring characters
PairCounts = Counter[int]  # of neighbouring characters, each pair as one number
AT_ONCE = 4096  # units whose pairs are counted at a time
_UTF_32, _FIRST, _SECOND = ("utf-32-le", 0, 32) if sys.byteorder == "little" else ("utf-32-be", 32, 0)


class Part(NamedTuple):
    """A span of the text (code points) and what stands between it and the part before it in the same unit."""

    start: int
    end: int
    glue: str
    note: str = ""  # the evidence for the join
    rule: str = ""


@dataclass(slots=True)
class Unit:
    """One or more parts of the text that make a title line, a paragraph, a caption …

    `before` counts the blank lines before it, `indent` is the first line's, in cells. `role` is filled in by roles.
    """

    parts: list[Part]
    text: str
    width: float
    before: int
    indent: float
    role: str = "paragraph"
    short: float | None = None  # cells that a lone printed line falls short of its column, where one is known
    lead: float | None = None  # cells that its first printed line falls short of its column: two are a lost indent
    trail: float | None = None  # cells that its last printed line falls short of its column
    verdict: str = ""  # of the boundary after it: join, keep, dangling
    evidence: str = ""
    scores: Mapping[str, float] = field(default_factory=dict)  # of the roles, before the sequence is weighed
    shape: tuple[int, ...] | None = None  # of its clauses, once asked for
    pairs: tuple[str, Pairs] | None = None  # of its Han characters, once asked for, and the text that they were read in
    data: dict[str, str] = field(default_factory=dict)

    @property
    def start(self) -> int:
        """Where it begins in the text."""
        return self.parts[0].start

    @property
    def span(self) -> Span:
        """From where it begins to where it ends in the text; parts of it may stand elsewhere."""
        return self.parts[0].start, self.parts[-1].end

    @property
    def starts_torn(self) -> bool:
        """Whether its first line fills the column, as the lines inside a paragraph do."""
        return self.lead is not None and self.lead <= 1.0

    def absorb(self, others: Sequence[Unit], glue: str, note: str, rule: str) -> None:
        """Put other units at the end of this one, the same glue before each."""
        if not others:
            return
        for other in others:
            first = other.parts[0]
            self.parts += [Part(first.start, first.end, glue, note, rule), *other.parts[1:]]
            self.width += other.width
            self.data.update(other.data)
        self.text = glue.join([self.text, *[other.text for other in others]])
        self.shape = self.short = None
        self.trail = others[-1].trail
        self.verdict, self.evidence = others[-1].verdict, others[-1].evidence


def line_unit(line: Line, short: float | None = None) -> Unit:
    """Return a line as a unit of its own."""
    parts = [Part(line.start, line.end, "")]
    return Unit(parts, line.text, line.width, line.blanks, line.indent, short=short, lead=short, trail=short)


def count_pairs(units: Sequence[Unit] | Sequence[Line]) -> PairCounts:
    """Count the pairs of neighbouring characters inside lines or units: what stands side by side on this page.

    A pair is a number of 64 bits, its two code points: so numbers are read off the text in UTF-32, a pair at a time,
    from its first and from its second character on.
    """
    pairs: PairCounts = Counter()
    for at in range(0, len(units), AT_ONCE):
        text = "\n".join([unit.text for unit in units[at : at + AT_ONCE]])
        code = memoryview(text.encode(_UTF_32, "surrogatepass"))
        for first in (0, 1):
            pairs.update(code[4 * first :][: (len(text) - first) // 2 * 8].cast("Q"))
    return pairs


def seam_count(pairs: PairCounts, before: str, after: str) -> float:
    """Say how often the two characters at a seam stand side by side inside the page's units."""
    if not before or not after:
        return 0.0
    return float(pairs.get(ord(before[-1]) << _FIRST | ord(after[0]) << _SECOND, 0))
