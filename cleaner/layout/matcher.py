"""Find what the rules for an internal role look for in a text: most of their patterns are ruled out by its edges."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cleaner.engine.deadline import Searcher
from cleaner.engine.gate import OPEN, gate_of, telling_set
from cleaner.engine.patterns import LazyPattern
from cleaner.engine.profile import CompiledRole, RuleSet
from cleaner.layout.edges import Edges, Finder
from cleaner.layout.memory import TextMemory


def matches(rules: RuleSet, role: str, text: str) -> bool:
    """Say whether a rule for an internal role finds its pattern in a text."""
    return rules.once("matchers", _Matchers)[role][shorten(text, rules)]


def search(rules: RuleSet, role: str, text: str) -> Iterator[tuple[CompiledRole, re.Match[str]]]:
    """Yield the rules for an internal role that find their pattern in all of a text, each with its match."""
    for item, finder in rules.once("matchers", _Matchers)[role].open(text):
        match = finder.search(text)
        if match is not None:
            yield item, match


def shorten(text: str, rules: RuleSet) -> str:
    """Return what patterns look at of a text: a very long one's two ends, as two lines."""
    reach = rules.settings["pattern_reach"]
    return text if len(text) <= 2 * reach else f"{text[: int(reach)]}\n{text[-int(reach) :]}"


class _Matchers(dict[str, "Matcher"]):
    """A matcher for each internal role that was asked for."""

    def __init__(self, rules: RuleSet) -> None:
        super().__init__()
        self.rules = rules

    def __missing__(self, role: str) -> Matcher:
        self[role] = matcher = Matcher(self.rules.by_role.get(role, ()))
        return matcher


class Matcher(TextMemory[bool]):
    """Says whether one of the patterns of an internal role is in a text; each is tried where the text's edges and
    marks leave it possible."""

    def __init__(self, items: Sequence[CompiledRole]) -> None:
        super().__init__()
        held = [(item, item.pattern) for item in items if item.pattern is not None]
        self.edges = Edges([pattern for _, pattern in held])
        self.finders = [
            (1 << number, _find_signs(pattern), item, finder or pattern)
            for number, ((item, pattern), finder) in enumerate(zip(held, self.edges.finders, strict=True))
        ]

    def __missing__(self, text: str) -> bool:
        return self.remember(text, any(finder.search(text) for _, finder in self.open(text)))

    def open(self, text: str) -> list[tuple[CompiledRole, Finder]]:
        """Return the rules whose pattern a text leaves possible, each with what finds it."""
        mask = self.edges(text)
        some = [known for known in self.finders if mask & known[0]] if mask else ()
        return [(item, finder) for _, signs, item, finder in some if signs is None or signs.search(text)]


def _find_signs(pattern: Searcher) -> LazyPattern | None:
    """Return a set of characters of which a text must hold one for the pattern to match; None where there is none."""
    gate = gate_of(pattern.pattern, pattern.flags) if isinstance(pattern, LazyPattern) else OPEN
    pairs = [pair for term in gate for pair in telling_set(term)]
    return LazyPattern("[" + "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in pairs) + "]") if pairs else None
