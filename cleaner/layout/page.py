"""Lay a page out: from its text to articles, each step in a module of its name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from cleaner.engine.profile import RuleSet
from cleaner.layout.across import part_rows
from cleaner.layout.arrange import BLOCK_GAP, Arranger, Laid, print_order
from cleaner.layout.captions import settle_captions
from cleaner.layout.gaps import part_columns
from cleaner.layout.headings import settle_headings
from cleaner.layout.headlines import join_headlines
from cleaner.layout.heads import settle_heads
from cleaner.layout.joins import mend_tears
from cleaner.layout.lines import BLANKS, IDEOGRAPHIC_SPACE, Line, split_lines
from cleaner.layout.links import link_segments
from cleaner.layout.parts import matches, split_parts
from cleaner.layout.roles import assign_roles
from cleaner.layout.rows import join_rows, mark_rows, row_role
from cleaner.layout.segments import Segment, cut_segments
from cleaner.layout.tails import is_hard_wrapped
from cleaner.layout.units import Part, Unit, count_pairs
from cleaner.layout.words import read_plainly
from cleaner.layout.wraps import mend_wraps
from cleaner.model import Bounds
from cleaner.trace import Layer, Piece

PLAIN_ROWS = ("list", "table", "verse", "code")
REPEAT_RULE = "repeated-paragraph"
FURNITURE_RULE = "page-furniture"
JUMP_RULE = "jump-mark"


@dataclass(slots=True)
class Layout:
    """What layout found: the layer that writes it down, its blocks' bounds in the result, and the segments."""

    layer: Layer
    bounds: Bounds
    segments: list[Segment]
    furniture: list[Unit] = field(default_factory=list)


def lay_out(text: str, rules: RuleSet) -> Layout:
    """Find lines, roles, joins and articles of a page's text (newlines U+000A).

    The profile's option `layout` says how far to go: `articles` (all), `paragraphs` (mended, nothing moved or named)
    or `off` (lines as they are).
    """
    if rules.options.get("layout") == "off":
        return _leave(text)
    text = read_plainly(text, rules)
    units, repeats, pairs = find_units(text, rules)
    if repeats is None:
        return _lay_plain(text, units, rules, pairs)
    if not is_hard_wrapped(units, rules):
        units = mend_tears(units, rules, pairs)
    segments = link_segments(cut_segments(units, rules), rules, pairs)
    for segment in segments:
        segment.body = mend_tears(segment.body, rules, pairs)
    settle_heads(segments, rules)
    segments.sort(key=lambda segment: segment.start)
    furniture = [unit for unit in units if unit.role == "furniture"]
    return _write(text, segments, furniture, repeats)


def find_units(text: str, rules: RuleSet) -> tuple[list[Unit], list[Unit] | None, Counter[str]]:
    """Return the units as they are before torn paragraphs are mended, the repeated ones, and the pairs of characters.

    Where the text is to stay, or is, plain text, there are no repeated ones but None.
    """
    lines = split_lines(text)
    parted = part_rows(part_columns(lines, rules), rules)
    found = _find_units(parted, rules)
    return _find_units(lines, rules) if found[1] is None and parted != lines else found


def _find_units(lines: Sequence[Line], rules: RuleSet) -> tuple[list[Unit], list[Unit] | None, Counter[str]]:
    units = mend_wraps(lines, rules)
    mark_rows(units, rules)
    units = join_headlines(join_rows(units), rules)
    pairs = count_pairs(units)
    assign_roles(units, rules, pairs)
    for unit in units:
        unit.role = row_role(unit) or unit.role
    if rules.options.get("layout") == "paragraphs" or not _is_page(units, rules):
        return units, None, pairs
    units = split_parts(units, rules)
    settle_captions(units, rules)
    settle_headings(units, rules)
    units, repeats = _drop_repeats(units, rules)
    return units, repeats, pairs


def _leave(text: str) -> Layout:
    """Take every line for a paragraph and leave all where it stands."""
    units = [
        Unit([Part(line.start, line.end, "")], line.text, line.width, line.blanks, line.indent)
        for line in split_lines(text)
    ]
    bounds = [(unit.start, unit.parts[0].end, unit.role, 0) for unit in units]
    return Layout([Piece(0, len(text))], bounds, [Segment(body=units)])


def _is_page(units: Sequence[Unit], rules: RuleSet) -> bool:
    """Say whether anything shows that this is a page of articles and not plain text (role rules `page-sign`)."""
    return any(matches(rules, "page-sign", unit.text) for unit in units if unit.role not in PLAIN_ROWS)


def _lay_plain(text: str, units: list[Unit], rules: RuleSet, pairs: Counter[str]) -> Layout:
    """Keep a text without a page's structure as it is: joined lines, nothing moved, the gaps as they were."""
    for unit in units:
        if unit.role not in ("paragraph", "heading", "title", "list", "table", "verse", "code"):
            unit.role = "paragraph"
    paired = mend_tears(units, rules, pairs, plain=True)
    for unit in paired[1:]:
        unit.role = "heading" if unit.role == "title" else unit.role
    head = [unit for unit in paired[:1] if unit.role == "title"]
    segment = Segment(head=head, body=paired[len(head) :])
    arranger = Arranger(text, paired)
    for unit in paired:
        gap = plain_gap(text[arranger.gap_before[unit.start] : unit.start])
        arranger.print(Laid(unit, gap, unit.role, 0))
    tail = text[arranger.tail :]
    return Layout(arranger.finish(plain_gap(tail) if paired else tail), arranger.bounds, [segment])


def plain_gap(gap: str) -> str:
    """Return the gap before a paragraph of plain text without trailing blanks and ideographic indents.

    An indent of other blanks stays: it may be code.
    """
    head, newline, indent = gap.rpartition("\n")
    if newline:
        head = re.sub(f"[{BLANKS}]+(?=\n|$)", "", head)
    return head + newline + indent.replace(IDEOGRAPHIC_SPACE, "")


def _drop_repeats(units: Sequence[Unit], rules: RuleSet) -> tuple[list[Unit], list[Unit]]:
    """Part paragraphs from their second copies right behind them: recognisers repeat themselves."""
    kept: list[Unit] = []
    repeats: list[Unit] = []
    for unit in units:
        long = unit.role == "paragraph" and unit.width >= rules.settings["repeat_width"]
        (repeats if long and kept and kept[-1].text == unit.text else kept).append(unit)
    return kept, repeats


def _write(text: str, segments: Sequence[Segment], furniture: Sequence[Unit], repeats: Sequence[Unit]) -> Layout:
    jumps = [unit for segment in segments for unit in segment.jumps]
    drops = [(unit, FURNITURE_RULE) for unit in furniture]
    drops += [(unit, REPEAT_RULE) for unit in repeats] + [(unit, JUMP_RULE) for unit in jumps]
    drops.sort(key=lambda drop: drop[0].start)
    printed = [unit for segment in segments for unit in segment.units() if unit.role != "jump"]
    arranger = Arranger(text, [*printed, *(unit for unit, _ in drops)])
    gap = ""
    for number, segment in enumerate(segments):
        for role, units in print_order(segment):
            for unit in units[1:]:
                units[0].absorb(unit, " ", "", "title-line")
            while drops and drops[0][0].start < units[0].start:
                arranger.drop(*drops.pop(0))
            arranger.print(Laid(units[0], gap, role, number))
            gap = BLOCK_GAP
    for drop in drops:
        arranger.drop(*drop)
    return Layout(
        arranger.finish("\n" if text.endswith("\n") else ""), arranger.bounds, list(segments), list(furniture)
    )
