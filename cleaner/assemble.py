"""Make the page of what the walks left behind: articles, edits and flags, all with their places in the raw text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

from cleaner.edits import edits_of
from cleaner.engine.profile import RuleSet
from cleaner.layout.parts import find_value
from cleaner.layout.segments import Segment
from cleaner.layout.units import Unit
from cleaner.model import Article, Block, Bounds, Flag, Kind, Page, Span, merge_flags
from cleaner.trace import Layer, Origins, compose, layer_of, render

if TYPE_CHECKING:
    from cleaner.pipeline import Walk

_NUMBER = itemgetter(1)
Place = TypeVar("Place", bound=tuple[Any, ...])  # it begins with a place in the raw text
Jump = tuple[int, int, str]  # a raw place in the article that a jump mark belongs to, the mark's number, its text
DANGLING = "the text stops in mid-sentence and its other half was not found"


def assemble_page(
    raw: str, walks: Sequence[Walk], before: Layer, rules: RuleSet, source: str | None, stem: str | None = None
) -> Page:
    """Return the page. `before` leads from the raw text to the text that the last walk began with."""
    return _Assembler(raw, walks, before, rules, source, stem).page()


class _Assembler:
    def __init__(
        self, raw: str, walks: Sequence[Walk], before: Layer, rules: RuleSet, source: str | None, stem: str | None
    ) -> None:
        self.raw, self.walks, self.rules, self.source = raw, walks, rules, source
        self.stem = stem or _stem(source)
        self.furniture = tuple(dict.fromkeys(unit.text for walk in walks for unit in walk.layout.furniture))
        self.last = walks[-1]
        self.layer = before
        self.flags: list[Flag] = []
        self._fold()
        self.bounds: dict[int, Bounds] = {}  # of the blocks that are not empty, by article
        for bound in self.last.bounds:
            if bound[0] < bound[1]:
                self.bounds.setdefault(bound[3], []).append(bound)
        self.origins = Origins(self.layer, raw)
        self.jumps = self._find_jumps()
        self.places = sorted((flag.span[0], number) for number, flag in enumerate(self.flags))

    def page(self) -> Page:
        articles = tuple(self._article(number, segment) for number, segment in enumerate(self.last.layout.segments))
        articles = tuple(article for article in articles if article.blocks)
        edits = edits_of(self.layer, self.raw)
        flags = merge_flags(self.flags, articles)
        return Page(self.raw, self.last.text, articles, edits, flags, tuple(self.layer), self.source, self.furniture)

    def _fold(self) -> None:
        """Compose the last walk's layers, and carry the flags that were raised between them back to the raw text."""
        trail = self.last.trail
        flags = list(reversed(trail.flags))
        for number in range(len(trail.layers) + 1):
            if number == self.last.before_layout:
                self.page_origins = Origins(self.layer, self.raw)
            origins = Origins(self.layer, self.raw) if flags and flags[-1][0] == number else None
            while origins and flags and flags[-1][0] == number:
                _, raised = flags.pop()
                span = _span(origins, raised.start, raised.end)
                self.flags.append(Flag(raised.code, raised.message, span, raised.suggestion))
            if number < len(trail.layers):
                self.layer = compose(self.layer, trail.layers[number])

    def _find_jumps(self) -> dict[str, list[Jump]]:
        """Return the jump marks of all walks, by kind and in the raw text's order."""
        found: dict[str, list[Jump]] = {"jump-from": [], "jump-on": []}
        if not any(segment.jumps for walk in self.walks for segment in walk.layout.segments):
            return found
        layer = layer_of([], len(self.raw))
        for walk in self.walks:
            for layer_before in walk.trail.layers[: walk.before_layout]:
                layer = compose(layer, layer_before)
            origins, text = Origins(layer, self.raw), render(layer, self.raw)
            for segment in walk.layout.segments:
                texts = [unit for unit in segment.units() if unit.role != "jump"]
                for unit in segment.jumps if texts else []:
                    place = self._unit_span(texts[0], origins)[0]
                    mark = "".join(part.glue + text[part.start : part.end] for part in unit.parts)  # in its own script
                    for kind, jumps in found.items():
                        if value := self._match(kind, mark):
                            jumps.append((place, len(jumps), value))
            for layer_after in walk.trail.layers[walk.before_layout :]:
                layer = compose(layer, layer_after)
        return {kind: sorted(jumps) for kind, jumps in found.items()}

    def _unit_span(self, unit: Unit, origins: Origins) -> Span:
        return _span(origins, unit.parts[0].start, unit.parts[-1].end)

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
        flags = [Flag(code, text, self._unit_span(segment.units()[0], origins)) for code, text in segment.flags]
        flags += [
            Flag("dangling", DANGLING, self._unit_span(unit, origins))
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


def _span(origins: Origins, start: int, end: int) -> Span:
    """Return the raw span, from first to last character, of a span of a layer's output."""
    spans = origins.spans(start, max(end, start + 1))
    return (spans[0][0], max(span[1] for span in spans)) if spans else (0, 0)
