"""Find the stretches of a line that are code or data, in which marks stay as they are."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from cleaner.engine.classes import load_classes
from cleaner.engine.patterns import LazyPattern

LONGEST = 1000  # characters of a line on either side beyond which it is prose
CELL = 16  # characters of a table's cell


def is_data(text: str, start: int, end: int) -> bool:
    r"""Tell whether a place stands in code or data: a call, JSON, a YAML key, a row of comma-separated values.

    >>> is_data('print("你好,世界")', 9, 10), is_data("石渡口,12,好", 3, 4), is_data("name: 石渡口", 4, 5)
    (True, True, True)
    >>> is_data("今年以来,全县下雪,路滑", 4, 5), is_data("学党史,办实事,开新局", 3, 4)
    (False, False)
    """
    left = text.rfind("\n", max(start - LONGEST, 0), start) + 1
    right = text.find("\n", end, end + LONGEST)
    right = right if right >= 0 else len(text)
    if (left == 0 and start > LONGEST) or right - end > LONGEST:
        return False
    line = text[left:right]
    if any(left + a < end and start < left + b for a, b in _spans(line)):
        return True
    return bool(_commas(line)) and (_has_value(line) or _has_value_near(text, left, right, _commas(line)))


@lru_cache(maxsize=256)
def _spans(line: str) -> tuple[tuple[int, int], ...]:
    """Return the stretches of a line that are code by their own shape."""
    if not any(char in line for char in "\"'({:="):
        return ()
    return tuple(match.span() for match in _shapes().finditer(line))


@cache
def _shapes() -> LazyPattern:
    string = r"""(?:"[^"\n]{0,200}"|'[^'\n]{0,200}')"""
    name = r"(?<![A-Za-z0-9_.])[A-Za-z_](?a:[\w.]{0,40})"
    value = rf"(?:{string}|-?\d[\d.]*|true|false|null|[\[{{])"
    return LazyPattern(
        rf"{name}\((?:[\w.*+= -]{{1,40}},[ ]?){{0,5}}{string}[^()\n]{{0,200}}\)"  # print("…")
        rf"|^[ \t]*[{{\[,]*[ \t]*{string}[ \t]*:[ \t]*{value}.*"  # "key": value
        rf"|[{{][ \t]*{string}[ \t]*:[^{{}}\n]*[}}]|\[[ \t]*{string}(?:,[ \t]*{string})*[ \t]*\]"
        r"|^[ \t]*(?:-[ \t]+)?[a-z_][A-Za-z0-9_.-]{0,40}:[ \t]+\S.*"  # key: value
        r"|^[ \t]*[A-Za-z_][\w.\[\]]{0,40}[ ]?[-+*/|&]?=[ ]?[^=\s].*"  # name = value
        r"|\"\"\"|'''"
    )


@cache
def _row() -> LazyPattern:
    classes = load_classes()
    cell = f"[^,{classes['clause']}{classes['wide_terminal']}{classes['quote']}!?;:\n \u3000]{{0,{CELL}}}"
    return LazyPattern(f"{cell}(?:,{cell}){{2,}}")


@lru_cache(maxsize=256)
def _commas(line: str) -> int:
    """Return the commas of a line that may be a row; 0 for other lines."""
    return line.count(",") if _row().fullmatch(line) else 0


def _has_value(line: str) -> bool:
    """Tell whether a row has a cell without Chinese; the comma of thousands parts no cells.

    The comma at the end of a printed line leaves no empty cell.
    """
    cells = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", line).split(",")
    shown = cells[:-1] if cells[-1] == "" else cells
    return len(cells) > 2 and any(re.fullmatch(r"[\x21-\x7e]*", cell) for cell in shown)


def _has_value_near(text: str, left: int, right: int, commas: int) -> bool:
    """Tell whether the line before or after, blank ones aside, is a row of as many cells and has a value."""
    before = text[max(left - LONGEST, 0) : left].rstrip("\n").rpartition("\n")[2]
    after = text[right : right + LONGEST].lstrip("\n").partition("\n")[0]
    return any(_commas(line) == commas and _has_value(line) for line in (before, after))
