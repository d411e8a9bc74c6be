"""Make the page of what the walks left behind: articles, edits and flags, all with their places in the raw text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

from cleaner.edits import edits_of
from cleaner.layout.parts import find_value
from cleaner.layout.segments import Segment
from cleaner.model import Article, Block, Bounds, Flag, Kind, Page, Span, merge_flags
from cleaner.past import Past
from cleaner.trace import Origins, compose

if TYPE_CHECKING:
    from cleaner.pipeline import Walk

_NUMBER = itemgetter(1)
Place = TypeVar("Place", bound=tuple[Any, ...])  # it begins with a place in the raw text
DANGLING = "the text stops in mid-sentence and its other half was not found"


def assemble_page(past: Past, last: Walk, source: str | None, stem: str | None = None) -> Page:
    """Return the page that the last walk and what is kept of those before it make."""
    return _Assembler(past, last, source, stem).page()


class _Assembler:
    def __init__(self, past: Past, last: Walk, source: str | None, stem: str | None) -> None:
        self.raw, self.rules, self.source = past.raw, past.rules, source
        self.stem = stem or _stem(source)
        self.past, self.last = past, last
        self.flags: list[Flag] = []
        self._fold()
        self.bounds: dict[int, Bounds] = {}  # of the blocks that are not empty, by article
        for bound in self.last.bounds:
            if bound[0] < bound[1]:
                self.bounds.setdefault(bound[3], []).append(bound)
        self.furniture = tuple(past.furniture)
        self.origins = Origins(past.layer, self.raw)
        self.jumps = {role: sorted(jumps) for role, jumps in past.jumps.items()}
        self.places = sorted((flag.span[0], number) for number, flag in enumerate(self.flags))

    def page(self) -> Page:
        articles = tuple(self._article(number, segment) for number, segment in enumerate(self.last.layout.segments))
        articles = tuple(article for article in articles if article.blocks)
        layer = self.past.layer
        edits = edits_of(layer, self.raw)
        flags = merge_flags(self.flags, articles)
        return Page(self.raw, self.last.text, articles, edits, flags, tuple(layer), self.source, self.furniture)

    def _fold(self) -> None:
        """Compose the last walk's layers, and carry the flags that were raised between them back to the raw text."""
        past, trail = self.past, self.last.trail
        flags = list(reversed(trail.flags))
        for number in range(len(trail.layers) + 1):
            if number == self.last.before_layout:
                self.page_origins = Origins(past.layer, self.raw)
                past.keep(self.last.layout)
            origins = Origins(past.layer, self.raw) if flags and flags[-1][0] == number else None
            while origins and flags and flags[-1][0] == number:
                _, raised = flags.pop()
                span = origins.extent(raised.start, raised.end)
                self.flags.append(Flag(raised.code, raised.message, span, raised.suggestion))
            if number < len(trail.layers):
                past.layer = compose(past.layer, trail.layers[number])

    def _article(self, number: int, segment: Segment) -> Article:
        blocks = tuple(
            Block(role, self.last.text[start:end], tuple(self.origins.spans(start, end)), start)
            for start, end, role, _ in self.bounds.get(number, ())
        )
        first = next((block.text for block in blocks if block.role == "paragraph"), "")
        return Article(
            id=f"{self.stem}-{number + 1:02d}",
            source=self.source,
            page=self._page_number(),
            kind=self._kind(segment, blocks),
            blocks=blocks,
            dateline=self._match("dateline", first),
            continued_from=self._jump(blocks, "jump-from"),
            continued_on=self._jump(blocks, "jump-on"),
            flags=self._article_flags(segment, blocks),
        )

    def _match(self, role: str, text: str) -> str | None:
        return find_value(self.rules, role, text)

    def _page_number(self) -> str | None:
        found = (self._match("page-number", text) for text in self.furniture)
        return next((number for number in found if number), None)

    def _kind(self, segment: Segment, blocks: Sequence[Block]) -> Kind:
        title = " ".join(block.text for block in blocks if block.role == "title")
        if segment.photo and not segment.body:
            return "photo"
        return "notice" if self._match("notice", title) else "article"

    def _jump(self, blocks: Sequence[Block], kind: str) -> str | None:
        spans = [span for block in blocks for span in block.spans]
        inside = _inside(self.jumps[kind], spans)
        return min(inside, key=_NUMBER)[2] if inside else None

    def _article_flags(self, segment: Segment, blocks: Sequence[Block]) -> tuple[Flag, ...]:
        origins = self.page_origins
        flags = [Flag(code, text, origins.extent(*segment.units()[0].span)) for code, text in segment.flags]
        flags += [
            Flag("dangling", DANGLING, origins.extent(*unit.span))
            for unit in segment.body
            if unit.verdict == "dangling" and unit.role == "paragraph" and len(blocks) > 1
        ]
        return tuple(dict.fromkeys([*flags, *self._raised(blocks)]))

    def _raised(self, blocks: Sequence[Block]) -> list[Flag]:
        """Return the flags that were raised in some blocks, in the order in which they were raised."""
        spans = [span for block in blocks for span in block.spans] if self.places else []
        return [self.flags[number] for number in sorted(number for _, number in _inside(self.places, spans))]


def _stem(source: str | None) -> str:
    """Return the file's name without folder and ending, for ids."""
    return re.sub(r"(\.raw)?\.\w+$", "", re.split(r"[\\/]", source)[-1]) if source else "page"


def _inside(places: list[Place], spans: Sequence[Span]) -> list[Place]:
    """Return those of some places, which are in order, that lie in one of the spans, which are apart."""
    if not places:
        return []
    return [row for start, end in spans for row in places[bisect_left(places, (start,)) : bisect_left(places, (end,))]]
