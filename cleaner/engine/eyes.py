"""See what a text offers: one look at its characters, for all rules."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise
from operator import xor
from typing import Any

from cleaner.engine.gate import HAN, MOST_HAN, Ranges, Sight, count_han
from cleaner.engine.patterns import LazyPattern

HAN_SIGN = chr(HAN[1])  # stands for a Han character that no set asks for
ANY: Ranges = ((0, 0x10FFFF),)
MOST = 1 << 15  # runs, openings, a text's lines remembered


def draw_eyes(sights: Sequence[Sight]) -> dict[str, Any]:
    """Return what `Eyes` for some sights need, as JSON can hold it: bits are written in base 16."""
    telling = {
        code
        for sight in sights
        for ranges in sight
        if count_han(ranges) <= MOST_HAN
        for low, high in ranges
        for code in range(max(low, HAN[0]), min(high, HAN[1]) + 1)
    }
    edges = [HAN[0] - 1, *sorted(telling), HAN[1] + 1]
    spans = [f"{chr(low + 1)}-{chr(high - 1)}" for low, high in pairwise(edges) if high - low > 1]
    starts = [sight[0] for sight in sights]
    ends = [sight[1] if len(sight) > 1 else ANY for sight in sights]
    return {"runs": f"[^{''.join(spans)}]+", "starts": _draw_holders(starts), "ends": _draw_holders(ends)}


def _draw_holders(sets: Sequence[Ranges]) -> list[Any]:
    """Return where sets begin and are over, which hold the characters from there on, and which hold the most Han."""
    flips: dict[int, int] = {}  # code point → the sets that begin there, or are over
    for number, ranges in enumerate(sets):
        for low, high in ranges:
            flips[low] = flips.get(low, 0) ^ 1 << number
            flips[high + 1] = flips.get(high + 1, 0) ^ 1 << number
    edges = sorted(flips)
    held = accumulate((flips[edge] for edge in edges), xor)
    some = sum(1 << number for number, ranges in enumerate(sets) if count_han(ranges) > MOST_HAN)
    return [edges, [f"{mask:x}" for mask in held], f"{some:x}"]


class _Holders(dict[str, int]):
    """For each character the sets that hold it, as bits; for the sign of Han characters those that hold some."""

    def __init__(self, edges: list[int], held: list[str], some: str) -> None:
        super().__init__()
        self.edges, self.held = edges, held
        self[HAN_SIGN] = int(some, 16) | self[HAN_SIGN]

    def __missing__(self, char: str) -> int:
        number = bisect_right(self.edges, ord(char)) - 1
        self[char] = mask = int(self.held[number], 16) if number >= 0 else 0
        return mask


class Eyes(dict[str, int]):
    """Sees which sights a text offers; each is a bit.

    A text is looked at run by run, a run being what stands between Han characters that no set asks for. As a dictionary
    this holds the sights of each run, filled in when the run is first met.
    """

    def __init__(self, drawn: dict[str, Any]) -> None:
        super().__init__()
        self.starts, self.ends = _Holders(*drawn["starts"]), _Holders(*drawn["ends"])
        self.runs = LazyPattern(drawn["runs"])

    def __missing__(self, run: str) -> int:
        mask = 0
        starts, ends = self.starts, self.ends
        for first, second in pairwise(f"{HAN_SIGN}{run}{HAN_SIGN}"):
            mask |= starts[first] & ends[second]
        if len(run) < 16:
            if len(self) > MOST:
                self.clear()
            self[run] = mask
        return mask

    def look(self, line: str) -> int:
        """Return the sights, as bits, that a line offers with the breaks before and after it."""
        seen = 0
        for run in self.runs.findall(f"\n{line}\n"):
            seen |= self[run]
        return seen
