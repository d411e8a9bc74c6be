"""Spark: a function for `DataFrame.mapInArrow`, and the schema that it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from cleaner.adapters.arrow import ArrowCleaner


def clean_frame(frame: Any, text_field: str = "text", **options: Any) -> Any:
    """Return a Spark data frame with the text column clean and a column `clean_error` more.

    `options` are ArrowCleaner's. Rows keep their number; like all that Spark does, they may change their order.
    """
    from pyspark.sql.types import StringType, StructType

    cleaner = ArrowCleaner(text_field, **options)
    if cleaner.error_field in frame.columns:
        raise ValueError(f"there is a column {cleaner.error_field!r} already: give another error_field")
    schema = StructType([*frame.schema.fields]).add(cleaner.error_field, StringType(), True)
    return frame.mapInArrow(make_map(cleaner), schema)


def make_map(cleaner: ArrowCleaner) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """Return the function that Spark sends to its workers."""

    def clean_batches(batches: Iterator[Any]) -> Iterator[Any]:
        return cleaner.map_batches(batches)

    return clean_batches
