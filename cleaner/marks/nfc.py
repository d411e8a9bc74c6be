"""Bring text into normalisation form C with the smallest changes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain

from cleaner.engine.compile import Context, Finder
from cleaner.engine.rule import Rule
from cleaner.trace import Change


def make_nfc(rule: Rule, classes: dict[str, str]) -> Finder:
    """Make the procedure `nfc`: every stretch that is not in form C is replaced by what normalisation gives."""

    def find(text: str, context: Context) -> list[Change]:
        return normalise_text(text, rule.id)

    return find


def normalise_text(text: str, name: str) -> list[Change]:
    """Return the changes that bring a text into form C; `name` is the rule that they are logged under.

    >>> normalise_text("cafe\u0301", "nfc")[0].text
    'é'
    """
    if unicodedata.is_normalized("NFC", text):
        return []
    lines = ((match.start(), match[0]) for match in re.finditer(r"[^\n]+", text))
    return list(chain.from_iterable(_normalise_line(line, at, name) for at, line in lines))


def _normalise_line(line: str, at: int, name: str) -> Iterator[Change]:
    """Yield the changes of one line; a newline never composes with anything, so lines stand alone."""
    wanted = unicodedata.normalize("NFC", line)
    if wanted == line:
        return
    parts = list(_clusters(line))
    if "".join(unicodedata.normalize("NFC", part) for part in parts) != wanted:
        parts = [line]  # a letter that composes backwards without being a mark
    for part in parts:
        new = unicodedata.normalize("NFC", part)
        if new != part:
            yield Change(at, at + len(part), new, name)
        at += len(part)


def _clusters(line: str) -> Iterator[str]:
    """Cut a line before each character that does not lean on the one before it."""
    start = 0
    for at, char in enumerate(line):
        if at > start and not unicodedata.category(char).startswith("M") and not "\u1160" <= char <= "\u11ff":
            yield line[start:at]
            start = at
    yield line[start:]
