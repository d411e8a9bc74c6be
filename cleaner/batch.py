"""Clean many texts in one call that never raises: what engines that run user code in workers need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cleaner.engine.deadline import time_limit
from cleaner.pipeline import clean_page

if TYPE_CHECKING:
    from cleaner.engine.profile import RuleSet
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
    texts: Iterable[str], rules: RuleSet, *, sources: Sequence[str] | None = None, to: str | None = None,
    seconds: float | None = None,
) -> list[Result]:  # fmt: skip
    """Clean texts one by one; `sources` name them in article ids; each may take `seconds`."""
    return [
        _clean_text(text, rules, sources[number] if sources else None, to, seconds) for number, text in enumerate(texts)
    ]


def _clean_text(text: str, rules: RuleSet, source: str | None, to: str | None, seconds: float | None) -> Result:
    if not isinstance(text, str):
        return Result(None, error=f"TypeError: text (str) is wanted, not {type(text).__name__}")
    try:
        with time_limit(seconds):
            page = clean_page(text, rules, source=source, to=to)
    except Exception as error:  # noqa: BLE001 - one bad text must not cost the others
        return Result(text, error=f"{type(error).__name__}: {error}")
    return Result(page.text, page)
