"""Units: the stretches of text that layout moves and names; first one a line, then lines that belong together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from cleaner.layout.lines import Line

Pairs = frozenset[str]  # of neighbouring characters


class Marks(NamedTuple):
    """What counts of a text where it may go on: marks left open (> 0) or closed without being opened (< 0), full stops,
    and how its cells are built."""

    hanging: int
    stops: int
    skeleton: str


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
    verdict: str = ""  # of the boundary after it: join, keep, dangling
    evidence: str = ""
    scores: dict[str, float] = field(default_factory=dict)  # of the roles, before the sequence is weighed
    shape: tuple[int, ...] | None = None  # of its clauses, once asked for
    pairs: tuple[str, Pairs] | None = None  # of its Han characters, once asked for, and the text that they were read in
    marks: tuple[str, Marks] | None = None  # what its text holds, once asked for, and that text
    data: dict[str, str] = field(default_factory=dict)

    @property
    def start(self) -> int:
        """Where it begins in the text."""
        return self.parts[0].start

    def absorb(self, other: Unit, glue: str, note: str, rule: str) -> None:
        """Put another unit at the end of this one."""
        first = other.parts[0]
        self.parts += [Part(first.start, first.end, glue, note, rule), *other.parts[1:]]
        self.text += glue + other.text
        self.width += other.width
        self.shape = self.short = None
        self.verdict, self.evidence = other.verdict, other.evidence
        self.data.update(other.data)


def line_unit(line: Line, short: float | None = None) -> Unit:
    """Return a line as a unit of its own."""
    parts = [Part(line.start, line.end, "")]
    return Unit(parts, line.text, line.width, line.blanks, line.indent, short=short, lead=short)


def count_pairs(units: Iterable[Unit | Line]) -> Counter[str]:
    """Count the pairs of neighbouring characters inside lines or units: what stands side by side on this page."""
    pairs: Counter[str] = Counter()
    for unit in units:
        text = unit.text
        pairs.update(map(str.__add__, text, text[1:]))
    return pairs


def seam_count(pairs: Counter[str], before: str, after: str) -> float:
    """Say how often the two characters at a seam stand side by side inside the page's units."""
    return float(pairs[before[-1:] + after[:1]])
