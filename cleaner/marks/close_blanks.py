"""Take blanks out of running Chinese text, and leave those that part names, slogans and headlines."""

from __future__ import annotations

import re
from typing import NamedTuple

from cleaner.engine.classes import expand_pattern
from cleaner.engine.compile import Context, Finder
from cleaner.engine.patterns import LazyPattern
from cleaner.engine.rule import Rule
from cleaner.marks.scope import each_block, number_option, text_option, words_option
from cleaner.trace import Change


def make_close_blanks(rule: Rule, classes: dict[str, str]) -> Finder:
    """Make the procedure `close-blanks`: in each stretch that `find` matches, take out every run of blanks.

    Option `running`: marks (a set's body) of which the line must hold one, so that it is running text.
    Option `heads`: a pattern; blanks at the end of what it matches at a line's start stay.
    Option `segment`: judge each blank by the clause it stands in, see `_Clauses`.
    """
    source = expand_pattern(text_option(rule.options, "find"), classes, rule.file, rule.id)
    pattern = LazyPattern(source, re.MULTILINE)
    spaces = LazyPattern(f"[{classes['space']}]+")
    marks = text_option(rule.options, "running")
    running = LazyPattern(expand_pattern(f"[{marks}]", classes, rule.file, rule.id)) if marks else None
    head = text_option(rule.options, "heads")
    heads = LazyPattern(expand_pattern(head, classes, rule.file, rule.id), re.MULTILINE) if head else None
    clauses = _Clauses.from_options(rule, classes) if "segment" in rule.options else None

    def find(text: str, context: Context) -> list[Change]:
        if " " not in text and "\N{IDEOGRAPHIC SPACE}" not in text:
            return []
        changes: list[Change] = []
        for start, end in each_block(text, context):
            matches = list(pattern.finditer(text, start, end))
            if not matches:
                continue
            if running is not None and not running.search(text, start, end):
                continue
            kept = {match.end() for match in heads.finditer(text, start, end)} if heads is not None else set()
            for match in matches:
                for blank in spaces.finditer(text, *match.span()):
                    if blank.end() in kept:
                        continue
                    if clauses is None or clauses.is_artefact(text, start, end, blank.span()):
                        changes.append(Change(blank.start(), blank.end(), "", rule.id))
        return changes

    return find


class _Clauses(NamedTuple):
    """Judges a blank by its clause, the stretch between two marks.

    An artefact stands in a clause that a clause mark or full stop ends, that is not wholly inside a pair of marks (a
    slogan, a title, names), that holds no word of a byline and no other blank, and where the parts beside the blank
    are not alike (two slogans) and one of them has at least `segment` characters (not a list of names).
    """

    edge: LazyPattern
    opening: str
    stop: LazyPattern
    names: LazyPattern
    spaces: LazyPattern
    segment: int
    reach: int

    @classmethod
    def from_options(cls, rule: Rule, classes: dict[str, str]) -> _Clauses:
        edges = "".join(classes[name] for name in ("mark", "opening", "closing", "terminal", "dash"))
        return cls(
            LazyPattern(f"[{edges},;:.\n]"),
            classes["wide_opening"],
            LazyPattern(f"[{classes['mark']}{classes['terminal']},;:.]"),
            LazyPattern("|".join(map(re.escape, words_option(rule.options, "names"))) or r"(?!)"),
            LazyPattern(f"[{classes['space']}]+"),
            number_option(rule.options, "segment", 4),
            number_option(rule.options, "reach", 60),
        )

    def is_artefact(self, text: str, start: int, end: int, blank: tuple[int, int]) -> bool:
        low = max(start, blank[0] - self.reach)
        left = low
        for match in self.edge.finditer(text, low, blank[0]):
            left = match.end()
        after = self.edge.search(text, blank[1], min(end, blank[1] + self.reach))
        if after is None or not self.stop.match(after[0]) or (left == low and low > start):
            return False
        before_part, after_part = text[left : blank[0]], text[blank[1] : after.start()]
        if self.names.search(before_part + after_part):
            return False
        if self.spaces.search(before_part.strip()) or self.spaces.search(after_part.strip()):
            return False
        one, two = len(before_part.strip()), len(after_part.strip())
        return one != two and max(one, two) >= self.segment
