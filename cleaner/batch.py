"""Clean many texts in one call that never raises: what engines that run user code in workers need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cleaner.engine.limit import time_limit

if TYPE_CHECKING:
    from cleaner import Cleaner
    from cleaner.model import Page


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one text: its page, or the error that stopped it.

    `text` is the clean text; with an error it is the text as it was given (None if that was no text).
    """

    text: str | None
    page: Page | None = None
    error: str | None = None


def clean_texts(
    texts: Iterable[str], cleaner: Cleaner, sources: Sequence[str] | None = None, seconds: float | None = None
) -> list[Result]:
    """Clean texts one by one; `sources` name them in article ids; each may take `seconds`."""
    return [
        _clean_text(text, cleaner, sources[number] if sources else None, seconds) for number, text in enumerate(texts)
    ]


def _clean_text(text: str, cleaner: Cleaner, source: str | None, seconds: float | None) -> Result:
    if not isinstance(text, str):
        return Result(None, error=f"TypeError: text (str) is wanted, not {type(text).__name__}")
    try:
        with time_limit(seconds):
            page = cleaner.clean_page(text, source=source)
    except Exception as error:  # noqa: BLE001 - one bad text must not cost the others
        return Result(text, error=f"{type(error).__name__}: {error}")
    return Result(page.text, page)
