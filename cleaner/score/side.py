"""Flatten a page's records to one row of characters that can be compared, each with the unit it stands in."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from cleaner.engine.load import load_table
from cleaner.paths import rules_dir
from cleaner.score.records import HEAD_ROLES, Record

BODY = ("paragraph", "heading")
NEUTRAL = ("furniture", "jump", "credit", "label")  # may stand in any paragraph, or in none
UNSEEN = "\u200b\u2060\ufeff\u00ad"
FOLDS = "score/folds.tsv"
FRAMES = ("Ps", "Pe", "So")  # general categories: brackets, signs such as U+25A1


class Stretch(NamedTuple):
    """A unit of text (paragraph, title, caption …): its record, its role, its span in the row of characters."""

    record: int
    role: str
    start: int
    end: int

    @property
    def size(self) -> int:
        """Its length in characters without blanks."""
        return self.end - self.start


class Side:
    """One side of the comparison. `raw` are the characters without blanks, `folded` what is compared of them, `owner`
    the number of each one's unit in `units`."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.records = records
        self.units: list[Stretch] = []
        self.owner: list[int] = []
        parts: list[str] = []
        for number, record in enumerate(records):
            for role, text in flatten(record):
                if bare := strip_blanks(text):
                    at = len(self.owner)
                    self.owner += [len(self.units)] * len(bare)
                    self.units.append(Stretch(number, role, at, at + len(bare)))
                    parts.append(bare)
        self.raw = "".join(parts)
        self.folded = fold_text(self.raw)

    def role_at(self, at: int) -> str:
        """Return the role of the unit that a character stands in."""
        return self.units[self.owner[at]].role

    def record_at(self, at: int) -> int:
        """Return the number of the record that a character stands in."""
        return self.units[self.owner[at]].record


def flatten(record: Record) -> Iterator[tuple[str, str]]:
    """Yield role and text of a record's units in print order."""
    if record.kind == "furniture":
        yield from (("furniture", text) for _, text in record.body)
        return
    yield from ((role, record.fields.get(role, "")) for role in (*HEAD_ROLES, "label"))
    if record.jump_leads:
        yield "jump", record.jump
    yield from record.body
    if not record.jump_leads:
        yield "jump", record.jump
    yield from (("caption", text) for text in record.captions)
    yield "credit", record.fields.get("credit", "")


def plain_side(text: str) -> Side:
    """Return the side that a plain text makes, a line a unit."""
    return Side([Record(body=tuple(("paragraph", line) for line in text.split("\n")))])


def strip_blanks(text: str) -> str:
    """Return a text without blanks and characters that do not show."""
    return "".join(char for char in text if not char.isspace() and char not in UNSEEN)


def fold_text(text: str) -> str:
    """Return the text in the form it is compared in: widths and kinds of quotes and dashes made alike.

    >>> fold_text("“１２，”") == fold_text('"12,"')
    True
    """
    return "".join(map(_fold, text))


@cache
def _fold(char: str) -> str:
    known = _folds().get(char)
    if known is not None:
        return known
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 else char


@cache
def _folds() -> dict[str, str]:
    return dict(load_table(rules_dir() / FOLDS, FOLDS, "score"))


def is_mark(char: str) -> bool:
    """Say whether a character is punctuation or a symbol, by its general category."""
    return unicodedata.category(char)[0] in "PS"


def normalise(text: str) -> str:
    """Return a title, byline … as it is compared: folded, without blanks, without brackets and signs at its ends.

    >>> normalise("（□凌　山）")
    '凌山'
    """
    folded = fold_text(strip_blanks(text))
    shown = [at for at, char in enumerate(folded) if unicodedata.category(char) not in FRAMES]
    return folded[shown[0] : shown[-1] + 1] if shown else folded
