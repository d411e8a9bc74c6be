"""What the segments of a page share with each other."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.layout.lexicon import Lexicon
from cleaner.layout.segments import Segment
from cleaner.layout.units import Unit


class Shares:
    """What a segment's text shares with each of the others, as part of its weight: found by an index of the character
    pairs that several segments hold."""

    def __init__(self, segments: Sequence[Segment], words: Lexicon) -> None:
        self.words = words
        self.counted = [bool(segment.body) and not segment.photo for segment in segments]
        held = [words.pairs(segment.units()) for segment in segments]
        seen: set[str] = set()
        common: set[str] = set()
        for pairs in held:
            common |= seen & pairs
            seen |= pairs
        self.holders: dict[str, list[int]] = {pair: [] for pair in common}
        for number, pairs in enumerate(held):
            for pair in common & pairs:
                self.holders[pair].append(number)

    def of(self, units: Sequence[Unit]) -> list[float]:
        """Return what some units of one segment share with each of the others, between 0 and 1."""
        pairs = self.words.pairs(units)
        shared = [0.0] * len(self.counted)
        for pair in pairs & self.holders.keys():
            weight = self.words.weight(pair)
            for number in self.holders[pair]:
                shared[number] += weight
        mass = self.words.mass(pairs)
        return [weight / mass for weight in shared] if mass else shared

    def mean_without(self, share: Sequence[float], host: int, part: int) -> float:
        """Return the mean share over the segments with text but for two of them."""
        others = [
            value
            for number, (value, counted) in enumerate(zip(share, self.counted, strict=True))
            if counted and number not in (host, part)
        ]
        return sum(others) / max(len(others), 1)
