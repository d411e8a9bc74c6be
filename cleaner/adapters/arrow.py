"""Clean a column of Arrow tables: for Spark's `mapInArrow`, Ray Data's `map_batches`, datasets, Polars and Daft."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from cleaner.dump.kinds import is_text, load_pyarrow

if TYPE_CHECKING:
    from cleaner import Cleaner

SECONDS = 120.0


class ArrowCleaner:
    """Replaces a text column by the clean text, and adds what went wrong in a column `clean_error`.

    Called with a table or a record batch, it returns one with the same rows in the same order: none is lost. Where
    `clean_error` is not null, the text is what it was, also where that is bytes that are no UTF-8; a null stays null.
    Rules are loaded when it is first called, once in a process, so that an engine can send it to its workers. `options`
    are those of `cleaner.Cleaner`. A text may take `seconds`.
    ValueError where a column `error_field` is there already: it would be there twice.
    """

    def __init__(
        self,
        text_field: str = "text",
        *,
        error_field: str = "clean_error",
        seconds: float | None = SECONDS,
        **options: Any,
    ) -> None:
        self.text_field, self.error_field = text_field, error_field
        self.seconds, self.options = seconds, options
        self._cleaner: Cleaner | None = None

    def __call__(self, table: Any) -> Any:
        """Return the table cleaned."""
        arrow, _ = load_pyarrow()
        index = table.schema.get_field_index(self.text_field)
        if index < 0:
            raise KeyError(f"no column {self.text_field!r}; there are {', '.join(table.schema.names)}")
        if self.error_field in table.schema.names:
            problem = f"there is a column {self.error_field!r} already, of a first cleaning: give another error_field"
            raise ValueError(problem)
        field = table.schema.field(index)
        if not _holds_text(field.type):
            problems = arrow.array(_name_problems(table.column(index)), arrow.string())
            return table.append_column(self.error_field, problems)
        texts = _read_texts(table.column(index))
        results = iter(
            self.cleaner.clean_batch([text for text in texts if isinstance(text, str)], seconds=self.seconds)
        )
        made = [_pair(next(results), text) if isinstance(text, str) else (text, _name_problem(text)) for text in texts]
        table = table.set_column(index, field, _make_chunks([text for text, _ in made], table.column(index)))
        return table.append_column(self.error_field, arrow.array([error for _, error in made], arrow.string()))

    @property
    def cleaner(self) -> Cleaner:
        """The cleaner of this process."""
        if self._cleaner is None:
            from cleaner import Cleaner

            self._cleaner = Cleaner(**self.options)
        return self._cleaner

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_cleaner": None}

    def map_batches(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Clean record batch after record batch: what Spark's `mapInArrow` wants."""
        return map(self, batches)


def _pair(result: Any, text: str) -> tuple[str, str | None]:
    return (text if result.error else result.text), result.error


def _name_problem(value: Any) -> str | None:
    """Say why a value is no text; None for a null."""
    if isinstance(value, bytes):
        try:
            value.decode("utf-8")
        except UnicodeDecodeError as error:
            return f"UnicodeDecodeError: byte {error.start}: {error.reason}"
    return None if value is None else f"TypeError: text (str) is wanted, not {type(value).__name__}"


def _holds_text(kind: Any) -> bool:
    """Say whether a column's values may be texts; of others none is, and none is written anew."""
    arrow, _ = load_pyarrow()
    return is_text(kind.storage_type if isinstance(kind, arrow.BaseExtensionType) else kind)


def _name_problems(column: Any) -> list[str | None]:
    """Say of each value why it is no text, also where Python has no such values (the year 20000, nanoseconds)."""
    arrow, _ = load_pyarrow()
    try:
        return [_name_problem(value) for value in column.to_pylist()]
    except (ValueError, OverflowError, arrow.ArrowException):
        problem = f"TypeError: text (str) is wanted, not {column.type}"
        return [problem if there else None for there in column.is_valid().to_pylist()]


def _read_texts(column: Any) -> list[Any]:
    """Return a column's values; as bytes what is no UTF-8, which Arrow's files may hold all the same."""
    arrow, _ = load_pyarrow()
    try:
        return cast("list[Any]", column.to_pylist())
    except UnicodeDecodeError:  # one value costs the others nothing
        values = column.cast(arrow.large_string()).cast(arrow.large_binary()).to_pylist()
    return [_decode(value) for value in values]


def _decode(value: bytes | None) -> str | bytes | None:
    try:
        return None if value is None else value.decode("utf-8")
    except UnicodeDecodeError:
        return value


def _make_chunks(texts: list[Any], column: Any) -> Any:
    """Return texts in chunks as those of a column: each has a dictionary of its own, which holds no more."""
    arrow, _ = load_pyarrow()
    if not isinstance(column, arrow.ChunkedArray):
        return _make_column(texts, column.type)
    left = iter(texts)
    chunks = [_make_column(list(islice(left, len(chunk))), column.type) for chunk in column.chunks]
    return arrow.chunked_array(chunks, column.type)


def _make_column(texts: list[Any], kind: Any) -> Any:
    """Return texts as an array of their column's type, bytes among them as they are."""
    arrow, _ = load_pyarrow()
    if not is_text(kind) or not any(isinstance(text, bytes) for text in texts):
        return arrow.array(texts, kind)
    data = [text.encode("utf-8") if isinstance(text, str) else text for text in texts]
    column = arrow.array(data, arrow.large_binary()).view(arrow.large_string())
    if arrow.types.is_dictionary(kind):
        return column.cast(kind.value_type).dictionary_encode().cast(kind)
    return column.cast(kind)
