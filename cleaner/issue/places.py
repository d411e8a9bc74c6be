"""Read which page of which issue a text is (from its folio line, else its file's name), and what jump marks name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath

from cleaner.engine.profile import RuleSet
from cleaner.layout.parts import find_value
from cleaner.model import Page

Number = tuple[str, int]  # section letter or nothing, number


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands: its number, and its issue's date as digits (with or without a year); None if unknown."""

    number: Number | None
    date: str | None

    def may_share_issue(self, other: Place) -> bool:
        """Say whether nothing speaks against both pages being of one issue."""
        if self.date is None or other.date is None:
            return True
        return self.date.endswith(other.date) or other.date.endswith(self.date)


def read_place(page: Page, rules: RuleSet) -> Place:
    """Return what a page's furniture says of its place, else what the path of its file says."""
    path = PurePath(page.source).with_suffix("") if page.source else None
    lines = [*page.furniture]
    number = next((value for line in lines if (value := find_value(rules, "page-number", line))), None)
    date = next((value for line in lines if (value := find_value(rules, "issue-date", line))), None)
    if path is not None:
        number = number or find_value(rules, "file-page", path.name.removesuffix(".raw"))
        date = date or find_value(rules, "issue-date", str(path).removesuffix(".raw"))
    found = sorted(read_numbers(number or "", rules))
    return Place(found[0] if found else None, _read_date(date) if date else None)


def _read_date(text: str) -> str:
    """Return a date as digits, month and day of two each.

    >>> _read_date("2024年3月1日"), _read_date("0518")
    ('20240301', '0518')
    """
    return "".join(part.zfill(2) for part in re.findall(r"\d+", text))


def read_numbers(text: str, rules: RuleSet) -> frozenset[Number]:
    """Return the page numbers in a jump mark or folio line, its quoted headline left aside."""
    title = find_value(rules, "jump-title", text)
    bare = text.replace(title, "") if title else text
    return frozenset(
        (letter, _read_number(digits))
        for letter, digits in re.findall(f"([A-Z]?)\\s*([{rules.classes['folio']}]+)", bare)
    )


def _read_number(digits: str) -> int:
    """Return the value of a number in Arabic or Chinese digits; 头, the front page, is 1.

    >>> _read_number("03"), _read_number("十二"), _read_number("二十"), _read_number("头")
    (3, 12, 20, 1)
    """
    value = unit = 0
    for digit in digits:
        worth = int(unicodedata.numeric(digit, 1))
        if worth == 10:
            value, unit = value + (unit or 1) * worth, 0
        else:
            unit = unit * 10 + worth
    return value + unit


def names_page(numbers: frozenset[Number], number: Number | None) -> bool | None:
    """Say whether a mark names a page; None if the mark's or the page's number is not known.

    A mark may leave out the section's letter.
    """
    if not numbers or number is None:
        return None
    return any(value == number[1] and (letter == number[0] or not letter or not number[0]) for letter, value in numbers)
