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
from cleaner.engine.patterns import STORE, LazyPattern, hash_bytes
from cleaner.layout.edgesets import ALL, Ranges, read_decided, read_edges

Sources = list[tuple[str, int] | None]  # of patterns


class Finder(Protocol):
    """Finds a pattern in a text."""

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first match."""


class Edges:
    """Tells of a sequence of patterns which may match a text, as bits; None stands for a pattern that always does.

    `finders` are what is left to be tried, None where the edges decide. Texts do not end in a line feed.
    """

    def __init__(self, patterns: Sequence[Searcher | None]) -> None:
        sources = read_sources(patterns)
        kept = STORE.find("edges:" + hash_bytes(repr(sources).encode()), lambda: _read(sources))
        self.firsts, self.lasts = Masks(*kept["firsts"]), Masks(*kept["lasts"])
        self.finders = list(patterns)
        for number in kept["tied"]:
            self.finders[number] = TiedPattern(patterns[number])
        for number in kept["decided"]:
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
    """For each character the sets that hold it, as bits; for no character all of them.

    `held` are the sets that hold the characters from the code points in `starts` on, each up to the next one.
    """

    def __init__(self, starts: list[int], held: list[int], every: int) -> None:
        super().__init__({"": every})
        self.starts, self.held = starts, held

    def __missing__(self, char: str) -> int:
        self[char] = mask = self.held[bisect_right(self.starts, ord(char)) - 1]
        return mask


def draw_masks(sets: Sequence[Ranges]) -> tuple[list[int], list[int], int]:
    """Return what `Masks` are made of."""
    flips: dict[int, int] = {0: 0}  # code point → the sets that begin there, or are over
    for number, ranges in enumerate(sets):
        for low, high in ranges:
            flips[low] = flips.get(low, 0) ^ 1 << number
            flips[high + 1] = flips.get(high + 1, 0) ^ 1 << number
    starts = sorted(flips)
    return starts, list(accumulate((flips[start] for start in starts), xor)), (1 << len(sets)) - 1


def read_sources(patterns: Sequence[Searcher | None]) -> Sources:
    """Return the sources and flags of patterns of `re`; None for others, of which nothing is known."""
    return [(one.pattern, one.flags) if isinstance(one, LazyPattern) else None for one in patterns]


def _read(sources: Sources) -> dict[str, Any]:
    """Return the sets at both edges, as JSON can hold them; which patterns are tied to the beginning, and decided."""
    sets = [(None, None) if source is None else read_edges(*source) for source in sources]
    tied = [number for number, (first, _) in enumerate(sets) if first is not None]
    decided = [number for number, found in enumerate(sets) if found != (None, None)]
    return {
        "firsts": draw_masks([ALL if first is None else first for first, _ in sets]),
        "lasts": draw_masks([ALL if last is None else last for _, last in sets]),
        "tied": tied,
        "decided": [number for number in decided if (source := sources[number]) and read_decided(*source)],
    }
