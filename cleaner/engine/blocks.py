"""The blocks of a text while rules work on it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

from cleaner.model import Bound
from cleaner.trace import Change


class Blocks(Sequence[Bound]):
    """The bounds of a text's blocks, in order.

    They are kept in columns: numbers in lists move many times faster than tuples, of which each rule that changes
    lengths would make one for each block, and Python's garbage collector looks at every one of them.
    """

    __slots__ = ("articles", "ends", "roles", "starts")

    def __init__(self, bounds: Iterable[Bound] = ()) -> None:
        rows = list(bounds)
        self.starts = [row[0] for row in rows]
        self.ends = [row[1] for row in rows]
        self.roles = [row[2] for row in rows]
        self.articles = [row[3] for row in rows]

    def __len__(self) -> int:
        return len(self.starts)

    def __iter__(self) -> Iterator[Bound]:
        return zip(self.starts, self.ends, self.roles, self.articles, strict=True)

    @overload
    def __getitem__(self, number: int) -> Bound: ...
    @overload
    def __getitem__(self, number: slice) -> list[Bound]: ...
    def __getitem__(self, number: int | slice) -> Bound | list[Bound]:
        if isinstance(number, slice):
            return list(self)[number]
        return self.starts[number], self.ends[number], self.roles[number], self.articles[number]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(tuple.__eq__, self, other))

    __hash__ = None  # type: ignore[assignment]

    def move(self, changes: Sequence[Change]) -> Blocks:
        """Return them behind a pass: what is inserted at a block's start or end belongs to it."""
        if all(len(new) == end - start for start, end, new, _, _ in changes):
            return self
        moved = Blocks()
        moved.roles, moved.articles = self.roles, self.articles
        moved.starts, moved.ends = _move(self.starts, self.ends, changes)
        return moved


def as_blocks(bounds: Sequence[Bound]) -> Blocks:
    """Return bounds as blocks."""
    return bounds if isinstance(bounds, Blocks) else Blocks(bounds)


def _move(starts: list[int], ends: list[int], changes: Sequence[Change]) -> tuple[list[int], list[int]]:
    new_starts, new_ends = list[int](), list[int]()
    shift = at = i = 0
    while i < len(changes):
        # blocks that end before the next change only move on; the one that holds it may grow or shrink
        ahead = bisect_left(ends, changes[i].end, at)
        new_starts += [start + shift for start in starts[at:ahead]]
        new_ends += [end + shift for end in ends[at:ahead]]
        at = ahead
        if at == len(ends):
            return new_starts, new_ends
        start, end = starts[at], ends[at]
        while i < len(changes) and changes[i].end <= start and changes[i].start < start:
            shift += len(changes[i].text) - (changes[i].end - changes[i].start)
            i += 1
        new_starts.append(start + shift)
        while i < len(changes) and changes[i].end <= end:
            shift += len(changes[i].text) - (changes[i].end - changes[i].start)
            i += 1
        new_ends.append(end + shift)
        at += 1
    new_starts += [start + shift for start in starts[at:]]
    new_ends += [end + shift for end in ends[at:]]
    return new_starts, new_ends
