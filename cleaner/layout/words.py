"""What layout knows of words: which two characters stand side by side inside one, and both scripts as one.

A table of pairs stands here instead of a segmenter: it knows nearly as many seams at a small part of the time, and
pairs that are common inside words seldom stand between a heading and the text below it. That a seam is not in the
table says nothing: half of all breaks fall between words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cache

from cleaner.engine.patterns import LazyPattern, find_pattern
from cleaner.engine.profile import RuleSet
from cleaner.layout.lines import BLANKS
from cleaner.paths import rules_dir

REACH = 8  # characters that are not Chinese between a Chinese one and the full stop behind it


@cache
def load_pairs() -> dict[str, str]:
    """Return for each first character the second ones that follow it inside a word (rules/words/pairs.tsv)."""
    text = (rules_dir() / "words" / "pairs.tsv").read_text(encoding="utf-8")
    return dict(re.findall("^([^#])\t(.+)$", text, re.MULTILINE))


def cuts_word(before: str, after: str) -> bool:
    """Say whether the characters at a seam stand inside a word.

    >>> cuts_word("召开会", "议"), cuts_word("他看看天", "罗汀")
    (True, False)
    """
    return bool(before and after) and after[0] in load_pairs().get(before[-1], "")


def weigh_places(places: Sequence[tuple[str, str]], rules: RuleSet) -> float:
    """Return the log-odds that text goes on at each of some places, named by what stands before and after."""
    inside, chance = rules.settings["across_inside"], rules.settings["across_chance"]
    words = sum(1 for before, after in places if cuts_word(before, after))
    yes, no = math.log(inside / chance), math.log((1 - inside) / (1 - chance))
    return words * yes + (len(places) - words) * no


@cache
def load_simplified() -> dict[int, str]:
    """Return the table that turns traditional characters into simplified ones (rules/words/simplified.tsv)."""
    text = (rules_dir() / "words" / "simplified.tsv").read_text(encoding="utf-8")
    return str.maketrans(dict(re.findall("^([^#])\t(.)$", text, re.MULTILINE)))


def simplify(text: str) -> str:
    """Return a text of the same length in simplified script."""
    return text.translate(load_simplified())


def read_plainly(text: str, rules: RuleSet) -> str:
    """Return a text of the same length as layout's patterns are written: in simplified script, with Chinese full stops.

    A half-width full stop behind Chinese, at the end of a line or before an opening mark, is read as a wide one:
    patterns must know where sentences end, marks are mended later.
    """
    text = rules.once("stop reader", _StopReader).read(text)
    return text if _find_traditional().search(text) is None else simplify(text)


@cache
def _find_traditional() -> LazyPattern:
    """Return what finds characters that are written otherwise in simplified script."""
    return LazyPattern(f"[{''.join(map(chr, load_simplified()))}]")


class _StopReader:
    """Reads half-width full stops behind Chinese as wide ones; the mark is looked for first, then what is around."""

    def __init__(self, rules: RuleSet) -> None:
        classes = rules.classes
        narrow, self.wide = classes.get("narrow_stop"), classes.get("wide_stop", "")
        ahead = f"[{classes['closing']}{BLANKS}]*(?:$|[{classes['opening']}])"
        self.stop = None if narrow is None else find_pattern(f"[{narrow}](?={ahead})", re.MULTILINE)
        self.chinese = find_pattern(rf"[{classes['han']}][^{classes['han']}{narrow}\n]{{0,{REACH}}}\Z")

    def read(self, text: str) -> str:
        """Return the text with the stops turned."""
        return text if self.stop is None else self.stop.sub(self._turn, text)

    def _turn(self, stop: re.Match[str]) -> str:
        at = stop.start()
        return self.wide if self.chinese.search(stop.string, max(at - REACH - 1, 0), at) else stop[0]
