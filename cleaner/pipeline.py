"""The whole straight line: characters → layout → marks → convert. Pure: no file is touched here."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaner.convert import convert_text
from cleaner.engine.compile import Context
from cleaner.engine.profile import RuleSet
from cleaner.engine.run import Trail, move_bounds, run_rules
from cleaner.layout.page import Layout, lay_out
from cleaner.layout.parts import patterns_for
from cleaner.layout.segments import Segment
from cleaner.layout.units import Unit
from cleaner.marks.style import infer_style, is_chinese
from cleaner.model import Article, Block, Flag, Kind, Page, Span
from cleaner.trace import Change, Layer, Origins, compose, edits_of, layer_of, render

CONVERT_RULE = "convert-script"
Bounds = list[tuple[int, int, str, int]]


def clean_page(raw: str, rules: RuleSet, *, source: str | None = None, to: str | None = None) -> Page:
    """Clean the text of one page. `source` names it in article ids; `to` is an OpenCC configuration, applied last."""
    trail = Trail()
    context = Context(options=rules.options)
    text = run_rules(rules.characters, raw, context, rules.tiers, trail)
    before_layout = len(trail.layers)
    layout = lay_out(text, rules)
    trail.layers.append(layout.layer)
    text = render(layout.layer, text)
    context.bounds = layout.bounds
    context.style = infer_style(text, rules.classes)
    context.is_chinese = is_chinese
    text = run_rules(rules.marks, text, context, rules.tiers, trail)
    if to is not None:
        changes = [Change(*change, CONVERT_RULE, to) for change in convert_text(text, to)]
        trail.layers.append(layer_of(changes, len(text)))
        text = render(trail.layers[-1], text)
        context.bounds = move_bounds(context.bounds, changes)
    return _Assembler(raw, text, rules, trail, layout, context.bounds, before_layout, source).page()


class _Assembler:
    """Makes the page's articles, edits and flags from what the steps left behind."""

    def __init__(
        self, raw: str, text: str, rules: RuleSet, trail: Trail, layout: Layout, bounds: Bounds, before_layout: int,
        source: str | None,
    ) -> None:  # fmt: skip
        self.raw, self.text, self.rules, self.trail, self.layout = raw, text, rules, trail, layout
        self.bounds, self.before_layout, self.source = bounds, before_layout, source
        self.layer: Layer = layer_of([], len(raw))
        self.page_layer = self.layer  # from the raw text to the text that layout saw
        self.flags: list[Flag] = []

    def page(self) -> Page:
        self._fold()
        self.origins = Origins(self.layer, self.raw)
        articles = tuple(self._article(number, segment) for number, segment in enumerate(self.layout.segments))
        articles = tuple(article for article in articles if article.blocks)
        edits = edits_of(self.layer, self.raw)
        return Page(self.raw, self.text, articles, edits, tuple(self.flags), tuple(self.layer))

    def _fold(self) -> None:
        """Compose all layers, and carry the flags that were raised between them back to the raw text."""
        flags = iter([*self.trail.flags, (len(self.trail.layers) + 1, "", "", 0, 0)])
        flag = next(flags)
        for number, layer in enumerate([*self.trail.layers, None]):
            if number == self.before_layout:
                self.page_layer = self.layer
            while flag[0] == number:
                self.flags.append(Flag(flag[1], flag[2], self._raw_span(self.layer, flag[3], flag[4])))
                flag = next(flags)
            if layer is not None:
                self.layer = compose(self.layer, layer)

    def _raw_span(self, layer: Layer, start: int, end: int) -> Span:
        spans = Origins(layer, self.raw).spans(start, max(end, start + 1))
        return (spans[0][0], max(span[1] for span in spans)) if spans else (0, 0)

    def _unit_span(self, unit: Unit) -> Span:
        return self._raw_span(self.page_layer, unit.parts[0].start, unit.parts[-1].end)

    def _article(self, number: int, segment: Segment) -> Article:
        blocks = tuple(
            Block(role, self.text[start:end], tuple(self.origins.spans(start, end)), start)
            for start, end, role, article in self.bounds
            if article == number and start < end
        )
        first = next((block.text for block in blocks if block.role == "paragraph"), "")
        stem = self.source_stem()
        return Article(
            id=f"{stem}-{number + 1:02d}",
            source=self.source,
            page=self._page_number(),
            kind=self._kind(segment, blocks),
            blocks=blocks,
            dateline=self._match("dateline", first),
            continued_from=self._jump(segment, "jump-from"),
            continued_on=self._jump(segment, "jump-on"),
            flags=self._article_flags(segment, blocks),
        )

    def source_stem(self) -> str:
        """Return the file's name without folder and ending, for ids."""
        return re.sub(r"(\.raw)?\.\w+$", "", re.split(r"[\\/]", self.source)[-1]) if self.source else "page"

    def _match(self, role: str, text: str) -> str | None:
        for item in patterns_for(self.rules, role):
            match = item.pattern.search(text) if item.pattern else None
            if match:
                return match[1] if match.re.groups and match.lastindex else match[0].strip()
        return None

    def _page_number(self) -> str | None:
        found = (self._match("page-number", unit.text) for unit in self.layout.furniture)
        return next((number for number in found if number), None)

    def _kind(self, segment: Segment, blocks: Sequence[Block]) -> Kind:
        title = " ".join(block.text for block in blocks if block.role == "title")
        if segment.photo and not segment.body:
            return "photo"
        return "notice" if self._match("notice", title) else "article"

    def _jump(self, segment: Segment, role: str) -> str | None:
        found = (self._match(role, unit.text) for unit in segment.jumps)
        return next((text for text in found if text), None)

    def _article_flags(self, segment: Segment, blocks: Sequence[Block]) -> tuple[Flag, ...]:
        flags = [Flag(code, message, self._unit_span(segment.units()[0])) for code, message in segment.flags]
        flags += [
            Flag("dangling", "the text stops in mid-sentence and its other half was not found", self._unit_span(unit))
            for unit in segment.body
            if unit.verdict == "dangling" and unit.role == "paragraph" and len(blocks) > 1
        ]
        spans = [span for block in blocks for span in block.spans]
        flags += [f for f in self.flags if any(s <= f.span[0] < e for s, e in spans)]
        return tuple(dict.fromkeys(flags))
