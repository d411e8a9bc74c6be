"""Read off a pattern's source what the first and the last character of a text must be for it to match."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any

from cleaner.engine import gate
from cleaner.engine.gate import HAN

Item = tuple[Any, Any]  # of a parsed pattern: operation and argument
Ranges = list[tuple[int, int]]  # of code points, ascending, both ends included
LAST = 0x10FFFF
ALL: Ranges = [(0, LAST)]
LINE_END: Ranges = [(10, 10)]  # `$` also matches before a line feed at the end
NO_HAN: Ranges = [(0, HAN[0] - 1), (HAN[1] + 1, LAST)]
_IGNORECASE, _MULTILINE = 2, 8
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


def read_decided(source: str, flags: int) -> bool:
    """Tell whether a pattern asks for nothing but one character at an edge of the text."""
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


def read_edges(source: str, flags: int) -> tuple[Ranges | None, Ranges | None]:
    """Return the sets that the first and the last character of a text must be of where a match can only stand at its
    beginning or its end; None where it can stand elsewhere."""
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
    return list(gate.join_ranges(pairs))


def _invert(ranges: Ranges) -> Ranges:
    starts = [0, *(high + 1 for _, high in ranges)]
    ends = [*(low - 1 for low, _ in ranges), LAST]
    return [(low, high) for low, high in zip(starts, ends, strict=True) if low <= high]
