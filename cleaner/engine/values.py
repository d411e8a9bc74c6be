"""Check what a rule file says against what it may say; RuleError names the file, the rule and the key."""

from __future__ import annotations

import math
from pathlib import Path
from types import UnionType
from typing import Any, Literal, get_args, get_origin

from cleaner.errors import RuleError


def convert_value(value: Any, hint: Any, what: str, path: Path, rule: str) -> Any:
    """Check a TOML value against a dataclass field's type and make lists into tuples."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is UnionType or type(None) in args:
        return convert_value(value, next(arg for arg in args if arg is not type(None)), what, path, rule)
    if origin is Literal:
        if value in args:
            return value
        raise RuleError(str(path), rule, f"{what} must be one of {', '.join(map(str, args))}")
    if origin is tuple:
        if not isinstance(value, list):
            raise RuleError(str(path), rule, f"{what} must be a list")
        inner = args if Ellipsis not in args else args[:1] * len(value)
        if len(inner) != len(value):
            raise RuleError(str(path), rule, f"{what}: each example is a pair [text, result]")
        return tuple(convert_value(v, h, what, path, rule) for v, h in zip(value, inner, strict=True))
    wanted = dict if origin is dict else hint
    if wanted is float and isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value, what, path, rule)
    if not isinstance(value, wanted) or (wanted is not bool and isinstance(value, bool)):
        raise RuleError(str(path), rule, f"{what} must be a {wanted.__name__}")
    return value


def take_table(data: dict[str, Any], key: str, path: Path) -> dict[str, Any]:
    """Return a table of a rule file, empty where it has none."""
    table = data.get(key, {})
    if not isinstance(table, dict):
        raise RuleError(str(path), None, f"[{key}] must be a table")
    return table


def take_number(value: object, key: str, path: Path) -> float:
    """Return a setting."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RuleError(str(path), None, f"setting {key!r} must be a number")
    return _number(value, f"setting {key!r}", path, None)


def _number(value: float, what: str, path: Path, rule: str | None) -> float:
    """Return a number that can be compared and added; RuleError for others."""
    try:
        number = float(value)
    except OverflowError as error:  # a whole number of hundreds of digits
        raise RuleError(str(path), rule, f"{what} is too large") from error
    if math.isnan(number):
        raise RuleError(str(path), rule, f"{what} must be a number")
    return number


def take_string(value: object, key: str, path: Path) -> str:
    """Return the body of a class."""
    if not isinstance(value, str):
        raise RuleError(str(path), None, f"class {key!r} must be a string")
    return value


def take_list(items: object, path: Path) -> list[object]:
    """Return the rules of a kind, or the examples."""
    if not isinstance(items, list):
        raise RuleError(str(path), None, "rules are written as [[rule]], [[role]], [[evidence]] or [[sequence]]")
    return items
