"""Bring text into normalisation form C with the smallest changes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain, groupby

from cleaner.engine.compile import Context, Finder
from cleaner.engine.rule import Rule
from cleaner.trace import Change

STACK = 30  # marks on one character that text may hold in the stream-safe format (UAX #15, 13)


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
    wanted = _compose(line)
    if wanted == line:
        return
    parts = list(_clusters(line))
    if "".join(map(_compose, parts)) != wanted:
        parts = [line]  # a letter that composes backwards without being a mark
    for part in parts:
        new = _compose(part)
        if new != part:
            yield Change(at, at + len(part), new, name)
        at += len(part)


def _compose(text: str) -> str:
    """Return form C. High stacks of marks are sorted first: Python's own sorting takes the square of their number."""
    if len(text) <= STACK or unicodedata.is_normalized("NFC", text):
        return unicodedata.normalize("NFC", text)
    stacks = ((marked, list(chars)) for marked, chars in groupby(text, lambda char: unicodedata.combining(char) > 0))
    sorted_ = (sorted(chars, key=unicodedata.combining) if marked else chars for marked, chars in stacks)
    return unicodedata.normalize("NFC", "".join(chain.from_iterable(sorted_)))


def _clusters(line: str) -> Iterator[str]:
    """Cut a line before each character that does not lean on the one before it."""
    start = 0
    for at, char in enumerate(line):
        if at > start and not unicodedata.category(char).startswith("M") and not "\u1160" <= char <= "\u11ff":
            yield line[start:at]
            start = at
    yield line[start:]
