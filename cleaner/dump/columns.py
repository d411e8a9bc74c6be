"""Write Parquet from what was spooled: record batches, or lines of JSON, whose columns are found first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any

from cleaner.dump.kinds import load_pyarrow
from cleaner.dump.members import split_members
from cleaner.dump.model import Emit, Shard
from cleaner.dump.parquet import read_frames, read_schema, write_batches
from cleaner.dump.reject import Reject
from cleaner.dump.rows import article_schema, text_column

ROWS = 1000  # of a record batch made of lines


def parquet_writer(shards: tuple[Shard, ...], emit: Emit, text_field: str) -> Any:
    """Return the function that writes a Parquet output."""

    def write(source: IO[bytes], stream: IO[bytes]) -> int:
        if shards[0].kind == "parquet":
            return write_batches(read_frames(source), stream, _schema(shards, emit, text_field))
        schema = _article_lines() if emit == "articles" else _find_columns(source)
        source.seek(0)
        return write_batches(_batches(source, schema), stream, schema)

    return write


def _schema(shards: tuple[Shard, ...], emit: Emit, text_field: str) -> Any:
    """Return the schema of an output that is made of Parquet."""
    arrow, _ = load_pyarrow()
    schema = arrow.schema([])
    for shard in shards:
        try:
            schema = read_schema(shard.names[0])
            break
        except Reject:  # damaged: none of its rows were read
            continue
    index = schema.get_field_index(text_field)
    if emit == "documents":
        return schema if index < 0 else schema.set(index, text_column(schema.field(index)))
    others = schema if index < 0 else schema.remove(index)
    record = [arrow.field("record", arrow.struct(list(others)))] if len(others) else []  # Parquet has no empty struct
    return arrow.schema([*article_schema(), *record])


def _article_lines() -> Any:
    arrow, _ = load_pyarrow()
    return article_schema().append(arrow.field("record", arrow.string()))


def _find_columns(source: IO[bytes]) -> Any:
    """Return a schema with all fields that the lines have: strings, or what is no string anywhere, as JSON text."""
    arrow, _ = load_pyarrow()
    strings: dict[str, bool] = {}
    for line in source:
        text = line.decode("utf-8")
        for member in split_members(text).values():
            is_string = member.text is not None or text[member.value : member.end] == "null"
            strings[member.name] = strings.get(member.name, True) and is_string
    kinds = {True: b"string", False: b"json"}
    return arrow.schema(
        [arrow.field(name, arrow.string(), metadata={b"cleaner": kinds[plain]}) for name, plain in strings.items()]
    )


def _batches(source: IO[bytes], schema: Any) -> Iterator[Any]:
    arrow, _ = load_pyarrow()
    rows: list[dict[str, Any]] = []
    for line in source:
        rows.append(_row(line.decode("utf-8"), schema))
        if len(rows) == ROWS:
            yield arrow.RecordBatch.from_pylist(rows, schema=schema)
            rows = []
    if rows:
        yield arrow.RecordBatch.from_pylist(rows, schema=schema)


def _row(line: str, schema: Any) -> dict[str, Any]:
    """Return a line's fields as the columns hold them; JSON text is as it was written."""
    row: dict[str, Any] = {}
    for member in split_members(line).values():
        field = schema.field(member.name)
        written = line[member.value : member.end]
        kind = (field.metadata or {}).get(b"cleaner")
        if kind == b"json" or (kind is None and member.name == "record"):  # an article's
            row[member.name] = written
        elif str(field.type) == "string":
            row[member.name] = member.text
        else:
            row[member.name] = json.loads(written)
    return row
