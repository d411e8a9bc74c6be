"""Find out of a pattern what a text must hold for it to match.

A *gate* is a list of terms, of which one must hold; a term is a list of sets, and of each set one character must be in
the text. A pattern whose gate is shut cannot match; an empty gate says nothing. Sets are bodies of regular-expression
classes as code point ranges, so that a set may be large.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any

from cleaner.engine.patterns import STORE, hash_source

Ranges = tuple[tuple[int, int], ...]  # of code points, ascending, both ends included
Term = tuple[Ranges, ...]
Gate = tuple[Term, ...]
OPEN: Gate = ()
HAN = (0x4E00, 0x9FFF)
MOST_HAN = 64  # of a set: one with more is in every Chinese text
MOST_TERMS, MOST_SETS = 12, 4
_IGNORECASE = 2


def gate_of(source: str, flags: int) -> Gate:
    """Return the gate of a pattern of the `re` module; open where nothing is known."""
    key = "gate:" + hash_source(source, flags)
    if key not in STORE.facts:
        STORE.facts[key] = _read_gate(source, flags)
        STORE.grown = True
    return tuple(tuple(tuple((a, b) for a, b in ranges) for ranges in term) for term in STORE.facts[key])


def gate_of_chars(chars: str) -> Gate:
    """Return the gate of a text that must hold one of the characters."""
    return ((_ranges(chars),),) if chars else OPEN


def both(one: Gate, other: Gate) -> Gate:
    """Return the gate that opens where both do."""
    if not one or not other:
        return one or other
    terms = tuple(dict.fromkeys(_tidy((*a, *b)) for a in one for b in other))
    return terms if len(terms) <= MOST_TERMS else (one if len(one) <= len(other) else other)


def either(gates: Iterable[Gate]) -> Gate:
    """Return the gate that opens where one of them does."""
    gates = list(gates)
    if not gates or not all(gates):
        return OPEN
    terms = tuple(dict.fromkeys(term for gate in gates for term in gate))
    if len(terms) <= MOST_TERMS:
        return terms
    joined = _join(pair for term in terms for pair in min(term, key=_size))
    return ((joined,),) if _han(joined) <= MOST_HAN * 4 else OPEN


def _read_gate(source: str, flags: int) -> Gate:
    try:
        parsed = import_module("re._parser").parse(source, flags)
    except (ImportError, AttributeError):  # a Python whose `re` is built otherwise
        return OPEN
    return OPEN if parsed.state.flags & _IGNORECASE else _of_sequence(parsed)


def _of_sequence(items: Iterable[tuple[Any, Any]]) -> Gate:
    gate = OPEN
    for op, value in items:
        gate = both(gate, _of_item(str(op), value))
    return gate


def _of_item(op: str, value: Any) -> Gate:
    """Return the gate of one item of a parsed pattern. What is not named here says nothing."""
    if op == "LITERAL":
        return _of_ranges(((value, value),))
    if op == "IN":
        return _of_set(value)
    if op == "BRANCH":
        return either(_of_sequence(branch) for branch in value[1])
    if op in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return _of_sequence(value[2]) if value[0] else OPEN
    if op == "SUBPATTERN":
        return OPEN if value[1] & _IGNORECASE else _of_sequence(value[3])
    if op == "ATOMIC_GROUP":
        return _of_sequence(value)
    if op == "ASSERT":
        return _of_sequence(value[1])
    return OPEN


def _of_set(items: Iterable[tuple[Any, Any]]) -> Gate:
    pairs: list[tuple[int, int]] = []
    for op, value in items:
        if str(op) == "LITERAL":
            pairs.append((value, value))
        elif str(op) == "RANGE":
            pairs.append(value)
        else:
            return OPEN  # a negated set, or a category
    return _of_ranges(_join(pairs))


def _of_ranges(ranges: Ranges) -> Gate:
    return ((ranges,),) if _han(ranges) <= MOST_HAN else OPEN


def _ranges(chars: str) -> Ranges:
    return _join((ord(char), ord(char)) for char in chars)


def _join(pairs: Iterable[tuple[int, int]]) -> Ranges:
    """Sort ranges, and make those one that touch."""
    out: list[tuple[int, int]] = []
    for low, high in sorted(pairs):
        if out and low <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(high, out[-1][1]))
        else:
            out.append((low, high))
    return tuple(out)


def _tidy(term: Term) -> Term:
    """Keep the smallest sets of a term: they say most."""
    return tuple(sorted(dict.fromkeys(term), key=lambda ranges: (_size(ranges), ranges))[:MOST_SETS])


def _size(ranges: Ranges) -> int:
    return sum(high - low + 1 for low, high in ranges)


def _han(ranges: Ranges) -> int:
    """Count the common Han characters of a set."""
    return sum(max(min(high, HAN[1]) - max(low, HAN[0]) + 1, 0) for low, high in ranges)
