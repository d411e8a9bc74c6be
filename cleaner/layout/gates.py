"""Which patterns a text leaves possible: by its edges, and by the signs that it holds.

Many patterns need one of a few signs: a bracket, a digit, a colon. One look for all signs of all patterns finds those
that a text has.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cleaner.engine.deadline import Searcher
from cleaner.engine.gate import NEWLINE, gate_of, telling_set
from cleaner.engine.patterns import STORE, LazyPattern, hash_bytes
from cleaner.layout.edges import Edges, Masks, Sources, draw_masks, read_sources
from cleaner.layout.edgesets import Ranges, join_ranges


class Gates:
    """Tells of a sequence of patterns which may be in a text, as bits; None stands for a pattern that always is.

    `finders` are what is left to be tried, None where a text's edges decide.
    """

    def __init__(self, patterns: Sequence[Searcher | None]) -> None:
        self.edges = Edges(patterns)
        self.finders = self.edges.finders
        sources = read_sources(patterns)
        kept = STORE.find("signs:" + hash_bytes(repr(sources).encode()), lambda: _read(sources))
        self.free = kept["free"]
        self.holders = Masks(*kept["holders"])
        self.signs = LazyPattern(kept["signs"])

    def __call__(self, text: str) -> int:
        mask = self.edges(text)
        if mask & ~self.free:
            held = self.free
            for sign in set(self.signs.findall(text)):
                held |= self.holders[sign]
            mask &= held
        return mask


def _read(sources: Sources) -> dict[str, Any]:
    """Return which patterns need no sign, and which each sign opens, as bits; a pattern that finds all signs."""
    sets = [[] if source is None else signs_of(*source) for source in sources]
    every = join_ranges(pair for ranges in sets for pair in ranges)
    return {
        "free": sum(1 << number for number, ranges in enumerate(sets) if not ranges),
        "holders": draw_masks(sets),
        "signs": f"[{''.join(f'{_escape(low)}-{_escape(high)}' for low, high in every)}]",
    }


def signs_of(source: str, flags: int) -> Ranges:
    """Return a set of characters of which a text must hold one for the pattern to match; empty where none is known."""
    gate = gate_of(source, flags)
    if any(all(ranges == NEWLINE for sight in term for ranges in sight) for term in gate):
        return []
    return join_ranges(pair for term in gate for pair in telling_set(term))


def _escape(code: int) -> str:
    return f"\\U{code:08x}"
