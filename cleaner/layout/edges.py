"""Which patterns a text's first and last characters leave possible.

Most patterns of layout are tied to a text's beginning or end. Of such a pattern the set that the character there must
be of is read off its source (`edgesets.py`); two look-ups then answer for all patterns at once which of them are worth
trying.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from operator import xor
from typing import Any, Protocol

from cleaner.engine.deadline import Searcher
from cleaner.engine.patterns import STORE, LazyPattern, hash_source
from cleaner.layout.edgesets import ALL, Ranges, read_decided, read_edges


class Finder(Protocol):
    """Finds a pattern in a text."""

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first match."""


class Edges:
    """Tells of a sequence of patterns which may match a text, as bits; None stands for a pattern that always does.

    `finders` are what is left to be tried, None where the edges decide. Texts do not end in a line feed.
    """

    def __init__(self, patterns: Sequence[Searcher | None]) -> None:
        sets = [_edges_of(pattern) for pattern in patterns]
        self.firsts = Masks([ALL if first is None else first for first, _ in sets])
        self.lasts = Masks([ALL if last is None else last for _, last in sets])
        self.finders = [
            pattern if pattern is None or first is None else TiedPattern(pattern)
            for pattern, (first, _) in zip(patterns, sets, strict=True)
        ]
        for number, (pattern, found) in enumerate(zip(patterns, sets, strict=True)):
            if pattern is not None and found != (None, None) and _is_decided(pattern):
                self.finders[number] = None
                self.firsts[""] &= ~(1 << number)  # no character is none of a set

    def __call__(self, text: str) -> int:
        mask: int = self.firsts[text[:1]] & self.lasts[text[-1:]]
        return mask


class TiedPattern:
    """A pattern that can only match at a text's beginning, so that no other place of a long text is tried."""

    def __init__(self, pattern: Searcher) -> None:
        self.pattern: Any = pattern

    def __getattr__(self, name: str) -> Any:
        if name != "search":
            raise AttributeError(name)
        self.search = self.pattern.match  # compiled when first asked for
        return self.search


class Masks(dict[str, int]):
    """For each character the sets that hold it, as bits; for no character all of them."""

    def __init__(self, sets: Sequence[Ranges]) -> None:
        super().__init__()
        flips: dict[int, int] = {0: 0}  # code point → the sets that begin there, or are over
        for number, ranges in enumerate(sets):
            for low, high in ranges:
                flips[low] = flips.get(low, 0) ^ 1 << number
                flips[high + 1] = flips.get(high + 1, 0) ^ 1 << number
        self.starts = sorted(flips)
        self.held: list[int] = list(accumulate((flips[start] for start in self.starts), xor))
        self[""] = (1 << len(sets)) - 1

    def __missing__(self, char: str) -> int:
        self[char] = mask = self.held[bisect_right(self.starts, ord(char)) - 1]
        return mask


def _edges_of(pattern: Searcher | None) -> tuple[Ranges | None, Ranges | None]:
    """Return the sets of a pattern as `read_edges` does."""
    if not isinstance(pattern, LazyPattern):
        return None, None
    key = "edges:" + hash_source(pattern.pattern, pattern.flags)
    if key not in STORE.facts:
        STORE.keep(key, read_edges(pattern.pattern, pattern.flags))
    first, last = STORE.facts[key]
    return _as_ranges(first), _as_ranges(last)


def _is_decided(pattern: Searcher) -> bool:
    """Tell whether a pattern asks for nothing but one character at an edge of the text."""
    if not isinstance(pattern, LazyPattern):
        return False
    key = "decided:" + hash_source(pattern.pattern, pattern.flags)
    if key not in STORE.facts:
        STORE.keep(key, read_decided(pattern.pattern, pattern.flags))
    return bool(STORE.facts[key])


def _as_ranges(kept: Any) -> Ranges | None:
    return None if kept is None else [(low, high) for low, high in kept]
