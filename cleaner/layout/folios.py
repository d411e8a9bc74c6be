"""Find numbers that may count the pages of a book in one dump, and the headers beside them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from cleaner.engine.profile import RuleSet
from cleaner.layout.lines import Line
from cleaner.layout.matcher import search


class Folio(NamedTuple):
    """A line that may hold a page's number, and the header beside it."""

    at: int
    number: int
    header: str


def count_pages(lines: Sequence[Line], rules: RuleSet) -> list[list[Folio]]:
    """Return the rows of numbers that may count pages of like length, the longest first; no two share a number."""
    folios = _find_folios(lines, rules)
    before, lengths = _link(folios, rules)
    rows: list[list[Folio]] = []
    used: set[int] = set()
    for last in sorted(range(len(folios)), key=lambda i: -lengths[i]):
        if lengths[last] < 2 or len(rows) == rules.settings["page_counts"]:
            break
        row = _trace(before, last)
        if used.isdisjoint(row):
            rows.append([folios[i] for i in row])
        used.update(row)
    return [row for row in rows if _are_alike(row, rules)]


def _find_folios(lines: Sequence[Line], rules: RuleSet) -> list[Folio]:
    found = list(_candidates(lines, rules))
    known = Counter(folio.header for folio in found)
    return [folio for folio in found if not folio.header or known[folio.header] > 1]


def _candidates(lines: Sequence[Line], rules: RuleSet) -> Iterator[Folio]:
    for i, line in enumerate(lines):
        for _, match in search(rules, "running-folio", line.text):
            found = match.groupdict()
            yield Folio(i, int(found["number"]), (found.get("header") or "").strip())
            break


def _link(folios: Sequence[Folio], rules: RuleSet) -> tuple[list[int], list[int]]:
    """Return for each number the one it counts on from, -1 for none, and the length of the row that it ends.

    A page's number may be lost, but none is passed over: where 2 stands between 1 and 3, it counts from there or not
    at all.
    """
    near, far = rules.settings["page_shortest"], int(rules.settings["page_longest"])
    before, lengths = [-1] * len(folios), [1] * len(folios)
    for i, folio in enumerate(folios):
        for k in range(i - 1, -1, -1):
            other, distance = folios[k], folio.at - folios[k].at
            step = folio.number - other.number
            if distance > 2 * far or step == 0:
                break
            if step in (1, 2):
                if near <= distance <= far * step:
                    before[i], lengths[i] = k, lengths[k] + 1
                break
    return before, lengths


def _trace(before: Sequence[int], last: int) -> list[int]:
    row = [last]
    while before[row[-1]] >= 0:
        row.append(before[row[-1]])
    return row[::-1]


def _are_alike(row: Sequence[Folio], rules: RuleSet) -> bool:
    """Say whether nearly all pages but the first and the last are about equally long."""
    pages = [(b.at - a.at) / (b.number - a.number) for a, b in pairwise(row)]
    from statistics import median  # takes long to import

    usual, inner = median(pages), pages[1:-1]
    alike = sum(1 for page in inner if abs(page - usual) <= rules.settings["page_uneven"] * usual)
    return alike >= rules.settings["page_alike"] * len(inner)


def find_headers(lines: Sequence[Line], folios: Sequence[Folio], rules: RuleSet) -> set[int]:
    """Return the lines on one side of the page numbers that come back on half of the pages or more.

    A line of speech may come back as well: none that ends in a mark or is indented like a paragraph is taken.
    """
    first = [0] if folios[0].at > 1 else []  # the numbers stand at the foot: the first page's header has none before
    sides = [folio.at - 1 for folio in folios], first + [folio.at + 1 for folio in folios]
    headers: set[int] = set()
    for side in sides:
        known = Counter(lines[i].text for i in side if 0 <= i < len(lines))
        least = max(2, int(rules.settings["header_share"] * len(side)))
        shown = [i for i in side if 0 <= i < len(lines) and known[lines[i].text] >= least]
        headers.update(i for i in shown if _may_be_header(lines[i], rules))
    title = folios[0].at > 1 and lines[0].text != lines[1].text  # the first line may be the chapter's title itself
    return headers - {0} if title else headers


def _may_be_header(line: Line, rules: RuleSet) -> bool:
    settings, classes = rules.settings, rules.classes
    ended = re.search(f"[{classes['terminal']}{classes['closing']}{classes['clause']}]$", line.text)
    indented = settings["paragraph_indent_least"] <= line.indent <= settings["paragraph_indent_most"]
    return not ended and not indented and line.width <= settings["header_widest"]
