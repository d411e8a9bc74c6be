"""Which patterns a text's first and last characters leave possible.

Most patterns of layout are tied to a text's beginning or end. Of such a pattern the set that the character there must
be of is read off its source; two look-ups then answer for all patterns at once which of them are worth trying.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from importlib import import_module
from itertools import accumulate
from operator import xor
from typing import Any, Protocol

from cleaner.engine.deadline import Searcher
from cleaner.engine.gate import HAN
from cleaner.engine.patterns import STORE, LazyPattern, hash_source

Item = tuple[Any, Any]  # of a parsed pattern: operation and argument
Ranges = list[tuple[int, int]]  # of code points, ascending, both ends included
LAST = 0x10FFFF
ALL: Ranges = [(0, LAST)]
LINE_END: Ranges = [(10, 10)]  # `$` also matches before a line feed at the end
NO_HAN: Ranges = [(0, HAN[0] - 1), (HAN[1] + 1, LAST)]
_IGNORECASE, _MULTILINE = 2, 8
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


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
    """Return the sets that the first and the last character of a text must be of where a match can only stand at its
    beginning or its end; None where it can stand elsewhere."""
    if not isinstance(pattern, LazyPattern):
        return None, None
    key = "edges:" + hash_source(pattern.pattern, pattern.flags)
    if key not in STORE.facts:
        STORE.keep(key, _read_edges(pattern.pattern, pattern.flags))
    first, last = STORE.facts[key]
    return _as_ranges(first), _as_ranges(last)


def _is_decided(pattern: Searcher) -> bool:
    """Tell whether a pattern asks for nothing but one character at an edge of the text."""
    if not isinstance(pattern, LazyPattern):
        return False
    key = "decided:" + hash_source(pattern.pattern, pattern.flags)
    if key not in STORE.facts:
        STORE.keep(key, _read_decided(pattern.pattern, pattern.flags))
    return bool(STORE.facts[key])


def _read_decided(source: str, flags: int) -> bool:
    try:
        parsed = import_module("re._parser").parse(source, flags)
    except (ImportError, AttributeError):  # a Python whose `re` is built otherwise
        return False
    ops = [(str(op), value) for op, value in parsed]
    tied = [name for name, value in ops if name == "AT" and str(value) in ("AT_BEGINNING", "AT_END")]
    single = [value for name, value in ops if name == "IN" and all(str(kind) != "CATEGORY" for kind, _ in value)]
    at_edge = len(ops) == 2 and len(tied) == len(single) == 1
    return at_edge and str(ops[0][1] if ops[0][0] == "AT" else ops[1][1]) == (
        "AT_BEGINNING" if ops[0][0] == "AT" else "AT_END"
    )


def _as_ranges(kept: Any) -> Ranges | None:
    return None if kept is None else [(low, high) for low, high in kept]


def _read_edges(source: str, flags: int) -> tuple[Ranges | None, Ranges | None]:
    try:
        parsed = import_module("re._parser").parse(source, flags)
    except (ImportError, AttributeError):  # a Python whose `re` is built otherwise
        return None, None
    if parsed.state.flags & (_IGNORECASE | _MULTILINE):
        return None, None
    return _Reader(backwards=False).tied(list(parsed)), _Reader(backwards=True).tied(list(parsed)[::-1])


class _Reader:
    """Reads a parsed pattern from one of its ends on."""

    def __init__(self, *, backwards: bool) -> None:
        self.step = -1 if backwards else 1
        self.edge = "AT_END" if backwards else "AT_BEGINNING"
        self.far = "AT_BEGINNING" if backwards else "AT_END"
        self.beyond = LINE_END if backwards else []  # what may stand outside of the match, at the edge

    def tied(self, items: Sequence[Item]) -> Ranges | None:
        """Return the set at the text's edge for items that must begin there; None where they need not."""
        if not items:
            return None
        (op, value), rest = items[0], items[1:]
        name = str(op)
        if name == "AT" and str(value) == self.edge:
            return join_ranges([*self.reached(rest), *self.beyond])
        if name == "BRANCH":
            sets = [self.tied([*self._inner(branch), *rest]) for branch in value[1]]
            return None if None in sets else join_ranges(pair for ranges in sets for pair in ranges or [])
        if name == "SUBPATTERN" and not value[1]:
            return self.tied([*self._inner(value[3]), *rest])
        return self.tied(rest) if name in ("ASSERT", "ASSERT_NOT") else None

    def reached(self, items: Sequence[Item]) -> Ranges:
        """Return the set that the next character must be of."""
        if not items:
            return ALL
        (op, value), rest = items[0], items[1:]
        name = str(op)
        if name == "BRANCH":
            return join_ranges(pair for branch in value[1] for pair in self.reached([*self._inner(branch), *rest]))
        if name in _REPEATS:
            inner = self.reached([*self._inner(value[2]), *rest])
            return inner if value[0] else join_ranges([*inner, *self.reached(rest)])
        if name == "SUBPATTERN" and not value[1]:
            return self.reached([*self._inner(value[3]), *rest])
        if name in ("ASSERT", "ASSERT_NOT"):
            return self.reached(rest)
        if name == "AT":
            return LINE_END if str(value) == self.far else self.reached(rest)
        return _set_of(name, value)

    def _inner(self, items: Iterable[Item]) -> list[Item]:
        return list(items)[:: self.step]


def _set_of(name: str, value: Any) -> Ranges:
    """Return the set of an item that is one character, or a larger one; all characters for other items."""
    if name == "LITERAL":
        return [(value, value)]
    if name == "NOT_LITERAL":
        return _invert([(value, value)])
    if name != "IN":
        return ALL
    known: Ranges = []
    wide = False
    for kind, item in value:
        if str(kind) in ("LITERAL", "RANGE"):
            known.append((item, item) if str(kind) == "LITERAL" else item)
        elif str(kind) == "CATEGORY":
            wide = True
            known += NO_HAN if str(item) in ("CATEGORY_DIGIT", "CATEGORY_SPACE") else ALL
    if str(value[0][0]) != "NEGATE":
        return join_ranges(known)
    return ALL if wide else _invert(join_ranges(known))


def join_ranges(pairs: Iterable[tuple[int, int]]) -> Ranges:
    """Sort ranges, and make those one that touch."""
    out: Ranges = []
    for low, high in sorted(pairs):
        if out and low <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(high, out[-1][1]))
        else:
            out.append((low, high))
    return out


def _invert(ranges: Ranges) -> Ranges:
    starts = [0, *(high + 1 for _, high in ranges)]
    ends = [*(low - 1 for low, _ in ranges), LAST]
    return [(low, high) for low, high in zip(starts, ends, strict=True) if low <= high]
