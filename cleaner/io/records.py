"""Make a page's text from its article records again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cleaner.errors import LogError
from cleaner.model import BODY_ROLES, Page

Place = tuple[int, str, int, int]  # number of the record (from 0), its field, start and end in the page's text
Gap = tuple[int, str]  # start in the page's text, and what stands there

GAP = "\n\n"  # what parts two blocks when the log does not say otherwise
FIELDS = ("label", "kicker", "title", "subtitle", "byline", "credit")
LISTS = ("paragraphs", "captions")


def map_records(page: Page) -> tuple[tuple[Place, ...], tuple[Gap, ...]]:
    """Return where the fields of the records stand in the page's text, and the text between that is not `GAP`."""
    places = sorted(_places(page), key=lambda place: place[2])
    gaps: list[Gap] = []
    at = 0
    for start, end in [*((place[2], place[3]) for place in places), (len(page.text), len(page.text))]:
        gap = page.text[at:start]
        if gap != (GAP if 0 < at < len(page.text) else ""):
            gaps.append((at, gap))
        at = end
    return tuple(places), tuple(gaps)


def _places(page: Page) -> Iterator[Place]:
    for number, article in enumerate(page.articles):
        for block in article.blocks:
            name = "paragraphs" if block.role in BODY_ROLES else "captions" if block.role == "caption" else block.role
            if name in (*FIELDS, *LISTS):
                yield number, name, block.start, block.start + len(block.text)


def rebuild_text(records: Sequence[dict[str, Any]], blocks: Sequence[Place], gaps: Sequence[Gap], length: int) -> str:
    """Return the page's text of `length` code points; LogError when a field is missing or has another length."""
    taken: dict[tuple[int, str], int] = {}  # how much of a field is used: code points, or items of a list
    between = dict(gaps)
    parts: list[str] = []
    at = 0
    for number, name, start, end in blocks:
        parts.append(between.get(at, GAP if at else ""))
        parts.append(_take(records, number, name, end - start, taken))
        at = end
    parts.append(between.get(at, GAP if 0 < at < length else ""))
    return "".join(parts)


def _take(
    records: Sequence[dict[str, Any]], number: int, name: str, size: int, taken: dict[tuple[int, str], int]
) -> str:
    """Take the next block out of a record's field: from a list an item, from a string `size` code points."""
    used = taken.get((number, name), 0)
    try:
        value = records[number][name]
        if name in LISTS:
            item = value[used]
            text = item["text"] if name == "paragraphs" else item
            taken[number, name] = used + 1
        else:
            text = value[used : used + size]
            taken[number, name] = used + size + 1
    except (LookupError, TypeError):
        text = None
    if not isinstance(text, str) or len(text) != size:
        raise LogError(f"record {number + 1}: {name!r} is not what was written")
    return text
