"""What a worker needs to know; it is sent to each once, when it starts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner.dump.model import LIMITS, Emit, Limits
from cleaner.io.log import sha256

if TYPE_CHECKING:
    from cleaner import Cleaner


@dataclass(frozen=True, slots=True)
class Setup:
    """How records are cleaned and written. `choices` are what `Cleaner` takes.

    `seconds` is the time that a record may take for each 100,000 bytes begun.
    """

    choices: dict[str, Any]
    text_field: str = "text"
    id_field: str = "id"
    emit: Emit = "documents"
    encoding: str | None = None
    log: bool = False
    limits: Limits = LIMITS
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
        choices = {name: value for name, value in self.choices.items() if value}
        if "decisions" in choices:
            choices["decisions"] = sha256(Path(choices["decisions"]).read_bytes())
        return {
            "choices": choices, "text_field": self.text_field, "id_field": self.id_field, "emit": self.emit,
            "encoding": self.encoding, "log": self.log,
            **{f"max_{name}": most for name, most in self.limits._asdict().items()},
        }  # fmt: skip
