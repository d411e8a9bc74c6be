"""Clean a column of Arrow tables: for Spark's `mapInArrow`, Ray Data's `map_batches`, datasets, Polars and Daft."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from cleaner.dump.parquet import load_pyarrow

if TYPE_CHECKING:
    from cleaner import Cleaner

SECONDS = 120.0


class ArrowCleaner:
    """Replaces a text column by the clean text, and adds what went wrong in a column `clean_error`.

    Called with a table or a record batch, it returns one with the same rows in the same order: none is lost. Where
    `clean_error` is not null, the text is what it was; a null stays null. Rules are loaded when it is first called,
    once in a process, so that an engine can send it to its workers. `options` are those of `cleaner.Cleaner`. A text
    may take `seconds`; Python's timers work in the main thread only, elsewhere there is no limit.
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
        texts = table.column(index).to_pylist()
        results = iter(self.cleaner.clean_batch([text for text in texts if text is not None], seconds=self.seconds))
        made = [(None, None) if text is None else _pair(next(results), text) for text in texts]
        field = table.schema.field(index)
        table = table.set_column(index, field, arrow.array([text for text, _ in made], field.type))
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


def _pair(result: Any, text: Any) -> tuple[Any, str | None]:
    return (text if result.error else result.text), result.error
