"""Decide between the two readings of a lone short line: the title of a new article, or a section heading of this one.

The roles step sees neighbours only. Here the article so far and the text that follows are compared: who has signed
what, and how many rare character pairs the two share. Lines that are surely titles (a byline, subtitle or dateline
follows) are not asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaner.engine.profile import RuleSet
from cleaner.layout.evidence import scales_for
from cleaner.layout.lexicon import Lexicon
from cleaner.layout.parts import matches
from cleaner.layout.shapes import shape_of
from cleaner.layout.units import Unit

SIGNED = ("byline",)
HEADS = ("kicker", "title", "subtitle", "byline", "label")


def settle_headings(units: Sequence[Unit], rules: RuleSet) -> None:
    """Set the role of lone short lines in running text to title or heading."""
    scales = scales_for(rules, "head")
    words = Lexicon([[unit] for unit in units if unit.role == "paragraph"], rules)
    start = 0  # where the article so far begins
    for i, unit in enumerate(units):
        if unit.role in HEADS and (i == 0 or units[i - 1].role not in HEADS):
            if not _is_contested(units, i, rules):
                start = i
                continue
        elif unit.role != "heading":
            continue
        measures = _measure(units, start, i, rules, words)
        total, note = scales.weigh(unit.text, units[i + 1].text if i + 1 < len(units) else "", measures)
        total += unit.scores.get("title", -9.0) - unit.scores.get("heading", -9.0)
        unit.role = "title" if total > 0 else "heading"
        unit.evidence = note
        if unit.role == "title":
            start = i


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
    ends = rules.classes["terminal"] + rules.classes["closing"] + rules.classes["clause"]
    return unit.role == "paragraph" and re.search(f"[{ends}]$", unit.text) is None


def _distance(first: tuple[int, ...], second: tuple[int, ...]) -> int:
    """Return how unlike two headings' shapes are: in characters, a clause more or less counts five."""
    return abs(sum(first) - sum(second)) + 5 * abs(len(first) - len(second))


def _measure(units: Sequence[Unit], start: int, i: int, rules: RuleSet, words: Lexicon) -> dict[str, float]:
    so_far = units[start:i]
    end = next((j for j in range(i + 1, len(units)) if units[j].role in (*HEADS, "heading")), len(units))
    ahead = units[i + 1 : end]
    signed_ahead = any(unit.role == "credit" and matches(rules, "signature", unit.text) for unit in ahead)
    signed = any(unit.role in SIGNED for unit in so_far) or any(
        unit.role == "paragraph" and matches(rules, "signed-dateline", unit.text) for unit in so_far[:6]
    )
    closed = any(unit.role == "credit" and not matches(rules, "photo", unit.text) for unit in so_far)
    body = [unit for unit in so_far if unit.role == "paragraph"]
    text = [unit for unit in ahead if unit.role == "paragraph"]
    measures = {
        "signed": float(signed),
        "signed_ahead": float(signed_ahead),
        "signed_twice": float(signed and signed_ahead),
        "closed": float(closed),
        "headings": float(sum(1 for unit in so_far if unit.role == "heading")),
        "torn_before": float(_is_torn(units[i - 1], rules)) if i else 0.0,
    }
    shapes = [shape_of(unit, rules) for unit in so_far if unit.role == "heading"]
    if len(shapes) > 1:
        measures["odd_shape"] = float(min(_distance(shape_of(units[i], rules), shape) for shape in shapes))
    if body and text:
        measures["cohesion"] = words.share(words.pairs(text), words.pairs(body))
        measures["cohesion_title"] = words.share(words.pairs([units[i]]), words.pairs(text))
    return measures
