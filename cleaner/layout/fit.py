"""Fit the weights of join evidence on labelled pages, by logistic regression with the present weights as prior.

A boundary is labelled by looking for the characters around it in the gold text: found running on inside one paragraph
it is a join, found at the ends of two it is none, else it says nothing. Marks and blanks are left out of the
comparison, so that the recogniser's habits with them do not matter.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cleaner.engine.profile import CompiledEvidence, RuleSet
from cleaner.layout.evidence import fired

CONTEXT = 6  # characters on either side of a boundary that must be found in the gold text
RATE, STEPS = 0.5, 600  # of the gradient ascent
PRIOR = 0.0005  # pull towards the weights that stand in the rule file, per sample


@dataclass(slots=True)
class Sample:
    """One boundary: the ids of the evidence that fires there, and whether the text goes on."""

    fired: tuple[str, ...]
    joins: bool


@dataclass(slots=True)
class GoldText:
    """Paragraphs and headings of a page, reduced to letters and digits."""

    units: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, texts: Iterable[str]) -> GoldText:
        """Make it of the page's texts, one for each paragraph, title, caption …"""
        return cls([reduced for text in texts if (reduced := reduce_text(text))])

    def label(self, before: str, after: str) -> bool | None:
        """Say whether the text goes on from `before` to `after`; None when the gold text does not tell."""
        left, right = reduce_text(before)[-CONTEXT:], reduce_text(after)[:CONTEXT]
        if not left or not right:
            return None
        if len(left + right) > CONTEXT and any(left + right in unit for unit in self.units):
            return True
        ends = any(unit.endswith(left) for unit in self.units)
        starts = any(unit.startswith(right) for unit in self.units)
        return False if (ends or starts) and len(left) > 2 and len(right) > 2 else None


def reduce_text(text: str) -> str:
    """Return letters and digits only.

    >>> reduce_text("“好，” 他说：3.5吨。")
    '好他说35吨'
    """
    return re.sub(r"[\W_]+", "", text)


def make_sample(
    evidence: Sequence[CompiledEvidence], before: str, after: str, measures: Mapping[str, float], gold: GoldText
) -> Sample | None:
    """Return the sample at a boundary, or None when the gold text does not tell."""
    joins = gold.label(before, after)
    if joins is None:
        return None
    return Sample(tuple(item.rule.id for item in fired(evidence, before, after, measures)), joins)


def fit_weights(samples: Sequence[Sample], start: Mapping[str, float]) -> dict[str, float]:
    """Return the weights, rounded to 0.1, that make the samples likeliest, drawn towards `start`."""
    weights = dict(start)
    seen = {name for sample in samples for name in sample.fired}
    for step in range(STEPS):
        slope = dict.fromkeys(seen, 0.0)
        for sample in samples:
            total = sum(weights[name] for name in sample.fired)
            error = sample.joins - 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))
            for name in sample.fired:
                slope[name] += error
        rate = RATE / (1.0 + step / 100.0)
        for name in seen:
            weights[name] += rate * (slope[name] / len(samples) - PRIOR * (weights[name] - start[name])) * 4.0
    return {name: round(weight, 1) for name, weight in weights.items()}


def write_weights(text: str, weights: Mapping[str, float]) -> str:
    """Return the rule file's text with new weights; nothing else changes."""
    for name, weight in weights.items():
        head = rf'(id = "{re.escape(name)}"\n(?:(?!\[\[)[^\n]*\n)*?weight = )[-+0-9.]+'
        text = re.sub(head, rf"\g<1>{weight}", text)
    return text


def rules_of(rules: RuleSet, step: str) -> list[CompiledEvidence]:
    """Return the evidence for one step."""
    return [item for item in rules.evidence if item.rule.step == step]
