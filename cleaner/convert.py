"""Convert between Chinese scripts with OpenCC, as replacements that can be logged and undone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from cleaner.errors import CleanerError

# OpenCC's Chinese configurations since 1.1.9: s simplified, t traditional, tw Taiwan, hk Hong Kong, p with phrases.
CONFIGS: tuple[str, ...] = (
    "hk2s", "hk2t", "s2hk", "s2t", "s2tw", "s2twp", "t2hk", "t2s", "t2tw", "tw2s", "tw2sp", "tw2t",
)  # fmt: skip

PASSES = 4  # conversions of what was converted, after which it should change no more

Replacement = tuple[int, int, str]


def convert_text(text: str, config: str) -> list[Replacement]:
    """List the replacements that turn `text` into OpenCC's conversion of it.

    Each is (start, end, new) in code points of `text`; they ascend and do not overlap, and neighbours that change
    together are one. Line breaks and whatever else OpenCC leaves alone are never inside one. A lone surrogate, which
    OpenCC cannot take, stays as it is.

    OpenCC takes text in the script that it converts to for text in the other one and finds wrong words in it. Such
    text stays as it is, and converting what was converted changes nothing.

    >>> convert_text("头发的颜色，发展的方向", "s2t")
    [(0, 2, '頭髮'), (3, 4, '顏'), (6, 7, '發')]
    >>> convert_text("用U盘", "s2twp")
    [(1, 3, '隨身碟')]
    >>> _load_converter("s2t")("綜合家"), convert_text("綜合家", "s2t")
    ('綜閤家', [])

    Raises CleanerError for a configuration that is not in `CONFIGS`.
    """
    source = text.encode("utf-8", "replace").decode("utf-8")
    made = _convert_once(source, config)
    for _ in range(PASSES):
        before, made = made, _convert_once(made, config)
        if made == before:
            break
    else:
        made = _keep_restless(source, before, made)
    return list(_compare(source, made))


def _convert_once(text: str, config: str) -> str:
    """Convert where the conversion of the other script's text, made of this one, agrees.

    Between marks; place by place where nothing changes its length.
    """
    made = _load_converter(config)(text)
    if made == text:
        return text
    start, end = config.rstrip("p").split("2")
    whole = _load_converter(config)(_load_converter(f"{end}2{start}")(text))
    made_pieces, whole_pieces = (re.split(r"(\W)", side) for side in (made, whole))
    pieces = re.split(r"(\W)", text)
    if not pieces[1::2] == made_pieces[1::2] == whole_pieces[1::2]:
        return made
    return "".join(map(_agree, pieces, made_pieces, whole_pieces))


def _agree(old: str, new: str, whole: str) -> str:
    """Return what is converted of a piece."""
    if new == whole or old == new:
        return new
    if not len(old) == len(new) == len(whole):
        return old
    return "".join(after if after == other else before for before, after, other in zip(old, new, whole, strict=True))


def _keep_restless(source: str, before: str, made: str) -> str:
    """Return `made`, but as they were those pieces that each conversion changes again."""
    sides = [re.split(r"(\W)", side) for side in (source, before, made)]
    if not sides[0][1::2] == sides[1][1::2] == sides[2][1::2]:
        return source
    return "".join(first if old != new else new for first, old, new in zip(*sides, strict=True))


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
