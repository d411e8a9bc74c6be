"""Convert between Chinese scripts with OpenCC, as replacements that can be logged and undone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import ClassVar

from cleaner.errors import CleanerError

# OpenCC's Chinese configurations since 1.1.9: s simplified, t traditional, tw Taiwan, hk Hong Kong, p with phrases.
CONFIGS: tuple[str, ...] = (
    "hk2s", "hk2t", "s2hk", "s2t", "s2tw", "s2twp", "t2hk", "t2s", "t2tw", "tw2s", "tw2sp", "tw2t",
)  # fmt: skip

CLEAR = 3  # characters that show a line's script, whatever the other lines are
LAST_PLAIN = "\u2e7f"  # no character up to this one is Chinese

Replacement = tuple[int, int, str]


def convert_text(text: str, config: str) -> list[Replacement]:
    """List the replacements that turn `text` into OpenCC's conversion of it.

    Each is (start, end, new) in code points of `text`; they ascend and do not overlap, and neighbours that change
    together are one. Line breaks and whatever else OpenCC leaves alone are never inside one. A lone surrogate, which
    OpenCC cannot take, stays as it is.

    OpenCC reads other words in its own output. So a line that is in the script asked for already stays as it is, and
    converting what was converted changes nothing.

    >>> convert_text("头发的颜色，发展的方向", "s2t")
    [(0, 2, '頭髮'), (3, 4, '顏'), (6, 7, '發')]
    >>> convert_text("用U盘", "s2twp")
    [(1, 3, '隨身碟')]
    >>> _load_converter("s2t")("綜合家"), convert_text("綜合家", "s2t")
    ('綜閤家', [])

    Raises CleanerError for a configuration that is not in `CONFIGS`.
    """
    source = text.encode("utf-8", "replace").decode("utf-8")
    lines = source.split("\n")
    made, left = _convert_until_rest(lines, config)
    if left and _convert_until_rest(made, config)[0] != made:
        return []
    return list(_compare(source, "\n".join(made)))


def _convert_until_rest(lines: list[str], config: str) -> tuple[list[str], set[int]]:
    """Convert lines; those that would be converted once more stay as they were, and their numbers are returned, too."""
    made, left = _convert_lines(lines, config), set[int]()
    while True:
        again = _convert_lines(made, config)
        restless = {number for number, (one, other) in enumerate(zip(made, again, strict=True)) if one != other} - left
        if not restless:
            return made, left
        left |= restless
        made = [lines[number] if number in restless else line for number, line in enumerate(made)]


def _convert_lines(lines: list[str], config: str) -> list[str]:
    """Convert lines: between scripts those in the one to convert from, between variants of one all.

    A line that shows both scripts, or none, or one by a character or two, is taken for what all lines mostly are.
    """
    chosen = list(range(len(lines)))
    if "s" in config:
        votes = _Votes(config)
        counts = [votes.count(line) for line in lines]
        before, after = (sum(numbers) for numbers in zip(*counts, strict=True))
        mostly = before >= after
        chosen = [
            n for n, (one, two) in enumerate(counts) if (two == 0 and one >= CLEAR) or (mostly and (one or not two))
        ]
    if not chosen:
        return lines
    made = _load_converter(config)("\n".join(lines[number] for number in chosen)).split("\n")
    out = list(lines)
    for number, line in zip(chosen, made, strict=True):
        out[number] = line
    return out


class _Votes:
    """Counts characters of the script to convert from, and of the one to convert to: the other way changes them."""

    known: ClassVar[dict[str, dict[str, tuple[bool, bool]]]] = {}

    def __init__(self, config: str) -> None:
        start, end = config.rstrip("p").split("2")
        self.there, self.back = _load_converter(config), _load_converter(f"{end}2{start}")
        self.votes = self.known.setdefault(config, {})

    def count(self, line: str) -> tuple[int, int]:
        """Return how many characters of each a line has."""
        chars = Counter(line)
        if new := [char for char in chars if char not in self.votes and char > LAST_PLAIN]:
            text = "\n".join(new)
            for char, one, other in zip(new, self.there(text).split("\n"), self.back(text).split("\n"), strict=True):
                self.votes[char] = (char != one, char != other)
        found = [(number, self.votes[char]) for char, number in chars.items() if char > LAST_PLAIN]
        return sum(number for number, (one, _) in found if one), sum(number for number, (_, two) in found if two)


@cache
def _load_converter(config: str) -> Callable[[str], str]:
    """Load OpenCC, which costs some 40 ms, only when a conversion is asked for."""
    if config not in CONFIGS:
        raise CleanerError(f"unknown script conversion {config!r}: choose one of {', '.join(CONFIGS)}")
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC(config).convert
    return convert


def _compare(old: str, new: str) -> Iterator[Replacement]:
    """Compare line by line, and a changed line by the runs of letters between its marks.

    OpenCC changes no mark, so the pieces stand side by side; if ever they do not, the whole is one piece. Short
    pieces keep difflib fast, and keep two phrases whose lengths change in opposite ways apart.
    """
    start = 0
    for old_line, new_line in _pair_pieces(r"(\n)", old, new):
        if old_line != new_line:
            piece_start = start
            for old_piece, new_piece in _pair_pieces(r"(\W)", old_line, new_line):
                yield from _compare_piece(old_piece, new_piece, piece_start)
                piece_start += len(old_piece)
        start += len(old_line)


def _pair_pieces(separator: str, old: str, new: str) -> Iterator[tuple[str, str]]:
    """Split both texts at the separators, which are pieces too; one pair when the separators disagree."""
    old_pieces, new_pieces = re.split(separator, old), re.split(separator, new)
    if old_pieces[1::2] != new_pieces[1::2]:
        return iter([(old, new)])
    return zip(old_pieces, new_pieces, strict=True)


def _compare_piece(old: str, new: str, start: int) -> Iterator[Replacement]:
    """Compare place by place where the lengths agree, else by difflib; `start` is where `old` stands."""
    if old == new:
        return
    if len(old) != len(new):
        from difflib import SequenceMatcher

        for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag != "equal":
                yield start + a, start + b, new[c:d]
        return
    run = -1  # where the open run of changed characters began
    for place, (before, after) in enumerate(zip(old, new, strict=True)):
        if before == after:
            if run >= 0:
                yield start + run, start + place, new[run:place]
            run = -1
        elif run < 0:
            run = place
    if run >= 0:
        yield start + run, start + len(old), new[run:]
