"""What layout knows of words: which two characters stand side by side inside one, and both scripts as one.

A table of pairs stands here instead of a segmenter: it knows nearly as many seams at a small part of the time, and
pairs that are common inside words seldom stand between a heading and the text below it. That a seam is not in the
table says nothing: half of all breaks fall between words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from cleaner.engine.profile import RuleSet
from cleaner.layout.lines import BLANKS
from cleaner.paths import rules_dir


@cache
def load_pairs() -> dict[str, frozenset[str]]:
    """Return for each first character the second ones that follow it inside a word (rules/words/pairs.tsv)."""
    text = (rules_dir() / "words" / "pairs.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.split("\n") if line and not line.startswith("#"))
    return {first: frozenset(rest) for first, rest in rows}


def cuts_word(before: str, after: str) -> bool:
    """Say whether the characters at a seam stand inside a word.

    >>> cuts_word("召开会", "议"), cuts_word("他看看天", "罗汀")
    (True, False)
    """
    return bool(before and after) and after[0] in load_pairs().get(before[-1], ())


@cache
def load_simplified() -> dict[int, str]:
    """Return the table that turns traditional characters into simplified ones (rules/words/simplified.tsv)."""
    text = (rules_dir() / "words" / "simplified.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.split("\n") if line and not line.startswith("#"))
    return {ord(key): value for key, value in rows}


def read_plainly(text: str, rules: RuleSet) -> str:
    """Return a text of the same length as layout's patterns are written: in simplified script, with Chinese full stops.

    Only texts that show traditional script are turned. A half-width full stop behind Chinese, at the end of a line or
    before an opening mark, is read as a wide one: patterns must know where sentences end, marks are mended later.
    """
    text = _read_stops(text, rules.classes)
    signs = rules.classes.get("traditional")
    if signs is None or re.search(f"[{signs}]", text) is None:
        return text
    return text.translate(load_simplified())


def _read_stops(text: str, classes: Mapping[str, str]) -> str:
    if "narrow_stop" not in classes:
        return text
    ahead = f"[{classes['closing']}{BLANKS}]*(?:$|[{classes['opening']}])"
    chinese = f"[{classes['han']}][^{classes['han']}{classes['narrow_stop']}\n]{{0,8}}"
    stop = re.compile(f"({chinese})[{classes['narrow_stop']}](?={ahead})", re.MULTILINE)
    return stop.sub(rf"\g<1>{classes['wide_stop']}", text)
