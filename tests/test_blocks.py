"""The blocks of a text move with what is changed in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaner.engine.blocks import Blocks
from cleaner.model import Bound
from cleaner.trace import Change

sizes = st.integers(0, 5)
steps = st.lists(st.tuples(sizes, sizes), max_size=7)  # a gap, and how long what follows it is


@given(steps, st.lists(st.tuples(sizes, sizes, sizes), max_size=6))
def test_blocks_move_as_each_would_by_itself(lengths: list[tuple[int, int]], edits: list[tuple[int, int, int]]) -> None:
    bounds: list[Bound] = []
    at = 0
    for number, (gap, size) in enumerate(lengths):
        bounds.append((at + gap, at + gap + size, f"role {number}", number))
        at += gap + size
    changes: list[Change] = []
    at = 0
    for gap, size, new in edits:
        changes.append(Change(at + gap, at + gap + size, "字" * new, "rule"))
        at += gap + size
    assert list(Blocks(bounds).move(changes)) == move_plainly(bounds, changes)


def move_plainly(bounds: list[Bound], changes: list[Change]) -> list[Bound]:
    """Go through all blocks, and take each change where its block comes."""
    moved: list[Bound] = []
    shift, left = 0, list(changes)
    for start, end, role, article in bounds:
        while left and left[0].end <= start and left[0].start < start:
            shift += len(left[0].text) - (left[0].end - left[0].start)
            del left[0]
        first = start + shift
        while left and left[0].end <= end:
            shift += len(left[0].text) - (left[0].end - left[0].start)
            del left[0]
        moved.append((first, end + shift, role, article))
    return moved


def test_blocks_are_a_sequence_of_bounds() -> None:
    bounds = [(0, 2, "title", 0), (3, 7, "paragraph", 0)]
    blocks = Blocks(bounds)
    assert (list(blocks), len(blocks), blocks[1], blocks[:1]) == (bounds, 2, bounds[1], bounds[:1])
    assert blocks == Blocks(bounds)
    assert blocks != Blocks(bounds[:1])
    assert not Blocks()
