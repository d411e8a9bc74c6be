"""Fit the weights of join evidence on labelled boundaries, by logistic regression with the present weights as prior."""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cleaner.errors import RuleError
from cleaner.layout.samples import Sample

RATE, ROUNDS = 2.0, 600  # of the gradient ascent
SLOWING = 100.0  # rounds after which the rate is half of what it was
PRIOR = 0.0005  # pull towards the weights that stand in the rule file, per sample
STEEPEST = 30.0  # log-odds beyond which nothing changes in floating point that matters


class Verdicts(NamedTuple):
    """How many boundaries the weights judge rightly, join wrongly, and leave wrongly."""

    right: int
    false: int
    missed: int


def judge_samples(samples: Sequence[Sample], weights: Mapping[str, float]) -> Verdicts:
    """Judge boundaries by the sum of the weights, as layout does: join where it is above 0."""
    counts = Counter((sum(weights[name] for name in sample.fired) > 0, sample.joins) for sample in samples)
    return Verdicts(counts[True, True] + counts[False, False], counts[True, False], counts[False, True])


def fit_weights(samples: Sequence[Sample], start: Mapping[str, float]) -> dict[str, float]:
    """Return the weights, rounded to 0.1, that make the samples likeliest, drawn towards `start`.

    Evidence that fires at none of the samples keeps its weight.
    """
    weights = dict(start)
    counts = Counter(samples)
    seen = {name for sample in counts for name in sample.fired}
    for turn in range(ROUNDS):
        slope = dict.fromkeys(seen, 0.0)
        for sample, times in counts.items():
            total = sum(weights[name] for name in sample.fired)
            likely = 1.0 / (1.0 + math.exp(-max(-STEEPEST, min(STEEPEST, total))))
            for name in sample.fired:
                slope[name] += times * (sample.joins - likely)
        rate = RATE / (1.0 + turn / SLOWING)
        for name in seen:
            weights[name] += rate * (slope[name] / len(samples) - PRIOR * (weights[name] - start[name]))
    return {name: round(weight, 1) + 0.0 if name in seen else weight for name, weight in weights.items()}


def write_weights(text: str, weights: Mapping[str, float], file: str) -> str:
    """Return a rule file's text with new weights; nothing else changes. RuleError where a weight cannot be put in."""
    for name, weight in weights.items():
        key = rf"id[ \t]*=[ \t]*([\"']){re.escape(name)}\2[^\n]*\n"
        lines = r"(?:(?!\[\[)[^\n]*\n)*?weight[ \t]*=[ \t]*"
        text = re.sub(rf"(^{key}{lines})[-+0-9.eE_]+", rf"\g<1>{weight}", text, flags=re.MULTILINE)
    found = {item["id"]: item["weight"] for item in tomllib.loads(text).get("evidence", [])}
    for name, weight in weights.items():
        if found.get(name) != weight:
            raise RuleError(file, name, "the weight cannot be written: put `id` and `weight` on lines of their own")
    return text
