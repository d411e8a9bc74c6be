"""Pair what is left between or beside paired stretches, character by character."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from cleaner.score.alignment import FREE, Alignment, free_runs

SLACK = 4  # characters more on the other side that a gap may be compared with
LIKE = 0.3  # share of equal characters from which the two sides of a long gap are taken for one another
LONG = 6
LONGEST = 3000  # characters of a gap that may be compared: longer ones without a k-gram in common are other texts


def fill_gaps(found: Alignment) -> None:
    """Pair what is left between paired stretches, or beside one of them."""
    for start, end in list(free_runs(found.there)):
        left = found.there[start - 1] + 1 if start else 0
        right = found.there[end] if end < len(found.gold) else len(found.made)
        alike = left <= right <= left + 3 * (end - start) + 40 and end - start <= LONGEST
        if alike and all(slot == FREE for slot in found.back[left:right]):
            _fill_between(found, start, end, left, right)
            continue
        if start:
            _fill_beside(found, range(start, end), range(left, min(left + end - start + SLACK, len(found.made))))
        if end < len(found.gold):
            low = max(right - (end - start) - SLACK, 0)
            _fill_beside(found, range(end - 1, start - 1, -1), range(right - 1, low - 1, -1))


def _fill_between(found: Alignment, start: int, end: int, left: int, right: int) -> None:
    gold, made = found.gold[start:end], found.made[left:right]
    matcher = SequenceMatcher(None, gold, made, autojunk=False)
    equal = sum(block.size for block in matcher.get_matching_blocks())
    if len(gold) > LONG and equal < LIKE * min(len(gold), len(made)):
        return
    for i, j in _pairs(matcher):
        found.pair(start + i, left + j)


def _fill_beside(found: Alignment, ours: range, theirs: range) -> None:
    """Go away from a paired stretch as long as equal characters outweigh the others; `ours` and `theirs` lead away."""
    ours = ours[: next((n for n, i in enumerate(ours) if found.there[i] != FREE), len(ours))]
    theirs = theirs[: next((n for n, j in enumerate(theirs) if found.back[j] != FREE), len(theirs))]
    ours, theirs = ours[:LONGEST], theirs[:LONGEST]
    gold, made = "".join(found.gold[i] for i in ours), "".join(found.made[j] for j in theirs)
    matcher = SequenceMatcher(None, gold, made, autojunk=False)
    score, best, reach = 0, 0, 0
    for tag, low, high, first, end in matcher.get_opcodes():
        score += high - low if tag == "equal" else -max(high - low, end - first)
        if score >= best and tag == "equal":
            best, reach = score, high
    for i, j in _pairs(matcher):
        if i < reach:
            found.pair(ours[i], theirs[j])


def _pairs(matcher: SequenceMatcher[str]) -> Iterator[tuple[int, int]]:
    for tag, low, high, first, end in matcher.get_opcodes():
        if tag in ("equal", "replace"):
            yield from zip(range(low, high), range(first, end), strict=False)
