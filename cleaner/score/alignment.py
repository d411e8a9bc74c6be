"""Which characters of two texts belong together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
