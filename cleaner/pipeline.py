"""The whole straight line: characters → layout → marks → convert. Pure: no file is touched here.

A text that was changed walks through once more, until nothing changes: so cleaning a clean text changes nothing, also
where mended text shows the layout what torn text could not.
"""

from __future__ import annotations

from dataclasses import dataclass

from cleaner.assemble import assemble_page
from cleaner.convert import convert_text
from cleaner.engine.blocks import Blocks, as_blocks
from cleaner.engine.compile import Context
from cleaner.engine.lines import Lines
from cleaner.engine.profile import RuleSet
from cleaner.engine.run import Trail, run_rules
from cleaner.layout.arrange import Layout
from cleaner.layout.page import lay_out
from cleaner.layout.words import simplify
from cleaner.marks.nfc import normalise_text
from cleaner.marks.style import infer_style, is_chinese
from cleaner.model import Page
from cleaner.past import Past
from cleaner.trace import Change, layer_of, render

CONVERT_RULE = "convert-script"
NFC_RULE = "nfc"
EMPTY_RULE = "empty-block"
ROUNDS = 64  # at most; two are the rule, the second finding nothing to do


@dataclass(slots=True)
class Walk:
    """One walk through the house: the text after it, the layers that led there, what layout found."""

    text: str
    trail: Trail
    before_layout: int  # how many of the trail's layers come before layout
    layout: Layout
    bounds: Blocks
    style: str
    lines: Lines  # of the text after the walk


def clean_page(
    raw: str, rules: RuleSet, *, source: str | None = None, to: str | None = None, stem: str | None = None
) -> Page:
    """Clean the text of one page; `to` is an OpenCC configuration, applied last in each walk.

    `source` is where the text came from; article ids begin with `stem`, else with the name in `source`.
    """
    past, last = walk_until_settled(raw, rules, to)
    return assemble_page(past, last, source, stem)


def walk_until_settled(raw: str, rules: RuleSet, to: str | None = None, most: int = ROUNDS) -> tuple[Past, Walk]:
    """Walk until a text comes back, `most` times at most; return the last walk, and what is kept of those before it.

    Of several texts that turn into one another, the first in code point order is taken, so that all lead to the same,
    also when they are read in the other script.
    """
    past = Past(raw, rules, layer_of([], len(raw)))
    last: Walk | None = None
    texts = [raw]
    while last is None or len(texts) <= most:
        walk = walk_once(texts[-1], rules, last, to)
        settled = walk.text in texts
        if settled:
            ring = range(texts.index(walk.text), len(texts))
            chosen = min(ring, key=lambda number: (simplify(texts[number]), texts[number]))
            if last is not None and chosen == len(texts) - 1:
                return past, last
            if chosen:
                return walk_until_settled(raw, rules, to, chosen)
        if last is not None:
            past.add(last.trail.layers, last.before_layout, last.layout)
        last = walk
        if settled:
            break
        texts.append(walk.text)
    return past, last


def walk_once(text: str, rules: RuleSet, before: Walk | None = None, to: str | None = None) -> Walk:
    """Take a text through characters, layout and marks, and into the script asked for.

    `before` is the walk that the text comes from: where layout leaves all as it was then, rules look only around
    what that walk has changed.
    """
    trail = Trail()
    lines = before.lines if before else Lines(rules.characters, text)
    touched = lines.touched
    off = rules.options.get("layout") == "off"
    if before and off:
        lines.narrow(touched)
    else:
        lines.only = None
    context = Context(options=rules.options, lines=lines)
    text = run_rules(rules.characters, text, context, rules.tiers, trail)
    before_layout = len(trail.layers)
    layout = lay_out(text, rules)
    blocks = Blocks(layout.bounds)
    trail.layers.append(layout.layer)
    if any(piece.text is not None or piece.end - piece.start < len(text) for piece in layout.layer):
        text = render(layout.layer, text)
        lines.read(text)
    elif not off and before and not trail.layers[:-1] and blocks == before.bounds:
        lines.narrow(touched)
    context.bounds = blocks
    context.style = infer_style(text, rules.classes)
    if before and context.style != before.style:
        lines.only = None
    context.is_chinese = is_chinese
    context.protected = rules.protected
    text = run_rules(rules.marks, text, context, rules.tiers, trail)
    settled, bounds = _drop_empty(text, as_blocks(context.bounds), trail, lines)
    walk = Walk(settled, trail, before_layout, layout, bounds, context.style, lines)
    if to is not None:
        _change(walk, [Change(start, end, new, CONVERT_RULE, to) for start, end, new in convert_text(settled, to)])
    _change(walk, normalise_text(walk.text, NFC_RULE))  # a user's rules or OpenCC may leave the form
    return walk


def _drop_empty(text: str, bounds: Blocks, trail: Trail, lines: Lines) -> tuple[str, Blocks]:
    """Take out blocks of which rules have left nothing, with the gap before them (or after, for the first)."""
    changes: list[Change] = []
    end = 0
    for i, (start, stop, _, _) in enumerate(bounds):
        if text[start:stop].strip():
            end = stop
        elif i + 1 < len(bounds) and not changes and end == 0:
            changes = [Change(0, bounds[i + 1][0], "", EMPTY_RULE)]
        elif end or i + 1 == len(bounds):
            changes.append(Change(max(end, changes[-1].end if changes else 0), stop, "", EMPTY_RULE))
    changes = [change for change in changes if change.start < change.end]
    if not changes:
        return text, bounds
    trail.layers.append(layer_of(changes, len(text)))
    lines.update(changes)
    kept = [bound for bound in bounds if text[bound[0] : bound[1]].strip()]
    return render(trail.layers[-1], text), Blocks(kept).move(changes)


def _change(walk: Walk, changes: list[Change]) -> None:
    if not changes:
        return
    walk.trail.layers.append(layer_of(changes, len(walk.text)))
    walk.text = render(walk.trail.layers[-1], walk.text)
    walk.bounds = walk.bounds.move(changes)
    walk.lines.update(changes)
