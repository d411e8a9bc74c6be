"""Try patterns on pages, before they become rules: show each hit in its surroundings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from cleaner.engine.classes import expand_pattern
from cleaner.engine.compile import compile_pattern
from cleaner.engine.deadline import deadline
from cleaner.engine.rule import Rule
from cleaner.errors import RuleError
from cleaner.report.explain import CONTEXT, Places, show_plain

FILE = "rules try"


class Trial(NamedTuple):
    """A pattern as it was given, compiled as in a user's rule, and what it puts in a hit's place (None: nothing)."""

    source: str
    pattern: Any
    replace: str | None


def prepare_trial(source: str, replace: str | None, classes: dict[str, str]) -> Trial:
    """Compile a pattern in which `{classes}` may stand; RuleError when it is wrong."""
    rule = Rule(id=source, why="A trial.", tier="suggest", file=FILE, user=True)
    return Trial(source, compile_pattern(expand_pattern(source, classes, FILE, source), rule), replace)


def find_hits(trial: Trial, text: str, name: str) -> Iterator[str]:
    """Yield a line for each hit: its place, and the text around it, as `cleaner explain` shows changes."""
    places = Places(text)
    with deadline(FILE, trial.source) as timeout:
        matches = list(trial.pattern.finditer(text, timeout=timeout))
    for match in matches:
        start, end = match.span()
        line, column = places.find(start)
        left, right = show_plain(text[max(start - CONTEXT, 0) : start]), show_plain(text[end : end + CONTEXT])
        hit = show_plain(match[0])
        shown = f"[{hit}]" if trial.replace is None else f"[-{hit}-]{{+{show_plain(_expand(trial, match))}+}}"
        yield f"{name}:{line}:{column}: {left}{shown}{right}"


def _expand(trial: Trial, match: Any) -> str:
    try:
        return str(match.expand(trial.replace))
    except (IndexError, ValueError) as error:
        raise RuleError(FILE, trial.source, f"--replace: {error}") from error
