"""Find what the rules for an internal role look for in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cleaner.engine.profile import CompiledRole, RuleSet
from cleaner.layout.gates import Gates
from cleaner.layout.memory import TextMemory


def matches(rules: RuleSet, role: str, text: str) -> bool:
    """Say whether a rule for an internal role, or for one of several (`a|b`), finds its pattern in a text."""
    return rules.once("matchers", _Matchers)[role][shorten(text, rules)]


def search(rules: RuleSet, role: str, text: str) -> Iterator[tuple[CompiledRole, re.Match[str]]]:
    """Return the rules for an internal role that find their pattern in all of a text, each with its match."""
    return rules.once("matchers", _Matchers)[role].search(text)


def shorten(text: str, rules: RuleSet) -> str:
    """Return what patterns look at of a text: a very long one's two ends, as two lines."""
    reach = rules.settings["pattern_reach"]
    return text if len(text) <= 2 * reach else f"{text[: int(reach)]}\n{text[-int(reach) :]}"


class _Matchers(dict[str, "Matcher"]):
    """Matchers by the internal roles that were asked for."""

    def __init__(self, rules: RuleSet) -> None:
        super().__init__()
        self.rules = rules

    def __missing__(self, role: str) -> Matcher:
        self[role] = matcher = Matcher([item for one in role.split("|") for item in self.rules.by_role.get(one, ())])
        return matcher


class Matcher(TextMemory[bool]):
    """Says whether one of the patterns of an internal role is in a text."""

    def __init__(self, items: Sequence[CompiledRole]) -> None:
        super().__init__()
        held = [(item, item.pattern) for item in items if item.pattern is not None]
        self.gates = Gates([pattern for _, pattern in held])
        self.finders = [
            (1 << number, item, finder or pattern)
            for number, ((item, pattern), finder) in enumerate(zip(held, self.gates.finders, strict=True))
        ]

    def __missing__(self, text: str) -> bool:
        return self.remember(text, next(self.search(text), None) is not None)

    def search(self, text: str) -> Iterator[tuple[CompiledRole, re.Match[str]]]:
        """Yield the rules whose pattern is in a text, each with its match."""
        mask = self.gates(text)
        for bit, item, finder in self.finders if mask else ():
            match = finder.search(text) if mask & bit else None
            if match is not None:
                yield item, match
