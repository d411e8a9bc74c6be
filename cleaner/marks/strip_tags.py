"""Take tags of page markup out of a text: pairs, and those at a line's edge."""

from __future__ import annotations

import re

from cleaner.engine.classes import expand_pattern
from cleaner.engine.compile import Context, Finder
from cleaner.engine.patterns import LazyPattern
from cleaner.engine.rule import Rule
from cleaner.marks.scope import text_option
from cleaner.trace import Change

Tag = re.Match[str]


def make_strip_tags(rule: Rule, classes: dict[str, str]) -> Finder:
    """Make the procedure `strip-tags`; a tag that stands alone inside a sentence is spoken of, and stays.

    Options: `find`, a pattern with the groups `close` (the slash) and `name`; `unless`, a pattern of a line in which
    tags stay.
    """
    pattern = LazyPattern(expand_pattern(text_option(rule.options, "find"), classes, rule.file, rule.id))
    unless = LazyPattern(expand_pattern(text_option(rule.options, "unless") or "(?!)", classes, rule.file, rule.id))

    def find(text: str, context: Context) -> list[Change]:
        if "<" not in text:
            return []
        tags = [tag for tag in pattern.finditer(text) if not unless.search(_line(text, tag))]
        gone = _pair(tags) if tags else set()
        gone |= _at_edges(text, tags, gone)
        return [Change(tags[number].start(), tags[number].end(), "", rule.id) for number in sorted(gone)]

    return find


def _line(text: str, tag: Tag, reach: int = 200) -> str:
    before = text[max(tag.start() - reach, 0) : tag.start()].rpartition("\n")[2]
    return before + text[tag.end() : tag.end() + reach].partition("\n")[0]


def _pair(tags: list[Tag]) -> set[int]:
    """Return the numbers of the tags that have a partner: each closing one takes the last open one of its name."""
    opened: dict[str, list[int]] = {}
    paired: set[int] = set()
    for number, tag in enumerate(tags):
        name = tag["name"].lower()
        if not tag["close"]:
            opened.setdefault(name, []).append(number)
        elif opened.get(name):
            paired |= {opened[name].pop(), number}
    return paired


def _at_edges(text: str, tags: list[Tag], gone: set[int]) -> set[int]:
    """Return the numbers of the tags between which and a line's start or end stand only blanks and tags that go."""
    edges: set[int] = set()
    for order in (range(len(tags)), range(len(tags) - 1, -1, -1)):
        clear = -1 if order.step > 0 else len(tags)  # the neighbour that goes up to the edge
        for number in order:
            tag = tags[number]
            if order.step > 0:
                begin = tags[number - 1].end() if clear == number - 1 >= 0 else None
                gap = text[max(tag.start() - 40, 0) : tag.start()].rpartition("\n")
                at_line = (gap[1] or tag.start() <= 40) and not gap[2].strip()
                at_edge = at_line or (begin is not None and not text[begin : tag.start()].strip())
            else:
                stop = tags[number + 1].start() if clear == number + 1 < len(tags) else None
                rest = text[tag.end() : tag.end() + 40].partition("\n")
                at_line = (rest[1] or tag.end() + 40 >= len(text)) and not rest[0].strip()
                at_edge = at_line or (stop is not None and not text[tag.end() : stop].strip())
            if at_edge:
                edges.add(number)
                clear = number
    return edges - gone
