"""Read the quotation marks of a block."""

from __future__ import annotations

from typing import NamedTuple

from cleaner.engine.classes import load_classes
from cleaner.engine.patterns import LazyPattern
from cleaner.marks.data import is_data

OPEN2, CLOSE2, OPEN1, CLOSE1 = list(load_classes()["quote"])
OPENING, CLOSING, STRAIGHT = OPEN2 + OPEN1, CLOSE2 + CLOSE1, "\"'"
QUOTES = OPENING + CLOSING + STRAIGHT
BLANKS, NEAR = " \t\N{IDEOGRAPHIC SPACE}", 8


class Mark(NamedTuple):
    """A quotation mark, its place, whether it can open or close there, and whether a mark stands before it."""

    at: int
    char: str
    can_open: bool
    can_close: bool
    after_mark: bool

    def fits(self, char: str) -> bool:
        """Tell whether another quotation mark could stand here."""
        return self.can_open if char in OPENING else self.can_close


class _Members(dict[str, bool]):
    """Tells which characters a set holds, each looked up when it is first met."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.pattern = LazyPattern(source)

    def __missing__(self, char: str) -> bool:
        self[char] = held = bool(self.pattern.match(char))
        return held


class QuoteReader:
    """Reads the quotation marks of a block, without apostrophes, inches and marks of code."""

    def __init__(self, classes: dict[str, str]) -> None:
        self.quotes = LazyPattern(f"[{QUOTES}]")
        self.han = LazyPattern(f"[{classes['han']}]")
        self.letter = _Members(f"[{classes['letter']}]")
        self.digit = _Members(f"[{classes['digit']}]")
        self.mark = _Members(f"[{classes['mark']}{classes['terminal']},]")
        # what never follows an opening mark, and what never precedes a closing one
        self.no_open = _Members(f"[{classes['mark']}{classes['wide_closing']}{classes['blank']}\n,;:?!)]")
        self.no_close = _Members(f"[{classes['wide_opening']}{classes['blank']}\n{classes['introducing']}(]")

    def read(self, text: str, start: int, end: int) -> list[Mark]:
        """Return the marks of a block; none where straight marks stand in a block without Chinese."""
        marks: list[Mark] = []
        for match in self.quotes.finditer(text, start, end):
            at, char = match.start(), match[0]
            before = text[max(start, at - NEAR) : at].rstrip(BLANKS)[-1:] or "\n"
            after = text[at + 1 : min(end, at + NEAR)].lstrip(BLANKS)[:1] or "\n"
            if char in STRAIGHT and is_data(text, at, at + 1):
                continue
            if self._is_other(char, before, after, any(mark.char in (char, *OPENING) for mark in marks)):
                continue
            can_open = not self.no_open[after]
            can_close = not self.no_close[before]
            marks.append(Mark(at, char, can_open, can_close, self.mark[before]))
        if any(mark.char in STRAIGHT for mark in marks) and not self.han.search(text, start, end):
            return []
        return marks

    def _is_other(self, char: str, before: str, after: str, opened: bool) -> bool:
        """Tell whether the sign is an apostrophe, a mark of feet, inches or minutes, or belongs to code."""
        if char in (CLOSE1, "'") and self.letter[before] and (self.letter[after] or not opened):
            return True
        if char in STRAIGHT and self.digit[before] and not opened:
            return True
        return char in STRAIGHT and (before in "=\\" or after in "=>")
