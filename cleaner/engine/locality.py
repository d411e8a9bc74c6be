"""Tell of a pattern whether it stays in its line: whether nothing that it matches, or looks ahead at, is a line break.

Such a pattern finds in a line by itself what it finds there in the whole text. What it looks back at may lie before
the line.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any

from cleaner.engine.patterns import STORE, hash_source

_DOTALL, _MULTILINE = 16, 8
_NEWLINE = 10
_NEWLINE_CATEGORIES = ("CATEGORY_SPACE", "CATEGORY_NOT_DIGIT", "CATEGORY_NOT_WORD")
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


def stays_in_line(source: str, flags: int) -> bool:
    """Tell whether a pattern of the `re` module stays in its line; False where that is not known."""
    key = "line:" + hash_source(source, flags)
    if key not in STORE.facts:
        STORE.keep(key, _read(source, flags))
    return bool(STORE.facts[key])


def _read(source: str, flags: int) -> bool:
    try:
        parsed = import_module("re._parser").parse(source, flags)
    except (ImportError, AttributeError):  # a Python whose `re` is built otherwise
        return False
    return not parsed.state.flags & _DOTALL and bool(parsed.state.flags & _MULTILINE) and _stay(parsed)


def _stay(items: Iterable[tuple[Any, Any]]) -> bool:
    return all(_stays(str(op), value) for op, value in items)


def _stays(op: str, value: Any) -> bool:
    """Tell whether an item of a parsed pattern stays in its line. What is not named here does not."""
    if op == "LITERAL":
        return bool(value != _NEWLINE)
    if op == "NOT_LITERAL":
        return bool(value == _NEWLINE)
    if op == "IN":
        return not _holds_newline(value)
    if op == "BRANCH":
        return all(_stay(branch) for branch in value[1])
    if op in _REPEATS:
        return _stay(value[2])
    if op == "SUBPATTERN":
        return not value[1] & _DOTALL and not value[2] & _MULTILINE and _stay(value[3])
    if op == "ATOMIC_GROUP":
        return _stay(value)
    if op in ("ASSERT", "ASSERT_NOT"):
        return value[0] < 0 or _stay(value[1])
    if op == "AT":
        return str(value) != "AT_END_STRING"
    if op == "GROUPREF_EXISTS":
        return _stay(value[1]) and _stay(value[2] or ())
    return op in ("ANY", "GROUPREF", "FAILURE")


def _holds_newline(items: Iterable[tuple[Any, Any]]) -> bool:
    """Tell whether a set holds U+000A."""
    negated = held = False
    for op, value in items:
        kind = str(op)
        negated = negated or kind == "NEGATE"
        held = held or (kind == "LITERAL" and value == _NEWLINE)
        held = held or (kind == "RANGE" and value[0] <= _NEWLINE <= value[1])
        held = held or (kind == "CATEGORY" and str(value) in _NEWLINE_CATEGORIES)
    return held is not negated
