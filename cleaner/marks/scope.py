"""What the procedures share: the stretches that a change may not leave."""

from __future__ import annotations

from collections.abc import Iterator

from cleaner.engine.compile import Context


def each_block(text: str, context: Context) -> Iterator[tuple[int, int]]:
    """Yield the spans of the blocks, or of the lines where the text has no blocks."""
    if context.bounds:
        for start, end, _, _ in context.bounds:
            yield start, end
        return
    start = 0
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
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
