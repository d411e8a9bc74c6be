"""Halves of articles that a jump mark parts, and what speaks for two of them being one article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cleaner.engine.profile import RuleSet
from cleaner.issue.places import Number, read_numbers
from cleaner.layout.evidence import scales_for
from cleaner.layout.joins import TearJudge
from cleaner.layout.lexicon import Lexicon
from cleaner.layout.lines import measure_width
from cleaner.layout.parts import find_value
from cleaner.layout.units import Pairs, Unit, count_pairs
from cleaner.layout.words import read_plainly
from cleaner.model import BODY_ROLES, Article, Flag, Page, Span

ON, FROM = "continued-on", "continued-from"
TITLES = ("title", "subtitle")


@dataclass(slots=True, eq=False)
class Half:
    """An article that goes on on another page (`kind` is ON) or comes from one (FROM), as its jump mark says."""

    kind: str
    page: int  # which of the pages
    article: Article
    numbers: frozenset[Number]  # of the pages that the mark names
    named: str | None  # the headline that the mark names
    flag: Flag | None = None

    def seam(self) -> Span:
        """Return the raw span of the text at the seam: a first half's last paragraph, a second half's first one."""
        end = -1 if self.kind == ON else 0
        spans = (self.article.paragraphs or self.article.blocks)[end].spans
        return spans[end] if spans else (0, 0)


def find_halves(number: int, page: Page, rules: RuleSet) -> Iterator[Half]:
    """Yield the halves on a page, the `number`-th of all; an article in the middle of three pages is two of them."""
    for article in page.articles:
        for kind, mark in ((ON, article.continued_on), (FROM, article.continued_from)):
            if mark is not None:
                yield Half(kind, number, article, read_numbers(mark, rules), find_value(rules, "jump-title", mark))


class HalfJudge:
    """Weighs the evidence (step `page`) that two halves are one article; `articles` are all those of the pages."""

    def __init__(self, articles: Sequence[Article], rules: RuleSet) -> None:
        self.rules = rules
        self.scales = scales_for(rules, "page")
        groups = [self._units(article, (*BODY_ROLES, *TITLES)) for article in articles]
        self.lexicon = Lexicon(groups, rules)
        self.words = {id(article): self.lexicon.pairs(group) for article, group in zip(articles, groups, strict=True)}
        self.tears = TearJudge(rules, count_pairs([unit for group in groups for unit in group]))

    def weigh(self, on: Half, start: Half, numbers: int) -> float:
        """Return the log-odds; `numbers` says how many of the marks name the other half's page."""
        measures = {"numbers": float(numbers)}
        for measured in (self._compare_titles(on, start), self._compare_words(on, start), self._weigh_seam(on, start)):
            measures |= measured
        return self.scales.weigh("", "", measures)[0]

    def _units(self, article: Article, roles: Sequence[str]) -> list[Unit]:
        return [self._unit(block.text) for block in article.blocks if block.role in roles]

    def _unit(self, text: str) -> Unit:
        text = read_plainly(text, self.rules)
        return Unit([], text, measure_width(text), 1, 0.0)

    def _compare_titles(self, on: Half, start: Half) -> dict[str, float]:
        """Measure how far a mark names the other half's headline, and how far the headlines are the same."""
        first, second = on.article.title, start.article.title
        measures = {"title": self._likeness(first, second)} if first and second else {}
        named = [self._likeness(a, b) for a, b in ((on.named, second), (start.named, first)) if a and b]
        return measures | ({"named": max(named)} if named else {})

    def _likeness(self, first: str, second: str) -> float:
        """Return which share of the character pairs of the shorter text the other holds too."""
        one, two = (self.lexicon.pairs([self._unit(text)]) for text in (first, second))
        return len(one & two) / max(min(len(one), len(two)), 1)

    def _compare_words(self, on: Half, start: Half) -> dict[str, float]:
        """Measure how many times more the second half shares with the first than with the other articles.

        By length, for a long article shares much by chance; the measure is missing where a half is too short.
        """
        halves = (id(on.article), id(start.article))
        first, second = (self.words[key] for key in halves)
        rest = [words for key, words in self.words.items() if key not in halves]
        size = sum(map(len, rest))
        if min(len(first), len(second)) < self.rules.settings["page_words"] or not size:
            return {}
        here = self._common(second, first) / len(first)
        there = sum(self._common(second, words) for words in rest) / size
        return {"stands_out": here / there if there else 9.0 * (here > 0)}

    def _common(self, one: Pairs, two: Pairs) -> float:
        return self.lexicon.mass(one & two)

    def _weigh_seam(self, on: Half, start: Half) -> dict[str, float]:
        """Weigh the seam where the first half stops in mid-sentence."""
        before, after = self._units(on.article, ("paragraph",)), self._units(start.article, ("paragraph",))
        if not before or not after or not self.tears.is_cut(before[-1]):
            return {}
        return {"seam_odds": self.tears.weigh(before[-1], after[0])[0]}
