"""Cut text into lines with cheap measures."""

from __future__ import annotations

import re
from typing import NamedTuple

from cleaner.engine.patterns import LazyPattern

BLANKS = " \t\u00a0\u3000"
NARROW = LazyPattern(r"[\u0020-\u007e\uff61-\uff9f]")
_BLANK = LazyPattern(f"[{BLANKS}]")
IDEOGRAPHIC_SPACE = "\u3000"


class Line(NamedTuple):
    """A line that is not blank. `start`, `end`: its content without blanks at the ends, in code points of the text;
    `width` and `indent` in cells (a full-width character is one cell, a half-width one half); `blanks`: how many blank
    lines stand before it."""

    start: int
    end: int
    text: str
    width: float
    indent: float
    blanks: int

    @property
    def extent(self) -> float:
        """Width with the indent, in cells: what the line takes of its column."""
        return self.width + self.indent


_LINE = tuple.__new__  # makes a line of six values at half the time of `Line(...)`


def skeleton(text: str) -> str:
    """Return how a line is built: runs of characters of one kind as one letter; empty where no blank parts cells.

    >>> skeleton("县医院 0799-1234567"), skeleton("他来了。")
    ('H D-D', '')
    """
    if _BLANK.search(text) is None:
        return ""
    text = re.sub(f"[{BLANKS}]+", " ", text)
    shape = re.sub(r"[0-9]+", "D", re.sub(r"[^\W0-9_A-Za-z]+", "\ue000", text))
    return re.sub(r"[A-CE-Za-z]+", "L", shape).replace("\ue000", "H")


def measure_width(text: str) -> float:
    """Return the width of a text in cells.

    >>> measure_width("共3人，")
    3.5
    """
    return len(text) - len(NARROW.findall(text)) / 2


def split_lines(text: str) -> list[Line]:
    """Return the lines of `text` that are not blank; only U+000A ends a line."""
    lines: list[Line] = []
    at = blanks = 0
    for raw in text.split("\n"):
        content = raw.strip(BLANKS)
        if not content:
            blanks += 1
        else:
            lead = raw[: raw.index(content[0])]
            start = at + len(lead)
            indent = (len(lead) + lead.count(IDEOGRAPHIC_SPACE)) / 2
            lines.append(_LINE(Line, (start, start + len(content), content, measure_width(content), indent, blanks)))
            blanks = 0
        at += len(raw) + 1
    return lines
