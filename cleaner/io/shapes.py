"""What the facts of the cache look like, by kind: what looks otherwise was not kept by this code."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any

LARGEST = 0x110000  # no place among characters, and no number of a sight, is larger


def check_code(row: Any, most: int) -> None:
    """Check what is kept of a pattern: flags, groups, their names, where its code words stand in `most` bytes.

    ValueError, or TypeError, when it is odd.
    """
    flags, groups, names, start, end = row
    check_span((start, end), most)
    if not all(type(number) is int for number in (flags, groups)):
        raise ValueError("no pattern")
    if not 0 <= groups <= end - start or not isinstance(names, dict):  # each group takes some code words
        raise ValueError("no groups")
    if not all(type(number) is int and 0 < number <= groups for number in names.values()):
        raise ValueError("no names of groups")


def check_span(span: Any, most: int) -> None:
    """Check a span of `most` bytes; ValueError, or TypeError, when it is odd."""
    start, end = span
    if not (type(start) is type(end) is int and 0 <= start <= end <= most):
        raise ValueError("no span")


def check_fact(key: str, fact: Any) -> None:
    """Check a fact by its kind, which stands before the colon; ValueError when it is odd."""
    if not CHECKS[key.partition(":")[0]](fact):
        raise ValueError(f"no fact: {key}")


def _is_rules(fact: Any) -> bool:
    return (
        isinstance(fact, list)
        and [type(part) for part in fact] == [str, list, list, list, list, dict, dict]
        and all(type(item) is dict for items in fact[1:5] for item in items)
    )


def _is_plan(fact: Any) -> bool:
    if not isinstance(fact, dict) or fact.keys() != {"eyes", "gates", "lines", "others"}:
        return False
    eyes = fact["eyes"]
    lines = fact["lines"]
    return (
        isinstance(eyes, dict)
        and isinstance(eyes.get("runs"), str)
        and all(_is_holders(eyes.get(name)) for name in ("starts", "ends"))
        and _are_numbers(fact["gates"], 3)
        and _are_numbers(fact["others"], 3)
        and isinstance(lines, list)
        and len(lines) == len(fact["gates"])
        and all(gate is None or _are_numbers(gate, 2) for gate in lines)
    )


def _is_holders(value: Any) -> bool:
    if not isinstance(value, list) or len(value) != 3 or not isinstance(value[1], list):
        return False
    edges, held, some = value
    return _are_numbers(edges, 1) and len(edges) == len(held) and _are_hex([*held, some])


def _are_hex(values: list[Any]) -> bool:
    return set(map(type, values)) == {str} and all(values) and set("".join(values)) <= set("0123456789abcdef")


def _is_edges(fact: Any) -> bool:
    lists = [fact["tied"], fact["decided"]]
    return _are_masks(fact["firsts"]) and _are_masks(fact["lasts"]) and _are_numbers(lists, 2)


def _is_signs(fact: Any) -> bool:
    return _are_masks(fact["holders"]) and type(fact["free"]) is int and type(fact["signs"]) is str


def _are_masks(value: Any) -> bool:
    """Say whether a value is code points in order, from 0 on, as many masks, and a mask."""
    starts, held, every = value
    if not isinstance(held, list) or not starts or len(starts) != len(held):
        return False
    return (
        _are_numbers(starts, 1)
        and starts[0] == 0
        and sorted(starts) == starts
        and {type(mask) for mask in (*held, every)} == {int}
        and min(*held, every) >= 0
    )


def _are_pairs(value: Any, depth: int = 2) -> bool:
    return _are_numbers(value, depth) and set(map(len, _flatten(value, depth - 2))) <= {2}


def _are_numbers(value: Any, depth: int) -> bool:
    """Say whether a value is lists of lists, so deep, of numbers; TypeError, or False, where it is not."""
    flat = _flatten(value, depth - 1)
    if not isinstance(value, list) or not set(map(type, flat)) <= {int}:
        return False
    return 0 <= min(flat, default=0) <= max(flat, default=0) <= LARGEST


def _flatten(value: Any, times: int) -> list[Any]:
    """Take lists out of their lists, level by level: this is run at each start."""
    for _ in range(times):
        value = list(chain.from_iterable(value))
    return list(value)


def _is(kind: type) -> Callable[[Any], bool]:
    return lambda fact: type(fact) is kind


CHECKS: dict[str, Callable[[Any], bool]] = {
    "toml": _is(dict),
    "rules": _is_rules,
    "gate": lambda fact: _are_pairs(fact, 5),
    "line": _is(bool),
    "lead": _is(bool),
    "sign": _is(str),
    "plan": _is_plan,
    "edges": _is_edges,
    "signs": _is_signs,
}
