"""Lay a page out: from its text to articles, each step in a module of its name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cleaner.engine.patterns import LazyPattern
from cleaner.engine.profile import RuleSet
from cleaner.layout.across import part_rows
from cleaner.layout.arrange import BLOCK_GAP, FURNITURE_RULE, Arranger, Laid, Layout, print_order
from cleaner.layout.captions import settle_captions
from cleaner.layout.gaps import part_columns
from cleaner.layout.grid import part_grid
from cleaner.layout.headings import settle_headings
from cleaner.layout.headlines import join_headlines
from cleaner.layout.heads import settle_heads
from cleaner.layout.joins import TearJudge, mend_tears
from cleaner.layout.lines import BLANKS, Line, split_lines
from cleaner.layout.links import link_segments
from cleaner.layout.margins import part_margins
from cleaner.layout.matcher import matches
from cleaner.layout.parts import split_parts
from cleaner.layout.plain import lay_plain
from cleaner.layout.roles import assign_roles
from cleaner.layout.rows import join_rows, mark_rows, row_role
from cleaner.layout.running import part_pages
from cleaner.layout.segments import Segment, cut_segments
from cleaner.layout.stacks import settle_stacks
from cleaner.layout.tails import is_hard_wrapped
from cleaner.layout.units import PairCounts, Part, Unit, count_pairs, line_unit
from cleaner.layout.words import read_plainly
from cleaner.layout.wraps import mend_wraps
from cleaner.trace import Piece

PLAIN_ROWS = ("list", "table", "verse", "code")
REPEAT_RULE = "repeated-paragraph"
JUMP_RULE = "jump-mark"
_CONTENT = LazyPattern(f"[^\n{BLANKS}](?:[^\n]*[^\n{BLANKS}])?")  # of a line, without blanks at the ends


class Found(NamedTuple):
    """A page's units before torn paragraphs are mended; the repeated ones, or None where the text is plain or is to be
    left so; the page's pairs of characters; what is printed around the text of a book's pages."""

    units: list[Unit]
    repeats: list[Unit] | None
    pairs: PairCounts
    running: list[Unit]


def lay_out(text: str, rules: RuleSet) -> Layout:
    """Find lines, roles, joins and articles of a page's text (newlines U+000A).

    The profile's option `layout` says how far to go: `articles` (all), `paragraphs` (mended, nothing moved or named)
    or `off` (lines as they are).
    """
    if rules.options.get("layout") == "off":
        return _leave(text)
    layout = _lay_out(read_plainly(text, rules), rules)
    for unit in layout.furniture:
        unit.text = "".join([part.glue + text[part.start : part.end] for part in unit.parts])  # in its own script
    for unit in (unit for segment in layout.segments for unit in segment.units()):
        unit.pairs = None  # many times the size of its text, and no longer asked for
    return layout


def _lay_out(text: str, rules: RuleSet) -> Layout:
    units, repeats, pairs, running = find_units(text, rules)
    if repeats is None:
        return lay_plain(text, units, running, rules, pairs)
    judge = TearJudge(rules, pairs, units)
    if not is_hard_wrapped(units, rules):
        units = mend_tears(units, judge)
    cut = cut_segments(units, rules)
    segments = [segment for some in _windows(cut, rules) for segment in link_segments(some, rules, judge)]
    for segment in segments:
        segment.body = mend_tears(segment.body, judge)
    settle_heads(segments, rules)
    segments.sort(key=lambda segment: segment.start)
    furniture = [unit for unit in units if unit.role == "furniture"] + running
    return _write(text, segments, furniture, repeats)


def _windows(segments: Sequence[Segment], rules: RuleSet) -> Iterator[list[Segment]]:
    """Yield the segments of a text in stretches that are put together by themselves; a page is one."""
    window: list[Segment] = []
    units = 0
    for segment in segments:
        if units >= rules.settings["window_units"]:
            yield window
            window, units = [], 0
        window.append(segment)
        units += len(segment.units())
    yield window


def find_units(text: str, rules: RuleSet) -> Found:
    """Find the units of a page, and their roles."""
    parts = part_pages(split_lines(text), rules)
    body, margins = part_margins(parts.body, rules)
    if margins:
        signed = any(matches(rules, "folio-alone", line.text) for line in margins)
        found = _try_columns([*body, *parts.notes], [*margins, *parts.running], signed, text, rules)
        if found.repeats is not None:
            return found
    return _try_columns([*parts.body, *parts.notes], parts.running, False, text, rules)


def _try_columns(lines: Sequence[Line], around: Sequence[Line], signed: bool, text: str, rules: RuleSet) -> Found:
    """Find the units of lines, and on a page those of lines that run across columns; `around` is no part of them,
    and shows a page where it is `signed`."""
    running = [line_unit(line) for line in around]
    parted = part_rows(part_columns(part_grid(lines, text, rules), rules), rules)
    found = _find_units(parted, running, signed, rules)
    return _find_units(lines, running, signed, rules) if found.repeats is None and parted != lines else found


def _find_units(lines: Sequence[Line], running: list[Unit], signed: bool, rules: RuleSet) -> Found:
    units = mend_wraps(lines, rules)
    if running:  # notes stand behind the text of all pages
        units.sort(key=lambda unit: unit.start)
    mark_rows(units, rules)
    units = join_headlines(join_rows(units), rules)
    pairs = count_pairs(units)
    assign_roles(units, rules, pairs)
    for unit in units:
        unit.role = row_role(unit) or unit.role
    if rules.options.get("layout") == "paragraphs" or not (signed or _is_page(units, rules)):
        return Found(units, None, pairs, running)
    for unit in units:
        if matches(rules, "rule-line", unit.text):
            unit.role = "furniture"
    units = split_parts(units, rules)
    settle_captions(units, rules)
    settle_headings(units, rules)
    settle_stacks(units, rules)
    units, repeats = _drop_repeats(units, rules)
    return Found(units, repeats, pairs, running)


def _leave(text: str) -> Layout:
    """Take every line for a paragraph and leave all where it stands."""
    bounds = [(*match.span(), "paragraph", 0) for match in _CONTENT.finditer(text)]
    units = [Unit([Part(start, end, "")], text[start:end], 0, 0, 0) for start, end, _, _ in bounds[:1]]
    return Layout([Piece(0, len(text))], bounds, [Segment(body=units)])


def _is_page(units: Sequence[Unit], rules: RuleSet) -> bool:
    """Say whether anything shows that this is a page of articles and not plain text (role rules `page-sign`)."""
    return any(matches(rules, "page-sign", unit.text) for unit in units if unit.role not in PLAIN_ROWS)


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
    drops.sort(key=lambda drop: drop[0].start, reverse=True)  # taken from the end
    printed = [unit for segment in segments for unit in segment.units() if unit.role != "jump"]
    arranger = Arranger(text, [*printed, *(unit for unit, _ in drops)])
    gap = ""
    for number, segment in enumerate(segments):
        for role, units in print_order(segment):
            units[0].absorb(units[1:], " ", "", "title-line")
            while drops and drops[-1][0].start < units[0].start:
                arranger.drop(*drops.pop())
            arranger.print(Laid(units[0], gap, role, number))
            gap = BLOCK_GAP
    for drop in reversed(drops):
        arranger.drop(*drop)
    return Layout(
        arranger.finish("\n" if text.endswith("\n") else ""), arranger.bounds, list(segments), list(furniture)
    )
