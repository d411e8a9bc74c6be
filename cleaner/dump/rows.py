"""Clean a chunk of Parquet rows, to Parquet or to JSON Lines."""

from __future__ import annotations

from typing import Any

from cleaner.dump.kinds import is_text, load_pyarrow, pick_rows
from cleaner.dump.model import Chunk, Made, join_made, shift_span
from cleaner.dump.parquet import pack_batch
from cleaner.dump.plain import kept_values, plain_value, row_values
from cleaner.dump.records import Cleaned, RecordCleaner
from cleaner.dump.reject import Reject, reject_line
from cleaner.dump.work import LineWorker, Watch
from cleaner.dump.worker import reject_chunk
from cleaner.io.jsonlines import json_line


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
        lines: list[str] = []
        rows: list[int] = []  # of each cleaned record
        done: list[Cleaned] = []
        for row in range(len(chunk)):
            watch(row, 0)
            made.counts.records += 1
            start = made.counts.written
            try:
                text = self._text(chunk, row)
                watch(row, len(text) * 3)
                values = row_values(chunk.batch, row) if chunk.target == "jsonl" else {}
                cleaned = self._clean(text, chunk, row, made)
            except Reject as reject:
                made.counts.rejects[reject.reason] += 1
                record = kept_values(chunk.batch, row) if reject.reason != "too-large" else None
                made.rejects += reject_line(chunk.shard, chunk.first + row, 0, reject, record)
                continue
            if chunk.target == "jsonl":
                lines += self._lines(values, cleaned)
            else:
                rows.append(row)
                done.append(cleaned)
            if cleaned.log is not None:
                made.log.append((shift_span(cleaned.log[0], start), cleaned.log[1]))
        if chunk.target == "jsonl":
            made.out = "".join(lines).encode("utf-8")
            return made
        try:
            made.out = self._batch(chunk, rows, done)
        except Reject as reject:  # of a whole column, and so of each row
            return join_made([reject_chunk(chunk.part(row, row + 1), reject) for row in range(len(chunk))])
        return made

    def _text(self, chunk: Chunk, row: int) -> str:
        setup = self.setup
        index = chunk.batch.schema.get_field_index(setup.text_field)
        if index < 0:
            raise Reject("no-text", f"no column {setup.text_field!r} (--text-field)")
        try:
            text = plain_value(chunk.batch.column(index)[row])
        except UnicodeDecodeError as error:
            raise Reject("undecodable", f"byte {error.start} of the text: {error.reason} ({error.encoding})") from error
        except Exception as error:  # pyarrow's own, of many kinds
            raise Reject("failed", f"the column {setup.text_field!r}: {type(error).__name__}: {error}") from error
        if not isinstance(text, str) or not is_text(chunk.batch.schema.field(index).type):
            raise Reject("text-not-a-string", f"the column {setup.text_field!r} holds no string here")
        most = setup.limits.record
        if len(text) * 3 > most and len(text.encode("utf-8")) > most:
            raise Reject("too-large", f"a text of {len(text)} characters, at most {most} bytes are cleaned")
        return text

    def _clean(self, text: str, chunk: Chunk, row: int, made: Made) -> Cleaned:
        index = chunk.batch.schema.get_field_index(self.setup.id_field)
        name = row_values(chunk.batch.select([index]), row)[self.setup.id_field] if index >= 0 else None
        return self.cleaner.clean(
            text, chunk.spell(chunk.shard), chunk.first + row, None if name is None else str(name), made.counts
        )

    def _lines(self, values: dict[str, Any], cleaned: Cleaned) -> list[str]:
        if self.setup.emit == "documents":
            return [json_line(values | {self.setup.text_field: cleaned.text})]
        del values[self.setup.text_field]
        return [json_line(article | {"record": values}) for article in cleaned.articles]

    def _batch(self, chunk: Chunk, rows: list[int], done: list[Cleaned]) -> bytes:
        arrow, _ = load_pyarrow()
        batch = chunk.batch
        index = batch.schema.get_field_index(self.setup.text_field)
        if index < 0 or not rows:
            return b""
        if self.setup.emit == "documents":
            field = text_column(batch.schema.field(index))
            texts = arrow.array([cleaned.text for cleaned in done], field.type)
            return pack_batch(pick_rows(batch, rows).set_column(index, field, texts))
        owners = [row for row, cleaned in zip(rows, done, strict=True) for _ in cleaned.articles]
        articles = [article for cleaned in done for article in cleaned.articles]
        if not articles:
            return b""
        others = pick_rows(batch, owners).remove_column(index)
        table = arrow.RecordBatch.from_pylist(articles, schema=article_schema())
        if others.num_columns:  # Parquet has no struct without fields
            table = table.append_column("record", others.to_struct_array())
        return pack_batch(table)


def text_column(field: Any) -> Any:
    """Return the field of a clean text: of the type it had, as long as that is a plain string."""
    arrow, _ = load_pyarrow()
    plain = is_text(field.type) and not arrow.types.is_dictionary(field.type)
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
