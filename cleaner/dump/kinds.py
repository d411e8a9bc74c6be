"""Types of Arrow: which are text, and how rows of any type are picked out."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any

from cleaner.dump.reject import Reject
from cleaner.errors import CleanerError


def load_pyarrow() -> tuple[ModuleType, ModuleType]:
    """Import pyarrow and its Parquet module; CleanerError says what to install."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise CleanerError("Parquet needs a package: pip install 'ocr-cleaner[dump]'") from error
    return pyarrow, pyarrow.parquet


def is_text(kind: Any) -> bool:
    """Say whether a type of Arrow is one of its strings, also in a dictionary."""
    arrow, _ = load_pyarrow()
    plain = kind.value_type if arrow.types.is_dictionary(kind) else kind
    return _is(plain, "string", "large_string", "string_view")


def _is(kind: Any, *names: str) -> bool:
    """Say whether a type is one of those named; pyarrow 16 does not know all of them."""
    arrow, _ = load_pyarrow()
    return any(getattr(arrow.types, f"is_{name}", lambda kind: False)(kind) for name in names)


def plain_kind(kind: Any) -> Any:
    """Return the type that stands for another one while rows are cleaned, also deep inside.

    Arrow picks no rows out of views, and one row of a dictionary or a view is as large as the whole: the values
    themselves stand for them. A dictionary whose order says something stays.
    """
    arrow, _ = load_pyarrow()
    if _is(kind, "string_view"):
        return arrow.large_string()
    if _is(kind, "binary_view"):
        return arrow.large_binary()
    if _is(kind, "dictionary"):
        return kind if kind.ordered else plain_kind(kind.value_type)
    if _is(kind, "struct"):
        return arrow.struct([_plain_field(kind.field(place)) for place in range(kind.num_fields)])
    if _is(kind, "map"):
        return arrow.map_(_plain_field(kind.key_field), _plain_field(kind.item_field), keys_sorted=kind.keys_sorted)
    if _is(kind, "list", "large_list"):
        make = arrow.list_ if _is(kind, "list") else arrow.large_list
        return make(_plain_field(kind.value_field))
    if _is(kind, "fixed_size_list"):
        return arrow.list_(_plain_field(kind.value_field), kind.list_size)
    return kind


def _plain_field(field: Any) -> Any:
    return field.with_type(plain_kind(field.type))


def to_plain(batch: Any) -> Any:
    """Return a record batch with plain types; a column that Arrow cannot make so stays as it is."""
    arrow, _ = load_pyarrow()
    for place, field in enumerate(batch.schema):
        if (kind := plain_kind(field.type)) != field.type:
            try:
                batch = batch.set_column(place, field.with_type(kind), batch.column(place).cast(kind))
            except arrow.ArrowNotImplementedError:
                continue
    return batch


def join_batches(batches: Sequence[Any], schema: Any) -> Any:
    """Return record batches as a table with the types of a schema; CleanerError names a column that cannot have it."""
    arrow, _ = load_pyarrow()
    table = arrow.Table.from_batches(batches)
    columns = []
    for field, column in zip(schema, table.columns, strict=True):
        try:
            columns.append(column if column.type == field.type else column.cast(field.type))
        except arrow.ArrowException as error:
            problem = f"the column {field.name!r} cannot be written as {field.type}: {error}"
            raise CleanerError(problem) from error
    return arrow.Table.from_arrays(columns, schema=schema)


def pick_rows(batch: Any, rows: Sequence[int]) -> Any:
    """Return a copy of rows of a record batch; Reject names a column of which Arrow can make none."""
    arrow, _ = load_pyarrow()
    columns = []
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        try:
            columns.append(_pick(column, rows))
        except arrow.ArrowException as error:
            problem = f"rows of the column {name!r} ({column.type}) cannot be copied: {type(error).__name__}: {error}"
            raise Reject("failed", problem) from error
    return arrow.RecordBatch.from_arrays(columns, schema=batch.schema)


def _pick(column: Any, rows: Sequence[int]) -> Any:
    arrow, _ = load_pyarrow()
    try:
        return column.take(arrow.array(rows, arrow.int64()))
    except arrow.ArrowNotImplementedError:  # there is no `take` for all types
        return arrow.concat_arrays([column.slice(row, 1) for row in rows] or [column.slice(0, 0)])
