"""Change each character of a stretch that a pattern finds by a map."""

from __future__ import annotations

import re

from cleaner.engine.classes import expand_pattern
from cleaner.engine.compile import Context, Finder, find_matches, holds_any
from cleaner.engine.patterns import LazyPattern
from cleaner.engine.rule import Rule
from cleaner.errors import RuleError
from cleaner.marks.scope import text_option
from cleaner.trace import Change


def make_widen(rule: Rule, classes: dict[str, str]) -> Finder:
    """Make the procedure `widen`: options `find` (a pattern) and `map` (character to text)."""
    table = rule.options.get("map")
    if not isinstance(table, dict):
        raise RuleError(rule.file, rule.id, "option `map` must be a table of characters")
    swap = str.maketrans({str(key): str(value) for key, value in table.items()})
    source = expand_pattern(text_option(rule.options, "find"), classes, rule.file, rule.id)
    pattern = LazyPattern(source, re.MULTILINE)
    needs = rule.needs or ""

    def find(text: str, context: Context) -> list[Change]:
        if needs and not holds_any(text, needs):
            return []
        matches = find_matches(pattern, text, context)
        found = ((match.span(), match[0], match[0].translate(swap)) for match in matches)
        return [Change(start, end, new, rule.id) for (start, end), old, new in found if new != old]

    return find
