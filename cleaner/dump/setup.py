"""What a worker needs to know; it is sent to each once, when it starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cleaner.dump.model import Emit

if TYPE_CHECKING:
    from cleaner import Cleaner


@dataclass(frozen=True, slots=True)
class Setup:
    """How records are cleaned and written. `choices` are what `Cleaner` takes.

    `limit` is the most bytes a record may have, `seconds` the time it may take for each 100,000 of them begun.
    """

    choices: dict[str, Any]
    text_field: str = "text"
    id_field: str = "id"
    emit: Emit = "documents"
    encoding: str | None = None
    log: bool = False
    limit: int = 16 << 20
    seconds: float = 120.0

    def make_cleaner(self) -> Cleaner:
        """Load the rules."""
        from cleaner import Cleaner
        from cleaner.io.cache import open_cache

        open_cache()
        return Cleaner(**self.choices)

    def time_for(self, size: int) -> float:
        """Return how many seconds a record of `size` bytes may take."""
        return self.seconds * (1 + size // 100_000)

    def identity(self) -> dict[str, Any]:
        """Return what makes another output, as plain data."""
        return {
            "choices": {name: value for name, value in self.choices.items() if value}, "text_field": self.text_field,
            "id_field": self.id_field, "emit": self.emit, "encoding": self.encoding, "log": self.log,
            "max_record": self.limit,
        }  # fmt: skip
