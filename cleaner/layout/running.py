"""Find what is printed around the text of a book's pages: running headers, page numbers, notes at the foot.

Several pages in one dump show it: numbers that count the pages, each on a line of its own or beside a header that comes
back, cut sentences in two. Where no sentence is cut there is nothing to mend, and a number may head a section.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from cleaner.engine.profile import RuleSet
from cleaner.layout.lines import Line
from cleaner.layout.parts import patterns_for


class Folio(NamedTuple):
    """A line that may hold a page's number, and the header beside it."""

    at: int
    number: int
    header: str


@dataclass(frozen=True, slots=True)
class PageParts:
    """The lines of the text that runs over the pages, the notes at their feet, and the lines to be left out."""

    body: list[Line]
    notes: list[Line]
    running: list[Line]


def part_pages(lines: Sequence[Line], rules: RuleSet) -> PageParts:
    """Part the text from running headers, page numbers and notes."""
    for folios in _count_pages(lines, rules):
        running = {folio.at for folio in folios} | _find_headers(lines, folios, rules)
        notes = _find_notes(lines, running, rules)
        if _cuts_sentences(lines, running, notes, rules):
            return _part(lines, running, notes)
    return PageParts(list(lines), [], [])


def _part(lines: Sequence[Line], running: set[int], notes: set[int]) -> PageParts:
    body: list[Line] = []
    broken = False  # a page has ended since the last line of the text
    for i, line in enumerate(lines):
        if i in running:
            broken = True
        elif i not in notes:
            body.append(replace(line, blanks=0) if broken and body else line)
            broken = False
    foot = [lines[i] if i - 1 in notes else replace(lines[i], blanks=1) for i in sorted(notes)]
    return PageParts(body, foot, [lines[i] for i in sorted(running)])


def _count_pages(lines: Sequence[Line], rules: RuleSet) -> Iterator[list[Folio]]:
    """Yield rows of numbers that may count pages, the longest first."""
    near, far = rules.settings["page_shortest"], rules.settings["page_longest"]
    chains: list[list[Folio]] = []
    open_chains: list[list[Folio]] = []
    for folio in _candidates(lines, rules):
        open_chains = [chain for chain in open_chains if folio.at - chain[-1].at <= 2 * far]
        heads = [
            chain
            for chain in open_chains
            if chain[-1].number < folio.number <= chain[-1].number + 2 and near <= folio.at - chain[-1].at
            if folio.at - chain[-1].at <= far * (folio.number - chain[-1].number)
        ]
        chains.append([*max(heads, key=len, default=[]), folio])
        open_chains.append(chains[-1])
    for chain in sorted(chains, key=len, reverse=True)[: int(rules.settings["page_counts"])]:
        headers = Counter(folio.header for folio in chain)
        if len(chain) > 1 and (headers[""] or max(headers.values()) > 1):
            yield chain


def _candidates(lines: Sequence[Line], rules: RuleSet) -> Iterator[Folio]:
    for i, line in enumerate(lines):
        for item in patterns_for(rules, "running-folio"):
            match = item.pattern.search(line.text) if item.pattern else None
            if match:
                found = match.groupdict()
                yield Folio(i, int(found["number"]), (found.get("header") or "").strip())
                break


def _cuts_sentences(lines: Sequence[Line], running: set[int], notes: set[int], rules: RuleSet) -> bool:
    """Say whether enough pages end in mid-sentence, so that what stands there is no heading of a section.

    Only lines with a mark inside count, for verse may have no marks at all.
    """
    aside = running | notes
    marked = re.compile(f"[{rules.classes['mark']}{rules.classes['narrow_clause']}]")
    closed = re.compile(f"[{rules.classes['terminal']}{rules.classes['closing']}]$")
    ends = [i for i in range(len(lines) - 1) if i not in aside and i + 1 in aside and _next_running(i, running, notes)]
    cut = sum(1 for i in ends if not closed.search(lines[i].text) and marked.search(lines[i].text[:-1]))
    return cut >= max(1.0, rules.settings["page_cut"] * len(ends))


def _next_running(i: int, running: set[int], notes: set[int]) -> bool:
    while i + 1 in notes:
        i += 1
    return i + 1 in running


def _find_headers(lines: Sequence[Line], folios: Sequence[Folio], rules: RuleSet) -> set[int]:
    """Return the lines right before or behind the page numbers that come back from page to page."""
    beside = [0, *(i for folio in folios for i in (folio.at - 1, folio.at + 1) if 0 < i < len(lines))]
    beside = [i for i in beside if lines[i].width <= rules.settings["header_widest"]]
    known = Counter(lines[i].text for i in dict.fromkeys(beside))
    headers = {i for i in beside if known[lines[i].text] > 1}
    title = folios[0].at > 1 and lines[0].text != lines[1].text  # the first line may be the chapter's title itself
    return headers - {0} if title else headers


def _find_notes(lines: Sequence[Line], running: set[int], rules: RuleSet) -> set[int]:
    """Return the lines at the foot of pages from the first note on whose mark stands in the page's text."""
    found: set[int] = set()
    start = 0
    for end in sorted(running):
        for i in range(start, end):
            mark = _note_mark(lines[i], rules)
            if mark and any(mark in line.text and not _note_mark(line, rules) for line in lines[start:i]):
                found.update(range(i, end))
                break
        start = end + 1
    return found


def _note_mark(line: Line, rules: RuleSet) -> str:
    for item in patterns_for(rules, "note-start"):
        match = item.pattern.search(line.text) if item.pattern else None
        if match:
            return str(match["mark"])
    return ""
