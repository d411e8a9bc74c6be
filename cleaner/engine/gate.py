"""Find out of a pattern what a text must hold for it to match.

A *gate* is a list of terms, of which one must hold; a term is a list of sights, and each of them must be in the text. A
sight is one character of a set, or one of a set right before one of another. A pattern whose gate is shut cannot
match; an empty gate says nothing. Sets are kept as ranges of code points, so that they may be large.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any

from cleaner.engine.patterns import STORE, hash_source

Item = tuple[Any, Any]  # of a parsed pattern: operation and argument
Ranges = tuple[tuple[int, int], ...]  # of code points, ascending, both ends included
Sight = tuple[Ranges, ...]  # one set, or two
Term = tuple[Sight, ...]
Gate = tuple[Term, ...]
OPEN: Gate = ()
HAN = (0x4E00, 0x9FFF)
MOST_HAN = 8  # of a set that tells anything: some of a larger one are in every Chinese text
MOST_TERMS, MOST_SIGHTS = 24, 3
_IGNORECASE = 2
NEWLINE: Ranges = ((10, 10),)  # stands before a text's first character, too


def gate_of(source: str, flags: int) -> Gate:
    """Return the gate of a pattern of the `re` module; open where nothing is known."""
    kept = STORE.find("gate:" + hash_source(source, flags), lambda: _read_gate(source, flags))
    return tuple(tuple(tuple(tuple((a, b) for a, b in ranges) for ranges in sight) for sight in term) for term in kept)


def gate_of_chars(chars: str) -> Gate:
    """Return the gate of a text that must hold one of the characters."""
    return _of_ranges(_ranges(chars)) if chars else OPEN


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
    return _of_ranges(join_ranges(pair for term in terms for pair in telling_set(term)))


def telling_set(term: Term) -> Ranges:
    """Return the smallest set of a term; not the line feed that only seems to stand before a text."""
    return min((ranges for sight in term for ranges in sight if ranges != NEWLINE), key=size_of)


def _read_gate(source: str, flags: int) -> Gate:
    try:
        parsed = import_module("re._parser").parse(source, flags)
    except (ImportError, AttributeError):  # a Python whose `re` is built otherwise
        return OPEN
    return OPEN if parsed.state.flags & _IGNORECASE else _of_sequence(list(parsed), None)


def _of_sequence(items: Sequence[Item], tail: Ranges | None) -> Gate:
    """Return the gate of items one after the other; `tail` is what can only follow them, if that is known."""
    gate = OPEN
    for number, (op, value) in enumerate(items):
        if str(op) == "AT" and str(value) == "AT_BEGINNING" and (first := _first(items[number + 1 :], tail)):
            gate = both(gate, (((NEWLINE, first),),))
        follows = _first(items[number + 1 :], tail)
        gate = both(gate, _of_item(str(op), value, follows))
        single = _last_of(str(op), value)
        if single and follows and min(count_han(single), count_han(follows)) <= MOST_HAN:
            gate = both(gate, (((single, follows),),))
    return gate


def _of_item(op: str, value: Any, follows: Ranges | None) -> Gate:
    """Return the gate of one item of a parsed pattern. What is not named here says nothing."""
    if op in ("LITERAL", "IN"):
        single = _single(op, value)
        return _of_ranges(single) if single else OPEN
    if op == "BRANCH":
        return either(_of_sequence(list(branch), follows) for branch in value[1])
    if op in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return _of_sequence(list(value[2]) * min(value[0], 2), None)
    if op == "SUBPATTERN":
        return OPEN if value[1] & _IGNORECASE else _of_sequence(list(value[3]), follows)
    if op == "ATOMIC_GROUP":
        return _of_sequence(list(value), follows)
    if op == "ASSERT":
        return _of_sequence(list(value[1]), follows if value[0] < 0 else None)
    return OPEN


def _first(items: Sequence[Item], tail: Ranges | None) -> Ranges | None:
    """Return the set that the next character must be of; None where that is not known, or there may be none."""
    if not items:
        return tail
    (op, value), rest = items[0], items[1:]
    name = str(op)
    if name in ("LITERAL", "IN"):
        return _single(name, value)
    if name == "BRANCH":
        return _union(_first([*branch, *rest], tail) for branch in value[1])
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        inner = _first([*value[2], *rest], tail)
        return inner if value[0] else _union((inner, _first(rest, tail)))
    if name == "SUBPATTERN":
        return None if value[1] & _IGNORECASE else _first([*value[3], *rest], tail)
    if name == "ATOMIC_GROUP":
        return _first([*value, *rest], tail)
    if name == "ASSERT" and value[0] > 0:
        return _first(list(value[1]), None) or _first(rest, tail)
    if name in ("ASSERT", "ASSERT_NOT") or (name == "AT" and str(value) == "AT_BEGINNING"):
        return _first(rest, tail)
    return None


def _union(sets: Iterable[Ranges | None]) -> Ranges | None:
    known = list(sets)
    return None if None in known else join_ranges(pair for ranges in known for pair in ranges or ())


def _single(op: str, value: Any) -> Ranges | None:
    """Return the set of an item that is one character; None for others, negated sets and categories."""
    if op == "LITERAL":
        return ((value, value),)
    if op != "IN" or any(str(kind) not in ("LITERAL", "RANGE") for kind, _ in value):
        return None
    return join_ranges((item, item) if str(kind) == "LITERAL" else item for kind, item in value)


def _last_of(op: str, value: Any) -> Ranges | None:
    """Return the set that an item's last character is of, where the item is one character or a row of such."""
    repeats = op in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
    if repeats and value[0] > 0 and len(value[2]) == 1:
        op, value = str(value[2][0][0]), value[2][0][1]
    return _single(op, value)


def _of_ranges(ranges: Ranges) -> Gate:
    return (((ranges,),),) if count_han(ranges) <= MOST_HAN else OPEN


def _ranges(chars: str) -> Ranges:
    return join_ranges((ord(char), ord(char)) for char in chars)


def join_ranges(pairs: Iterable[tuple[int, int]]) -> Ranges:
    """Sort ranges, and make those one that touch."""
    out: list[tuple[int, int]] = []
    for low, high in sorted(pairs):
        if out and low <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(high, out[-1][1]))
        else:
            out.append((low, high))
    return tuple(out)


def _tidy(term: Term) -> Term:
    """Keep the sights of a term that say most: pairs before single characters, small sets before large ones.

    Han characters are asked for only where there is nothing else: most texts have them, and each makes looking longer.
    """
    marks = [sight for sight in term if not any(0 < count_han(ranges) <= MOST_HAN for ranges in sight)]
    term = tuple(marks) or term
    best = sorted(dict.fromkeys(term), key=lambda sight: (-len(sight), sum(map(size_of, sight)), sight))
    return tuple(best[:MOST_SIGHTS])


@lru_cache(maxsize=4096)
def size_of(ranges: Ranges) -> int:
    return sum(high - low + 1 for low, high in ranges)


@lru_cache(maxsize=4096)
def count_han(ranges: Ranges) -> int:
    """Count the common Han characters of a set."""
    return sum(max(min(high, HAN[1]) - max(low, HAN[0]) + 1, 0) for low, high in ranges)
