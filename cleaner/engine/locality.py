"""Tell of a pattern whether it stays in its line: whether nothing that it matches, or looks ahead at, is a line break.

Such a pattern finds in a line by itself what it finds there in the whole text. What it looks back at may lie before
the line.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any

from cleaner.engine.patterns import STORE, hash_source

DOTALL, MULTILINE = 16, 8
NEWLINE = 10
_NEWLINE_CATEGORIES = ("CATEGORY_SPACE", "CATEGORY_NOT_DIGIT", "CATEGORY_NOT_WORD")
REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


def stays_in_line(source: str, flags: int) -> bool:
    """Tell whether a pattern of the `re` module stays in its line; False where that is not known."""
    return bool(STORE.find("line:" + hash_source(source, flags), lambda: _read(source, flags)))


def leads_line(source: str) -> bool:
    """Tell whether a pattern of the `re` module, without flags, matches at the start of a line only."""

    def read() -> bool:
        try:
            return _leads(import_module("re._parser").parse(source))
        except (ImportError, AttributeError):  # a Python whose `re` is built otherwise
            return False

    return bool(STORE.find("lead:" + hash_source(source), read))


def _leads(items: Any) -> bool:
    """Tell whether a sequence of a parsed pattern begins with the start of a line, or of the text."""
    if not len(items):
        return False
    op, value = str(items[0][0]), items[0][1]
    if op == "BRANCH":
        return all(map(_leads, value[1]))
    if op == "SUBPATTERN":
        return _leads(value[3])
    return op == "AT" and str(value) == "AT_BEGINNING"


def _read(source: str, flags: int) -> bool:
    try:
        parsed = import_module("re._parser").parse(source, flags)
    except (ImportError, AttributeError):  # a Python whose `re` is built otherwise
        return False
    flags = parsed.state.flags
    return not flags & DOTALL and _stay(parsed, bool(flags & MULTILINE))


def _stay(items: Iterable[tuple[Any, Any]], lines: bool) -> bool:
    return all(item_stays(str(op), value, lines) for op, value in items)


def item_stays(op: str, value: Any, lines: bool) -> bool:
    """Tell whether an item of a parsed pattern stays in its line. What is not named here does not.

    `lines`: `^` and `$` stand for the edges of a line and not of the text.
    """
    if op == "LITERAL":
        return bool(value != NEWLINE)
    if op == "NOT_LITERAL":
        return bool(value == NEWLINE)
    if op == "IN":
        return not _holds_newline(value)
    if op == "BRANCH":
        return all(_stay(branch, lines) for branch in value[1])
    if op in REPEATS:
        return _stay(value[2], lines)
    if op == "SUBPATTERN":
        _, added, removed, inner = value
        return not added & DOTALL and _stay(inner, (lines or bool(added & MULTILINE)) and not removed & MULTILINE)
    if op == "ATOMIC_GROUP":
        return _stay(value, lines)
    if op in ("ASSERT", "ASSERT_NOT"):
        return value[0] < 0 or _stay(value[1], lines)
    if op == "AT":
        return str(value) != "AT_END_STRING" and (lines or "BOUNDARY" in str(value))
    if op == "GROUPREF_EXISTS":
        return _stay(value[1], lines) and _stay(value[2] or (), lines)
    return op in ("ANY", "GROUPREF", "FAILURE")


def _holds_newline(items: Iterable[tuple[Any, Any]]) -> bool:
    """Tell whether a set holds U+000A."""
    negated = held = False
    for op, value in items:
        kind = str(op)
        negated = negated or kind == "NEGATE"
        held = held or (kind == "LITERAL" and value == NEWLINE)
        held = held or (kind == "RANGE" and value[0] <= NEWLINE <= value[1])
        held = held or (kind == "CATEGORY" and str(value) in _NEWLINE_CATEGORIES)
    return held is not negated
