"""Give each unit its role: title, byline, paragraph …

A role is decided by the sum of what role rules say of the unit and its neighbours, and by which roles follow one
another; the best sequence over the page is found by dynamic programming (Viterbi).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from operator import add

from cleaner.engine.profile import RuleSet
from cleaner.layout.ballot import DEFAULT, Ballot, Roles, Scores
from cleaner.layout.marks import marks_in
from cleaner.layout.memory import Memory
from cleaner.layout.rows import ROWS, row_role
from cleaner.layout.shapes import count_parallels, shape_of
from cleaner.layout.units import PairCounts, Unit, seam_count
from cleaner.layout.words import cuts_word

ANY = "*"
START, END = "start", "end"  # pseudo-roles
ROW = Scores({DEFAULT: 0.0}, (DEFAULT,), [0.0])  # verse, lists and tables are text, and no heads


def assign_roles(units: Sequence[Unit], rules: RuleSet, pairs: PairCounts) -> None:
    """Set `role` of every unit."""
    if not units:
        return
    ballot = rules.once("ballot", Ballot)
    counted = ballot.count(units, measure_units(units, rules, pairs))
    scores = [ROW if row_role(unit) in ROWS else score for unit, score in zip(units, counted, strict=True)]
    path = _best_path(scores, rules.once("role steps", _Steps))
    for unit, role, score in zip(units, path, scores, strict=True):
        unit.role, unit.scores = role, score.by_role


def measure_units(units: Sequence[Unit], rules: RuleSet, pairs: PairCounts) -> Iterator[dict[str, float]]:
    """Measure of each unit what patterns cannot say: place, neighbours' sizes, like-shaped units near by."""
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
            "open_marks": float(marks_in(text, rules).hanging),
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


class _Steps(Memory[tuple[Roles, Roles], list[list[float]]]):
    """What it weighs that a role follows another: for each of the later roles a row, by the earlier ones."""

    def __init__(self, rules: RuleSet) -> None:
        super().__init__()
        self.table: Counter[tuple[str, str]] = Counter()
        for item in rules.sequences:
            self.table[item.first, item.then] += item.weight  # type: ignore[assignment]

    def __missing__(self, key: tuple[Roles, Roles]) -> list[list[float]]:
        firsts, thens = key
        return self.remember(key, [[self._weigh(first, then) for first in firsts] for then in thens])

    def _weigh(self, first: str, then: str) -> float:
        if (first, then) in self.table:
            return self.table[first, then]
        return self.table.get((first, ANY), 0.0) + self.table.get((ANY, then), 0.0)


def _best_path(scores: Sequence[Scores], steps: _Steps) -> list[str]:
    """Return the best role sequence; the first unit follows the pseudo-role `start`. Of equal ones the role that is
    last by name comes before."""
    names: Roles = (START,)
    best = [0.0]
    back: list[tuple[Roles, list[int]]] = []
    for local in scores:
        sums = [list(map(add, best, row)) for row in steps[names, local.names]]
        most = list(map(max, sums))
        back.append((names, list(map(list.index, sums, most))))
        best = list(map(add, most, local.sums))
        names = local.names
    (row,) = steps[names, (END,)]
    totals = dict(zip(names, map(add, best, row), strict=True))
    at = names.index(max(scores[-1].by_role, key=lambda name: totals[name]))
    path: list[str] = []
    for before, source in reversed(back):
        path.append(names[at])
        names, at = before, source[at]
    return path[::-1]
