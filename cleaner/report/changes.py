"""What a page's edits look like to a person: steps from raw to clean text, stretches that stayed together, changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cleaner.edits import MOVE
from cleaner.model import Edit, Flag, Page, Span

KINDS = {
    "join": "joined",
    "move": "moved",
    "split": "parted",
    "replace": "replaced",
    "remove": "taken out",
    "add": "put in",
    "blank": "blanks",
    "convert": "script",
}
CONVERT_RULE = "convert-script"


class Change(NamedTuple):
    """An edit with its kind (a key of KINDS). A `move` covers the whole stretch that stands elsewhere now.

    Spans are in code points, as in `Edit`.
    """

    kind: str
    rule: str
    at: Span
    to: Span
    before: str
    after: str
    note: str


class Step(NamedTuple):
    """A span of the raw text and where it is in the clean text; `change` is its index, None for a copy."""

    raw: Span
    clean: Span
    change: int | None


class Walkthrough(NamedTuple):
    """A page's changes, and its steps in the clean text's order, cut into stretches that were contiguous in raw.

    `moved` says of a stretch which change (its index) put it elsewhere.
    """

    changes: list[Change]
    stretches: list[list[Step]]
    moved: dict[int, int]


def walk_page(page: Page) -> Walkthrough:
    """Return what led from the raw text of a page to the clean one."""
    edits = [edit for edit in page.edits if edit.rule != MOVE]
    changes = [_change(edit) for edit in edits]
    stretches = cut_stretches(list_steps(page))
    moved: dict[int, int] = {}
    for number in find_moved(stretches):
        steps = _trim(stretches[number], page.raw)
        raw, clean = span_of(steps, 0), span_of(steps, 1)
        moved[number] = len(changes)
        changes.append(Change("move", MOVE, raw, clean, page.raw[slice(*raw)], "", ""))
    return Walkthrough(changes, stretches, moved)


def _trim(stretch: Sequence[Step], raw: str) -> Sequence[Step]:
    """Return a stretch without the lines at its ends that were taken out: nobody moved them."""
    kept = [n for n, step in enumerate(stretch) if step.clean[0] < step.clean[1] or not raw[slice(*step.raw)].strip()]
    return stretch[kept[0] : kept[-1] + 1]


def all_flags(page: Page) -> list[Flag]:
    """Return the flags of page and articles, each once, in the raw text's order."""
    found = [*page.flags, *(flag for article in page.articles for flag in article.flags)]
    return sorted(dict.fromkeys(found), key=lambda flag: flag.span)


def kind_of(before: str, after: str, rule: str) -> str:
    """Name what an edit did.

    >>> kind_of(",", "，", ""), kind_of("\\n", "", ""), kind_of(" ", "", ""), kind_of("", "\\n\\n", "")
    ('replace', 'join', 'blank', 'split')
    """
    if rule.endswith(CONVERT_RULE):
        return "convert"
    if "\n" in before and "\n" not in after and len(before.strip()) <= 1 and len(after.strip()) <= 1:
        return "join"
    if not before.strip() and not after.strip():
        return "split" if "\n" in after and "\n" not in before else "blank"
    return "remove" if not after else "replace" if before else "add"


def _change(edit: Edit) -> Change:
    return Change(kind_of(edit.before, edit.after, edit.rule), *edit)


def list_steps(page: Page) -> list[Step]:
    """Return copies and edits in the clean text's order; together they cover the raw and the clean text."""
    steps: list[Step] = []
    at = cursor = number = 0
    for edit in page.edits:
        start, stop = edit.to
        if at < start:
            steps.append(Step((cursor, cursor + start - at), (at, start), None))
        if edit.rule != MOVE:
            steps.append(Step(edit.at, edit.to, number))
            number += 1
        at, cursor = stop, edit.at[1]
    if at < len(page.text):
        steps.append(Step((cursor, cursor + len(page.text) - at), (at, len(page.text)), None))
    return steps


def cut_stretches(steps: Sequence[Step]) -> list[list[Step]]:
    """Cut the steps where the raw text goes on elsewhere; an insertion stays with what stands before it."""
    stretches: list[list[Step]] = []
    cursor = -1
    for number, step in enumerate(steps):
        start, end = step.raw
        following = steps[number + 1].raw[0] if number + 1 < len(steps) else cursor
        stays = start == cursor or (start == end and following == cursor)
        if not stays or not stretches:
            stretches.append([])
        stretches[-1].append(step)
        if start < end or start == following:
            cursor = end
    return stretches


def span_of(stretch: Sequence[Step], side: int) -> Span:
    """Return the span of a stretch in the raw (0) or the clean text (1)."""
    spans = [step.clean for step in stretch] if side else [step.raw for step in stretch if step.raw[0] < step.raw[1]]
    spans = spans or [stretch[0].raw]
    return min(start for start, _ in spans), max(end for _, end in spans)


def find_moved(stretches: Sequence[Sequence[Step]]) -> list[int]:
    """Return the numbers of the stretches that were moved: the smallest part of the text without which all the rest
    stands in the raw order (the heaviest rising row, weighed by characters).
    """
    shown = [n for n, stretch in enumerate(stretches) if any(step.clean[0] < step.clean[1] for step in stretch)]
    weight = {n: span_of(stretches[n], 1)[1] - span_of(stretches[n], 1)[0] for n in shown}
    place = {n: span_of(stretches[n], 0)[0] for n in shown}
    best: dict[int, tuple[int, int | None]] = {}
    for i, n in enumerate(shown):
        sums = [(best[m][0], m) for m in shown[:i] if place[m] < place[n]]
        most, before = max(sums, default=(0, None), key=lambda item: item[0])
        best[n] = (most + weight[n], before)
    last = max(shown, default=None, key=lambda n: best[n][0])
    stayed: set[int] = set()
    while last is not None:
        stayed.add(last)
        last = best[last][1]
    return [n for n in shown if n not in stayed]
