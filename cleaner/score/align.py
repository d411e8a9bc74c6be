"""Pair the characters of two texts of which parts may stand in another order.

First stretches around character k-grams that stand once on either side, the longest first; then the seams between them
are put where units begin; then what is left between or beside paired stretches is compared character by character.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cleaner.score.alignment import FREE, Alignment, free_runs
from cleaner.score.gaps import fill_gaps

SIZES = (16, 10, 7, 5)  # of the k-grams, in characters
REACH = 10  # characters that a seam may move


def align(gold: str, made: str, bounds: Sequence[int] = ()) -> Alignment:
    """Pair the characters of two folded texts; `bounds` are the places in `gold` where units begin."""
    found = Alignment(gold, made)
    for size in SIZES:
        pair_anchors(found, size)
    slide_seams(found, bounds)
    fill_gaps(found)
    slide_seams(found, bounds)
    return found


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
