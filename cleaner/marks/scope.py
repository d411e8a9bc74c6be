"""What the procedures share: the stretches that a change may not leave."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from cleaner.engine.blocks import as_blocks
from cleaner.engine.compile import Context
from cleaner.model import Span


def each_block(text: str, context: Context) -> Iterator[Span]:
    """Yield the spans of the blocks that the rule is to look at, or of the lines where the text has no blocks."""
    bounds, where = as_blocks(context.bounds), context.where
    if not bounds:
        for low, high in [(0, len(text))] if where is None else where:
            yield from _each_line(text, low, high)
    elif where is None:
        yield from zip(bounds.starts, bounds.ends, strict=True)
    else:
        for number in pick_blocks(context):
            yield bounds.starts[number], bounds.ends[number]


def pick_blocks(context: Context) -> Sequence[int]:
    """Return the numbers of the blocks that lie in the stretches that a rule is to look at."""
    blocks = as_blocks(context.bounds)
    starts, ends = blocks.starts, blocks.ends
    if context.where is None:
        return range(len(starts))
    picked: list[int] = []
    number = 0
    for low, high in context.where:
        number = max(bisect_right(starts, low, number) - 1, number)
        while number < len(starts) and starts[number] <= high:
            if low <= ends[number]:
                picked.append(number)
            number += 1
    return picked


def _each_line(text: str, start: int, stop: int) -> Iterator[Span]:
    while start <= stop:
        end = text.find("\n", start, stop)
        end = stop if end < 0 else end
        if start < end:
            yield start, end
        start = end + 1


def text_option(options: dict[str, object], name: str, default: str = "") -> str:
    """Read an option that is a string."""
    return str(options.get(name, default))


def number_option(options: dict[str, object], name: str, default: int) -> int:
    """Read an option that is a whole number."""
    value = options.get(name, default)
    return value if isinstance(value, int) else default


def words_option(options: dict[str, object], name: str) -> tuple[str, ...]:
    """Read an option that is a list of strings."""
    value = options.get(name, ())
    return tuple(str(item) for item in value) if isinstance(value, list | tuple) else ()
