"""Make pages to measure on from the fixtures: natural ones as they are, dirty ones with more of what recognisers do."""

from __future__ import annotations

import random
import re
from functools import cache
from pathlib import Path

from cleaner.decode import decode_bytes

FIXTURES = Path(__file__).parents[1] / "fixtures"
KINDS = ("natural", "dirty")
PAGE = 4000  # characters
COMMON = "的一是在有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说"
NARROW = {"，": ",", "：": ":", "；": ";", "？": "?", "！": "!", "（": "(", "）": ")"}
_HAN = re.compile("[\u4e00-\u9fff]")


def make_pages(kind: str, count: int, size: int = PAGE, draw: int = 0) -> list[str]:
    """Return `count` pages of about `size` characters; the same ones for the same `draw`.

    A page is fixtures one after the other from a random place on, with other digits and one Chinese character in a
    hundred changed, so that pages differ. A dirty page gets wraps (three in ten pages, 22 characters a line),
    three in ten marks in half width, stray blanks and letters.
    """
    chance = random.Random(f"{kind}{count}{size}{draw or ''}")
    return [_make_page(kind, size, chance) for _ in range(count)]


def make_notes(count: int, size: int = 60) -> list[str]:
    """Return short texts of about `size` characters, cut from natural pages."""
    pages = make_pages("natural", max(count * size // PAGE, 1) + 1)
    lines = [page[at : at + size].strip() for page in pages for at in range(0, len(page), size)]
    return [line for line in lines if line][:count]


@cache
def read_fixtures() -> list[str]:
    """Return the raw texts of the fixtures, each in its own encoding."""
    return [decode_bytes(path.read_bytes()).text for path in sorted(FIXTURES.glob("*/raw.txt"))]


def _make_page(kind: str, size: int, chance: random.Random) -> str:
    texts = read_fixtures()
    parts: list[str] = []
    while sum(map(len, parts)) < size:
        text = chance.choice(texts)
        parts.append(text[chance.randrange(max(len(text) - size, 1)) :].strip("\n"))
    page = "\n\n".join(parts)[:size]
    page = re.sub("[0-9]", lambda match: str(chance.randrange(10)), page)
    page = _HAN.sub(lambda match: chance.choice(COMMON) if chance.random() < 0.01 else match[0], page)
    return _soil(page, chance) if kind == "dirty" else page


def _soil(page: str, chance: random.Random) -> str:
    wrapped = chance.random() < 0.3
    out: list[str] = []
    for number, char in enumerate(page):
        out.append(NARROW[char] if char in NARROW and chance.random() < 0.3 else char)
        if _HAN.match(char):
            stray = chance.random()
            out.append(" " if stray < 0.004 else chance.choice("abcdefgh") if stray < 0.005 else "")
        if wrapped and number % 22 == 21:
            out.append("\n")
    return "".join(out)
