"""Find what is printed around the text of a book's pages: running headers, page numbers, notes at the foot.

Several pages in one dump show it: numbers that count pages of like length, each on a line of its own or beside a header
that comes back, cut sentences in two at full lines of the text's one column (`folios` finds the numbers). A number may
as well head a section, a question or a subtitle, so without all of that everything stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cleaner.engine.profile import RuleSet
from cleaner.layout.columns import measure_openness
from cleaner.layout.folios import count_pages, find_headers
from cleaner.layout.lines import Line
from cleaner.layout.matcher import search
from cleaner.layout.steady import find_steady_column


class PageParts(NamedTuple):
    """The lines of the text that runs over the pages, the notes at their feet, and the lines to be left out."""

    body: list[Line]
    notes: list[Line]
    running: list[Line]


def part_pages(lines: Sequence[Line], rules: RuleSet) -> PageParts:
    """Part the text from running headers, page numbers and notes."""
    chains = count_pages(lines, rules)
    if chains:
        marks = [_note_mark(line, rules) for line in lines]
        opens = [measure_openness(line, rules) for line in lines]
        for folios in chains:
            headers = find_headers(lines, folios, rules)
            running = {folio.at for folio in folios} | headers
            notes = _find_notes(lines, running, marks, rules)
            headed = bool(headers) or any(folio.header for folio in folios)
            if _cuts_sentences(lines, opens, running, notes, headed, rules):
                return _part(lines, running, notes)
    return PageParts(list(lines), [], [])


def _part(lines: Sequence[Line], running: set[int], notes: set[int]) -> PageParts:
    body: list[Line] = []
    broken = False  # a page has ended since the last line of the text
    for i, line in enumerate(lines):
        if i in running:
            broken = True
        elif i not in notes:
            body.append(line._replace(blanks=0) if broken and body else line)
            broken = False
    foot = [lines[i] if i - 1 in notes else lines[i]._replace(blanks=1) for i in sorted(notes)]
    return PageParts(body, foot, [lines[i] for i in sorted(running)])


def _cuts_sentences(
    lines: Sequence[Line], opens: Sequence[int], running: set[int], notes: set[int], headed: bool, rules: RuleSet
) -> bool:
    """Say whether enough pages end in mid-sentence, so that what stands there is no heading of a section.

    Each such page ends with a full line of the text's one column. Bare numbers must cut several sentences, and none of
    these counts behind a blank line, as stands before a section's number.
    """
    aside = running | notes
    body = [i for i in range(len(lines)) if i not in aside]
    ends = [i for i in body[:-1] if i + 1 in aside and _next_running(i, aside, running)]
    cut = {i for i in ends if opens[i] and not _stands_apart(lines, i, aside, headed)}
    least = max(1.0 if headed else rules.settings["page_bare"], rules.settings["page_cut"] * len(ends))
    if len(cut) < least:
        return False
    column = find_steady_column([lines[i] for i in body], [opens[i] for i in body], rules)
    return column is not None and sum(column.fills(k) for k, i in enumerate(body) if i in cut) >= least


def _next_running(i: int, aside: set[int], running: set[int]) -> bool:
    while i + 1 in aside - running:
        i += 1
    return i + 1 in running


def _stands_apart(lines: Sequence[Line], end: int, aside: set[int], headed: bool) -> bool:
    """Say whether blank lines part what is printed around the pages from the text, on both sides or, where no header
    comes back, from the text before."""
    after = end + 1
    while after in aside:
        after += 1
    behind = after < len(lines) and lines[after].blanks > 0
    return lines[end + 1].blanks > 0 and (behind or not headed)


def _find_notes(lines: Sequence[Line], running: set[int], marks: Sequence[str], rules: RuleSet) -> set[int]:
    """Return the lines at the foot of pages from the first note on whose mark stands in the page's text."""
    found: set[int] = set()
    start = 0
    for end in sorted(running):
        start = max(start, end - int(rules.settings["page_longest"]))
        for i in range(start, end):
            if marks[i] and any(marks[i] in lines[k].text and not marks[k] for k in range(start, i)):
                found.update(range(i, end))
                break
        start = end + 1
    return found


def _note_mark(line: Line, rules: RuleSet) -> str:
    return next((str(match["mark"]) for _, match in search(rules, "note-start", line.text)), "")
