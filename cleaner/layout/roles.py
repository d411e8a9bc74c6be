"""Give each unit its role: title, byline, paragraph …

A role is decided by the sum of what role rules say of the unit and its neighbours, and by which roles follow one
another; the best sequence over the page is found by dynamic programming (Viterbi).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from cleaner.engine.profile import RuleSet
from cleaner.layout.ballot import Ballot
from cleaner.layout.shapes import count_parallels, shape_of
from cleaner.layout.units import Unit, seam_count
from cleaner.layout.words import cuts_word

ANY = "*"
START, END = "start", "end"  # pseudo-roles


def assign_roles(units: Sequence[Unit], rules: RuleSet, pairs: Counter[str]) -> None:
    """Set `role` of every unit."""
    if not units:
        return
    ballot = rules.once("ballot", Ballot)
    scores = ballot.count(units, measure_units(units, rules, pairs))
    path = _best_path(scores, rules.once("role steps", _Steps))
    for unit, role, score in zip(units, path, scores, strict=True):
        unit.role, unit.scores = role, score


def measure_units(units: Sequence[Unit], rules: RuleSet, pairs: Counter[str]) -> Iterator[dict[str, float]]:
    """Measure of each unit what patterns cannot say: place, neighbours' sizes, like-shaped units near by."""
    opening, closing = rules.once("pair marks", _make_marks)
    last = len(units) - 1
    for i, (unit, alike) in enumerate(zip(units, count_parallels(units, rules), strict=True)):
        text = unit.text
        measures = {
            "first": float(i == 0),
            "last": float(i == last),
            "edge": float(min(i, last - i)),
            "before": float(unit.before),
            "previous_width": units[i - 1].width if i else 0.0,
            "next_width": units[i + 1].width if i < last else 0.0,
            "parts": float(len(unit.parts)),
            "open_marks": float(len(opening.findall(text)) - len(closing.findall(text))),
        }
        if unit.short is not None:
            measures["short"] = unit.short
        if i:
            measures["ratio_previous"] = unit.width / units[i - 1].width
        if i < last:
            after = units[i + 1]
            measures["seam"] = seam_count(pairs, text, after.text)
            measures["word"] = float(cuts_word(text, after.text))
            measures["ratio_next"] = after.width / unit.width
        if unit.width <= rules.settings["short_width"]:
            lone = len(shape_of(unit, rules)) < 2
            measures["parallel"] = float(alike - lone)  # one clause of the same length is often chance
        yield measures


def _make_marks(rules: RuleSet) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(f"[{rules.classes['opening']}]"), re.compile(f"[{rules.classes['closing']}]")


class _Steps(dict[str, dict[str, float]]):
    """What it weighs that a role follows another: by the later role, then by the earlier one."""

    def __init__(self, rules: RuleSet) -> None:
        super().__init__()
        self.table: Counter[tuple[str, str]] = Counter()
        for item in rules.sequences:
            self.table[item.first, item.then] += item.weight  # type: ignore[assignment]
        self.roles = (START, *rules.once("ballot", Ballot).roles)

    def __missing__(self, then: str) -> dict[str, float]:
        self[then] = row = {first: self._weigh(first, then) for first in self.roles}
        return row

    def _weigh(self, first: str, then: str) -> float:
        if (first, then) in self.table:
            return self.table[first, then]
        return self.table.get((first, ANY), 0.0) + self.table.get((ANY, then), 0.0)


def _best_path(scores: Sequence[Mapping[str, float]], steps: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Return the best role sequence; the first unit follows the pseudo-role `start`. Of equal ones the role that is
    last by name comes before."""
    best: dict[str, float] = {START: 0.0}
    back: list[dict[str, str]] = []
    for local in scores:
        now: dict[str, float] = {}
        source: dict[str, str] = {}
        for role, score in local.items():
            row = steps[role]
            total, first = max([(value + row[before], before) for before, value in best.items()])
            now[role], source[role] = total + score, first
        best = now
        back.append(source)
    role = max(best, key=lambda name: best[name] + steps[END][name])
    path: list[str] = []
    for source in reversed(back):
        path.append(role)
        role = source[role]
    return path[::-1]
