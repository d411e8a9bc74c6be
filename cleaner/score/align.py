"""Pair the characters of two texts of which parts may stand in another order.

First stretches around character k-grams that stand once on either side, the longest first; then the seams between them
are put where units begin; then what is left between or beside paired stretches is compared character by character.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

SIZES = (16, 10, 7, 5)  # of the k-grams, in characters
REACH = 10  # characters that a seam may move
SLACK = 4  # characters more on the other side that a gap may be compared with
LIKE = 0.3  # share of equal characters from which the two sides of a long gap are taken for one another
LONG = 6
LONGEST = 3000  # characters of a gap that may be compared: longer ones without a k-gram in common are other texts
FREE = -1


class Alignment:
    """Which character of `made` each one of `gold` is (`there`), and back (`back`); FREE where there is none."""

    def __init__(self, gold: str, made: str) -> None:
        self.gold, self.made = gold, made
        self.there = [FREE] * len(gold)
        self.back = [FREE] * len(made)

    def pair(self, i: int, j: int) -> None:
        """Pair two characters, if both are free."""
        if self.there[i] == FREE and self.back[j] == FREE:
            self.there[i], self.back[j] = j, i

    def move(self, i: int, j: int) -> None:
        """Pair a gold character with another one, which is free."""
        if self.there[i] != FREE:
            self.back[self.there[i]] = FREE
        self.there[i], self.back[j] = j, i

    def is_pairable(self, i: int, j: int) -> bool:
        """Say whether two places exist, are free and hold equal characters."""
        inside = 0 <= i < len(self.gold) and 0 <= j < len(self.made)
        return inside and self.there[i] == self.back[j] == FREE and self.gold[i] == self.made[j]


def align(gold: str, made: str, bounds: Sequence[int] = ()) -> Alignment:
    """Pair the characters of two folded texts; `bounds` are the places in `gold` where units begin."""
    found = Alignment(gold, made)
    for size in SIZES:
        pair_anchors(found, size)
    slide_seams(found, bounds)
    fill_gaps(found)
    slide_seams(found, bounds)
    return found


def free_runs(slots: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield start and end of the runs of free places."""
    start = None
    for at, slot in enumerate(slots):
        if slot == FREE and start is None:
            start = at
        elif slot != FREE and start is not None:
            yield start, at
            start = None
    if start is not None:
        yield start, len(slots)


def unique_grams(text: str, slots: Sequence[int], size: int) -> dict[str, int]:
    """Return the k-grams of free characters that stand at one place only, and the places."""
    places: dict[str, int] = {}
    for start, end in free_runs(slots):
        for at in range(start, end - size + 1):
            gram = text[at : at + size]
            places[gram] = -1 if gram in places else at
    return {gram: at for gram, at in places.items() if at >= 0}


def pair_anchors(found: Alignment, size: int) -> None:
    """Pair stretches of at least `size` equal characters, the longest first."""
    theirs = unique_grams(found.made, found.back, size)
    seen: dict[int, int] = {}  # diagonal → where its last stretch ends
    stretches: list[tuple[int, int, int]] = []
    for gram, i in unique_grams(found.gold, found.there, size).items():
        j = theirs.get(gram)
        if j is None or seen.get(j - i, -1) > i:
            continue
        start, end = i, i + size
        while found.is_pairable(start - 1, start - 1 + j - i):
            start -= 1
        while found.is_pairable(end, end + j - i):
            end += 1
        seen[j - i] = end
        stretches.append((start - end, start, j - i))
    for length, start, shift in sorted(stretches):
        run = range(start, start - length)
        free = [FREE if found.is_pairable(i, i + shift) else 0 for i in run]
        for low, high in free_runs(free):
            if high - low >= size:
                for i in run[low:high]:
                    found.pair(i, i + shift)


def slide_seams(found: Alignment, bounds: Iterable[int]) -> None:
    """Move the seam between two paired stretches to a unit's beginning, where equal characters allow it."""
    there, last = found.there, len(found.gold)
    for bound in bounds:
        for seam in sorted(range(max(1, bound - REACH), min(last, bound + REACH + 1)), key=lambda at: abs(at - bound)):
            before, after = there[seam - 1], there[seam]
            if FREE in (before, after) or after == before + 1:
                continue
            if seam == bound or _slide(found, seam, bound):
                break


def _slide(found: Alignment, seam: int, bound: int) -> bool:
    shift = found.there[seam] - seam if seam > bound else found.there[seam - 1] - seam + 1
    run = range(min(seam, bound), max(seam, bound))
    for i in run:
        j = i + shift
        if not 0 <= j < len(found.made) or found.back[j] != FREE or found.gold[i] != found.made[j]:
            return False
    for i in run:
        found.move(i, i + shift)
    return True


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
