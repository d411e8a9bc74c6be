"""Read JSON values as the writers of engines can write them again: they hold numbers of 64 bits, and nest so deep."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from typing import Any

from cleaner.dump.reject import Reject

DEEPEST = 200  # orjson, with which datatrove writes, stops at 254; a writer puts some levels around a value


def read_value(written: str) -> Any:
    """Return what a piece of JSON holds; Reject when it nests deeper than DEEPEST.

    Numbers that 64 bits would change (orjson would round them, or write null) stay as they are written, as strings.

    >>> read_value('[1, 0.1, 1e400, NaN, 12345678901234567890, 0.10000000000000000001]')
    [1, 0.1, '1e400', 'NaN', '12345678901234567890', '0.10000000000000000001']
    """
    if written.count("[") + written.count("{") > DEEPEST and _depth(written) > DEEPEST:
        raise Reject("not-json", f"nested too deep: more than {DEEPEST} levels")
    return json.loads(written, parse_int=_integer, parse_float=_fraction, parse_constant=str)


def _depth(written: str) -> int:
    depth = deepest = 0
    pieces = json.JSONDecoder().raw_decode
    at = 0
    while at < len(written):
        if written[at] == '"':
            _, at = pieces(written, at)
            continue
        depth += (written[at] in "[{") - (written[at] in "]}")
        deepest = max(deepest, depth)
        at += 1
    return deepest


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) < 19 else digits


def _fraction(digits: str) -> float | str:
    value = float(digits)
    return value if math.isfinite(value) and Decimal(repr(value)) == Decimal(digits) else digits
