"""Decide between the two readings of a lone short line: the title of a new article, or a section heading of this one.

The roles step sees neighbours only. Here the article so far and the text that follows are compared: who has signed
what, and how many rare character pairs the two share. Lines that are surely titles (a byline, subtitle or dateline
follows) are not asked.
"""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.engine.patterns import LazyPattern, find_pattern
from cleaner.engine.profile import RuleSet
from cleaner.layout.evidence import scales_for
from cleaner.layout.lexicon import Lexicon
from cleaner.layout.matcher import matches
from cleaner.layout.shapes import shape_of
from cleaner.layout.units import Unit

SIGNED = ("byline",)
LEDE = 6  # units at an article's beginning among which a dateline may sign it
HEADS = ("kicker", "title", "subtitle", "byline", "label")


def settle_headings(units: Sequence[Unit], rules: RuleSet) -> None:
    """Set the role of lone short lines in running text to title or heading."""
    scales = scales_for(rules, "head")
    words = Lexicon([[unit] for unit in units if unit.role == "paragraph"], rules)
    so_far = _Story(rules, words)
    for i, unit in enumerate(units):
        if i:
            so_far.add(units[i - 1])
        if unit.role in HEADS and (i == 0 or units[i - 1].role not in HEADS):
            if not _is_contested(units, i, rules):
                so_far.begin()
                continue
        elif unit.role != "heading":
            continue
        measures = _measure(units, i, so_far, rules, words)
        total, note = scales.weigh(unit.text, units[i + 1].text if i + 1 < len(units) else "", measures)
        total += unit.scores.get("title", -9.0) - unit.scores.get("heading", -9.0)
        unit.role = "title" if total > 0 else "heading"
        unit.evidence = note
        if unit.role == "title":
            so_far.begin()


def _is_contested(units: Sequence[Unit], i: int, rules: RuleSet) -> bool:
    """A title that stands alone between running text, without dateline or byline, may be a heading."""
    unit = units[i]
    if unit.role != "title" or i == 0 or i + 1 >= len(units) or units[i + 1].role != "paragraph":
        return False
    if units[i - 1].role not in ("paragraph", "credit", "caption"):
        return False
    return not matches(rules, "dateline", units[i + 1].text)


def _is_torn(unit: Unit, rules: RuleSet) -> bool:
    """Say whether a paragraph stops in mid-sentence."""
    ends = rules.once("paragraph ends", _make_ends)
    return unit.role == "paragraph" and ends.match(unit.text[-1:]) is None


def _make_ends(rules: RuleSet) -> LazyPattern:
    return find_pattern(f"[{rules.classes['terminal']}{rules.classes['closing']}{rules.classes['clause']}]")


def _distance(first: tuple[int, ...], second: tuple[int, ...]) -> int:
    """Return how unlike two headings' shapes are: in characters, a clause more or less counts five."""
    return abs(sum(first) - sum(second)) + 5 * abs(len(first) - len(second))


class _Story:
    """The article so far: what its units say, added up as it grows."""

    def __init__(self, rules: RuleSet, words: Lexicon) -> None:
        self.rules, self.words = rules, words
        self.begin()

    def begin(self) -> None:
        """Begin a new article."""
        self.units = self.headings = 0
        self.signed = self.closed = self.body = False
        self.shapes: set[tuple[int, ...]] = set()
        self.texts: list[Unit] = []  # paragraphs whose pairs are not counted yet
        self.known: set[str] = set()

    def pairs(self) -> set[str]:
        """Return the character pairs of the paragraphs so far."""
        self.known |= self.words.pairs(self.texts)
        self.texts = []
        return self.known

    def add(self, unit: Unit) -> None:
        """Take in the next unit, whose role is settled."""
        self.units += 1
        if unit.role == "paragraph":
            self.body = True
            self.texts.append(unit)
            early = self.units <= LEDE
            self.signed = self.signed or (early and matches(self.rules, "signed-dateline", unit.text))
        elif unit.role == "heading":
            self.headings += 1
            self.shapes.add(shape_of(unit, self.rules))
        elif unit.role == "credit":
            self.closed = self.closed or not matches(self.rules, "photo", unit.text)
        self.signed = self.signed or unit.role in SIGNED


def _measure(units: Sequence[Unit], i: int, so_far: _Story, rules: RuleSet, words: Lexicon) -> dict[str, float]:
    end = next((j for j in range(i + 1, len(units)) if units[j].role in (*HEADS, "heading")), len(units))
    ahead = units[i + 1 : end]
    signed_ahead = any(unit.role == "credit" and matches(rules, "signature", unit.text) for unit in ahead)
    measures = {
        "signed": float(so_far.signed),
        "signed_ahead": float(signed_ahead),
        "signed_twice": float(so_far.signed and signed_ahead),
        "closed": float(so_far.closed),
        "headings": float(so_far.headings),
        "torn_before": float(_is_torn(units[i - 1], rules)) if i else 0.0,
    }
    if so_far.headings > 1:
        shape = shape_of(units[i], rules)
        measures["odd_shape"] = float(min(_distance(shape, other) for other in so_far.shapes))
    text = words.pairs([unit for unit in ahead if unit.role == "paragraph"])
    if so_far.body and any(unit.role == "paragraph" for unit in ahead):
        measures["cohesion"] = words.share(text, so_far.pairs())
        measures["cohesion_title"] = words.share(words.pairs([units[i]]), text)
    return measures
