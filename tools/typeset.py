"""Set invented texts as printed lines of a column, as engines dump them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from cleaner.layout.lines import measure_width

NO_START = "，。、；：！？”’」』）》〉】〕…—·%℃"
NO_END = "“‘「『（《〈【〔"
TOKEN = re.compile(r"[A-Za-z0-9.:/@#_-]+|——|……|.", re.DOTALL)
NARROW = str.maketrans("，；：？！（）", ",;:?!()")


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set and dumped. `width` in cells; `depth`: printed lines of a page, 0 for one page without end.

    `indent`: `wide` (two U+3000), `spaces` (four), `lost` (two cells that the engine leaves out), `none` (not set).
    `gaps`: blank lines between blocks. `running`: header and page number: `line` (in one line), `apart` (number at the
    foot), or none. `habit`: `narrow` (marks of half width), `drops` (one mark in seven lost at line ends), `noisy` (one
    character in a hundred lost), or none.
    """

    width: float
    indent: str = "wide"
    gaps: bool = False
    depth: int = 0
    running: str = ""
    habit: str = ""

    def name(self) -> str:
        """Return the style in a few words."""
        parts = [f"{self.width:g} cells", f"indent {self.indent}", "gaps" if self.gaps else "", self.habit]
        parts += [f"pages of {self.depth}, running {self.running or 'none'}"] if self.depth else []
        return ", ".join(filter(None, parts))


class Printed(NamedTuple):
    """A printed line, the number of the unit that it belongs to, and the blank lines before it."""

    text: str
    unit: int
    blanks: int = 0


def break_lines(text: str, width: float, first: float, random: Random) -> Iterator[str]:
    """Yield printed lines of `width` cells, the first one `first`; no closing mark begins a line, no opening one ends
    it, numbers and Latin words stay whole. A mark that has no room is squeezed in or takes a character along."""
    room, line = first, ""
    tokens = TOKEN.findall(text)
    for at, token in enumerate(tokens):
        squeezed = token[0] in NO_START and measure_width(line + token) <= room + 1 and random.random() < 0.7
        if line and measure_width(line + token) > room and not squeezed:
            keep = len(line)
            while keep > 1 and (token[0] in NO_START or line[keep - 1] in NO_END) and at:
                keep -= 1
                if line[keep] not in NO_START and line[keep - 1] not in NO_END:
                    break
            yield line[:keep]
            room, line = width, line[keep:]
        line += token
    yield line


def set_units(blocks: Sequence[tuple[str, str]], style: Style, random: Random) -> list[list[Printed]]:
    """Return the printed lines of each unit; the first line carries the indent that the engine kept."""
    units: list[list[Printed]] = []
    for number, (kind, text) in enumerate(blocks):
        indented = kind == "paragraph" and style.indent != "none"
        lead = {"wide": "\u3000\u3000", "spaces": "    "}.get(style.indent, "") if indented else ""
        whole = kind in ("row", "heading") and measure_width(text) <= style.width
        lines = [text] if whole else list(break_lines(text, style.width, style.width - 2 * indented, random))
        apart = style.gaps and kind != "row" and number > 0
        printed = [Printed(_spoil(line, style, random), number) for line in lines]
        if kind == "row" and lead:
            lead = "\u3000\u3000"
        units.append([Printed(lead + printed[0].text, number, int(apart)), *printed[1:]])
    return units


def _spoil(line: str, style: Style, random: Random) -> str:
    if style.habit == "narrow":
        return line.translate(NARROW)
    if style.habit == "noisy":
        return line[:1] + "".join(char for char in line[1:] if random.random() > 0.01)
    lost = style.habit == "drops" and line[-1:] in ("，", "、", "。", "；") and random.random() < 1 / 7
    return line[:-1] if lost and len(line) > 1 else line
