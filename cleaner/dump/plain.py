"""Make of Arrow's values what JSON can hold, whatever they are."""

from __future__ import annotations

import base64
import datetime
import math
import re
import uuid
from typing import Any

from cleaner.dump.kinds import load_pyarrow
from cleaner.dump.reject import Reject


def row_values(batch: Any, row: int) -> dict[str, Any]:
    """Return a row as plain data: times in ISO 8601, bytes in base64, decimals, NaN and infinities as strings.

    Reject names a column that cannot be written so.
    """
    values: dict[str, Any] = {}
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        try:
            values[name] = plain_value(column[row])
        except Exception as error:  # pyarrow's and Python's own, of many kinds
            problem = f"the column {name!r} cannot be written as JSON: {type(error).__name__}: {error}"
            raise Reject("failed", problem) from error
    return values


def kept_values(batch: Any, row: int) -> dict[str, Any]:
    """Return of a row that is put aside what can be written."""
    values: dict[str, Any] = {}
    for name in batch.schema.names:
        try:
            values |= row_values(batch.select([name]), row)
        except Reject:
            continue
    return values


def plain_value(scalar: Any) -> Any:
    """Return a value of Arrow as plain data; what it raises is any Exception."""
    arrow, _ = load_pyarrow()
    kind, types = scalar.type, arrow.types
    if not scalar.is_valid:
        return None
    if isinstance(kind, arrow.BaseExtensionType):
        value = scalar.as_py()
        return _leaf(value) if isinstance(value, str | uuid.UUID) else plain_value(scalar.value)
    if types.is_dictionary(kind):
        return plain_value(scalar.value)
    if types.is_struct(kind):
        names = [kind.field(place).name for place in range(kind.num_fields)]
        if len(set(names)) < len(names):
            raise ValueError("two fields of one name")
        return {name: plain_value(scalar[place]) for place, name in enumerate(names)}
    if types.is_map(kind):
        return [[plain_value(pair[0]), plain_value(pair[1])] for pair in scalar.values]
    if types.is_nested(kind) and hasattr(scalar, "values"):
        if types.is_integer(kind.value_type) or types.is_floating(kind.value_type):  # they may be thousands
            return [_leaf(value) for value in scalar.values.to_pylist()]
        return [plain_value(value) for value in scalar.values]
    return _time(scalar, arrow) if types.is_temporal(kind) else _leaf(scalar.as_py())


def _time(scalar: Any, arrow: Any) -> str:
    """Return a time in ISO 8601; as a number and its type where Python has no such time (the year 20000).

    Nanoseconds are written by Arrow: Python's times have none, and pandas, if installed, has others.
    """
    nanoseconds = getattr(scalar.type, "unit", "") == "ns"
    if nanoseconds and not arrow.types.is_duration(scalar.type):
        written = str(scalar.cast(arrow.string()).as_py()).replace(" ", "T", 1)
        return re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", written)
    try:
        return str(_leaf(scalar.as_py())) if not nanoseconds else f"{scalar.value} {scalar.type}"
    except (ValueError, OverflowError):
        return f"{scalar.value} {scalar.type}"


def _leaf(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
