"""Turn decisions into examples for rules: what was rejected is a `keeps`, what was accepted or written a `fixes`.

An example is a piece of the page, as short as makes sense, on which the rule alone does what it did on the page: so it
shows the case, and fails until the rule has learnt it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cleaner.edits import MOVE
from cleaner.engine.check import apply_rule
from cleaner.engine.compile import Compiled, Context
from cleaner.engine.profile import RuleSet
from cleaner.errors import CleanerError
from cleaner.marks.style import is_chinese
from cleaner.model import Span
from cleaner.review.decisions import Decision
from cleaner.review.example_file import Example, format_section, merge_sections

REACH = (12, 8, 5, 3, 2, 1, 30)  # characters on either side, the best first
LINES = (1, 2, 3)  # lines on either side, for what layout did
SEAM = 4  # characters that tell a joint


class ExampleFinder:
    """Finds the examples that decisions give; `texts` are the raw texts by their digests."""

    def __init__(self, texts: Mapping[str, str], rules: RuleSet) -> None:
        self.texts = texts
        self.rules = {compiled.rule.id: compiled for compiled in (*rules.characters, *rules.marks, *rules.layout)}
        self.found: dict[Decision, Example | None] = {}  # to look for one may mean to clean a text a dozen times

    def write(self, decisions: Iterable[Decision], old: str, test: str) -> str:
        """Return the rule file with the examples; `old` is what stands in it, `test` the command that tests it.

        Decisions that give no example are named in comments. What is not of these pages stays.
        """
        told: dict[str, list[Decision]] = {digest: [] for digest in self.texts}
        for decision in decisions:
            if decision.sha256 in told and _is_telling(decision):
                told[decision.sha256].append(decision)
        return merge_sections(old, {digest: self._section(digest, of) for digest, of in told.items()}, test)

    def _section(self, digest: str, decisions: Sequence[Decision]) -> str:
        for decision in decisions:
            if decision not in self.found:
                self.found[decision] = self._find(decision)
        examples = [example for decision in decisions if (example := self.found[decision])]
        without = [self._name(decision) for decision in decisions if self.found[decision] is None]
        return format_section(digest, decisions[0].source if decisions else "", examples, without)

    def _name(self, decision: Decision) -> str:
        line = self.texts[decision.sha256].count("\n", 0, decision.at[0]) + 1
        return f"{decision.rule}, {json.dumps(decision.source)}, line {line}"

    def _find(self, decision: Decision) -> Example | None:
        """Return the example for the first of the decision's rules of which a piece of the page shows the case."""
        raw = self.texts[decision.sha256]
        own = decision.text if decision.verdict == "edit" else decision.after
        for name in decision.rule.split("+"):
            piece = _find_piece(raw, decision, self.rules[name]) if name in self.rules else None
            if piece is not None:
                text, (low, high) = raw[slice(*piece)], (decision.at[0] - piece[0], decision.at[1] - piece[0])
                return Example(name, text, text if decision.verdict == "reject" else text[:low] + own + text[high:])
        return None


def _is_telling(decision: Decision) -> bool:
    """Say whether a decision says something about its rule: accepted changes and dismissed hints do not."""
    if decision.what == "flag":
        return decision.verdict != "reject"
    return decision.verdict != "accept" and decision.rule != MOVE


def _find_piece(raw: str, decision: Decision, compiled: Compiled) -> Span | None:
    """Return the span of a piece of the page on which the rule alone does what it did, and nothing else."""
    layout = compiled.rule.do == "layout"
    for start, end in _windows(raw, decision.at, layout):
        low, high = decision.at[0] - start, decision.at[1] - start
        try:
            made = apply_rule(compiled, raw[start:end], lambda text: Context(is_chinese=is_chinese))
        except CleanerError:
            return None
        if _shows(raw[start:end], made, (low, high), decision.after, layout):
            return start, end
    return None


def _windows(raw: str, at: Span, lines: bool) -> Iterator[Span]:
    """Yield spans of the raw text around a place: characters of its line, or whole lines."""
    first = raw.rfind("\n", 0, at[0]) + 1
    last = raw.find("\n", at[1])
    last = len(raw) if last < 0 else last
    for reach in REACH if not lines else ():
        yield max(first, at[0] - reach), min(last, at[1] + reach)
    for _ in LINES if lines else ():
        yield first, last
        first = raw.rfind("\n", 0, max(first - 1, 0)) + 1
        last = raw.find("\n", last + 1) if raw.find("\n", last + 1) >= 0 else len(raw)


def _shows(text: str, made: str, at: Span, after: str, layout: bool) -> bool:
    """Say whether what the rule made of the text differs at the place, and nowhere else."""
    low, high = at
    if layout:
        return text[max(low - SEAM, 0) : low] + after + text[high : high + SEAM] in made and made != text
    return made != text and made.startswith(text[:low]) and made[len(text[:low]) :].endswith(text[high:])
