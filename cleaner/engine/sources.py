"""Write the patterns of rules: of marks and what stands around them, of the words of a table.

Context rules become literal-first patterns, `,(?<=[L],)(?=[R])`: the standard library's `re` finds the literal fast and
looks around only there; a lookbehind in front would be tried at each character (docs/architecture.md, "Engine").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cleaner.engine.classes import LONGEST, expand_pattern, items_to_pattern
from cleaner.engine.rule import Rule
from cleaner.errors import RuleError


def source_of(rule: Rule, classes: dict[str, str], table: dict[str, str] | None) -> str:
    """Return the pattern of a rule with `find`, `pattern` or `table`; RuleError when it names an unknown class."""
    if rule.pattern is not None:
        source = expand_pattern(rule.pattern, classes, rule.file, rule.id)
        return fill_table(source, table) if table is not None else source
    if table is not None:
        alternatives = [match_any(table)]
        widths: list[str] = sorted({"." * len(key) for key in table})
    else:
        found, _, _ = items_to_pattern(rule.find or "", classes, rule.file, rule.id)
        alternatives = [pattern for pattern, _ in found]
        widths = sorted({"." * width for _, width in found})
    body = f"(?:{'|'.join(alternatives)})" if len(alternatives) > 1 else alternatives[0]
    return body + _behind(rule, classes, widths) + _ahead(rule, classes)


def fill_table(source: str, table: Iterable[str]) -> str:
    """Put a table's keys into a pattern where `{TABLE}` stands."""
    return source.replace("{TABLE}", match_any(table)) if "{TABLE}" in source else source


def match_any(words: Iterable[str]) -> str:
    """Return a pattern of words, longer ones first; those that begin alike stand together, so most are passed over."""
    rests: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        rests.setdefault(word[0], []).append(re.escape(word[1:]))
    singles = "".join(re.escape(first) for first, rest in rests.items() if rest == [""])
    parts = [re.escape(first) + _any_of(rest) for first, rest in rests.items() if rest != [""]]
    return f"(?:{'|'.join([*parts, f'[{singles}]'] if singles else parts)})"


def outline(rows: Iterable[tuple[str, str]]) -> str:
    """Return a short pattern that matches all words of a table, and others: enough for a gate."""
    words = [word for word, _ in rows]
    first = "".join(map(re.escape, sorted({word[0] for word in words})))
    every = "".join(map(re.escape, sorted({char for word in words for char in word})))
    return f"(?:[{first}][{every}]*{f'[{every}]' if all(len(word) > 1 for word in words) else ''})"


def _any_of(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"


def _behind(rule: Rule, classes: dict[str, str], widths: list[str]) -> str:
    """Look behind from after the mark: `(?<=[L].)`, one alternative for each width of the mark."""
    out = ""
    for items, sign in ((rule.before, "="), (rule.not_before, "!")):
        if items is None:
            continue
        left, start, _ = items_to_pattern(items, classes, rule.file, rule.id)
        anchors = [pattern for pattern, _ in left] + ["^"] * start
        gaps = ["", "[ \\u3000]"] if rule.gap else [""]
        if (size := sum(map(len, anchors)) * len(gaps) * len(widths)) > LONGEST:
            raise RuleError(rule.file, rule.id, f"its marks and what stands before them make {size} characters")
        looks = [f"(?<{sign}{anchor}{gap}{width})" for anchor in anchors for gap in gaps for width in widths]
        out += f"(?:{'|'.join(looks)})" if sign == "=" else "".join(looks)
    return out


def _ahead(rule: Rule, classes: dict[str, str]) -> str:
    out = ""
    for items, sign in ((rule.after, "="), (rule.not_after, "!")):
        if items is None:
            continue
        right, _, end = items_to_pattern(items, classes, rule.file, rule.id)
        gap = "[ \\u3000]*" if rule.gap else ""
        out += f"(?{sign}{gap}(?:{'|'.join([pattern for pattern, _ in right] + ['$'] * end)}))"
    return out
