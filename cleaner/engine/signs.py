"""Tell of a pattern which sign stands in every line that it matches.

A pattern of several lines, as of a table's rows, then finds in the lines with that sign around a place what it finds
there in the whole text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from importlib import import_module
from typing import Any, NamedTuple

from cleaner.engine.locality import DOTALL, MULTILINE, NEWLINE, REPEATS, item_stays
from cleaner.engine.patterns import STORE, hash_source

_IGNORECASE = 2


class _Told(NamedTuple):
    """What is sure of all texts that a part of a pattern matches.

    `whole`: those without a line break hold the sign; None where there are none. `edges`: of those with line breaks,
    what stands before the first, and what after the last, holds the sign; None where there are none.
    """

    whole: bool | None
    edges: tuple[bool, bool] | None = None


class _UnsureError(Exception):
    """A line may lack the sign, or nothing is known."""


def sign_of_lines(source: str) -> str:
    """Return a character that every line of every match of a pattern of `re`, without flags, holds; else ""."""
    return str(STORE.find("sign:" + hash_source(source), lambda: _find_sign(source)))


def _find_sign(source: str) -> str:
    try:
        parsed = import_module("re._parser").parse(source)
    except (ImportError, AttributeError):  # a Python whose `re` is built otherwise
        return ""
    flags = parsed.state.flags
    if flags & (_IGNORECASE | DOTALL):
        return ""
    signs = dict.fromkeys(_literals(parsed))
    return next((chr(sign) for sign in signs if _all_hold(parsed, sign, bool(flags & MULTILINE))), "")


def _literals(items: Iterable[tuple[Any, Any]]) -> Iterator[int]:
    """Yield the characters that stand in a parsed pattern, outside of sets."""
    for op, value in items:
        name = str(op)
        if name == "LITERAL" and value != NEWLINE:
            yield value
        elif name in REPEATS:
            yield from _literals(value[2])
        elif name == "SUBPATTERN":
            yield from _literals(value[3])
        elif name == "BRANCH":
            for branch in value[1]:
                yield from _literals(branch)


def _all_hold(parsed: Iterable[tuple[Any, Any]], sign: int, lines: bool) -> bool:
    try:
        whole, edges = _read(parsed, sign, lines)
    except _UnsureError:
        return False
    return whole is not False and edges in (None, (True, True))


def _read(items: Iterable[tuple[Any, Any]], sign: int, lines: bool) -> _Told:
    """Return what is sure of items one after the other; `lines` as in `item_stays`."""
    return reduce(_then, (_read_item(str(op), value, sign, lines) for op, value in items), _Told(False))


def _read_item(op: str, value: Any, sign: int, lines: bool) -> _Told:
    """Return what is sure of one item of a parsed pattern; _UnsureError for what is not named here."""
    if op == "LITERAL":
        return _Told(None, (False, False)) if value == NEWLINE else _Told(value == sign)
    if op == "BRANCH":
        return reduce(_or, [_read(branch, sign, lines) for branch in value[1]])
    if op in REPEATS:
        once = _read(value[2], sign, lines)
        told = reduce(_then, [once] * min(value[0], 2), _Told(False))
        return told if value[0] == value[1] < 3 else _or(told, _then(told, _or(once, _then(once, once))))
    if op == "SUBPATTERN" and not value[1] & (_IGNORECASE | DOTALL):
        return _read(value[3], sign, (lines or bool(value[1] & MULTILINE)) and not value[2] & MULTILINE)
    if op in ("IN", "ANY", "NOT_LITERAL", "AT", "ASSERT", "ASSERT_NOT") and item_stays(op, value, lines):
        return _Told(False)
    raise _UnsureError


def _then(one: _Told, other: _Told) -> _Told:
    """Return what is sure of one part and another after it; _UnsureError where a line between may lack the sign."""
    if one.edges and other.edges and not (one.edges[1] or other.edges[0]):
        raise _UnsureError
    whole = None if one.whole is None or other.whole is None else one.whole or other.whole
    edges = []
    if one.edges and other.edges:
        edges.append((one.edges[0], other.edges[1]))
    if one.edges and other.whole is not None:
        edges.append((one.edges[0], one.edges[1] or other.whole))
    if one.whole is not None and other.edges:
        edges.append((one.whole or other.edges[0], other.edges[1]))
    return _Told(whole, reduce(_worse, edges) if edges else None)


def _or(one: _Told, other: _Told) -> _Told:
    """Return what is sure of two parts of which one stands there."""
    known = [whole for whole in (one.whole, other.whole) if whole is not None]
    edges = [edge for edge in (one.edges, other.edges) if edge]
    return _Told(all(known) if known else None, reduce(_worse, edges) if edges else None)


def _worse(one: tuple[bool, bool], other: tuple[bool, bool]) -> tuple[bool, bool]:
    return one[0] and other[0], one[1] and other[1]
