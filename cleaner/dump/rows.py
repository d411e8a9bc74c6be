"""Clean a chunk of Parquet rows, to Parquet or to JSON Lines."""

from __future__ import annotations

import base64
import datetime
import json
from typing import Any

from cleaner.dump.model import Chunk, Made, shift_span
from cleaner.dump.parquet import load_pyarrow, pack_batch
from cleaner.dump.records import Cleaned, RecordCleaner
from cleaner.dump.reject import Reject, reject_line
from cleaner.dump.work import LineWorker, Watch


class RowWorker:
    """Makes of rows record batches or lines of JSON."""

    def __init__(self, cleaner: RecordCleaner) -> None:
        self.cleaner = cleaner
        self.setup = cleaner.setup

    def make(self, chunk: Chunk, watch: Watch) -> Made:
        """Clean the rows, put the bad ones aside."""
        if chunk.batch is None:
            return LineWorker(self.cleaner).make(chunk, watch)
        made = Made()
        rows: list[int] = []  # of each cleaned record
        done: list[Cleaned] = []
        for row in range(len(chunk)):
            text = self._text(chunk, row)
            watch(row, len(text) * 3 if isinstance(text, str) else 0)
            made.counts.records += 1
            start = made.counts.written
            try:
                cleaned = self._clean(text, chunk, row, made)
            except Reject as reject:
                made.counts.rejects[reject.reason] += 1
                record = row_values(chunk.batch, row) if reject.reason != "too-large" else None
                made.rejects += reject_line(chunk.shard, chunk.first + row, 0, reject, record)
                continue
            rows.append(row)
            done.append(cleaned)
            if cleaned.log is not None:
                made.log.append((shift_span(cleaned.log[0], start), cleaned.log[1]))
        made.out = self._batch(chunk, rows, done) if chunk.target == "parquet" else self._lines(chunk, rows, done)
        return made

    def _text(self, chunk: Chunk, row: int) -> Any:
        index = chunk.batch.schema.get_field_index(self.setup.text_field)
        return chunk.batch.column(index)[row].as_py() if index >= 0 else None

    def _clean(self, text: Any, chunk: Chunk, row: int, made: Made) -> Cleaned:
        setup = self.setup
        if chunk.batch.schema.get_field_index(setup.text_field) < 0:
            raise Reject("no-text", f"no column {setup.text_field!r} (--text-field)")
        if not isinstance(text, str):
            raise Reject("text-not-a-string", f"the column {setup.text_field!r} holds no string here")
        most = setup.limits.record
        if len(text) * 3 > most and len(text.encode("utf-8")) > most:
            raise Reject("too-large", f"a text of {len(text)} characters, at most {most} bytes are cleaned")
        index = chunk.batch.schema.get_field_index(setup.id_field)
        name = chunk.batch.column(index)[row].as_py() if index >= 0 else None
        return self.cleaner.clean(
            text, chunk.shard, chunk.first + row, None if name is None else str(name), made.counts
        )

    def _lines(self, chunk: Chunk, rows: list[int], done: list[Cleaned]) -> bytes:
        lines: list[str] = []
        for row, cleaned in zip(rows, done, strict=True):
            values = row_values(chunk.batch, row)
            if self.setup.emit == "documents":
                lines.append(dump_json(values | {self.setup.text_field: cleaned.text}))
            else:
                del values[self.setup.text_field]
                lines += [dump_json(article | {"record": values}) for article in cleaned.articles]
        return "".join(lines).encode("utf-8", "surrogatepass")

    def _batch(self, chunk: Chunk, rows: list[int], done: list[Cleaned]) -> bytes:
        arrow, _ = load_pyarrow()
        batch = chunk.batch
        index = batch.schema.get_field_index(self.setup.text_field)
        if index < 0 or not rows:
            return b""
        if self.setup.emit == "documents":
            field = text_column(batch.schema.field(index))
            texts = arrow.array([cleaned.text for cleaned in done], field.type)
            return pack_batch(batch.take(arrow.array(rows)).set_column(index, field, texts))
        owners = [row for row, cleaned in zip(rows, done, strict=True) for _ in cleaned.articles]
        articles = [article for cleaned in done for article in cleaned.articles]
        if not articles:
            return b""
        others = batch.take(arrow.array(owners)).remove_column(index)
        table = arrow.RecordBatch.from_pylist(articles, schema=article_schema())
        return pack_batch(table.append_column("record", others.to_struct_array()))


def text_column(field: Any) -> Any:
    """Return the field of a clean text: of the type it had, as long as that is a plain string."""
    arrow, _ = load_pyarrow()
    plain = arrow.types.is_string(field.type) or arrow.types.is_large_string(field.type)
    return field if plain else field.with_type(arrow.string())


def article_schema() -> Any:
    """Return the Arrow schema of the article record (README, "The article record")."""
    arrow, _ = load_pyarrow()
    string, span = arrow.string(), arrow.list_(arrow.int64())
    paragraph = arrow.struct([("role", string), ("text", string), ("spans", arrow.list_(span))])
    flag = arrow.struct([("code", string), ("message", string), ("span", span)])
    lists = {"paragraphs": arrow.list_(paragraph), "captions": arrow.list_(string), "flags": arrow.list_(flag)}
    names = (
        "id", "source", "page", "kind", "kicker", "title", "subtitle", "byline", "dateline", "label", "paragraphs",
        "captions", "credit", "continued_from", "continued_on", "flags", "text",
    )  # fmt: skip
    return arrow.schema([(name, lists.get(name, string)) for name in names])


def row_values(batch: Any, row: int) -> dict[str, Any]:
    """Return a row as plain data that JSON can hold: times in ISO 8601, bytes in base64, decimals as strings."""
    (values,) = batch.slice(row, 1).to_pylist()
    plain: dict[str, Any] = json.loads(json.dumps(values, default=_plain))
    return plain


def dump_json(values: dict[str, Any]) -> str:
    """Return a row as a line of JSON."""
    return json.dumps(values, ensure_ascii=False) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, datetime.date | datetime.time | datetime.datetime):
        return value.isoformat()
    return str(value)
