"""Rules that only name what layout does: their ids stand in the edit log, their examples are cleaned as whole texts."""

from __future__ import annotations

from cleaner.engine.compile import Context, Finder
from cleaner.engine.rule import Rule
from cleaner.trace import Change


def make_layout(rule: Rule, classes: dict[str, str]) -> Finder:
    """Return a finder that finds nothing: layout makes these changes itself."""

    def find(text: str, context: Context) -> list[Change]:
        return []

    return find
